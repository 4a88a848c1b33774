import { expect, it } from "vitest";
import { envelope } from "./envelope";

it("draws each column from its lowest to its highest, as high as the loudest", () => {
  const samples = Float32Array.from([0, 0.5, -0.25, 0, 0.1, 0, 0, -0.5]);
  expect(envelope(samples, 2, 100)).toBe("M0 75.0V0.0M1 100.0V40.0");
});

it("draws no heart out of noise, and nothing out of nothing", () => {
  expect(envelope(Float32Array.from([0.001, -0.001]), 1, 100)).toBe("M0 55.0V45.0");
  expect(envelope(new Float32Array(0), 1, 100)).toBe("M0 50.0V50.0");
});
