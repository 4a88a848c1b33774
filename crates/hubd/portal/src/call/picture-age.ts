// How old the picture is when it is shown: from its capture on the cart to this screen. Pure.

/** More than a 60 Hz screen shows between two questions a second apart. */
const MOST_FRAMES = 120;

/** A picture of this age is as good as now for a person who speaks and points. */
export const FRESH_MS = 300;

/** From here on a physician and a nurse no longer mean the same moment. */
export const LATE_MS = 1_000;

/** Older is no picture of a call: the clocks were told wrongly. */
const OLDEST_MS = 60_000;

export class PictureAge {
  private ages: number[] = [];

  /**
   * @param shown when the frame was presented, by the page's clock in milliseconds
   * @param captured when the cart captured it, by the same clock; `undefined` where the browser does not know
   */
  frame(shown: number, captured: number | undefined): void {
    if (captured === undefined) return;
    const age = shown - captured;
    // The browser counts the cart's clock back to its own, and is some milliseconds off.
    if (age > OLDEST_MS || age < -FRESH_MS) return;
    this.ages.push(Math.max(0, age));
    if (this.ages.length > MOST_FRAMES) this.ages.shift();
  }

  /** Milliseconds, the middle one of the frames since the last call; `null`: the browser told of none. */
  take(): number | null {
    const ages = this.ages.sort((a, b) => a - b);
    this.ages = [];
    return ages[Math.floor(ages.length / 2)] ?? null;
  }
}

/** "Live", "0.8 s old", "12 s old"; `null`: there is nothing that is known. */
export function ageWords(age: number | null): string | null {
  if (age === null) return null;
  if (age < FRESH_MS) return "Live";
  return `${oldWords(age)} old`;
}

/** "0.8 s", "12 s". */
export function oldWords(age: number): string {
  const seconds = age / 1_000;
  return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
