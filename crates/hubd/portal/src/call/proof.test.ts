import { expect, it } from "vitest";
import { isUnaltered, measure, RATE, SECONDS, TONES } from "./proof";

/** As the cart sends it, after `delay` seconds, each tone louder or softer by decibels. */
function arrived(delay: number, change: (hertz: number) => number, noise = 0): Float32Array {
  const samples = new Float32Array(SECONDS * RATE);
  let random = 1;
  return samples.map((_, at) => {
    random = (random * 16_807) % 2_147_483_647;
    const since = at / RATE - delay;
    const hertz = since < 0 ? undefined : TONES[Math.floor(since / 0.7)];
    const hiss = noise * (random / 1_073_741_823.5 - 1);
    if (hertz === undefined) return hiss;
    const within = since % 0.7;
    const fade = Math.min(1, Math.min(within, 0.7 - within) / 0.02);
    return hiss + 0.25 * fade * 10 ** (change(hertz) / 20) * Math.sin(2 * Math.PI * hertz * within);
  });
}

it("finds nothing wrong with sound that arrives as it was sent", () => {
  const proven = measure(arrived(0.733, () => 0, 0.0005));
  expect(proven && isUnaltered(proven)).toBe(true);
  expect(proven?.tones.every((tone) => Math.abs(tone) < 0.05)).toBe(true);
  expect(Math.abs((proven?.begins ?? 0) / RATE - 0.733)).toBeLessThan(0.03);
});

it("sees a high-pass that takes the low heart sounds away", () => {
  const proven = measure(arrived(0.2, (hertz) => (hertz < 40 ? -17 : 0)));
  expect(proven?.tones[0]).toBeCloseTo(-17, 1);
  expect(proven?.tones[4]).toBeCloseTo(0, 1);
  expect(proven && isUnaltered(proven)).toBe(false);
});

it("sees noise", () => {
  const proven = measure(arrived(0.2, () => 0, 0.02));
  expect(proven && proven.snr < 40 && !isUnaltered(proven)).toBe(true);
});

it("says nothing of tones that never came", () => {
  expect(measure(new Float32Array(SECONDS * RATE))).toBeNull();
});
