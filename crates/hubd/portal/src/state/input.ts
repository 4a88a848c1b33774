// What can happen to the page, and what it does about it. `step` turns one into the other.
//
// Opening and closing the socket and the line are no effects: `wantsSocket` and `lineOf` say at any
// time whether they belong open, so that no path through the machine can leave a camera on.

import type {
  AuscultationSite,
  CallId,
  CartOnChannel,
  EntryId,
  Examined,
  HubToPortal,
  NoteDraft,
  PortalToHub,
  Prescription,
  Signal,
  SignedIn,
  View,
} from "../hub-api";
import type { Quality } from "../call/quality";
import type { Exam, Link, Proof, State } from "./model";

export type Input =
  | { type: "signed_in"; me: SignedIn }
  | { type: "signed_out"; problem: string | null }
  | { type: "unreachable" }
  | { type: "sign_out" }
  | { type: "link"; link: Link }
  | { type: "hub"; message: HubToPortal }
  | { type: "set_on_call"; onCall: boolean }
  | { type: "answer"; call: CallId }
  | { type: "decline"; call: CallId }
  | { type: "dismiss_notice" }
  | { type: "open_shelved"; call: CallId }
  | { type: "go_home" }
  | { type: "own_media"; camera: boolean; microphone: boolean; problem: string | null }
  | { type: "mute"; on: boolean }
  | { type: "camera_off"; on: boolean }
  | ConsultInput;

/** Concerns one consult; `call` names it, because a late answer may concern one that is over. */
export type ConsultInput = { call: CallId } & (
  | { type: "hang_up" }
  | { type: "picture"; live: boolean }
  | { type: "age"; age: number | null }
  | { type: "still_frozen"; since: number }
  | { type: "channel"; message: CartOnChannel }
  | { type: "sound_blocked"; blocked: boolean }
  | { type: "quality"; quality: Quality | null }
  | { type: "listen"; on: boolean }
  | { type: "look"; view: View }
  | { type: "examine"; examined: Examined | null }
  | { type: "connected" }
  | { type: "exam_picture"; is: Exam["picture"]["is"] }
  | { type: "exam_age"; age: number | null }
  | { type: "swap_pictures" }
  | { type: "lay"; site: AuscultationSite }
  | { type: "keep_sound" }
  | { type: "sound_unanswered"; request: number }
  | { type: "prove_sound" }
  | { type: "proven"; proof: Proof }
  | { type: "freeze" }
  | { type: "freeze_unanswered"; request: number }
  | { type: "prescribe"; what: Prescription }
  | { type: "prescription_unanswered"; since: number }
  | { type: "dismiss_rise" }
  | { type: "note_text"; text: string }
  | { type: "save_note"; freshId: EntryId }
  | { type: "note_stored"; id: EntryId }
  | { type: "note_not_stored"; id: EntryId; problem: string; earlierIsStored: boolean }
);

export type Effect =
  | { type: "send"; message: PortalToHub }
  /** The page was loaded within a call: there is no peer connection yet. */
  | { type: "want_offer" }
  | { type: "signal"; signal: Signal }
  | { type: "own_track"; kind: "audio" | "video"; on: boolean }
  | { type: "listen"; on: boolean }
  | { type: "look"; view: View }
  | { type: "examine"; examined: Examined | null }
  /** No frame until now belongs to what is examined from here on. */
  | { type: "await_exam" }
  | { type: "lay"; site: AuscultationSite }
  | { type: "keep_sound"; call: CallId; request: number; site: AuscultationSite }
  | { type: "prove_sound"; call: CallId }
  | { type: "freeze"; call: CallId; request: number; examined: Examined | null }
  | { type: "put_note"; call: CallId; id: EntryId; draft: NoteDraft }
  | { type: "sign_out" }
  | { type: "mark_answered" }
  | { type: "later"; afterMs: number; input: Input };

export type Step<S> = readonly [S, readonly Effect[]];

export function wantsSocket(state: State): boolean {
  return state.who.at === "signed_in";
}

/**
 * The call that camera, microphone and peer connection are for. It starts with the press of
 * Answer, because a browser asks for leave to use the camera only then.
 */
export function lineOf(state: State): CallId | null {
  const running = state.consult?.ended === null ? state.consult.call : null;
  return running ?? state.answering;
}
