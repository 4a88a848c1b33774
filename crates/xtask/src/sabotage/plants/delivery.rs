//! Bugs in what is sent when: the rules of the outbox.

use super::{Plant, Suite};

const RULES: &[Suite] = &[Suite { package: "outbox", arguments: &["--lib"] }];
/// Ten thousand days with lost, late and refused requests.
const SIMULATION: &[Suite] = &[Suite { package: "outbox", arguments: &["--test", "simulation"] }];

const STEP: &str = "crates/outbox/src/step.rs";
const ORDER: &str = "crates/outbox/src/order.rs";
const SENDER: &str = "crates/outbox/src/sender.rs";

pub const PLANTS: &[Plant] = &[
    Plant {
        name: "no settle window: a slow server is searched at once",
        file: STEP,
        find: "i64::from(settle_ms).max(at_least_ms)",
        replace: "i64::from(settle_ms).min(0).max(at_least_ms)",
        tests: SIMULATION,
    },
    Plant {
        name: "in flight is not stored before the bytes leave",
        file: SENDER,
        find: "changed.extend(begun.iter().map(|(item, _)| (item.id, item.clone())));",
        replace: "",
        tests: SIMULATION,
    },
    Plant {
        name: "what ended is forgotten when something else begins",
        file: SENDER,
        find: "let mut changed = self.unsaved.clone();",
        replace: "let mut changed = BTreeMap::<EntryId, Item>::new();",
        tests: SIMULATION,
    },
    Plant {
        name: "what ended last is never kept",
        file: SENDER,
        find: "if self.offered.is_empty() {\n            self.save()?;",
        replace: "if self.offered.is_empty() {",
        tests: SIMULATION,
    },
    Plant {
        name: "after a restart, in flight is taken for never sent",
        file: STEP,
        find: "(Event::Restarted, State::InFlight { repeat }) => with(in_doubt(*repeat, now, 0)),",
        replace: "(Event::Restarted, State::InFlight { .. }) => with(State::Pending),",
        tests: RULES,
    },
    Plant {
        name: "after a restart, a settle window is not begun anew",
        file: STEP,
        find: "(Event::Restarted, State::Unsettled { repeat, .. }) => with(in_doubt(*repeat, now, 0)),",
        replace: "(Event::Restarted, State::Unsettled { .. }) => None,",
        tests: RULES,
    },
    Plant {
        name: "what must never be sent again is sent again after a look",
        file: ORDER,
        find: "State::Unsettled { repeat: Repeat::Never { .. }, .. } => Look::Only,",
        replace: "State::Unsettled { repeat: Repeat::Never { .. }, .. } => Look::First,",
        tests: RULES,
    },
    Plant {
        name: "what was sent before is sent again without a look",
        file: ORDER,
        find: "_ if item.attempts > 0 => Look::First,",
        replace: "_ if item.attempts > u32::MAX - 1 => Look::First,",
        tests: SIMULATION,
    },
    Plant {
        name: "an unknown outcome is treated as not arrived",
        file: STEP,
        find: "in_doubt(repeat, waits.now, waits.until(*retry_after).millis_since(waits.now))",
        replace: "State::Retry { not_before: waits.until(*retry_after) }",
        tests: RULES,
    },
    Plant {
        name: "a look that failed is taken for an attempt that left nothing",
        file: SENDER,
        find: "Outcome::Later { retry_after } => Outcome::InDoubt { retry_after },",
        replace: "Outcome::Later { .. } => outcome,",
        tests: SIMULATION,
    },
    Plant {
        name: "the pause that a server asks for is ignored",
        file: STEP,
        find: "retry_after.unwrap_or(0).clamp(0, RETRY_AFTER_CAP_MS)",
        replace: "retry_after.unwrap_or(0).clamp(0, RETRY_AFTER_CAP_MS).min(0)",
        tests: RULES,
    },
    Plant {
        name: "a refused entry is dropped and counts as delivered",
        file: STEP,
        find: "Outcome::Refused { reason } => State::SetAside { reason: reason.clone() },",
        replace: "Outcome::Refused { .. } => State::Done,",
        tests: RULES,
    },
    Plant {
        name: "an opening that was set aside does not hold back its encounter",
        file: ORDER,
        find: "State::SetAside { .. } | State::Unknown { .. } if !item.opens => return false,",
        replace: "State::SetAside { .. } | State::Unknown { .. } => return false,",
        tests: RULES,
    },
    Plant {
        name: "an encounter does not wait for its item in flight",
        file: ORDER,
        find: "        self.held.insert(item.encounter);\n",
        replace: "        if !matches!(item.state, State::InFlight { .. }) {\n            self.held.insert(item.encounter);\n        }\n",
        tests: RULES,
    },
    Plant {
        name: "an outcome that could not be kept is forgotten",
        file: SENDER,
        find: "        self.store.update(&unsaved)?;\n        self.unsaved.clear();",
        replace: "        self.unsaved.clear();\n        self.store.update(&unsaved)?;",
        tests: SIMULATION,
    },
    Plant {
        name: "the simulation is blind to what comes twice",
        file: "crates/outbox/tests/simulation/check.rs",
        find: "self.receiver.times(**id) > 1)",
        replace: "self.receiver.times(**id) > 1_000)",
        tests: SIMULATION,
    },
];
