// The one line that says how the call is. The worst thing that the physician should know comes first.

import { ageWords, LATE_MS } from "../call/picture-age";
import { qualityWords } from "../call/quality";
import type { Consult, Link, OwnMedia } from "./model";

export interface Status {
  readonly tone: "live" | "waiting" | "trouble";
  readonly words: string;
}

export function statusOf(consult: Consult, own: OwnMedia, link: Link): Status {
  return (
    pictureStatus(consult) ?? ownStatus(consult, own) ?? qualityStatus(consult) ?? recordStatus(consult, link) ?? LIVE
  );
}

const LIVE: Status = { tone: "live", words: "Live" };

function pictureStatus({ ended, picture, age, cartOnline }: Consult): Status | null {
  if (ended !== null) return { tone: "waiting", words: "The call is over" };
  switch (picture.is) {
    case "live":
      // It moves, and is not now: who says "there" and "stop" means another moment than the nurse.
      return age !== null && age >= LATE_MS ? { tone: "waiting", words: `The picture is late: ${ageWords(age)}` } : null;
    case "awaited":
      return cartOnline
        ? { tone: "waiting", words: "Connecting to the cart" }
        : { tone: "trouble", words: "The cart lost its network" };
    case "frozen":
      return cartOnline
        ? { tone: "trouble", words: "Picture frozen – reconnecting" }
        : { tone: "trouble", words: "The cart lost its network" };
  }
}

function ownStatus({ missing }: Consult, own: OwnMedia): Status | null {
  if (own.muted) return { tone: "waiting", words: "Live – your microphone is off" };
  if (missing.sound && missing.picture) return { tone: "trouble", words: "The nurse cannot see or hear you" };
  if (missing.sound) return { tone: "trouble", words: "The nurse cannot hear you" };
  if (own.cameraOff) return { tone: "waiting", words: "Live – your camera is off" };
  if (missing.picture) return { tone: "trouble", words: "The nurse cannot see you" };
  return null;
}

function qualityStatus({ quality }: Consult): Status | null {
  const words = quality && qualityWords(quality);
  return words === null ? null : { tone: "waiting", words: `Live – ${words}` };
}

/** Picture and sound go on without the hub; only what is recorded comes later. */
function recordStatus({ cartOnline }: Consult, link: Link): Status | null {
  if (!cartOnline || link !== "open") return { tone: "waiting", words: "Live – vitals may arrive later" };
  return null;
}
