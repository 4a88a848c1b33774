// Stills beside each other, as a physician compares them.

import { getAllByTestId, getByTestId, queryByTestId } from "@testing-library/dom";
import { act } from "preact/test-utils";
import { beforeEach, expect, it } from "vitest";
import type { EntryBody } from "./hub-api";
import { entryId, recorded } from "./testing";
import { inCall, root, told } from "./testing-page";

function still(minute: number): EntryBody {
  const taken = `2026-11-22T07:${minute}:00.000Z`;
  return { type: "still", sha256: String(minute), media_type: "image/jpeg", bytes: 9, width: 1920, height: 1080, taken };
}

beforeEach(() => {
  // jsdom has the element and not what it does.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
});

async function open(newest: number): Promise<void> {
  const thumbs = getAllByTestId(root, "still-thumb");
  await act(() => thumbs[newest]?.click());
}

it("shows one still, and offers none beside the only one", async () => {
  await inCall();
  await told({ type: "recorded", recorded: recorded(1, still(42)) });
  await open(0);
  expect(getByTestId(root, "still-large").getAttribute("src")).toBe("/api/portal/blobs/42");
  expect(queryByTestId(root, "still-compare")).toBeNull();
});

it("puts an earlier still beside it, each with its own time", async () => {
  await inCall();
  for (const number of [1, 2]) {
    await told({ type: "recorded", recorded: recorded(number, still(40 + number)) });
  }
  await open(0);
  expect(queryByTestId(root, "still-beside")).toBeNull();
  const choice = getByTestId(root, "still-compare") as HTMLSelectElement;
  await act(() => {
    choice.value = entryId(1);
    choice.dispatchEvent(new Event("change", { bubbles: true }));
  });
  expect(getByTestId(root, "still-large").getAttribute("src")).toBe("/api/portal/blobs/42");
  expect(getByTestId(root, "still-beside").getAttribute("src")).toBe("/api/portal/blobs/41");
  const times = new Set([...root.querySelectorAll("figcaption")].map((caption) => caption.textContent));
  expect(times.size).toBe(2);
});
