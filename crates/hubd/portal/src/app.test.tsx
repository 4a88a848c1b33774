// The pages as a person finds them: by name, role and what they say.

import { getByRole, getByTestId, queryByRole, queryByTestId } from "@testing-library/dom";
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import type { HubToPortal } from "./hub-api";
import { CALL, context, ENCOUNTER, entryId, OTHER_CALL, reading, recorded } from "./testing";
import { happen, inCall, press, root, signIn, store, told } from "./testing-page";

const PRESSURE = reading({ kind: "blood_pressure", systolic: "128", diastolic: "82", mean: null, pulse: "88" });

it("says plainly that a sign-in failed", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response('{"reason":"x"}', { status: 401 })));
  await act(() => store.signIn("haddad", "wrong"));
  expect(getByTestId(root, "sign-in-problem").textContent).toBe("That name or password is not right.");
});

it("tells a stopped network from a wrong password", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await act(() => store.signIn("haddad", "right"));
  expect(getByTestId(root, "sign-in-problem").textContent).toContain("cannot be reached");
});

it("says in words that there are no carts", async () => {
  await signIn();
  await told({ type: "carts", carts: [] });
  expect(root.textContent).toContain("No cart is known");
});

it("lets nobody go on call while the hub is away", async () => {
  await signIn();
  await happen({ type: "link", link: "lost" });
  expect(getByRole(root, "switch", { name: "On call" })).toHaveProperty("disabled", true);
  expect(getByTestId(root, "link-banner").textContent).toContain("No connection to the hub");
});

it("rings with the patient, two identifiers and the vital signs that are there", async () => {
  await signIn();
  await told({ type: "ringing", context: context([recorded(1, PRESSURE)]) });
  const ringing = getByTestId(root, "ringing").textContent;
  for (const words of ["Cart 2 is calling", "Okafor, Grace", "100234", "14 Mar 1958", "128/82"]) {
    expect(ringing).toContain(words);
  }
  expect(document.title).toBe("● Incoming call – Bedside");
});

it("shows a reading with time, source and its way to the chart, and marks when", async () => {
  await inCall();
  await told({ type: "recorded", recorded: recorded(1, PRESSURE) });
  const tile = getByTestId(root, "tile-blood_pressure");
  for (const words of ["128/82", "mmHg", "SunTech Advantage", "at the hub"]) {
    expect(tile.textContent).toContain(words);
  }
  expect(performance.getEntriesByName(`recorded:${entryId(1)}`)).toHaveLength(1);
  await told({ type: "delivered", encounter: ENCOUNTER, entries: [[entryId(1), "set_aside"]] });
  expect(tile.textContent).toContain("refused: needs a look");
  expect(performance.getEntriesByName(`recorded:${entryId(1)}`)).toHaveLength(1);
});

it("says whether a value rises or falls against the one before", async () => {
  await inCall();
  const spo2 = (value: string) => reading({ kind: "oximetry", spo2: value, pulse: null });
  await told({ type: "recorded", recorded: recorded(1, spo2("97")) });
  expect(queryByRole(getByTestId(root, "tile-oximetry"), "img")).toBeNull();
  await told({ type: "recorded", recorded: recorded(2, spo2("91")) });
  expect(getByRole(getByTestId(root, "tile-oximetry"), "img", { name: "falling" }).textContent).toBe("↓");
});

it("shows what the nurse observed with her name, and the score that follows", async () => {
  await inCall();
  const what = { kind: "respiratory_rate", per_minute: 26 } as const;
  await told({ type: "recorded", recorded: recorded(2, { type: "observed", what, by: "Amara Osei" }) });
  const tile = getByTestId(root, "tile-respiratory_rate").textContent;
  for (const words of ["26", "/min", "observed by Amara Osei"]) expect(tile).toContain(words);
  const parts = { rr: 3, spo2: null, o2: 0, sbp: 0, pulse: 0, consciousness: 0, temp: 0 };
  const news2 = { parts, total: null, risk: null, missing: ["spo2" as const] };
  const early_warning = { is: "score", news2, scale: "one", until: null } as const;
  await told({ type: "early_warning", encounter: OTHER_CALL, early_warning });
  expect(getByTestId(root, "early-warning").textContent).toContain("nothing observed");
  await told({ type: "early_warning", encounter: ENCOUNTER, early_warning });
  expect(getByTestId(root, "early-warning").textContent).toContain("NEWS2 partial: SpO₂ missing");
});

it("never lets a stopped picture pass for a live one", async () => {
  await inCall();
  await happen({ type: "picture", call: CALL, live: true });
  expect(queryByTestId(root, "veil")).toBeNull();
  await happen({ type: "age", call: CALL, age: 3_500 });
  expect(getByTestId(root, "picture-age").textContent).toBe("3.5 s old");
  expect(getByTestId(root, "status-line").textContent).toBe("The picture is late: 3.5 s old");
  await happen({ type: "picture", call: CALL, live: false });
  expect(queryByTestId(root, "picture-age")).toBeNull();
  expect(getByTestId(root, "veil").textContent).toContain("Picture frozen");
  expect(getByTestId(root, "veil").textContent).toContain("What you see is 4 s old");
  expect(getByTestId(root, "status-line").textContent).toBe("Picture frozen – reconnecting");
});

it("shows no age where the browser does not know it, and calls a fresh picture live", async () => {
  await inCall();
  await happen({ type: "picture", call: CALL, live: true }, { type: "age", call: CALL, age: null });
  expect(queryByTestId(root, "picture-age")).toBeNull();
  await happen({ type: "age", call: CALL, age: 40 });
  expect(getByTestId(root, "picture-age").textContent).toBe("Live");
});

it("keeps an unsaved note on the screen after hanging up", async () => {
  await inCall();
  await happen({ type: "note_text", call: CALL, text: "Calm" });
  await press("hang-up");
  expect(getByTestId(root, "summary").textContent).toContain("You ended the call.");
  expect(getByTestId(root, "note-text")).toHaveProperty("value", "Calm");
  expect(getByTestId(root, "save-note")).toHaveProperty("disabled", false);
});

it("does not take the keyboard from somebody who writes when the nurse ends the call", async () => {
  await inCall();
  await happen({ type: "note_text", call: CALL, text: "Calm" });
  await told({ type: "call_ended", call: CALL, why: "nurse" });
  expect(getByTestId(root, "summary").textContent).toContain("The nurse ended the call.");
  expect(document.activeElement).toBe(getByTestId(root, "note-text"));
});

it("names no patient in the title", async () => {
  await inCall();
  expect(document.title).not.toContain("Okafor");
});

it("ignores a message whose inside it cannot read", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  await inCall();
  await told({ type: "joined", context: null } as unknown as HubToPortal);
  expect(warn).toHaveBeenCalledOnce();
  expect(getByTestId(root, "patient").textContent).toContain("Okafor");
});
