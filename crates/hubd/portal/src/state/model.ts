// Everything the page knows, as plain data. Who changes it is `step`; who draws it are the pages.
//
// Kept in memory only: patient data never goes to the browser's storage, an address or the console.

import type {
  AuscultationSite,
  CallEnd,
  CallId,
  CartSummary,
  ConsultContext,
  EarlyWarning,
  EncounterSummary,
  EntryId,
  ExamCamera,
  Examined,
  HeardRate,
  Monitoring,
  RecordedEntry,
  Relays,
  SignedIn,
  View,
} from "../hub-api";
import type { Proven } from "../call/proof";
import type { Quality } from "../call/quality";
import type { Prescribing } from "./prescribing";
import type { Rise, Scored } from "./score";
import type { Seen } from "./watching";

/** The WebSocket to the hub. */
export type Link = "connecting" | "open" | "lost";

export type Who =
  | { at: "asking" }
  | { at: "unreachable" }
  | { at: "signed_out"; problem: string | null }
  | { at: "signed_in"; me: SignedIn };

export interface State {
  readonly who: Who;
  /** The account that the rest belongs to, also while its session has run out. */
  readonly owner: string | null;
  readonly link: Link;
  readonly onCall: boolean;
  /** `null` until the hub has told. */
  readonly carts: readonly CartSummary[] | null;
  readonly ringing: readonly ConsultContext[];
  /** Answer was pressed here, the hub has not decided yet. */
  readonly answering: CallId | null;
  /** On the screen: running, or over and being summed up. */
  readonly consult: Consult | null;
  /** Hung up here last; the hub may have been away and not know yet. */
  readonly left: CallId | null;
  /** For the peer connections of the next call that is joined; `null`: the hub named none. */
  readonly relays: Relays | null;
  /** Of the call that is being answered or running. */
  readonly own: OwnMedia;
  /** Over and left, but with a note that is not stored yet. */
  readonly shelf: readonly Consult[];
  /** One sentence with a next step, until it is dismissed. */
  readonly notice: string | null;
}

export interface Consult {
  readonly call: CallId;
  readonly cart: string;
  readonly encounter: EncounterSummary;
  /** Ordered by id, which is the order of capture. */
  readonly entries: readonly RecordedEntry[];
  /** As the hub counted it when it last told. */
  readonly earlyWarning: EarlyWarning;
  /** The last score that nothing was missing of. */
  readonly scored: Scored | null;
  /** Until it is dismissed. */
  readonly rise: Rise | null;
  /** As the cart told it last; null before its first word, and after the call. */
  readonly monitoring: Monitoring | null;
  /** What it watches, and sensors that were live in this call and are off. */
  readonly seen: readonly Seen[];
  readonly prescribing: Prescribing;
  /** By this computer's clock, in milliseconds since 1970. */
  readonly joined: number;
  readonly ended: { readonly why: EndedWhy; readonly at: number } | null;
  /** The hub has this call in its list; false after a hub restart until the cart is back. */
  readonly known: boolean;
  readonly cartOnline: boolean;
  readonly picture: Picture;
  /** Milliseconds from its capture on the cart to this screen; null while nothing is live, and where the browser does not know. */
  readonly age: number | null;
  /** What of the camera's picture the cart sends, as it told last; null before: one of before sends all and cannot do otherwise. */
  readonly view: View | null;
  /** null: the cart has told of no exam cameras. */
  readonly exam: Exam | null;
  /** Of the last seconds; null while it is not known. */
  readonly quality: Quality | null;
  /** The cart's last word on whether the nurse sees and hears the physician; null before the first. */
  readonly hearing: Hearing | null;
  /** What two such words in a row agree on; one alone may be the first second of a call. */
  readonly missing: { readonly picture: boolean; readonly sound: boolean };
  /** The browser plays no sound before the first click on the page. */
  readonly soundBlocked: boolean;
  /** As the cart told it last; null for a cart without one, and before its first word. */
  readonly stethoscope: Stethoscope | null;
  /** The physician listens with it. */
  readonly listening: boolean;
  /** Where the chest piece lies, as the cart told it last. */
  readonly site: AuscultationSite | null;
  /** The cart has told where, if anywhere: one of before cannot keep sounds. */
  readonly keepsSounds: boolean;
  readonly sound: SoundRequest;
  readonly proof: Proof;
  readonly still: StillRequest;
  /** How many stills and sounds were asked for; the number of the next one. */
  readonly requests: number;
  readonly cameraProblem: string | null;
  readonly note: NoteInHand;
  readonly stored: readonly StoredNote[];
}

/** The hub's reasons, and our own: it forgot the call, or another window of this physician has it. */
export type EndedWhy = CallEnd | "forgotten" | "elsewhere";

/** The proof of sound: tones from the cart, measured here. */
export type Proof =
  | { is: "none" }
  | { is: "running" }
  | { is: "failed" }
  | { is: "done"; proven: Proven; afterMs: number | null };

export interface Stethoscope {
  /** Sound comes from it. */
  readonly works: boolean;
  readonly rate: HeardRate;
  /** How much of this place could be kept now. */
  readonly heardMs: number;
}

export interface Exam {
  readonly cameras: readonly ExamCamera[];
  /** As the cart told it last: the nurse chooses too. */
  readonly examined: Examined | null;
  /** Pictures come from it. */
  readonly works: boolean;
  /** The physician's last word; null: to see the room. */
  readonly asked: Examined | null;
  /** The cart has done as the physician asked. */
  readonly confirmed: boolean;
  /** Awaited at the beginning of every examination. */
  readonly picture: Picture;
  readonly age: number | null;
  /** The physician has swapped the two pictures. */
  readonly roomLarge: boolean;
}

export interface Hearing {
  readonly picture: boolean;
  readonly sound: boolean;
}

/** Frozen `since`: when the cart captured what still stands on the screen, by this computer's clock, as far as it is known. */
export type Picture = { is: "awaited" } | { is: "live" } | { is: "frozen"; since: number };

export interface OwnMedia {
  /** The browser has answered whether this page may use camera and microphone. */
  readonly asked: boolean;
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly problem: string | null;
  readonly muted: boolean;
  readonly cameraOff: boolean;
}

export type StillRequest =
  | { is: "idle" }
  | { is: "taking"; request: number }
  | { is: "on_its_way"; entry: EntryId }
  | { is: "failed"; reason: string };

export type SoundRequest =
  | { is: "idle" }
  | { is: "keeping"; request: number }
  | { is: "on_its_way"; entry: EntryId }
  | { is: "failed"; reason: string };

export interface NoteInHand {
  readonly text: string;
  /** Given with the first press of Save and kept, so that a repeated press is the same note. */
  readonly id: EntryId | null;
  readonly saving: boolean;
  readonly problem: string | null;
}

/** The hub has committed it; its entry with the state of delivery may still be on the way. */
export interface StoredNote {
  readonly id: EntryId;
  readonly text: string;
  readonly at: number;
}

const OWN_NOT_ASKED: OwnMedia = {
  asked: false,
  camera: false,
  microphone: false,
  problem: null,
  muted: false,
  cameraOff: false,
};

export const START: State = {
  who: { at: "asking" },
  owner: null,
  link: "connecting",
  onCall: false,
  carts: null,
  ringing: [],
  answering: null,
  consult: null,
  left: null,
  relays: null,
  own: OWN_NOT_ASKED,
  shelf: [],
  notice: null,
};

export const EMPTY_NOTE: NoteInHand = { text: "", id: null, saving: false, problem: null };

export function hasUnsavedNote(consult: Consult): boolean {
  return consult.note.text.trim() !== "";
}
