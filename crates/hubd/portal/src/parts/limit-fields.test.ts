import { expect, it } from "vitest";
import type { VitalSign } from "../hub-api";
import { USUAL } from "../testing";
import { check, draftOf } from "./limit-fields";

const USUAL_DRAFT = draftOf(USUAL);

function set(sign: VitalSign, low: string, high: string, expected: { low: string | null; high: string | null }): void {
  const checked = check({ ...USUAL_DRAFT, [sign]: { low, high } });
  expect("limits" in checked && checked.limits[sign]).toEqual(expected);
}

function wrong(sign: VitalSign, low: string, high: string, words: string): void {
  const checked = check({ ...USUAL_DRAFT, [sign]: { low, high } });
  expect("problems" in checked && checked.problems).toEqual({ [sign]: words });
}

it("takes decimals as text, and an empty field as no limit", () => {
  expect(check(USUAL_DRAFT)).toEqual({ limits: USUAL });
  set("spo2", " 88 ", "", { low: "88", high: null });
  set("temperature", "36", "38,5", { low: "36", high: "38.5" });
  set("temperature", "36.0", "", { low: "36", high: null });
  set("pulse_rate", "", "", { low: null, high: null });
});

it("shows what the cart has set as a person would write it", () => {
  const draft = draftOf({ ...USUAL, temperature: { low: "36.00", high: null }, spo2: { low: "88.0", high: "100" } });
  expect(draft.temperature).toEqual({ low: "36", high: "" });
  expect(draft.spo2).toEqual({ low: "88", high: "100" });
});

it("takes the ends of each range, and nothing beyond them", () => {
  set("spo2", "50", "100", { low: "50", high: "100" });
  set("pulse_rate", "20", "250", { low: "20", high: "250" });
  set("systolic", "40", "280", { low: "40", high: "280" });
  set("temperature", "30", "43.0", { low: "30", high: "43" });
  set("respiratory_rate", "3", "80", { low: "3", high: "80" });
  wrong("spo2", "49", "", "Limits lie between 50 and 100 %.");
  wrong("spo2", "", "101", "Limits lie between 50 and 100 %.");
  wrong("pulse_rate", "19", "", "Limits lie between 20 and 250 per minute.");
  wrong("systolic", "90", "281", "Limits lie between 40 and 280 mmHg.");
  wrong("temperature", "", "43.1", "Limits lie between 30 and 43 °C.");
  wrong("respiratory_rate", "2", "", "Limits lie between 3 and 80 per minute.");
});

it("asks for the low limit below the high one", () => {
  wrong("pulse_rate", "120", "50", "The low limit must be below the high limit.");
  wrong("pulse_rate", "60", "60", "The low limit must be below the high limit.");
  wrong("temperature", "38.5", "38.5", "The low limit must be below the high limit.");
});

it("asks for a number where none is written", () => {
  const whole = "Write a whole number, or leave the field empty.";
  const tenths = "Write a number such as 38.5, or leave the field empty.";
  for (const text of ["abc", "9e1", "-92", "92%", "1 00", ".", "92.5"]) wrong("spo2", text, "", whole);
  for (const text of ["38.55", "38.", "hot"]) wrong("temperature", "", text, tenths);
});
