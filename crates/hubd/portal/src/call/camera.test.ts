import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PhysicianOnChannel } from "../hub-api";
import { Camera, STILL } from "./camera";

const RIGHT = { ...STILL, pan: 1 };

let sent: PhysicianOnChannel[];
let camera: Camera;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  camera = new Camera(
    (message) => sent.push(message),
    () => Date.now(),
  );
});

afterEach(() => {
  vi.useRealTimers();
});

function kinds(): string[] {
  return sent.map((message) => message.type);
}

it("moves for as long as a button is held, and stops with its release", () => {
  camera.hold("right", RIGHT);
  vi.advanceTimersByTime(450);
  camera.release("right");
  expect(kinds()).toEqual(["move", "move", "move", "stop"]);
  vi.advanceTimersByTime(2_000);
  expect(sent).toHaveLength(4);
});

it("never leaves the cart without a message for the 500 ms after which it stops", () => {
  camera.hold("right", RIGHT);
  vi.advanceTimersByTime(3_000);
  expect(sent.length).toBeGreaterThanOrEqual(15);
});

it("starts slowly to aim and becomes fast to travel", () => {
  camera.hold("right", RIGHT);
  vi.advanceTimersByTime(1_500);
  const speeds = sent.map((message) => (message.type === "move" ? message.pan : 0));
  expect(speeds[0]).toBeLessThan(0.5);
  expect(speeds.at(-1)).toBeGreaterThan(0.5);
});

it("moves by something one can see on a tap", () => {
  camera.hold("right", RIGHT);
  camera.release("right");
  expect(kinds()).toEqual(["move"]);
  vi.advanceTimersByTime(200);
  expect(kinds()).toEqual(["move", "stop"]);
});

it("adds up what two keys want", () => {
  camera.hold("right", RIGHT);
  camera.hold("up", { ...STILL, tilt: 1 });
  expect(sent.at(-1)).toMatchObject({ type: "move", zoom: 0 });
  expect(sent.at(-1)).not.toMatchObject({ pan: 0 });
  expect(sent.at(-1)).not.toMatchObject({ tilt: 0 });
});

it("zooms for a moment with each notch of the wheel", () => {
  camera.nudge("wheel", { ...STILL, zoom: 1 });
  vi.advanceTimersByTime(600);
  expect(kinds()[0]).toBe("move");
  expect(kinds().at(-1)).toBe("stop");
  expect(sent.length).toBeLessThan(5);
});

it("stops when the page loses the keyboard, because no key-up will come", () => {
  camera.hold("right", RIGHT);
  camera.releaseAll();
  expect(kinds().at(-1)).toBe("stop");
  vi.advanceTimersByTime(1_000);
  expect(kinds().filter((kind) => kind === "move")).toHaveLength(1);
});

it("goes home only after it stopped", () => {
  camera.hold("right", RIGHT);
  camera.home();
  expect(kinds()).toEqual(["move", "stop", "home"]);
});
