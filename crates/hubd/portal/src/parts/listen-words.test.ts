import { expect, it } from "vitest";
import { heartRateWords, listenProblem } from "./listen-words";

it("says a rate only where the cart told one", () => {
  expect(heartRateWords({ is: "per_minute", beats: 72 })).toContain("72");
  for (const is of ["not_yet", "too_quiet", "unclear"] as const) {
    expect(heartRateWords({ is })).not.toMatch(/\d/);
  }
});

it("says what to do about a stethoscope that gives no sound", () => {
  const heart_rate = { is: "not_yet" } as const;
  expect(listenProblem({ works: false, rate: heart_rate })).toContain("Ask the nurse");
  expect(listenProblem({ works: true, rate: heart_rate })).toBeNull();
});
