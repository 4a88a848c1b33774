// The exam cameras, as a physician sees them.

import { getAllByTestId, getByTestId, queryByTestId } from "@testing-library/dom";
import { expect, it } from "vitest";
import type { EntryBody, ExamCamera, Examined } from "./hub-api";
import { CALL, recorded } from "./testing";
import { happen, inCall, press, root, store, told } from "./testing-page";

const CAMERAS: ExamCamera[] = ["otoscope", "dermatoscope"];
const EAR: Examined = { with: "otoscope", side: null };
const RIGHT: Examined = { with: "otoscope", side: "right" };

async function says(examined: Examined | null, works = true): Promise<void> {
  await happen({ type: "channel", call: CALL, message: { type: "examining", cameras: CAMERAS, examined, works } });
}

async function comes(is: "live" | "frozen"): Promise<void> {
  await happen({ type: "exam_picture", call: CALL, is });
}

function text(id: string): string | null {
  return getByTestId(root, id).textContent;
}

function isHidden(): boolean {
  return root.querySelector<HTMLElement>(".exam-picture")?.style.visibility === "hidden";
}

it("shows nothing of it for a cart that never told of exam cameras", async () => {
  await inCall();
  for (const id of ["exam-room", "exam-stage", "swap-pictures"]) expect(queryByTestId(root, id)).toBeNull();
});

it("shows what the cart says, and not what was pressed", async () => {
  await inCall();
  await says(null);
  await press("exam-otoscope");
  expect(store.state.consult?.exam?.asked).toEqual(EAR);
  expect(queryByTestId(root, "exam-stage")).toBeNull();
  await says(EAR);
  expect(getByTestId(root, "exam-otoscope").getAttribute("aria-checked")).toBe("true");
  expect(text("exam-label")).toBe("Otoscope, side not chosen");
  expect(text("side-hint")).toContain("not noted");
  await says(RIGHT);
  expect(text("exam-label")).toBe("Otoscope, right ear");
  expect(queryByTestId(root, "side-hint")).toBeNull();
});

it("forgets the side with the camera, and offers none where there is none", async () => {
  await inCall();
  await says(RIGHT);
  await press("exam-dermatoscope");
  expect(store.state.consult?.exam?.asked).toEqual({ with: "dermatoscope", side: null });
  await says({ with: "dermatoscope", side: null });
  expect(queryByTestId(root, "side-right")).toBeNull();
});

it("hides a picture until one came of this camera", async () => {
  await inCall();
  await says(EAR);
  expect([isHidden(), text("exam-veil")]).toEqual([true, expect.stringContaining("Waiting for the picture of the otoscope")]);
  await comes("live");
  expect([isHidden(), queryByTestId(root, "exam-veil")]).toEqual([false, null]);
  await says({ with: "dermatoscope", side: null });
  expect(isHidden()).toBe(true);
  await says(null);
  await says(EAR);
  expect(isHidden()).toBe(true);
});

it("veils a picture that stopped, and says what to do when none comes", async () => {
  await inCall();
  await says(EAR);
  await comes("live");
  await comes("frozen");
  expect(text("exam-veil")).toContain("Picture frozen");
  await says(EAR, false);
  expect(text("exam-veil")).toContain("No picture comes from the otoscope");
  expect(text("exam-veil")).toContain("Ask the nurse");
  await comes("live");
  expect(text("exam-veil"), "a slate is no picture of an ear").toContain("No picture comes");
});

it("keeps the room in a corner, marks it when it stops, and leaves its camera alone", async () => {
  await inCall();
  await happen({ type: "picture", call: CALL, live: true });
  await says(EAR);
  expect(root.querySelector(".remote.is-small")).not.toBeNull();
  expect(queryByTestId(root, "move-up")).toBeNull();
  expect(queryByTestId(root, "small-veil")).toBeNull();
  await happen({ type: "picture", call: CALL, live: false });
  expect(text("small-veil")).toBe("Picture frozen");
  await press("swap-pictures");
  expect(root.querySelector(".remote.is-small")).toBeNull();
  getByTestId(root, "move-up");
  await says(null);
  await says(EAR);
  expect(root.querySelector(".remote.is-small"), "forgotten with the examination").not.toBeNull();
});

it("says of a still which ear it shows", async () => {
  await inCall();
  const taken = "2026-11-22T07:42:00.000Z";
  const size = { bytes: 9, width: 1280, height: 720 };
  const still: EntryBody = { type: "still", sha256: "1", media_type: "image/jpeg", taken, ...size, examined: RIGHT };
  await told({ type: "recorded", recorded: recorded(1, still) });
  expect(getAllByTestId(root, "still-thumb")[0]?.getAttribute("aria-label")).toContain("Otoscope, right ear: still of");
  expect(root.querySelector(".thumb-examined")?.textContent).toBe("Otoscope, right ear");
});
