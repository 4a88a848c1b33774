import { expect, it } from "vitest";
import { Filled } from "./filled";

const played = (totalSamplesReceived: number, concealedSamples: number) => ({ totalSamplesReceived, concealedSamples });

it("counts what was made up in the last five seconds, and a little is not nothing", () => {
  const filled = new Filled();
  expect(filled.next(played(48_000, 24_000))).toBe(0);
  expect(filled.next(played(96_000, 24_000))).toBe(0);
  expect(filled.next(played(144_000, 24_100))).toBe(1);
  expect(filled.next(played(192_000, 38_400))).toBe(10);
  for (let second = 5; second <= 9; second += 1) filled.next(played(second * 48_000, 38_400));
  expect(filled.next(played(480_000, 38_400))).toBe(0);
});

it("begins anew on another connection", () => {
  const filled = new Filled();
  filled.next(played(480_000, 40_000));
  expect(filled.next(played(48_000, 48_000))).toBe(0);
  expect(filled.next(null)).toBe(0);
});
