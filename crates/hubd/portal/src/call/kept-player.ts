// Plays a sound that was kept, as often as wanted, with the same filters as what is heard live.

import { factor, filters, RATE, USUAL_DB, type Filter } from "./ear";

/** One at a time. Closed, it has let go of the sound card. */
export class KeptPlayer {
  private context: AudioContext | null = null;
  private source: AudioBufferSourceNode | null = null;
  private chain: AudioNode[] = [];
  private gain: GainNode | null = null;
  private filter: Filter = "wide";
  private loudness = USUAL_DB;
  private began = 0;

  /** `ended` is told what: it played to its end. */
  constructor(private readonly ended: () => void) {}

  /** Must run within a press, or the browser plays nothing. */
  open(): void {
    this.context ??= new AudioContext({ sampleRate: RATE });
    void this.context.resume();
  }

  /** Fails where this browser cannot read the file. */
  decode(file: ArrayBuffer): Promise<AudioBuffer> {
    // Not tied to a sound card, which may be busy.
    return new OfflineAudioContext(1, 1, RATE).decodeAudioData(file);
  }

  play(sound: AudioBuffer): void {
    const { context } = this;
    if (context === null) return;
    this.stop();
    this.gain ??= new GainNode(context);
    this.gain.connect(context.destination);
    const source = new AudioBufferSourceNode(context, { buffer: sound });
    source.onended = () => {
      if (this.source !== source) return;
      this.source = null;
      this.ended();
    };
    this.source = source;
    this.connect();
    this.began = context.currentTime;
    source.start();
  }

  /** Seconds since its beginning; `null` while nothing plays. */
  position(): number | null {
    return this.context && this.source ? this.context.currentTime - this.began : null;
  }

  setFilter(filter: Filter): void {
    this.filter = filter;
    this.connect();
  }

  /** Decibels above what was kept. */
  setLoudness(decibels: number): void {
    this.loudness = decibels;
    this.gain?.gain.setTargetAtTime(factor(decibels), 0, 0.02);
  }

  stop(): void {
    const { source } = this;
    this.source = null;
    source?.stop();
    source?.disconnect();
  }

  close(): void {
    this.stop();
    void this.context?.close();
    this.context = this.gain = null;
  }

  private connect(): void {
    if (this.context === null || this.source === null || this.gain === null) return;
    this.source.disconnect();
    for (const node of this.chain) node.disconnect();
    this.chain = filters(this.context, this.filter);
    const last = this.chain.reduce<AudioNode>((before, next) => before.connect(next), this.source);
    last.connect(this.gain);
    this.gain.gain.value = factor(this.loudness);
  }
}
