import { expect, it } from "vitest";
import type { EarlyWarning, Risk } from "../hub-api";
import { CALL, consultOf, context, ENCOUNTER, running, scoredAs, told, UNSCORED } from "../testing";
import { step } from "./step";
import type { State } from "./model";

function after(...scores: EarlyWarning[]): State {
  return scores.reduce(
    (state, early_warning) => told(state, { type: "early_warning", encounter: ENCOUNTER, early_warning }),
    running(),
  );
}

function check(scores: EarlyWarning[], from: [number, Risk], to: [number, Risk]): void {
  const [first, second] = [from, to].map(([total, risk]) => ({ total, risk }));
  expect(consultOf(after(...scores)).rise).toMatchObject({ from: first, to: second });
}

const LOW = scoredAs(3, "low");
const MEDIUM = scoredAs(6, "medium");
const HIGH = scoredAs(8, "high");

it("notices that the score calls for more than before", () => {
  check([LOW, MEDIUM], [3, "low"], [6, "medium"]);
  check([LOW, scoredAs(3, "low-medium")], [3, "low"], [3, "low-medium"]);
  check([LOW, UNSCORED, MEDIUM], [3, "low"], [6, "medium"]);
});

it("says where it began while nobody has seen the first rise", () => {
  check([LOW, MEDIUM, HIGH], [3, "low"], [8, "high"]);
  check([LOW, MEDIUM, LOW], [3, "low"], [6, "medium"]);
});

it("notices nothing where it falls, stays or is known for the first time", () => {
  for (const scores of [[MEDIUM, LOW], [LOW, scoredAs(4, "low")], [HIGH], [UNSCORED, HIGH]]) {
    expect(consultOf(after(...scores)).rise).toBeNull();
  }
});

it("notices a rise while the hub was away", () => {
  const early_warning = MEDIUM;
  const hello = { type: "welcome", version: 1, physician: "p", on_call: true } as const;
  const back = told(after(LOW), { ...hello, call: { ...context(), early_warning } });
  expect(consultOf(back).rise).toMatchObject({ to: { total: 6 } });
});

it("is gone once it is seen, until the next", () => {
  const seen = step(after(LOW, MEDIUM), { type: "dismiss_rise", call: CALL }, 0)[0];
  expect(consultOf(seen).rise).toBeNull();
  const higher = told(seen, { type: "early_warning", encounter: ENCOUNTER, early_warning: HIGH });
  expect(consultOf(higher).rise).toMatchObject({ from: { total: 6 }, to: { total: 8 } });
});
