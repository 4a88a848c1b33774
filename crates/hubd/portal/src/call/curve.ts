// The phonocardiogram: the last seconds of what is heard, newest at the right, as a line of columns.

import type { Columns } from "./ear";

/** Of 5 ms each: six seconds. */
const COLUMNS = 1_200;
/** Loudness is told of the last half second. */
const LOUDNESS_OF = 100;
/** A curve of less fills no more of the height: noise must not look like a heart. */
const LEAST_HEIGHT = 0.01;

export class Curve {
  private readonly columns: (readonly [low: number, high: number])[] = [];

  add(columns: Columns): void {
    for (let at = 0; at + 1 < columns.length; at += 2) {
      this.columns.push([columns[at] ?? 0, columns[at + 1] ?? 0]);
    }
    this.columns.splice(0, Math.max(0, this.columns.length - COLUMNS));
  }

  clear(): void {
    this.columns.length = 0;
  }

  /** The highest of the last half second in decibels below full scale; `null` before any sound. */
  loudness(): number | null {
    const last = this.columns.slice(-LOUDNESS_OF);
    const highest = Math.max(...last.map(([low, high]) => Math.max(high, -low)));
    return last.length === 0 || highest <= 0 ? null : 20 * Math.log10(highest);
  }

  /** An SVG path in a box of `width` × `height`, by the loudest that is in it. */
  path(width: number, height: number): string {
    const scale = height / 2 / Math.max(LEAST_HEIGHT, this.highest());
    const x = (index: number) => (((COLUMNS - this.columns.length + index) / COLUMNS) * width).toFixed(1);
    const y = (value: number) => (height / 2 - value * scale).toFixed(1);
    return this.columns.map(([low, high], index) => `M${x(index)} ${y(low)}V${y(high)}`).join("");
  }

  private highest(): number {
    return this.columns.reduce((most, [low, high]) => Math.max(most, high, -low), 0);
  }
}
