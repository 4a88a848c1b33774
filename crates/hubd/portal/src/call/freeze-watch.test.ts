import { expect, it } from "vitest";
import { FreezeWatch } from "./freeze-watch";

function watch() {
  const told: boolean[] = [];
  return { told, watch: new FreezeWatch((live) => told.push(live)) };
}

it("says nothing before the first frame", () => {
  const { told, watch: one } = watch();
  one.check(60_000, true);
  expect(told).toEqual([]);
});

it("calls a picture frozen after half a second without a frame, once", () => {
  const { told, watch: one } = watch();
  one.frame(0);
  one.check(499, true);
  expect(told).toEqual([true]);
  one.check(500, true);
  one.check(600, true);
  expect(told).toEqual([true, false]);
  one.frame(700);
  expect(told).toEqual([true, false, true]);
});

it("does not blame the cart while the page is hidden and browsers draw nothing", () => {
  const { told, watch: one } = watch();
  one.frame(0);
  one.check(10_000, false);
  one.check(10_400, true);
  expect(told).toEqual([true]);
});
