import { expect, it } from "vitest";
import { filledWords, heartRateWords, listenProblem, proofWords, soundingWords } from "./listen-words";

it("says a rate only where the cart told one", () => {
  expect(heartRateWords({ is: "per_minute", beats: 72 })).toContain("72");
  for (const is of ["not_yet", "too_quiet", "unclear"] as const) {
    expect(heartRateWords({ is })).not.toMatch(/\d/);
  }
});

it("says what to do about a stethoscope that gives no sound", () => {
  const heart_rate = { is: "not_yet" } as const;
  expect(listenProblem({ works: false, rate: heart_rate, heardMs: 0 })).toContain("Ask the nurse");
  expect(listenProblem({ works: true, rate: heart_rate, heardMs: 0 })).toBeNull();
});

it("says how much was made up, and nothing when nothing was", () => {
  expect(filledWords(0)).toBeNull();
  expect(filledWords(7)).toContain("7 %");
});

it("calls altered sound what it is", () => {
  const proven = { tones: [-0.1, 0, 0, 0, 0, 0, 0, 0], snr: 47.6, begins: 0 };
  const well = proofWords({ is: "done", proven, afterMs: 83.2 });
  expect(well).toEqual({
    words: "The sound arrives as the cart sends it. 20 to 2,000 Hz within ±0.1 dB, noise 48 dB below, 83 ms after it was sent.",
    isWell: true,
  });
  const altered = proofWords({ is: "done", proven: { ...proven, tones: [-17, 0, 0, 0, 0, 0, 0, 0] }, afterMs: null });
  expect(altered?.isWell).toBe(false);
  expect(altered?.words).toContain("do not judge");
  expect(proofWords({ is: "none" })).toBeNull();
});

it("says that nothing is heard wherever nothing is", () => {
  expect(soundingWords("plays")).toBeNull();
  for (const silent of ["waits", "cannot"] as const) {
    expect(soundingWords(silent)).toContain("you hear nothing of the patient");
  }
});
