// One consult as a machine: picture, sound, stills and the note.

import { FROZEN_AFTER_MS } from "../call/freeze-watch";
import type { CartOnChannel, EntryId } from "../hub-api";
import type { ConsultInput, Step } from "./input";
import { closeBecause } from "./joining";
import { EMPTY_NOTE, type Consult, type Hearing } from "./model";
import * as examining from "./examining";
import * as listening from "./listening";
import * as prescribing from "./prescribing";

/** A still takes about a second on the cart; after this long nobody waits for it any more. */
const STILL_PATIENCE_MS = 10_000;

/** A cart that lost the hub is back within seconds, and the hub then knows the call again. */
const FORGOTTEN_PATIENCE_MS = 15_000;

export function stepConsult(consult: Consult, input: ConsultInput, now: number): Step<Consult> {
  switch (input.type) {
    case "hang_up":
      return hangUp(consult, now);
    case "picture":
      return picture(consult, input.live, now);
    case "age":
      return [{ ...consult, age: consult.picture.is === "live" ? input.age : null }, []];
    case "still_frozen":
      return [stillFrozen(consult, input.since, now), []];
    case "channel":
      if (input.message.type === "examining") return examining.hear(consult, input.message);
      return [hearCart(consult, input.message), []];
    case "sound_blocked":
      return [{ ...consult, soundBlocked: input.blocked }, []];
    case "quality":
      return [{ ...consult, quality: input.quality }, []];
    case "listen":
      return listening.listen(consult, input.on);
    case "look":
      return consult.ended === null && consult.view !== null ? [consult, [{ type: "look", view: input.view }]] : [consult, []];
    case "examine":
      return examining.examine(consult, input.examined);
    case "connected":
      return examining.askAgain(consult);
    case "exam_picture":
      return [examining.picture(consult, input.is, now), []];
    case "exam_age":
      return [examining.age(consult, input.age), []];
    case "swap_pictures":
      return [examining.swap(consult), []];
    case "lay":
      return listening.lay(consult, input.site);
    case "keep_sound":
      return listening.keep(consult);
    case "sound_unanswered":
      return [listening.unanswered(consult, input.request), []];
    case "prove_sound":
      return proveSound(consult);
    case "proven":
      return [{ ...consult, proof: input.proof }, []];
    case "freeze":
      return freeze(consult);
    case "freeze_unanswered":
      return [unanswered(consult, input.request), []];
    case "prescribe":
      return prescribing.prescribe(consult, input.what, now);
    case "prescription_unanswered":
      return [prescribing.unanswered(consult, input.since), []];
    case "dismiss_rise":
      return [{ ...consult, rise: null }, []];
    case "note_text":
      return [consult.note.saving ? consult : { ...consult, note: { ...consult.note, text: input.text } }, []];
    case "save_note":
      return saveNote(consult, input.freshId);
    case "note_stored":
      return [stored(consult, input.id, now), []];
    case "note_not_stored":
      return [notStored(consult, input), []];
  }
}

function hangUp(consult: Consult, now: number): Step<Consult> {
  if (consult.ended !== null) return [consult, []];
  const message = { type: "hang_up", call: consult.call } as const;
  return [closeBecause(consult, "physician", now), [{ type: "send", message }]];
}

function picture(consult: Consult, live: boolean, now: number): Step<Consult> {
  if (consult.ended !== null) return [consult, []];
  if (live) return [{ ...consult, picture: { is: "live" } }, []];
  if (consult.picture.is !== "live") return [consult, []];
  // What stands on the screen was as old as this when it came, and it was noticed only after a while.
  const since = now - FROZEN_AFTER_MS - (consult.age ?? 0);
  const input = { type: "still_frozen", call: consult.call, since } as const;
  return [
    { ...consult, picture: { is: "frozen", since }, age: null },
    [{ type: "later", afterMs: FORGOTTEN_PATIENCE_MS, input }],
  ];
}

/** No picture, and a hub that knows of no call: nothing will bring it back. */
function stillFrozen(consult: Consult, since: number, now: number): Consult {
  const { picture, known } = consult;
  const sameFreeze = picture.is === "frozen" && picture.since === since;
  return sameFreeze && !known ? closeBecause(consult, "forgotten", now) : consult;
}

function hearCart(consult: Consult, message: Exclude<CartOnChannel, { type: "examining" }>): Consult {
  switch (message.type) {
    case "hearing":
      return hearing(consult, { picture: message.picture, sound: message.sound });
    case "stethoscope":
    case "site":
    case "sound_kept":
    case "sound_not_kept":
      return listening.hear(consult, message);
    case "looking":
      return { ...consult, view: message.view };
    case "proof_begins":
      // It tells a time, and not what is known.
      return consult;
    case "camera_failed":
      return { ...consult, cameraProblem: message.reason };
    case "still_saved":
      return isTaking(consult, message.request)
        ? { ...consult, still: { is: "on_its_way", entry: message.entry } }
        : consult;
    case "still_failed":
      return isTaking(consult, message.request)
        ? { ...consult, still: { is: "failed", reason: message.reason } }
        : consult;
  }
}

function hearing(consult: Consult, said: Hearing): Consult {
  const before = consult.hearing;
  const missing = {
    picture: !said.picture && before?.picture === false,
    sound: !said.sound && before?.sound === false,
  };
  return { ...consult, hearing: said, missing };
}

function proveSound(consult: Consult): Step<Consult> {
  if (consult.ended !== null || !consult.listening || consult.proof.is === "running") return [consult, []];
  return [{ ...consult, proof: { is: "running" } }, [{ type: "prove_sound", call: consult.call }]];
}

function isTaking(consult: Consult, request: number): boolean {
  return consult.still.is === "taking" && consult.still.request === request;
}

function freeze(consult: Consult): Step<Consult> {
  if (consult.ended !== null || consult.still.is === "taking") return [consult, []];
  const { call, requests: request } = consult;
  return [
    { ...consult, still: { is: "taking", request }, requests: request + 1 },
    [
      { type: "freeze", call, request, examined: examining.large(consult) },
      { type: "later", afterMs: STILL_PATIENCE_MS, input: { type: "freeze_unanswered", call, request } },
    ],
  ];
}

function unanswered(consult: Consult, request: number): Consult {
  if (!isTaking(consult, request)) return consult;
  return { ...consult, still: { is: "failed", reason: "The cart did not answer. Try again." } };
}

function saveNote(consult: Consult, freshId: EntryId): Step<Consult> {
  const { note, call } = consult;
  const text = note.text.trim();
  if (note.saving || text === "") return [consult, []];
  const id = note.id ?? freshId;
  const draft = { encounter: consult.encounter.id, call, text };
  return [
    { ...consult, note: { ...note, id, saving: true, problem: null } },
    [{ type: "put_note", call, id, draft }],
  ];
}

function stored(consult: Consult, id: EntryId, now: number): Consult {
  if (consult.note.id !== id) return consult;
  const note = { id, text: consult.note.text.trim(), at: now };
  return { ...consult, note: EMPTY_NOTE, stored: [...consult.stored, note] };
}

function notStored(consult: Consult, input: ConsultInput & { type: "note_not_stored" }): Consult {
  if (consult.note.id !== input.id) return consult;
  // The hub holds this id with an earlier text whose receipt was lost: this text is a further note.
  const id = input.earlierIsStored ? null : input.id;
  return { ...consult, note: { ...consult.note, id, saving: false, problem: input.problem } };
}
