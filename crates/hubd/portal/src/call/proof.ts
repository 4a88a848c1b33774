// What arrived of the tones that the cart sends to prove its way of sound. Pure.

/** Hertz, lowest first; as the cart sends them (crates/media/src/proof.rs). */
export const TONES = [20, 30, 50, 100, 200, 500, 1_000, 2_000] as const;
export const RATE = 48_000;
const TONE_SAMPLES = 0.7 * RATE;
/** The middle of a tone: whole waves of each, and 100 ms to each side for a beginning that is not met exactly. */
const MEASURED = 0.5 * RATE;
const MARGIN = 0.1 * RATE;
const AMPLITUDE = 0.25;
/** The whole of it, and what it takes to arrive. */
export const SECONDS = TONES.length * 0.7 + 2;
/** To find the beginning every eighth sample will do: 6,000 a second, and the page is not held up. */
const COARSE = 8;
/** As loud as it gets, but for noise. */
const ALL = 0.99;
/** Steps in which the beginning is looked for: well below the margin. */
const STEP = 0.02 * RATE;

/** Beyond these a physician must know: a murmur would sound another. */
const MOST_DECIBELS = 0.5;
const LEAST_SNR = 40;

export interface Proven {
  /** How much louder or softer each tone arrived, in decibels. */
  readonly tones: readonly number[];
  /** The worst of all tones, in decibels. */
  readonly snr: number;
  /** Samples before the tones begin. */
  readonly begins: number;
}

/** `null`: the tones did not arrive. */
export function measure(samples: Float32Array): Proven | null {
  const begins = beginning(samples);
  if (begins === null) return null;
  const parts = TONES.map((_, index) => part(samples, begins, index, 1));
  return {
    tones: parts.map(({ amplitude }) => decibels(amplitude / AMPLITUDE)),
    snr: Math.min(...parts.map(({ snr }) => snr)),
    begins,
  };
}

/** Where all tones are loudest in their places: the middle of where that holds, as each place has a margin. */
function beginning(samples: Float32Array): number | null {
  const last = samples.length - TONES.length * TONE_SAMPLES;
  const found: { begins: number; loudness: number }[] = [];
  for (let begins = 0; begins <= last; begins += STEP) {
    const loudness = TONES.reduce((sum, _, index) => {
      return sum + Math.min(AMPLITUDE, part(samples, begins, index, COARSE).amplitude);
    }, 0);
    found.push({ begins, loudness });
  }
  const most = Math.max(0, ...found.map(({ loudness }) => loudness));
  // Less than half of it is no tone of ours.
  if (most < (TONES.length * AMPLITUDE) / 2) return null;
  const all = found.filter(({ loudness }) => loudness > most * ALL);
  return ((all[0]?.begins ?? 0) + (all.at(-1)?.begins ?? 0)) / 2;
}

export function isUnaltered({ tones, snr }: Proven): boolean {
  return tones.every((tone) => Math.abs(tone) <= MOST_DECIBELS) && snr >= LEAST_SNR;
}

/** How strong a tone is in its place, and how much else there is beside it. */
function part(samples: Float32Array, begins: number, index: number, step: number) {
  const from = begins + index * TONE_SAMPLES + MARGIN;
  const angle = (2 * Math.PI * (TONES[index] ?? 0)) / RATE;
  let [sine, cosine, power] = [0, 0, 0];
  for (let at = 0; at < MEASURED; at += step) {
    const sample = samples[from + at] ?? 0;
    sine += sample * Math.sin(angle * at);
    cosine += sample * Math.cos(angle * at);
    power += sample * sample;
  }
  const count = MEASURED / step;
  const amplitude = (2 * Math.hypot(sine, cosine)) / count;
  const tone = (amplitude * amplitude) / 2;
  return { amplitude, snr: 10 * Math.log10(tone / Math.max(1e-12, power / count - tone)) };
}

function decibels(factor: number): number {
  return 20 * Math.log10(factor);
}
