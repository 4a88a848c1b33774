// What is not known is never written like "none", and nothing that was written is lost.

import { expect, it } from "vitest";
import type { Allergy, ChartPart } from "../hub-api";
import { allergyLine, asOf, insteadOfAllergies, medicationLine, remarks, vitalLine } from "./chart-words";

const ALLERGY: Allergy = {
  statement: "allergy",
  what: "Penicillin",
  criticality: "high",
  status: "active",
  verification: "confirmed",
  reactions: ["Hives (severe)"],
  onset: "2009",
  recorded: null,
};

function part(more: Partial<ChartPart<Allergy>> = {}): ChartPart<Allergy> {
  const asked = "2026-11-22T08:00:00Z";
  return { asked, trouble: null, entries: [], unreadable: 0, of_others: 0, more: false, ...more };
}

it("tells no list, an empty list and a statement of none apart", () => {
  const away = part({ asked: null, trouble: "The EHR does not answer at the moment." });
  expect(insteadOfAllergies(away)).toBe("Allergies: not known to us – The EHR does not answer at the moment.");
  expect(insteadOfAllergies(part())).toContain("Nobody wrote that there are none");
  expect(insteadOfAllergies(part({ unreadable: 1 }))).toContain("not known to us");
  expect(insteadOfAllergies(part({ entries: [ALLERGY] }))).toBeNull();
  expect(allergyLine({ ...ALLERGY, statement: "none_known" }).what).toBe("No known allergies");
});

it("remarks what must not be overlooked", () => {
  expect(allergyLine(ALLERGY)).toEqual({
    what: "Penicillin",
    remarks: ["high risk"],
    facts: ["Hives (severe)", "since 2009"],
  });
  expect(allergyLine({ ...ALLERGY, verification: "refuted", status: "resolved" }).remarks).toEqual([
    "high risk",
    "refuted",
    "resolved",
  ]);
  expect(remarks(part({ unreadable: 1, of_others: 2, more: true }))).toEqual([
    "1 entry could not be read: look in the EHR.",
    "2 entries not of this patient: left out.",
    "The EHR has more than is shown here.",
  ]);
});

it("keeps digits, comparators and units as they were written", () => {
  const value = { what: "Systolic", comparator: "<", number: "120.0", unit: "mm[Hg]", text: null };
  const none = { what: "Diastolic", comparator: null, number: null, unit: null, text: "no value: not asked" };
  const line = vitalLine({ what: "Blood pressure", values: [value, none], taken: null });
  expect(line.what).toBe("Blood pressure: Systolic < 120.0 mm[Hg], Diastolic no value: not asked");
  expect(line.facts).toEqual(["no time in the EHR"]);
  const medication = { what: "Salbutamol", status: "on-hold", dosage: [], written: null };
  expect(medicationLine(medication)).toEqual({
    what: "Salbutamol",
    remarks: ["on-hold"],
    facts: ["no dosage in the EHR"],
  });
});

it("counts ages by the hub's clock, however wrong the browser's is", () => {
  const at = Date.parse("2031-01-01T00:00:00Z");
  const arrival = { now: "2026-11-22T08:03:00Z", at };
  expect(asOf("2026-11-22T08:03:00Z", arrival, at)).toContain("just now");
  expect(asOf("2026-11-22T08:00:00Z", arrival, at)).toContain(", 3 min ago");
  expect(asOf("2026-11-22T08:00:00Z", arrival, at + 60_000)).toContain(", 4 min ago");
  expect(asOf("2026-11-22T06:00:00Z", arrival, at)).toContain(", 2 h ago");
  expect(asOf("2026-11-20T07:00:00Z", arrival, at)).toContain(", 2 days ago");
});
