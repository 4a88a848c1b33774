// How much of the sound of the last seconds the browser made up, because the network had lost it.

import type { Played } from "./peer";

/** Seconds; it is looked at once in each. */
const LAST = 5;

export class Filled {
  private readonly before: Played[] = [];

  /** Per cent of the last seconds, rounded up: a single lost piece is no 0. */
  next(now: Played | null): number {
    if (now === null) return this.forget();
    const first = this.before[0];
    // Another connection counts from 0 again.
    if (first !== undefined && now.totalSamplesReceived < first.totalSamplesReceived) this.forget();
    this.before.push(now);
    if (this.before.length > LAST + 1) this.before.shift();
    const oldest = this.before[0] ?? now;
    const played = now.totalSamplesReceived - oldest.totalSamplesReceived;
    return played <= 0 ? 0 : Math.ceil((100 * (now.concealedSamples - oldest.concealedSamples)) / played);
  }

  private forget(): number {
    this.before.length = 0;
    return 0;
  }
}
