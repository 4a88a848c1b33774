//! Writes the portal's half of these messages: `crates/hubd/portal/src/hub-api.ts`.
//!
//! Starts from what a browser sends and receives and follows the fields, so that no type is
//! forgotten. Knows no file: `cargo xtask codegen` writes it and compares it.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use crate::{
    CartOnChannel, HubToPortal, NoteDraft, PatientChart, PhysicianOnChannel, PortalToHub, Problem,
    Receipt, SPOTS, SignIn, SignedIn, Spot, VERSION,
};

const HEADER: &str = "\
// What the hub and the cart say to this page. Generated from crates/hub-api; change it there,
// then run `cargo xtask codegen`. Ids, decimals and times are strings.
";

/// The whole of the file: every type of the portal's messages, in the order of their names.
pub fn typescript() -> String {
    let mut found = Found { config: Config::new(), declarations: BTreeMap::new() };
    found.visit::<PortalToHub>();
    found.visit::<HubToPortal>();
    found.visit::<PhysicianOnChannel>();
    found.visit::<CartOnChannel>();
    found.visit::<SignIn>();
    found.visit::<SignedIn>();
    found.visit::<NoteDraft>();
    found.visit::<PatientChart>();
    found.visit::<Receipt>();
    found.visit::<Problem>();
    found.visit::<Spot>();
    let declarations: Vec<_> = found.declarations.into_values().collect();
    let constants = format!("export const VERSION = {VERSION};\n\n{}", spots());
    format!("{HEADER}\n{constants}\n{}", declarations.join("\n"))
}

fn spots() -> String {
    let written = |spot| serde_json::to_string(spot).expect("numbers and names are JSON");
    let lines: String = SPOTS.iter().map(|spot| format!("  {},\n", written(spot))).collect();
    format!("export const SPOTS: readonly Spot[] = [\n{lines}];\n")
}

struct Found {
    config: Config,
    /// By name in TypeScript, so that the order never depends on the order of the walk.
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Found {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only types of our own have a path to go to; a string or a number needs no declaration.
        if T::output_path().is_none() {
            return;
        }
        let declaration = declare::<T>(&self.config);
        if self.declarations.insert(T::ident(&self.config), declaration).is_none() {
            T::visit_dependencies(self);
        }
        // Also where the generic type itself is declared already.
        T::visit_generics(self);
    }
}

fn declare<T: TS + ?Sized>(config: &Config) -> String {
    // A field's documentation leaves its line's last space behind.
    let text = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(config));
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: &str) {
        let text = typescript();
        assert!(text.contains(expected), "`{expected}` is not in\n{text}");
    }

    #[test]
    fn an_id_a_decimal_and_a_time_are_strings() {
        check("export type CallId = string;");
        check("export type Decimal = string;");
        check("export type Timestamp = string;");
    }

    #[test]
    fn a_tagged_enum_is_told_apart_by_its_tag() {
        check(r#"{ "type": "on_call", on_call: boolean, }"#);
        check(r#"{ "kind": "oximetry" } & Oximetry"#);
        check(r#"{ "type": "closed" }"#);
    }

    #[test]
    fn the_places_on_the_torso_are_the_nurses() {
        check(r#"  {"site":"mitral","back":false,"x":65.0,"y":50.0},"#);
    }

    #[test]
    fn a_type_with_a_parameter_is_declared_once_for_all_its_uses() {
        check("export type ChartPart<T> = {");
        check("allergies: ChartPart<Allergy>,");
        assert_eq!(typescript().matches("export type ChartPart").count(), 1);
    }

    #[test]
    fn every_type_that_is_named_is_also_declared() {
        let text = typescript();
        for name in [
            "Delivery",
            "Signal",
            "Entry",
            "Still",
            "Auscultation",
            "AuscultationSite",
            "BodySite",
            "Quality",
            "CallEnd",
            "Allergy",
            "ChartDocument",
        ] {
            let count = text.matches(&format!("export type {name} =")).count();
            assert_eq!(count, 1, "{name}");
        }
    }
}
