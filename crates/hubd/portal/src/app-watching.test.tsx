// What is measured now, the limits and the score that rises, as a person finds them.

import { getByLabelText, getByRole, getByTestId, queryByTestId } from "@testing-library/dom";
import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import type { PortalToHub, Watched } from "./hub-api";
import { CALL, ENCOUNTER, live, scoredAs, USUAL, watching } from "./testing";
import { happen, inCall, press, root, store, told } from "./testing-page";

const NOW_AT = new Date().toISOString();

function low(more: Partial<Watched> = {}): Watched {
  return live({ value: "88", beyond: "low", at: NOW_AT, ...more });
}

function text(id: string): string {
  return getByTestId(root, id).textContent ?? "";
}

function prescribed(): (PortalToHub & { type: "prescribe" })["what"] | null {
  const prescribing = store.state.consult?.prescribing;
  return prescribing?.is === "waiting" ? prescribing.what : null;
}

async function write(id: string, value: string): Promise<void> {
  const field = getByTestId<HTMLInputElement>(root, id);
  await act(() => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

it("shows a live value with its unit and limit, and says that it is live", async () => {
  await inCall();
  await told(watching([live()]));
  for (const words of ["SpO₂", "97", "%", "live", "92–"]) expect(text("now-spo2")).toContain(words);
  expect(text("alarms")).toBe("");
});

it("tells in words what is beyond its limit, and not again with every value", async () => {
  await inCall();
  await told(watching([low()]));
  expect(text("now-spo2")).toContain("Below limit 92");
  expect(getByTestId(root, "now-spo2").classList).toContain("is-beyond");
  const said = text("alarms");
  expect(said).toBe("SpO₂: Below limit 92");
  await told(watching([low({ value: "87", at: new Date().toISOString() })]));
  expect(text("alarms")).toBe(said);
});

it("never calls a value live that is not", async () => {
  await inCall();
  await told(watching([low()]), { type: "cart_online", call: CALL, online: false });
  expect(text("now-spo2")).toContain("cart away since");
  expect(text("now-spo2")).not.toContain("live");
  expect(text("now-spo2")).toContain("Below limit 92");
  await told({ type: "cart_online", call: CALL, online: true }, watching([]));
  expect(text("now-spo2")).toContain("sensor off since");
  expect(text("now-spo2")).toContain("last");
});

it("shows no limits before the cart has told them, and nothing of it after the call", async () => {
  await inCall();
  expect(queryByTestId(root, "limits")).toBeNull();
  await told(watching([live()]));
  expect(text("limits")).toContain("usual limits");
  await press("hang-up");
  expect(queryByTestId(root, "limits")).toBeNull();
  expect(queryByTestId(root, "now-spo2")).toBeNull();
});

it("sets limits only when the cart has told them", async () => {
  await inCall();
  await told(watching([]));
  await press("change-limits");
  await write("low-spo2", "88");
  await write("high-temperature", "38,5");
  await press("save-limits");
  const limits = { ...USUAL, spo2: { low: "88", high: null }, temperature: { low: "35.1", high: "38.5" } };
  expect(prescribed()).toEqual({ kind: "limits", limits });
  expect(text("limits-state")).toBe("Not set yet: waiting for the cart…");
  expect(text("limits")).toContain("usual limits");
  await told(watching([], { limits, set_by: "Dr. Haddad" }));
  expect(text("limits")).toContain("set by Dr. Haddad");
  expect(text("limit-spo2")).toContain("88–");
  expect(text("limits-state")).toBe("These limits are set.");
});

it("sends no limits that are not possible, and says what is wrong", async () => {
  await inCall();
  await told(watching([]));
  await press("change-limits");
  await write("low-pulse_rate", "140");
  await press("save-limits");
  expect(text("problem-pulse_rate")).toBe("The low limit must be below the high limit.");
  expect(getByLabelText(root, "Pulse low limit").getAttribute("aria-invalid")).toBe("true");
  expect(prescribed()).toBeNull();
});

it("keeps what was written when the cart does not confirm, and says what to do", async () => {
  await inCall();
  await told(watching([]));
  await press("change-limits");
  await write("low-spo2", "88");
  await press("save-limits");
  const waiting = store.state.consult?.prescribing;
  if (waiting?.is !== "waiting") throw new Error("nothing was sent");
  await happen({ type: "prescription_unanswered", call: CALL, since: waiting.since });
  expect(text("limits-state")).toBe("The cart has not confirmed. Try again.");
  expect(getByTestId(root, "low-spo2")).toHaveProperty("value", "88");
});

it("goes back to the usual limits", async () => {
  await inCall();
  await told(watching([], { set_by: "Dr. Haddad" }));
  await press("usual-limits");
  expect(prescribed()).toEqual({ kind: "limits", limits: null });
});

it("lets nobody prescribe while the cart or the hub is away", async () => {
  await inCall();
  await told(watching([]), { type: "cart_online", call: CALL, online: false });
  expect(getByTestId(root, "change-limits")).toHaveProperty("disabled", true);
  expect(getByTestId(root, "scale-two")).toHaveProperty("disabled", true);
  expect(text("limits-blocked")).toContain("The cart is away");
  await told({ type: "cart_online", call: CALL, online: true });
  await happen({ type: "link", link: "lost" });
  expect(getByTestId(root, "change-limits")).toHaveProperty("disabled", true);
});

it("asks before scale 2, and shows it only when the hub counts by it", async () => {
  await inCall();
  await told(watching([]));
  await press("scale-two");
  expect(prescribed()).toBeNull();
  await press("confirm-scale-two");
  expect(prescribed()).toEqual({ kind: "oxygen_scale", scale: "two" });
  expect(getByTestId(root, "scale-two").getAttribute("aria-pressed")).toBe("false");
  const early_warning = { ...scoredAs(3, "low"), scale: "two" } as const;
  await told({ type: "early_warning", encounter: ENCOUNTER, early_warning });
  expect(getByTestId(root, "scale-two").getAttribute("aria-pressed")).toBe("true");
  expect(text("early-warning")).toContain("SpO₂, scale 2");
});

it("says that the score rose until somebody has seen it, also after the call", async () => {
  await inCall();
  for (const early_warning of [scoredAs(3, "low"), scoredAs(6, "medium")]) {
    await told({ type: "early_warning", encounter: ENCOUNTER, early_warning });
  }
  expect(text("score-rise")).toContain("NEWS2 rose from 3 (low) to 6 (medium)");
  await press("hang-up");
  expect(text("score-rise")).toContain("NEWS2 rose from 3 (low) to 6 (medium)");
  await act(() => getByRole(root, "button", { name: "Seen" }).click());
  expect(text("score-rise")).toBe("");
});
