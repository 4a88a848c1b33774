// The chart in a call, as a physician sees it.

import { getByTestId } from "@testing-library/dom";
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import type { ChartPart, PatientChart } from "./hub-api";
import { CALL, OTHER_CALL, context } from "./testing";
import { inCall, press, root, told } from "./testing-page";

const NOW = "2026-11-22T08:00:00Z";

function part<T>(entries: T[], more: Partial<ChartPart<T>> = {}): ChartPart<T> {
  return { asked: NOW, trouble: null, entries, unreadable: 0, of_others: 0, more: false, ...more };
}

const PENICILLIN = {
  statement: "allergy",
  what: "Penicillin",
  criticality: "high",
  status: "active",
  verification: "confirmed",
  reactions: ["Hives"],
  onset: null,
  recorded: null,
} as const;

function chartWith(more: Partial<PatientChart>): PatientChart {
  const empty = { problems: part([]), medications: part([]), vitals: part([]), documents: part([]) } as const;
  return { now: NOW, allergies: part([{ ...PENICILLIN, reactions: ["Hives"] }]), ...empty, ...more };
}

/** Every answer comes at once. */
function answering(answer: (path: string) => Response): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    return Promise.resolve(answer(path));
  });
  return asked;
}

async function arrived(): Promise<void> {
  // The body of an answer is read in some further steps.
  await act(() => new Promise((done) => setTimeout(done, 0)));
  await act(() => new Promise((done) => setTimeout(done, 0)));
}

it("shows allergies at once, with the reaction, the risk and the age", async () => {
  const asked = answering(() => new Response(JSON.stringify(chartWith({}))));
  await inCall();
  await arrived();
  const shown = getByTestId(root, "chart-allergies").textContent;
  for (const words of ["Penicillin", "high risk", "Hives", "just now"]) expect(shown).toContain(words);
  expect(asked).toEqual([`/api/portal/charts/${CALL}`]);
});

it("says why allergies are not known, and asks again on request", async () => {
  const away = { asked: null, trouble: "The EHR does not let us read this." };
  const asked = answering(() => new Response(JSON.stringify(chartWith({ allergies: part([], away) }))));
  await inCall();
  await arrived();
  expect(getByTestId(root, "chart-allergies").textContent).toContain(
    "Allergies: not known to us – The EHR does not let us read this.",
  );
  await press("chart-again");
  expect(asked).toHaveLength(2);
});

it("says that the hub cannot be reached instead of showing an empty list", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await inCall();
  await arrived();
  expect(getByTestId(root, "chart").textContent).toContain("not known to us – The hub cannot be reached.");
});

it("shows nothing of the patient before once another call begins", async () => {
  answering((path) => (path.endsWith(CALL) ? new Response(JSON.stringify(chartWith({}))) : new Response("{}", { status: 404 })));
  await inCall();
  await arrived();
  await told({ type: "call_ended", call: CALL, why: "nurse" });
  await told({ type: "joined", context: { ...context(), call: OTHER_CALL } });
  await arrived();
  expect(getByTestId(root, "chart").textContent).not.toContain("Penicillin");
  await told({ type: "call_ended", call: OTHER_CALL, why: "nurse" });
});
