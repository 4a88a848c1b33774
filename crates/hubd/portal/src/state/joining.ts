// How a consult begins, learns what is recorded, ends, and is left without losing a note.

import type {
  ConsultContext,
  Delivery,
  EarlyWarning,
  EncounterId,
  EntryId,
  Monitoring,
  RecordedEntry,
} from "../hub-api";
import { deliver, merge } from "./entries";
import type { Step } from "./input";
import {
  EMPTY_NOTE,
  hasUnsavedNote,
  type Consult,
  type EndedWhy,
  type State,
} from "./model";
import { confirmed } from "./prescribing";
import { scoredOf, warned } from "./score";
import { monitored } from "./watching";

export type News =
  | { type: "recorded"; recorded: RecordedEntry }
  | { type: "early_warning"; encounter: EncounterId; early_warning: EarlyWarning }
  | { type: "monitoring"; encounter: EncounterId; monitoring: Monitoring }
  | { type: "delivered"; encounter: EncounterId; entries: readonly [EntryId, Delivery][] };

/** This browser has the call. */
export function join(state: State, context: ConsultContext, now: number): State {
  const { consult } = state;
  if (consult?.call === context.call) return { ...state, consult: again(consult, context, now) };
  // The hub gives a physician one call at a time, so another one that seems to run here is over.
  const over = consult && closeBecause(consult, "forgotten", now);
  return { ...shelve({ ...state, consult: over }), consult: begin(context, now) };
}

/** What the hub says at the start of every connection about the call this physician is in. */
export function rejoin(state: State, context: ConsultContext | null, now: number): Step<State> {
  const { consult } = state;
  if (context !== null && context.call === state.left) {
    return [state, [{ type: "send", message: { type: "hang_up", call: context.call } }]];
  }
  if (context !== null) {
    const connected = consult?.call === context.call && consult.ended === null;
    return [join(state, context, now), connected ? [] : [{ type: "want_offer" }]];
  }
  if (consult === null || consult.ended !== null) return [state, []];
  // Picture and sound do not pass the hub: while they flow, a hub that restarted ends nothing.
  const left =
    consult.picture.is === "live" ? { ...consult, known: false } : closeBecause(consult, "forgotten", now);
  return [{ ...state, consult: left }, []];
}

/** Entries concern whoever has their encounter open, on the screen or on the shelf. */
export function learn(state: State, news: News, now: number): State {
  const encounter = news.type === "recorded" ? news.recorded.entry.encounter : news.encounter;
  const update = (consult: Consult): Consult => {
    if (consult.encounter.id !== encounter) return consult;
    switch (news.type) {
      case "recorded":
        return { ...consult, entries: merge(consult.entries, [news.recorded]) };
      case "delivered":
        return { ...consult, entries: deliver(consult.entries, news.entries) };
      case "early_warning":
        return confirmed(warned(consult, news.early_warning, now));
      case "monitoring":
        return confirmed(monitored(consult, news.monitoring, now));
    }
  };
  return { ...state, consult: state.consult && update(state.consult), shelf: state.shelf.map(update) };
}

export function closeBecause(consult: Consult, why: EndedWhy, now: number): Consult {
  if (consult.ended !== null) return consult;
  const unwatched = { monitoring: null, seen: [], prescribing: { is: "idle" } } as const;
  return { ...consult, ...unwatched, ended: { why, at: now }, still: { is: "idle" } };
}

/** Leaves a consult that is over, but never loses a note that is not stored. */
export function shelve(state: State): State {
  const { consult } = state;
  if (consult === null || consult.ended === null) return state;
  const shelf = hasUnsavedNote(consult) ? [...state.shelf, consult] : state.shelf;
  return { ...state, consult: null, shelf };
}

function again(consult: Consult, context: ConsultContext, now: number): Consult {
  const entries = merge(consult.entries, context.entries);
  const forgotten = consult.ended?.why === "forgotten";
  const lives = forgotten ? ({ ended: null, picture: { is: "awaited" } } as const) : {};
  // As at the beginning of a call, the hub says it when the cart is away.
  const known = { encounter: context.encounter, entries, known: true, cartOnline: true };
  return confirmed(warned({ ...consult, ...lives, ...known }, context.early_warning, now));
}

function begin(context: ConsultContext, now: number): Consult {
  return {
    call: context.call,
    cart: context.cart,
    encounter: context.encounter,
    entries: merge([], context.entries),
    earlyWarning: context.early_warning,
    scored: scoredOf(context.early_warning),
    rise: null,
    monitoring: null,
    seen: [],
    prescribing: { is: "idle" },
    joined: now,
    ended: null,
    known: true,
    cartOnline: true,
    picture: { is: "awaited" },
    quality: null,
    hearing: null,
    missing: { picture: false, sound: false },
    age: null,
    soundBlocked: false,
    stethoscope: null,
    listening: false,
    view: null,
    exam: null,
    site: null,
    keepsSounds: false,
    sound: { is: "idle" },
    proof: { is: "none" },
    still: { is: "idle" },
    requests: 0,
    cameraProblem: null,
    note: EMPTY_NOTE,
    stored: [],
  };
}
