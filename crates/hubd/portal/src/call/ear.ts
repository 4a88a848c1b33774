// The stethoscope at the physician's ear: filter, loudness and curve of one track. Knows no signalling.
//
// Everything here happens after the sound arrived: what the cart sends is never improved.

/** As a chest piece would: what is heard, not what is sent. */
export type Filter = "wide" | "bell" | "diaphragm";

/** The lowest and the highest sample of each 5 ms, −1…1, one after the other. */
export type Columns = readonly number[];

/** Chest sounds are quiet: as they are, and up to 36 dB louder. */
export const LOUDEST_DB = 36;
export const USUAL_DB = 18;
/** As the cart sends it: anything else would be converted twice. */
export const RATE = 48_000;
/** The two halves of a fourth-order Butterworth filter. */
const HALVES = [0.541, 1.307];
/** Low heart sounds and murmurs; high ones and breath (docs/physicians/listening.md). */
const BANDS: Record<Filter, { from?: number; to?: number }> = {
  wide: {},
  bell: { to: 200 },
  diaphragm: { from: 100, to: 500 },
};

/**
 * Whether what is listened to can be heard: "waits" while nothing plays yet, and for good where the browser finds nothing to play on
 * (Firefox starts no Web Audio then, and says nothing).
 */
export type Sounding = "plays" | "waits" | "cannot";

export interface Recorded {
  readonly samples: Float32Array;
  /** When the first of them was played, as `performance.now()` tells. */
  readonly began: number;
}

interface Chain {
  readonly context: AudioContext;
  readonly gain: GainNode;
  readonly curve: AudioWorkletNode;
}

export class Ear {
  private chain: Promise<Chain | null> | null = null;
  private track: MediaStreamTrack | null = null;
  /** Chromium gives a track's sound to Web Audio only while an element plays it. */
  private readonly element = new Audio();
  private source: AudioNode[] = [];
  private filter: Filter = "wide";
  private loudness = USUAL_DB;
  private open = false;
  /** A kept sound is played: two hearts at once are none. */
  private hushed = false;
  /** The browser gives this track's sound to nobody. */
  private refused = false;

  constructor(private readonly heard: (columns: Columns) => void) {
    this.element.muted = true;
  }

  /** Every sample as it arrived, before any filter, for so many seconds; `null`: nothing is listened to. */
  async record(seconds: number): Promise<Recorded | null> {
    const chain = await this.chain;
    const [track] = this.source;
    if (!chain || track === undefined) return null;
    await chain.context.audioWorklet.addModule(new URL("./samples.worklet.js", import.meta.url));
    const samples = new Float32Array(seconds * RATE);
    // It ends by itself after so many, and is let go of then.
    const processorOptions = { samples: samples.length };
    const tap = new AudioWorkletNode(chain.context, "samples", { numberOfOutputs: 0, processorOptions });
    let count = 0;
    let began = performance.now();
    track.connect(tap);
    await new Promise<void>((done) => {
      // The cart may hang up meanwhile, and then nothing comes.
      const timer = setTimeout(done, 2_000 * seconds);
      tap.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
        if (count === 0) began = performance.now() - (1_000 * data.length) / RATE;
        samples.set(data.subarray(0, samples.length - count), count);
        count += data.length;
        if (count < samples.length) return;
        clearTimeout(timer);
        done();
      };
    });
    tap.port.onmessage = null;
    return { samples, began };
  }

  /** Of the connection that is on the screen; `null` when there is none. */
  use(track: MediaStreamTrack | null): void {
    if (track === this.track) return;
    this.track = track;
    this.element.srcObject = track && new MediaStream([track]);
    void this.connect();
  }

  /** Must run within a press, or the browser plays nothing. */
  listen(on: boolean): void {
    this.open = on;
    if (on) this.chain ??= build((columns) => this.open && this.heard(columns));
    void this.connect();
  }

  /** To be asked while somebody listens. */
  async sounding(): Promise<Sounding> {
    if (this.chain === null) return "waits";
    const chain = await this.chain;
    if (chain === null || this.refused) return "cannot";
    return chain.context.state === "running" ? "plays" : "waits";
  }

  setFilter(filter: Filter): void {
    this.filter = filter;
    void this.connect();
  }

  /** Decibels above what the cart sends. */
  setLoudness(decibels: number): void {
    this.loudness = decibels;
    this.setGain();
  }

  /** While something else is listened to. */
  hush(on: boolean): void {
    this.hushed = on;
    this.setGain();
  }

  close(): void {
    this.open = false;
    this.use(null);
    void this.chain?.then((chain) => chain?.context.close());
    this.chain = null;
  }

  private gain(): number {
    return this.hushed ? 0 : factor(this.loudness);
  }

  private setGain(): void {
    void this.chain?.then((chain) => chain?.gain.gain.setTargetAtTime(this.gain(), 0, 0.02));
  }

  private async connect(): Promise<void> {
    const chain = await this.chain;
    for (const node of this.source) node.disconnect();
    this.source = [];
    const { track } = this;
    if (!chain || !this.open || track === null) {
      this.element.pause();
      return;
    }
    // A newer track or a pause takes over; nobody waits for this one.
    this.element.play().catch(() => undefined);
    await chain.context.resume();
    if (track !== this.track || !this.open || this.source.length > 0) return;
    const microphone = sourceOf(chain.context, track);
    this.refused = microphone === null;
    if (microphone === null) return;
    this.source = [microphone, ...filters(chain.context, this.filter)];
    const last = this.source.reduce((before, next) => before.connect(next));
    last.connect(chain.gain);
    last.connect(chain.curve);
    chain.gain.gain.value = this.gain();
  }
}

