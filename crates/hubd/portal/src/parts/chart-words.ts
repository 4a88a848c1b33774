// The plain words of a chart. What is not known is never written like "none".

import type { Allergy, ChartDocument, ChartPart, ChartProblem, ChartValue, ChartVital, Medication } from "../hub-api";
import { clock } from "../words";

const MINUTE_MS = 60_000;

/** One entry: what it is, what must not be overlooked, and the rest. */
export interface Line {
  what: string;
  remarks: string[];
  facts: string[];
}

/** When a chart arrived, by both clocks: ages come from the hub's, and this page only counts on. */
export interface Arrival {
  /** The hub's. */
  now: string;
  /** This browser's, in milliseconds since 1970. */
  at: number;
}

/** "as of 14:02, 3 min ago" by the time of this page. */
export function asOf(asked: string, arrival: Arrival, now: number): string {
  const age = Math.max(0, Date.parse(arrival.now) - Date.parse(asked) + (now - arrival.at));
  return `as of ${clock(now - age, now)}, ${ago(Math.floor(age / MINUTE_MS))}`;
}

function ago(minutes: number): string {
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** What is to be known of a list besides its entries. */
export function remarks(part: ChartPart<unknown>): string[] {
  const said: string[] = [];
  if (part.unreadable > 0) said.push(`${entries(part.unreadable)} could not be read: look in the EHR.`);
  if (part.of_others > 0) said.push(`${entries(part.of_others)} not of this patient: left out.`);
  if (part.more) said.push("The EHR has more than is shown here.");
  return said;
}

function entries(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}

/** In the place of a list that has no entries. `null`: it has some. */
export function instead(part: ChartPart<unknown>, name: string): string | null {
  if (part.asked === null) return `${name}: not known to us – ${part.trouble ?? "nobody has asked."}`;
  if (part.entries.length > 0) return null;
  if (part.unreadable + part.of_others === 0 && !part.more) return "The EHR lists none.";
  return `${name}: not known to us – nothing of the list can be shown.`;
}

/** As `instead`, where "lists none" could be taken for "has none". */
export function insteadOfAllergies(part: ChartPart<Allergy>): string | null {
  const words = instead(part, "Allergies");
  return words === "The EHR lists none." ? "The EHR lists no allergies. Nobody wrote that there are none: ask." : words;
}

const ACTIVE = [null, "active"];
const CONFIRMED = [null, "confirmed"];

function unusual(word: string | null, usual: (string | null)[]): string[] {
  return word === null || usual.includes(word) ? [] : [word];
}

export function allergyLine(allergy: Allergy): Line {
  const { statement, criticality, onset } = allergy;
  const stated = statement === "none_known" ? ["stated in the EHR"] : [];
  const risk = criticality === "high" ? ["high risk"] : [];
  const low = criticality === "low" ? ["low risk"] : criticality === null ? [] : ["risk cannot be assessed"];
  return {
    what: statement === "none_known" ? "No known allergies" : allergy.what,
    remarks: [...risk, ...unusual(allergy.verification, CONFIRMED), ...unusual(allergy.status, ACTIVE)],
    facts: [
      ...stated,
      ...allergy.reactions,
      ...(criticality === "high" ? [] : low),
      ...(onset === null ? [] : [`since ${onset}`]),
      ...(allergy.recorded === null ? [] : [`recorded ${allergy.recorded}`]),
    ],
  };
}

export function problemLine(problem: ChartProblem): Line {
  return {
    what: problem.what,
    remarks: [...unusual(problem.verification, CONFIRMED), ...unusual(problem.status, ACTIVE)],
    facts: [
      ...(problem.onset === null ? [] : [`began ${problem.onset}`]),
      ...(problem.recorded === null ? [] : [`recorded ${problem.recorded}`]),
    ],
  };
}

export function medicationLine(medication: Medication): Line {
  const written = medication.written === null ? [] : [`written ${medication.written}`];
  return {
    what: medication.what,
    remarks: unusual(medication.status, ACTIVE),
    facts: [...(medication.dosage.length > 0 ? medication.dosage : ["no dosage in the EHR"]), ...written],
  };
}

export function vitalLine(vital: ChartVital): Line {
  const values = vital.values.map(valueWords).join(", ");
  return { what: `${vital.what}: ${values}`, remarks: [], facts: [vital.taken ?? "no time in the EHR"] };
}

function valueWords(value: ChartValue): string {
  const number = [value.comparator, value.number, value.unit].filter((word) => word !== null).join(" ");
  const words = value.text ?? number;
  return value.what === null ? words : `${value.what} ${words}`;
}

export function documentLine(document: ChartDocument): Line {
  const { what, title, date, authors, content_types } = document;
  return {
    what: title === null || title === what ? what : `${what}: ${title}`,
    remarks: document.status === null ? [] : [document.status],
    facts: [date ?? "no date in the EHR", ...authors, ...content_types],
  };
}
