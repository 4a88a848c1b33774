// From the samples of an ECG to a line on paper: 25 mm a second, 10 mm a millivolt. No HTML.

import type { Ecg } from "../hub-api";

export const MM_PER_SECOND = 25;
export const MM_PER_MILLIVOLT = 10;

/** Paper below this is too low to be read as an ECG. */
const LOWEST_MM = 30;
/** The thick lines of the paper: everything ends on one. */
const SQUARE_MM = 5;

export interface Strip {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  /** Of an SVG path; one unit is one millimetre. */
  readonly path: string;
}

/** Null when there is nothing to draw: no sample, or no rate to read them by. */
export function strip({ microvolts, hertz }: Ecg): Strip | null {
  if (microvolts.length === 0 || hertz === 0) return null;
  const toMm = (microvolt: number) => (microvolt / 1000) * MM_PER_MILLIVOLT;
  const lowest = microvolts.reduce((a, b) => Math.min(a, b));
  const highest = microvolts.reduce((a, b) => Math.max(a, b));
  // A lead carries a steady voltage besides the heart's: the middle of the line is the middle of the paper.
  const middle = (lowest + highest) / 2;
  const height = squares(Math.max(LOWEST_MM, toMm(highest - lowest) + SQUARE_MM));
  const points = microvolts.map((microvolt, index) => {
    const x = (index / hertz) * MM_PER_SECOND;
    return `${x.toFixed(2)} ${(height / 2 - toMm(microvolt - middle)).toFixed(2)}`;
  });
  const seconds = microvolts.length / hertz;
  return { seconds, width: squares(seconds * MM_PER_SECOND), height, path: `M${points.join("L")}` };
}

function squares(mm: number): number {
  return Math.ceil(mm / SQUARE_MM) * SQUARE_MM;
}
