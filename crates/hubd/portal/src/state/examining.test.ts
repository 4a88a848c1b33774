import { expect, it } from "vitest";
import type { Examined } from "../hub-api";
import { CALL, consultOf, running } from "../testing";
import type { Effect } from "./input";
import type { Consult } from "./model";
import { stepConsult } from "./consult-step";

const EAR: Examined = { with: "otoscope", side: null };
const RIGHT: Examined = { with: "otoscope", side: "right" };
const SKIN: Examined = { with: "dermatoscope", side: null };

type Wish = Parameters<typeof stepConsult>[1] extends infer One ? (One extends { call: string } ? Omit<One, "call"> : never) : never;

function after(...wishes: Wish[]): readonly [Consult, readonly Effect[]] {
  return wishes.reduce<readonly [Consult, readonly Effect[]]>(
    ([before], wish) => stepConsult(before, { ...wish, call: CALL } as Parameters<typeof stepConsult>[1], 10_000),
    [consultOf(running()), []],
  );
}

function says(examined: Examined | null): Wish {
  return { type: "channel", message: { type: "examining", cameras: ["otoscope"], examined, works: true } };
}

const ASK = { type: "examine", examined: EAR } satisfies Wish;
const CONNECTED = { type: "connected" } satisfies Wish;

it("says it again on a new connection while the physician's word is the last", () => {
  expect(after(says(null), CONNECTED)[1]).toEqual([]);
  expect(after(says(null), ASK, CONNECTED)[1]).toEqual([ASK]);
  expect(after(says(null), ASK, says(EAR), says(RIGHT), CONNECTED)[1]).toEqual([{ type: "examine", examined: RIGHT }]);
  expect(after(says(null), ASK, says(EAR), says(null), CONNECTED)[1], "the nurse ended it").toEqual([]);
  expect(after(says(null), ASK, says(null), CONNECTED)[1], "not done yet").toEqual([ASK]);
});

it("waits for a new picture only when another camera is examined", () => {
  expect(after(says(EAR))[1]).toEqual([{ type: "await_exam" }]);
  expect(after(says(EAR), says(EAR))[1]).toEqual([]);
  expect(after(says(EAR), says(RIGHT))[1], "the picture goes on").toEqual([]);
  expect(after(says(EAR), says(SKIN))[1]).toEqual([{ type: "await_exam" }]);
});

it("takes a still of the picture that is large", () => {
  const FREEZE = { type: "freeze" } satisfies Wish;
  expect(after(FREEZE)[1][0]).toMatchObject({ examined: null });
  expect(after(says(RIGHT), FREEZE)[1][0]).toMatchObject({ examined: RIGHT });
  expect(after(says(RIGHT), { type: "swap_pictures" }, FREEZE)[1][0]).toMatchObject({ examined: null });
});

it("tells how old a frozen picture is from when it was taken", () => {
  const live = { type: "exam_picture", is: "live" } satisfies Wish;
  const [frozen] = after(says(EAR), live, { type: "exam_age", age: 200 }, { type: "exam_picture", is: "frozen" });
  expect(frozen.exam?.picture).toEqual({ is: "frozen", since: 9_300 });
});
