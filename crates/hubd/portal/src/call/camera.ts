// Holds the cart's camera in motion for as long as a button, key or wheel asks for it.
//
// Knows no HTML: buttons and keys say `hold` and `release` under a name of their own.

import type { PhysicianOnChannel } from "../hub-api";

/** −1, 0 or 1 in each way: right, up and nearer are positive. */
export interface Way {
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
}

export const STILL: Way = { pan: 0, tilt: 0, zoom: 0 };

/** The cart stops its camera 500 ms after the last message. */
const REPEAT_MS = 200;

/** A tap shall move the picture by something one can see. */
const SHORTEST_MS = 150;

/** One notch of a wheel; the next notch carries on. */
const WHEEL_MS = 250;

/** Slow at first, to aim; then fast, to travel. */
const SLOW = 0.35;
const FAST = 0.9;
const FAST_AFTER_MS = 700;

export class Camera {
  /** `until` is set once it is released or was a nudge. */
  private readonly held = new Map<string, { way: Way; until: number | null }>();
  private sinceMove = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private began = 0;

  constructor(
    private readonly send: (message: PhysicianOnChannel) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  hold(name: string, way: Way): void {
    const starts = this.held.size === 0;
    if (starts) this.began = this.now();
    this.held.set(name, { way, until: null });
    this.timer ??= setInterval(() => this.tick(), REPEAT_MS / 4);
    this.move();
  }

  release(name: string): void {
    const held = this.held.get(name);
    if (held === undefined) return;
    held.until = Math.max(this.now(), this.began + SHORTEST_MS);
    this.tick();
  }

  /** A turn of the wheel: moves for a moment and stops by itself. */
  nudge(name: string, way: Way): void {
    this.hold(name, way);
    this.held.set(name, { way, until: this.now() + WHEEL_MS });
  }

  /** The page lost the keyboard or the screen: no key-up will come. */
  releaseAll(): void {
    if (this.held.size === 0) return;
    this.held.clear();
    this.stop();
  }

  home(): void {
    this.releaseAll();
    this.send({ type: "home" });
  }

  private tick(): void {
    const now = this.now();
    const before = this.held.size;
    for (const [name, { until }] of this.held) {
      if (until !== null && until <= now) this.held.delete(name);
    }
    if (this.held.size === 0) {
      if (before > 0) this.stop();
    } else if (this.held.size !== before || now - this.sinceMove >= REPEAT_MS) {
      this.move();
    }
  }

  private move(): void {
    this.sinceMove = this.now();
    const speed = this.sinceMove - this.began < FAST_AFTER_MS ? SLOW : FAST;
    const sum = { pan: 0, tilt: 0, zoom: 0 };
    for (const { way } of this.held.values()) {
      sum.pan += way.pan;
      sum.tilt += way.tilt;
      sum.zoom += way.zoom;
    }
    this.send({
      type: "move",
      pan: speed * Math.sign(sum.pan),
      tilt: speed * Math.sign(sum.tilt),
      zoom: speed * Math.sign(sum.zoom),
    });
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.send({ type: "stop" });
  }
}