/** `null`: this browser cannot. */
async function build(heard: (columns: Columns) => void): Promise<Chain | null> {
  try {
    const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    await context.audioWorklet.addModule(new URL("./columns.worklet.js", import.meta.url));
    const curve = new AudioWorkletNode(context, "columns", { numberOfOutputs: 0 });
    curve.port.onmessage = (event: MessageEvent<Columns>) => heard(event.data);
    const gain = new GainNode(context);
    gain.connect(context.destination);
    return { context, gain, curve };
  } catch {
    console.warn("This browser cannot play the stethoscope");
    return null;
  }
}

/** `null`: this browser does not mix sounds of two rates, as older ones of Firefox. */
function sourceOf(context: AudioContext, track: MediaStreamTrack): AudioNode | null {
  try {
    return context.createMediaStreamSource(new MediaStream([track]));
  } catch {
    console.warn("This browser does not give the stethoscope's sound to the page");
    return null;
  }
}

export function filters(context: BaseAudioContext, filter: Filter): AudioNode[] {
  const { from, to } = BANDS[filter];
  const half = (type: BiquadFilterType, frequency: number) => (Q: number) =>
    // Decibels here, where `Q` of a low-pass and a high-pass is one (Web Audio API, section 1.13).
    new BiquadFilterNode(context, { type, frequency, Q: 20 * Math.log10(Q) });
  const highPass = from === undefined ? [] : HALVES.map(half("highpass", from));
  const lowPass = to === undefined ? [] : HALVES.map(half("lowpass", to));
  return [...highPass, ...lowPass];
}

export function factor(decibels: number): number {
  return 10 ** (decibels / 20);
}

/** A hum that only headphones play, then a tone that everything plays. */
export function checkHeadphones(): void {
  const context = new AudioContext();
  tone(context, 60, 0, 1.5);
  tone(context, 660, 2, 0.5);
  setTimeout(() => void context.close(), 3_000);
}

function tone(context: AudioContext, frequency: number, after: number, seconds: number): void {
  const volume = new GainNode(context, { gain: 0 });
  const [from, to] = [context.currentTime + after, context.currentTime + after + seconds];
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.25, from + 0.1);
  volume.gain.setValueAtTime(0.25, to - 0.1);
  volume.gain.linearRampToValueAtTime(0, to);
  const sound = new OscillatorNode(context, { frequency });
  sound.connect(volume).connect(context.destination);
  sound.start(from);
  sound.stop(to);
}
