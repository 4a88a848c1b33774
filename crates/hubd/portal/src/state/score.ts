// Notices when the early warning score calls for more than it did, until somebody has seen it.

import type { EarlyWarning, Risk } from "../hub-api";
import type { Consult } from "./model";

/** Only of a score that nothing was missing of. */
export interface Scored {
  readonly total: number;
  readonly risk: Risk;
}

export interface Rise {
  readonly from: Scored;
  readonly to: Scored;
  /** By this computer's clock. */
  readonly at: number;
}

const BY_URGENCY: readonly Risk[] = ["low", "low-medium", "medium", "high"];

export function scoredOf(earlyWarning: EarlyWarning): Scored | null {
  if (earlyWarning.is === "not_for") return null;
  const { total, risk } = earlyWarning.news2;
  return total === null || risk === null ? null : { total, risk };
}

/** A score of which something is missing for a while is compared with the last that was whole. */
export function warned(consult: Consult, earlyWarning: EarlyWarning, now: number): Consult {
  const scored = scoredOf(earlyWarning);
  const before = consult.scored;
  const told = { ...consult, earlyWarning, scored: scored ?? before };
  if (scored === null || before === null || urgency(scored) <= urgency(before)) return told;
  // What nobody has seen yet began where the first rise did.
  return { ...told, rise: { from: consult.rise?.from ?? before, to: scored, at: now } };
}

function urgency({ risk }: Scored): number {
  return BY_URGENCY.indexOf(risk);
}
