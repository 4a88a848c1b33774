import { expect, it } from "vitest";
import type { CartOnChannel } from "../hub-api";
import { CALL, consultOf, running } from "../testing";
import type { ConsultInput } from "./input";
import { keepable } from "./listening";
import type { State } from "./model";
import { step } from "./step";

type Wish = ConsultInput extends infer One ? (One extends ConsultInput ? Omit<One, "call"> : never) : never;

function after(state: State, ...wishes: Wish[]): ReturnType<typeof step> {
  return wishes.reduce<ReturnType<typeof step>>(
    ([before], wish) => step(before, { ...wish, call: CALL } as ConsultInput, 1_000),
    [state, []],
  );
}

function told(message: CartOnChannel): Wish {
  return { type: "channel", message };
}

function heard(heard_ms: number): Wish {
  return told({ type: "stethoscope", works: true, heart_rate: { is: "not_yet" }, heard_ms });
}

const APEX = [{ type: "listen", on: true }, told({ type: "site", site: "mitral" }), heard(12_400)] satisfies Wish[];

it("asks the cart for a place and shows it only when the cart says so", () => {
  const [asked, effects] = after(running(), { type: "listen", on: true }, { type: "lay", site: "erb" });
  expect(effects).toEqual([{ type: "lay", site: "erb" }]);
  expect(consultOf(asked).site).toBeNull();
  const [there] = after(asked, told({ type: "site", site: "erb" }));
  expect(consultOf(there).site).toBe("erb");
  expect(after(there, { type: "lay", site: "erb" })[1]).toEqual([]);
});

it("keeps what was heard at the place that the cart says", () => {
  const [keeping, effects] = after(running(), ...APEX, { type: "keep_sound" });
  expect(effects[0]).toEqual({ type: "keep_sound", call: CALL, request: 0, site: "mitral" });
  expect(after(keeping, { type: "keep_sound" })[1], "once").toEqual([]);
  const [kept] = after(keeping, told({ type: "sound_kept", request: 0, entry: "a" }));
  expect(consultOf(kept).sound).toEqual({ is: "on_its_way", entry: "a" });
  const [late] = after(kept, { type: "sound_unanswered", request: 0 });
  expect(consultOf(late).sound.is).toBe("on_its_way");
});

it("says when a sound was not kept, and when nobody answered", () => {
  const [keeping] = after(running(), ...APEX, { type: "keep_sound" });
  const [other] = after(keeping, told({ type: "sound_not_kept", request: 7, reason: "" }));
  expect(consultOf(other).sound.is).toBe("keeping");
  const [refused] = after(keeping, told({ type: "sound_not_kept", request: 0, reason: "Full." }));
  expect(consultOf(refused).sound).toEqual({ is: "failed", reason: "Full." });
  const [silent] = after(keeping, { type: "sound_unanswered", request: 0 });
  expect(consultOf(silent).sound.is).toBe("failed");
});

it("has nothing to keep without a place, without sound, and when nobody listens", () => {
  const cases: readonly (readonly [Wish[], number | null])[] = [
    [[...APEX], 12_400],
    [[...APEX, heard(999)], null],
    [[...APEX, told({ type: "site", site: null })], null],
    [[...APEX, { type: "listen", on: false }], null],
    [[...APEX, { type: "keep_sound" }], null],
  ];
  for (const [wishes, expected] of cases) {
    expect(keepable(consultOf(after(running(), ...wishes)[0])), JSON.stringify(wishes.at(-1))).toBe(expected);
  }
});

it("takes a cart of before, which says nothing of what it could keep", () => {
  const message = { type: "stethoscope", works: true, heart_rate: { is: "not_yet" } } as CartOnChannel;
  const [state] = after(running(), { type: "listen", on: true }, told(message));
  const { stethoscope, keepsSounds } = consultOf(state);
  expect([stethoscope?.heardMs, keepsSounds]).toEqual([0, false]);
});

it("shows what the cart sends of the picture, and asks for a part only where that is known", () => {
  const view = { x: 0.25, y: 0.25, size: 0.5 };
  expect(after(running(), { type: "look", view })[1]).toEqual([]);
  const whole = { x: 0, y: 0, size: 1 };
  const [asked, effects] = after(running(), told({ type: "looking", view: whole }), { type: "look", view });
  expect(effects).toEqual([{ type: "look", view }]);
  expect(consultOf(asked).view, "until the cart says so").toEqual(whole);
  expect(consultOf(after(asked, told({ type: "looking", view }))[0]).view).toEqual(view);
});
