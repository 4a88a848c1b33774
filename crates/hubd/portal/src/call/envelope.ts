// The curve of a whole sound: its lowest and highest sample in each of so many columns.

/** A curve of less fills no more of the height: noise must not look like a heart. */
const LEAST_HEIGHT = 0.01;

/** An SVG path in a box of `width` × `height`, a column to each unit of width, by the loudest that is in it. */
export function envelope(samples: Float32Array, width: number, height: number): string {
  const columns = Array.from({ length: width }, (_, at) => extremes(samples, at / width, (at + 1) / width));
  const highest = columns.reduce((most, [low, high]) => Math.max(most, high, -low), LEAST_HEIGHT);
  const y = (value: number) => (height / 2 - (value * height) / 2 / highest).toFixed(1);
  return columns.map(([low, high], at) => `M${at} ${y(low)}V${y(high)}`).join("");
}

function extremes(samples: Float32Array, from: number, to: number): readonly [low: number, high: number] {
  let [low, high] = [0, 0];
  const end = Math.floor(to * samples.length);
  for (let at = Math.floor(from * samples.length); at < end; at += 1) {
    const sample = samples[at] ?? 0;
    if (sample < low) low = sample;
    if (sample > high) high = sample;
  }
  return [low, high];
}
