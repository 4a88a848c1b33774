import { describe, expect, it } from "vitest";
import type { HubToPortal, Watched } from "../hub-api";
import { CALL, consultOf, context, live, OTHER_CALL, running, watching } from "../testing";
import type { State } from "./model";
import { step } from "./step";
import { standingOf, type Standing } from "./watching";

const START = 1_000_000;

const call = step(running(), { type: "link", link: "open" }, START)[0];
const online = (online: boolean): HubToPortal => ({ type: "cart_online", call: CALL, online });

function hear(state: State, message: HubToPortal, now = START): State {
  return step(state, { type: "hub", message }, now)[0];
}

/** Of each that is shown. */
function standings(state: State, now = START): Standing[] {
  const { seen, cartOnline } = consultOf(state);
  return seen.map((one) => standingOf(one, cartOnline, state.link, now));
}

function at(second: number, more: Partial<Watched> = {}): Watched {
  return live({ at: `2026-11-22T07:42:${String(second).padStart(2, "0")}.000Z`, ...more });
}

describe("what is watched", () => {
  it("is taken for the patient of this call only", () => {
    const foreign = { ...watching([live()]), encounter: OTHER_CALL } as HubToPortal;
    expect(consultOf(hear(call, foreign)).monitoring).toBeNull();
    expect(consultOf(hear(call, watching([live()]))).monitoring?.watched).toHaveLength(1);
  });

  it("ends with the call", () => {
    const over = step(hear(call, watching([live()])), { type: "hang_up", call: CALL }, START)[0];
    expect(consultOf(over)).toMatchObject({ monitoring: null, seen: [] });
    expect(consultOf(hear(over, watching([live()])))).toMatchObject({ monitoring: null, seen: [] });
  });

  it("keeps its order, whatever the cart tells first", () => {
    const pulse = live({ sign: "pulse_rate", value: "72" });
    const signs = consultOf(hear(call, watching([pulse, live()]))).seen.map(({ watched }) => watched.sign);
    expect(signs).toEqual(["spo2", "pulse_rate"]);
  });
});

describe("a value", () => {
  const told = hear(call, watching([at(0)]));

  it("is live while new ones come", () => {
    expect(standings(told)).toEqual(["live"]);
    expect(standings(told, START + 4_999)).toEqual(["live"]);
    expect(standings(told, START + 5_000)).toEqual(["silent"]);
    expect(standings(hear(told, watching([at(1)]), START + 4_000), START + 8_000)).toEqual(["live"]);
  });

  it("is not made live by the news of another sensor", () => {
    const belt = at(4, { sign: "pulse_rate", device: "belt" });
    expect(standings(hear(told, watching([at(0), belt]), START + 4_000), START + 6_000)).toEqual(["silent", "live"]);
  });

  it("is not live while the cart is away, and only its next one is again", () => {
    const away = hear(told, online(false));
    expect(standings(away)).toEqual(["cart_away"]);
    const back = hear(away, online(true));
    expect(standings(back)).toEqual(["silent"]);
    expect(standings(hear(back, watching([at(0)])))).toEqual(["silent"]);
    expect(standings(hear(back, watching([at(1)])))).toEqual(["live"]);
  });

  it("is not live while the hub is away", () => {
    const lost = step(told, { type: "link", link: "lost" }, START)[0];
    expect(standings(lost)).toEqual(["hub_away"]);
    const back = step(lost, { type: "link", link: "open" }, START)[0];
    expect(standings(back)).toEqual(["silent"]);
  });

  it("is live again when the cart came back while the hub was away", () => {
    const away = step(hear(told, online(false)), { type: "link", link: "lost" }, START)[0];
    const open = step(away, { type: "link", link: "open" }, START)[0];
    const hello = { type: "welcome", version: 1, physician: "p", on_call: true, call: context() } as const;
    expect(standings(hear(hear(open, hello), watching([at(1)])))).toEqual(["live"]);
  });

  it("that is beyond its limit stays so when the sensor is off", () => {
    const low = hear(told, watching([at(1, { value: "88", beyond: "low" })]));
    const off = hear(low, watching([at(1, { value: "88", beyond: "low", live: false })]));
    expect(standings(off)).toEqual(["sensor_off"]);
    expect(consultOf(off).seen[0]?.watched.beyond).toBe("low");
  });

  it("is not silently gone when the sensor is off", () => {
    const off = hear(told, watching([]));
    expect(standings(off)).toEqual(["sensor_off"]);
    expect(standings(hear(off, watching([])))).toEqual(["sensor_off"]);
    expect(standings(hear(off, watching([at(9)])))).toEqual(["live"]);
  });

  it("of a sensor that is off goes when another one measures the same", () => {
    const other = hear(hear(told, watching([])), watching([at(2, { device: "other" })]));
    expect(standings(other)).toEqual(["live"]);
  });

  it("that was measured once is called so", () => {
    const cuff = live({ sign: "systolic", device: "cuff", value: "85", live: false, beyond: "low" });
    expect(standings(hear(call, watching([cuff])))).toEqual(["once"]);
    const spot = at(9, { value: "88", live: false, beyond: "low" });
    expect(standings(hear(hear(told, watching([])), watching([spot])))).toEqual(["once"]);
  });
});
