// The hub's early warning score in words. Counts nothing: one program does, and it is not this page.

import type { EarlyWarning, NotFor, Parameter, Parts, Risk, Spo2Scale } from "../hub-api";
import type { Rise, Scored } from "../state/score";

const RISK: Record<Risk, string> = { low: "low", "low-medium": "low-medium", medium: "medium", high: "high" };

const MISSING: Record<Parameter, string> = {
  respiratory_rate: "RR",
  spo2: "SpO₂",
  breathing: "air or oxygen",
  systolic: "systolic pressure",
  pulse: "pulse",
  consciousness: "consciousness",
  temperature: "temperature",
};

const ALL_MISSING = Object.keys(MISSING).length;

const NOT_FOR: Record<NotFor, string> = {
  under16: "NEWS2 is not for patients under 16",
  pregnant: "NEWS2 is not for pregnant patients",
  age_unknown: "No NEWS2: the birth date is not known",
};

const partNames = (scale: Spo2Scale): Record<keyof Parts, string> => ({
  rr: "Respiratory rate",
  spo2: scale === "one" ? "SpO₂, scale 1" : "SpO₂, scale 2",
  o2: "Air or oxygen",
  sbp: "Systolic pressure",
  pulse: "Pulse",
  consciousness: "Consciousness",
  temp: "Temperature",
});

/** "NEWS2 5 – medium", "NEWS2 partial: RR missing", or why there is none. */
export function scoreWords(of: EarlyWarning, now: number): string {
  if (of.is === "not_for") return NOT_FOR[of.why];
  if (isOver(of, now)) return "NEWS2 out of date: a value is over an hour old";
  const { total, risk, missing } = of.news2;
  if (total !== null && risk !== null) return `NEWS2 ${total} – ${RISK[risk]}`;
  if (missing.length === ALL_MISSING) return "NEWS2: nothing observed within the hour";
  return `NEWS2 partial: ${missing.map((one) => MISSING[one]).join(", ")} missing`;
}

/** "NEWS2 rose from 3 (low) to 6 (medium)". */
export function riseWords({ from, to }: Rise): string {
  const words = ({ total, risk }: Scored) => `${total} (${RISK[risk]})`;
  return `NEWS2 rose from ${words(from)} to ${words(to)}`;
}

export interface Part {
  readonly name: string;
  readonly points: string;
}

/** Empty where no part has points to show. */
export function partsOf(of: EarlyWarning, now: number): readonly Part[] {
  if (of.is === "not_for" || isOver(of, now) || of.news2.missing.length === ALL_MISSING) return [];
  const { parts } = of.news2;
  const names = partNames(of.scale);
  return (Object.keys(names) as (keyof Parts)[]).map((key) => ({
    name: names[key],
    points: parts[key] === null ? "missing" : String(parts[key]),
  }));
}

/** The hub counts again with the next value; until then an hour may pass. */
function isOver(of: EarlyWarning & { is: "score" }, now: number): boolean {
  return of.until !== null && now >= Date.parse(of.until);
}
