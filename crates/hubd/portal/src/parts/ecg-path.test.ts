import { expect, it } from "vitest";
import { strip } from "./ecg-path";

it("draws 25 mm a second and 10 mm a millivolt", () => {
  const drawn = strip({ microvolts: [0, 1000, 0, 0], hertz: 2 });
  expect(drawn).toMatchObject({ seconds: 2, width: 50, height: 30 });
  expect(drawn?.path).toBe("M0.00 20.00L12.50 10.00L25.00 20.00L37.50 20.00");
});

it("keeps its scale when the voltage is large, on higher paper", () => {
  const drawn = strip({ microvolts: [-3000, 3000], hertz: 100 });
  expect(drawn?.height).toBe(65);
  expect(drawn?.path).toBe("M0.00 62.50L0.25 2.50");
});

it("does not let a steady voltage push the line off the paper", () => {
  const still = strip({ microvolts: [500_000, 500_000], hertz: 130 });
  expect(still?.path).toContain("M0.00 15.00");
});

it("draws nothing where there is nothing", () => {
  expect(strip({ microvolts: [], hertz: 130 })).toBeNull();
  expect(strip({ microvolts: [1], hertz: 0 })).toBeNull();
});
