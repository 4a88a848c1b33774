import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ExamPicture } from "./exam-picture";

type Presented = (now: number, metadata: { width: number; height: number }) => void;

let present: Presented | null;
let told: boolean[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("MediaStream", class {});
  present = null;
  told = [];
  HTMLVideoElement.prototype.requestVideoFrameCallback = (callback: unknown) => {
    present = callback as Presented;
    return 1;
  };
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A frame is shown, so many milliseconds after the step before. */
function shown(after: number): void {
  vi.advanceTimersByTime(after);
  present?.(performance.now(), { width: 1280, height: 720 });
}

it("takes no frame that was on its way for one of the camera that was chosen since", () => {
  const exam = new ExamPicture({} as MediaStreamTrack, (live) => told.push(live));
  shown(0);
  expect([exam.live, told]).toEqual([true, [true]]);
  exam.restart();
  shown(40);
  shown(200);
  expect([exam.live, told]).toEqual([false, [true]]);
  shown(100);
  expect([exam.live, told]).toEqual([true, [true, true]]);
});

it("tells when the picture stops, and not between two examinations", () => {
  const exam = new ExamPicture({} as MediaStreamTrack, (live) => told.push(live));
  shown(0);
  exam.restart();
  exam.check(performance.now() + 5_000, true);
  expect(told).toEqual([true]);
  shown(400);
  exam.check(performance.now() + 600, true);
  expect(told).toEqual([true, true, false]);
});
