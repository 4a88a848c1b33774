// Tells a live picture from one that stopped. Time comes in as an argument.

/** Fifteen frames of a 30 Hz picture: a person begins to take it for a still patient. */
export const FROZEN_AFTER_MS = 500;

export class FreezeWatch {
  private last: number | null = null;
  private live = false;

  constructor(private readonly on: (live: boolean) => void) {}

  frame(now: number): void {
    this.last = now;
    if (this.live) return;
    this.live = true;
    this.on(true);
  }

  /** To be called often; `seen` is false while the page is hidden and browsers present no frames. */
  check(now: number, seen: boolean): void {
    if (!seen) {
      this.last = now;
      return;
    }
    if (!this.live || this.last === null || now - this.last < FROZEN_AFTER_MS) return;
    this.live = false;
    this.on(false);
  }
}
