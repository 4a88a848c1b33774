import { expect, it } from "vitest";
import { Curve } from "./curve";

it("draws what is heard from the right, as high as the loudest", () => {
  const curve = new Curve();
  curve.add([-0.5, 0.25]);
  expect(curve.path(1_200, 100)).toBe("M1199.0 100.0V25.0");
  curve.add([0, 0.1]);
  expect(curve.path(1_200, 100)).toBe("M1198.0 100.0V25.0M1199.0 50.0V40.0");
});

it("keeps six seconds", () => {
  const curve = new Curve();
  curve.add([-1, 1]);
  for (let count = 0; count < 1_200; count += 1) curve.add([-0.001, 0.001]);
  expect(curve.path(1_200, 100)).toMatch(/^M0\.0 55\.0V45\.0M1\.0/);
});

it("tells how loud it is now, and nothing of silence", () => {
  const curve = new Curve();
  expect(curve.loudness()).toBeNull();
  curve.add([0, 0]);
  expect(curve.loudness()).toBeNull();
  curve.add([-0.1, 0.05]);
  expect(curve.loudness()).toBeCloseTo(-20);
  for (let count = 0; count < 100; count += 1) curve.add([-0.01, 0.01]);
  expect(curve.loudness()).toBeCloseTo(-40);
  curve.clear();
  expect(curve.path(1_200, 100)).toBe("");
});
