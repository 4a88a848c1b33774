// What a curve of sound shows of each 5 ms: the lowest and the highest sample. Runs beside the page's thread.

const SAMPLES_PER_COLUMN = 240;
/** 20 ms: a message for each column would cost more than the columns. */
const COLUMNS_PER_MESSAGE = 4;

class Columns extends AudioWorkletProcessor {
  low = 0;
  high = 0;
  count = 0;
  columns = [];

  process([input]) {
    const samples = input[0];
    // Nothing is connected at the moment.
    if (samples === undefined) return true;
    for (const sample of samples) this.take(sample);
    return true;
  }

  take(sample) {
    this.low = this.count === 0 ? sample : Math.min(this.low, sample);
    this.high = this.count === 0 ? sample : Math.max(this.high, sample);
    this.count += 1;
    if (this.count < SAMPLES_PER_COLUMN) return;
    this.count = 0;
    this.columns.push(this.low, this.high);
    if (this.columns.length < 2 * COLUMNS_PER_MESSAGE) return;
    this.port.postMessage(this.columns);
    this.columns = [];
  }
}

registerProcessor("columns", Columns);
