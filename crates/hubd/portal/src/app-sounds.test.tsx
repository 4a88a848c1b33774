// The torso and the kept sounds, as a physician sees them.

import { getByTestId, queryByTestId } from "@testing-library/dom";
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import type { CartOnChannel, EntryBody } from "./hub-api";
import { CALL, recorded } from "./testing";
import { happen, inCall, press, root, store, told } from "./testing-page";

const SOUND: EntryBody = {
  type: "auscultation",
  sha256: "ab",
  media_type: "audio/wav",
  bytes: 44,
  site: "mitral",
  began: "2026-11-22T07:42:00.000Z",
  millis: 12_000,
  gaps: [{ at_ms: 3_000, millis: 500 }],
};

async function say(...messages: CartOnChannel[]): Promise<void> {
  for (const message of messages) await happen({ type: "channel", call: CALL, message });
}

async function listening(): Promise<void> {
  // No browser's sound is here; what is said and drawn is.
  vi.stubGlobal("AudioContext", class {});
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockReturnValue();
  await inCall();
  const stethoscope = { type: "stethoscope", works: true, heart_rate: { is: "not_yet" }, heard_ms: 0 } as const;
  await say(stethoscope);
  await press("listen");
}

it("offers no place before the cart has said that it can keep sounds", async () => {
  await listening();
  expect(queryByTestId(root, "site-mitral")).toBeNull();
  await say({ type: "site", site: null });
  expect(getByTestId(root, "site").textContent).toContain("Choose the place");
  expect(getByTestId(root, "keep-sound").matches(":disabled")).toBe(true);
});

it("shows the place that the cart has, and how much could be kept of it", async () => {
  await listening();
  await say({ type: "site", site: "mitral" });
  await say({ type: "stethoscope", works: true, heart_rate: { is: "not_yet" }, heard_ms: 12_900 });
  expect(getByTestId(root, "site-mitral").getAttribute("aria-checked")).toBe("true");
  expect(getByTestId(root, "keep-sound").textContent).toBe("Keep these 12 s");
  await press("keep-sound");
  // There is no connection: nothing was asked of the cart, and that is said.
  expect(getByTestId(root, "sound-status").textContent).toContain("interrupted");
});

it("lists what is kept with its place and what is missing of it, and says when it cannot be loaded", async () => {
  await inCall();
  expect(queryByTestId(root, "kept-sound")).toBeNull();
  await told({ type: "recorded", recorded: recorded(5, SOUND) });
  const shown = getByTestId(root, "kept-sound").textContent;
  for (const words of ["Mitral area", "12 s", "0.5 s missing", "at the hub"]) {
    expect(shown?.toLowerCase()).toContain(words.toLowerCase());
  }
  vi.stubGlobal("AudioContext", class { resume() {} close() {} });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status: 404 })));
  await press("play-sound");
  await act(() => new Promise((done) => setTimeout(done, 0)));
  expect(getByTestId(root, "kept-sound").textContent).toContain("could not be loaded");
  expect(store.state.consult?.listening).toBe(false);
});
