// Hands so many samples on, 50 ms at a time: for the proof of sound, which measures what arrived.

const SAMPLES_PER_MESSAGE = 2_400;

class Samples extends AudioWorkletProcessor {
  waiting = new Float32Array(SAMPLES_PER_MESSAGE);
  count = 0;

  constructor({ processorOptions }) {
    super();
    this.left = processorOptions.samples;
  }

  process([input]) {
    for (const sample of input[0] ?? []) this.take(sample);
    return this.left > 0;
  }

  take(sample) {
    this.waiting[this.count] = sample;
    this.count += 1;
    if (this.count < SAMPLES_PER_MESSAGE) return;
    this.left -= this.count;
    this.port.postMessage(this.waiting, [this.waiting.buffer]);
    this.waiting = new Float32Array(SAMPLES_PER_MESSAGE);
    this.count = 0;
  }
}

registerProcessor("samples", Samples);
