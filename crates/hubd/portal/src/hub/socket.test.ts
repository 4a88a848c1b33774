import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { HubToPortal } from "../hub-api";
import type { Link } from "../state/model";
import { HubSocket, waitBefore } from "./socket";

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor() {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
    const welcome = { type: "welcome", version: 1, physician: "p", on_call: false, call: null };
    this.onmessage?.({ data: JSON.stringify(welcome) });
  }
}

let links: Link[];
let messages: HubToPortal[];
let refused: number;
let socket: HubSocket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  [links, messages, refused] = [[], [], 0];
  socket = new HubSocket("ws://hub", {
    message: (message) => messages.push(message),
    link: (link) => links.push(link),
    refused: () => (refused += 1),
  });
});

afterEach(() => {
  socket.close();
  vi.unstubAllGlobals();
});

it("is open with the hub's welcome, not before", () => {
  expect(socket.send({ type: "on_call", on_call: true })).toBe(false);
  latest().open();
  expect(links).toEqual(["open"]);
  expect(messages).toHaveLength(1);
  expect(socket.send({ type: "on_call", on_call: true })).toBe(true);
  expect(latest().sent).toEqual(['{"type":"on_call","on_call":true}']);
});

it("comes back by itself", () => {
  latest().open();
  latest().onclose?.();
  expect(links).toEqual(["open", "lost"]);
  vi.advanceTimersByTime(300);
  expect(FakeSocket.all).toHaveLength(2);
  latest().open();
  expect(links.at(-1)).toBe("open");
  expect(refused).toBe(0);
});

it("waits longer after each failure, from a quarter of a second to five", () => {
  expect(waitBefore(0, 0)).toBe(250);
  expect(waitBefore(0, 1)).toBe(125);
  expect(waitBefore(3, 0)).toBe(2_000);
  expect(waitBefore(30, 0)).toBe(5_000);
});

it("asks about the session when a connection is refused before it opened", () => {
  latest().onclose?.();
  expect(refused).toBe(1);
});

it("gives up an attempt that hangs", () => {
  vi.advanceTimersByTime(4_000 + 250);
  expect(FakeSocket.all.length).toBeGreaterThan(1);
});

it("returns at once when the computer is on the network again", () => {
  latest().open();
  dispatchEvent(new Event("offline"));
  expect(links.at(-1)).toBe("lost");
  dispatchEvent(new Event("online"));
  expect(FakeSocket.all).toHaveLength(2);
});

it("stays closed after sign-out", () => {
  latest().open();
  socket.close();
  vi.advanceTimersByTime(60_000);
  dispatchEvent(new Event("online"));
  expect(FakeSocket.all).toHaveLength(1);
});

function latest(): FakeSocket {
  const last = FakeSocket.all.at(-1);
  if (last === undefined) throw new Error("no attempt was made");
  return last;
}
