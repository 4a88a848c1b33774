import { describe, expect, it } from "vitest";
import type { Limits, Prescription } from "../hub-api";
import { CALL, consultOf, running, scoredAs, told, USUAL, watching, ENCOUNTER } from "../testing";
import type { Effect } from "./input";
import type { State } from "./model";
import { step } from "./step";

const NOW = 1_000_000;
const OWN: Limits = { ...USUAL, spo2: { low: "88", high: null }, temperature: { low: "35.1", high: "38.5" } };
const LIMITS: Prescription = { kind: "limits", limits: OWN };
const SCALE_TWO: Prescription = { kind: "oxygen_scale", scale: "two" };

const call = told(running(), watching([]));

function prescribe(state: State, what: Prescription): readonly [State, readonly Effect[]] {
  return step(state, { type: "prescribe", call: CALL, what }, NOW);
}

function waitInVain([state, effects]: readonly [State, readonly Effect[]]): State {
  const later = effects.find((effect) => effect.type === "later");
  if (later?.type !== "later") throw new Error("nobody waits");
  expect(later.afterMs).toBe(10_000);
  return step(state, later.input, NOW + later.afterMs)[0];
}

function is(state: State): string {
  return consultOf(state).prescribing.is;
}

const setBy = (limits: Limits) => watching([], { limits, set_by: "Dr. Haddad" });

describe("limits", () => {
  it("are sent once, and are not set before the cart has told them", () => {
    const [waiting, effects] = prescribe(call, LIMITS);
    expect(effects[0]).toEqual({ type: "send", message: { type: "prescribe", call: CALL, what: LIMITS } });
    expect(consultOf(waiting).monitoring?.limits).toEqual(USUAL);
    expect(prescribe(waiting, LIMITS)[1]).toEqual([]);
    expect(is(told(waiting, watching([])))).toBe("waiting");
    expect(is(told(waiting, setBy({ ...OWN, spo2: { low: "88.0", high: null } })))).toBe("confirmed");
  });

  it("that somebody else has set confirm nothing", () => {
    const [waiting] = prescribe(call, LIMITS);
    expect(is(told(waiting, setBy(USUAL)))).toBe("waiting");
  });

  it("are not waited for without end, and a late word of the cart still counts", () => {
    const unconfirmed = waitInVain(prescribe(call, LIMITS));
    expect(consultOf(unconfirmed).prescribing).toMatchObject({ reason: "The cart has not confirmed. Try again." });
    expect(is(told(unconfirmed, setBy(OWN)))).toBe("confirmed");
    expect(prescribe(unconfirmed, LIMITS)[1]).not.toEqual([]);
  });

  it("that came in time are not called unconfirmed later", () => {
    const [waiting, effects] = prescribe(call, LIMITS);
    expect(is(waitInVain([told(waiting, setBy(OWN)), effects]))).toBe("confirmed");
  });

  it("become the usual ones again when nobody has set any", () => {
    const set = told(call, setBy(OWN));
    const [waiting] = prescribe(set, { kind: "limits", limits: null });
    expect(is(told(waiting, setBy(OWN)))).toBe("waiting");
    expect(is(told(waiting, watching([])))).toBe("confirmed");
  });

  it("that the hub refuses are not waited for", () => {
    const refused = told(prescribe(call, LIMITS)[0], { type: "refused", reason: "The cart is away." });
    expect(consultOf(refused).prescribing).toMatchObject({ is: "unconfirmed", reason: "The cart is away." });
  });

  it("are not sent to a cart that is away, nor after the call", () => {
    const away = told(call, { type: "cart_online", call: CALL, online: false });
    expect(prescribe(away, LIMITS)[1]).toEqual([]);
    const over = told(call, { type: "call_ended", call: CALL, why: "nurse" });
    expect(prescribe(over, LIMITS)[1]).toEqual([]);
  });
});

describe("the oxygen scale", () => {
  it("is set when the hub counts by it", () => {
    const [waiting] = prescribe(call, SCALE_TWO);
    const counted = (scale: "one" | "two") =>
      ({ type: "early_warning", encounter: ENCOUNTER, early_warning: { ...scoredAs(3, "low"), scale } }) as const;
    expect(is(told(waiting, counted("one")))).toBe("waiting");
    expect(is(told(waiting, counted("two")))).toBe("confirmed");
  });

  it("is not asked for again when it is so already", () => {
    const [same, effects] = prescribe(call, { kind: "oxygen_scale", scale: "one" });
    expect([is(same), effects]).toEqual(["confirmed", []]);
  });
});
