// How the physician sets limits and the oxygen scale: sent once, and set only when the cart says so.

import type { Limit, Limits, Prescription } from "../hub-api";
import { plainDecimal } from "./decimals";
import type { Step } from "./input";
import type { Consult } from "./model";
import { SIGNS } from "./watching";

export type Prescribing =
  | { readonly is: "idle" }
  | { readonly is: "waiting"; readonly what: Prescription; readonly since: number }
  | { readonly is: "unconfirmed"; readonly what: Prescription; readonly reason: string }
  | { readonly is: "confirmed"; readonly what: Prescription };

/** To the cart and back takes a second; a person who waits longer would press again. */
const PATIENCE_MS = 10_000;

export function prescribe(consult: Consult, what: Prescription, now: number): Step<Consult> {
  if (consult.ended !== null || !consult.cartOnline || consult.prescribing.is === "waiting") return [consult, []];
  // The cart tells only what changes: nobody would confirm what is so already.
  if (holds(consult, what)) return [{ ...consult, prescribing: { is: "confirmed", what } }, []];
  const { call } = consult;
  return [
    { ...consult, prescribing: { is: "waiting", what, since: now } },
    [
      { type: "send", message: { type: "prescribe", call, what } },
      { type: "later", afterMs: PATIENCE_MS, input: { type: "prescription_unanswered", call, since: now } },
    ],
  ];
}

export function unanswered(consult: Consult, since: number): Consult {
  const { prescribing } = consult;
  if (prescribing.is !== "waiting" || prescribing.since !== since) return consult;
  return unconfirmed(consult, "The cart has not confirmed. Try again.");
}

/** The hub says no, and why. */
export function unconfirmed(consult: Consult, reason: string): Consult {
  const { prescribing } = consult;
  if (prescribing.is !== "waiting") return consult;
  return { ...consult, prescribing: { is: "unconfirmed", what: prescribing.what, reason } };
}

/** After every word of the cart; a late one counts, too. */
export function confirmed(consult: Consult): Consult {
  const { prescribing } = consult;
  const open = prescribing.is === "waiting" || prescribing.is === "unconfirmed";
  if (!open || !holds(consult, prescribing.what)) return consult;
  return { ...consult, prescribing: { is: "confirmed", what: prescribing.what } };
}

/** It is so, as the cart and the hub have told. */
export function holds({ monitoring, earlyWarning }: Consult, what: Prescription): boolean {
  switch (what.kind) {
    case "limits":
      if (monitoring === null) return false;
      if (what.limits === null) return monitoring.set_by === null;
      return monitoring.set_by !== null && areSame(monitoring.limits, what.limits);
    case "oxygen_scale":
      return earlyWarning.is === "score" && earlyWarning.scale === what.scale;
  }
}

function areSame(one: Limits, other: Limits): boolean {
  return SIGNS.every((sign) => isSame(one[sign], other[sign]));
}

function isSame(one: Limit, other: Limit): boolean {
  return plainDecimal(one.low) === plainDecimal(other.low) && plainDecimal(one.high) === plainDecimal(other.high);
}
