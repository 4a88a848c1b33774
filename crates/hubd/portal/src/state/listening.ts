// The stethoscope in a consult: who listens, where the chest piece lies, and the sound that is to be kept.

import type { AuscultationSite, CartOnChannel } from "../hub-api";
import type { Step } from "./input";
import type { Consult } from "./model";

/** Half a minute of sound is saved within a second on the cart; after this long nobody waits for it any more. */
const SOUND_PATIENCE_MS = 15_000;
/** As the cart has it: in less nobody hears anything. */
const SHORTEST_MS = 1_000;

export function listen(consult: Consult, on: boolean): Step<Consult> {
  if (consult.ended !== null || consult.listening === on) return [consult, []];
  return [{ ...consult, listening: on }, [{ type: "listen", on }]];
}

/** Shown where the cart says that it is: it may have lost this, or the nurse may have chosen another. */
export function lay(consult: Consult, site: AuscultationSite): Step<Consult> {
  if (consult.ended !== null || !consult.listening || consult.site === site) return [consult, []];
  return [consult, [{ type: "lay", site }]];
}

/** What could be kept now, in milliseconds; `null`: nothing, or it is being kept already. */
export function keepable(consult: Consult): number | null {
  const heardMs = consult.stethoscope?.heardMs ?? 0;
  const may = consult.ended === null && consult.listening && consult.site !== null && consult.sound.is !== "keeping";
  return may && heardMs >= SHORTEST_MS ? heardMs : null;
}

export function keep(consult: Consult): Step<Consult> {
  const { call, site, requests: request } = consult;
  if (keepable(consult) === null || site === null) return [consult, []];
  return [
    { ...consult, sound: { is: "keeping", request }, requests: request + 1 },
    [
      { type: "keep_sound", call, request, site },
      { type: "later", afterMs: SOUND_PATIENCE_MS, input: { type: "sound_unanswered", call, request } },
    ],
  ];
}

export function unanswered(consult: Consult, request: number): Consult {
  if (!isKeeping(consult, request)) return consult;
  return { ...consult, sound: { is: "failed", reason: "The cart did not answer. Try again." } };
}

export function hear(
  consult: Consult,
  message: CartOnChannel & { type: "stethoscope" | "site" | "sound_kept" | "sound_not_kept" },
): Consult {
  switch (message.type) {
    case "stethoscope": {
      // A cart of before says nothing of what it could keep.
      const { works, heart_rate: rate, heard_ms: heardMs = 0 } = message;
      return { ...consult, stethoscope: { works, rate, heardMs } };
    }
    case "site":
      return { ...consult, site: message.site, keepsSounds: true };
    case "sound_kept":
      return isKeeping(consult, message.request)
        ? { ...consult, sound: { is: "on_its_way", entry: message.entry } }
        : consult;
    case "sound_not_kept":
      return isKeeping(consult, message.request)
        ? { ...consult, sound: { is: "failed", reason: message.reason } }
        : consult;
  }
}

function isKeeping(consult: Consult, request: number): boolean {
  return consult.sound.is === "keeping" && consult.sound.request === request;
}
