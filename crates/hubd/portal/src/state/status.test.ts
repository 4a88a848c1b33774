import { expect, it } from "vitest";
import { CALL, consultOf, running, told } from "../testing";
import type { Link, State } from "./model";
import { statusOf } from "./status";
import { step } from "./step";

const live = step(running(), { type: "picture", call: CALL, live: true }, 0)[0];
const frozen = step(live, { type: "picture", call: CALL, live: false }, 0)[0];

function check(state: State, words: string, link: Link = "open"): void {
  expect(statusOf(consultOf(state), state.own, link).words).toBe(words);
}

function hearing(state: State, picture: boolean, sound: boolean): State {
  const message = { type: "hearing", picture, sound } as const;
  return step(state, { type: "channel", call: CALL, message }, 0)[0];
}

it("says live only with a live picture", () => {
  check(running(), "Connecting to the cart");
  check(live, "Live");
  check(frozen, "Picture frozen – reconnecting");
});

it("does not call a picture live that moves but is late", () => {
  const aged = (age: number | null) => step(live, { type: "age", call: CALL, age }, 0)[0];
  check(aged(null), "Live");
  check(aged(999), "Live");
  check(aged(1_000), "The picture is late: 1.0 s old");
  expect(consultOf(step(frozen, { type: "age", call: CALL, age: 40 }, 0)[0]).age).toBeNull();
});

it("blames the cart's network when the hub lost the cart, too", () => {
  check(told(frozen, { type: "cart_online", call: CALL, online: false }), "The cart lost its network");
});

it("goes on as live when only the record is interrupted", () => {
  check(told(live, { type: "cart_online", call: CALL, online: false }), "Live – vitals may arrive later");
  check(live, "Live – vitals may arrive later", "lost");
});

it("says that the nurse cannot hear after two messages, not in the first second", () => {
  const once = hearing(live, true, false);
  check(once, "Live");
  check(hearing(once, true, false), "The nurse cannot hear you");
  check(hearing(hearing(once, true, false), true, true), "Live");
  check(hearing(hearing(live, false, false), false, false), "The nurse cannot see or hear you");
});

it("does not complain of silence that the physician wants", () => {
  const muted = step(live, { type: "mute", on: true }, 0)[0];
  check(hearing(hearing(muted, true, false), true, false), "Live – your microphone is off");
});

it("says what suffers while the picture is live, and the nurse's trouble before it", () => {
  const quality = { picture: "stutters", sound: "good", network: "loses" } as const;
  const bad = step(live, { type: "quality", call: CALL, quality }, 0)[0];
  check(bad, "Live – sound good, picture stutters: the network loses data");
  check(hearing(hearing(bad, true, false), true, false), "The nurse cannot hear you");
  check(step(bad, { type: "quality", call: CALL, quality: null }, 0)[0], "Live");
});

it("tells of tones that run once, only while somebody listens", () => {
  const prove = { type: "prove_sound", call: CALL } as const;
  expect(step(live, prove, 0)[1]).toEqual([]);
  const listening = step(live, { type: "listen", call: CALL, on: true }, 0);
  expect(listening[1]).toEqual([{ type: "listen", on: true }]);
  const proving = step(listening[0], prove, 0);
  expect(proving[1]).toEqual([prove]);
  expect(step(proving[0], prove, 0)[1]).toEqual([]);
});
