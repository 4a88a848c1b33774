// The sound of an incoming call, made in the browser. Browsers allow it after the first touch of the page.

/** A soft major third, two strokes and a pause: clearly a call, and unlike any medical alarm (IEC 60601-1-8). */
const NOTES = [523.25, 659.25];
const STROKE_S = 0.4;
const PAUSE_MS = 2_400;
const LOUDNESS = 0.22;

let context: AudioContext | null = null;

/** Must run within a press or a key, or the browser refuses. */
export function unlockSound(): void {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
}

/** Rings until the returned function is called. */
export function ring(): () => void {
  strike();
  const timer = setInterval(strike, PAUSE_MS);
  return () => clearInterval(timer);
}

export function canRing(): boolean {
  return context?.state === "running";
}

function strike(): void {
  if (context === null || context.state !== "running") return;
  NOTES.forEach((frequency, index) => stroke(context as AudioContext, frequency, index * STROKE_S));
}

function stroke(context: AudioContext, frequency: number, after: number): void {
  const start = context.currentTime + after;
  const tone = new OscillatorNode(context, { type: "triangle", frequency });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.001, start + STROKE_S * 1.6);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + STROKE_S * 1.7);
}
