import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Ear } from "./ear";

/** As far as an ear needs it: how it is, and whether it takes a track. */
const browser = { state: "running", takes: true };

class Node {
  readonly gain = { value: 1, setTargetAtTime: () => undefined };
  readonly port = {};
  connect(next: unknown): unknown {
    return next;
  }
  disconnect(): void {}
}

class Context {
  readonly audioWorklet = { addModule: () => Promise.resolve() };
  get state(): string {
    return browser.state;
  }
  /** Never done where there is nothing to play on, as in Firefox. */
  resume(): Promise<void> {
    return browser.state === "running" ? Promise.resolve() : new Promise(() => undefined);
  }
  createMediaStreamSource(): Node {
    if (!browser.takes) throw new DOMException("different sample-rate", "NotSupportedError");
    return new Node();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

beforeEach(() => {
  Object.assign(browser, { state: "running", takes: true });
  for (const name of ["AudioWorkletNode", "GainNode", "BiquadFilterNode", "MediaStream"]) vi.stubGlobal(name, Node);
  vi.stubGlobal("AudioContext", Context);
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockReturnValue();
  vi.spyOn(console, "warn").mockReturnValue();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function listening(): Promise<Ear> {
  const ear = new Ear(() => undefined);
  ear.use({} as MediaStreamTrack);
  ear.listen(true);
  await new Promise((done) => setTimeout(done));
  return ear;
}

it("plays where the browser plays", async () => {
  expect(await (await listening()).sounding()).toBe("plays");
});

it("does not say that it plays where there is nothing to play on", async () => {
  browser.state = "suspended";
  expect(await (await listening()).sounding()).toBe("waits");
});

it("says so when the browser keeps the sound to itself", async () => {
  browser.takes = false;
  expect(await (await listening()).sounding()).toBe("cannot");
});

it("says so when there is no Web Audio at all", async () => {
  vi.stubGlobal("AudioContext", undefined);
  expect(await (await listening()).sounding()).toBe("cannot");
});
