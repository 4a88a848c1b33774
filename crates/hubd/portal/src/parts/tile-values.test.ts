import { expect, it } from "vitest";
import type { Finding, Measurement, Reading } from "../hub-api";
import { reading } from "../testing";
import { show, showObserved, type ReadingKind } from "./tile-values";

function read(measurement: Measurement, more: Partial<Reading> = {}): Reading {
  const { type: _type, ...body } = { ...reading(measurement), ...more } as Reading & { type: string };
  return body;
}

function check(kind: ReadingKind, measurement: Measurement, value: string, beside: string | null = null): void {
  expect(show(kind, read(measurement))).toMatchObject({ value, beside });
}

const PRESSURE = { kind: "blood_pressure", systolic: "128", diastolic: "82", mean: "97", pulse: "88" } as const;

it("shows each value as the device said it", () => {
  check("blood_pressure", PRESSURE, "128/82", "mean 97");
  check("blood_pressure", { ...PRESSURE, mean: null }, "128/82");
  check("pulse", PRESSURE, "88");
  check("oximetry", { kind: "oximetry", spo2: "96", pulse: null }, "96");
  check("temperature", { kind: "temperature", celsius: "36.000", site: "tympanum" }, "36.000", "ear drum");
});

it("shows glucose in the meter's own unit, and what a scale and a strap measure", () => {
  const glucose = { kind: "glucose", concentration: "6.2", unit: "mmol_per_l", sample: "capillary_whole_blood", meal: "fasting" } as const;
  expect(show("glucose", read(glucose))).toMatchObject({ value: "6.2", unit: "mmol/L", beside: "capillary blood, fasting" });
  expect(show("glucose", read({ ...glucose, concentration: "112", unit: "mg_per_dl", sample: null, meal: null }))).toMatchObject({
    unit: "mg/dL",
    beside: null,
  });
  check("weight", { kind: "weight", kilograms: "72.500", height_m: null, bmi: "23.5" }, "72.500", "BMI 23.5");
  check("pulse", { kind: "heart_rate", rate: "72" }, "72");
});

it("shows what a nurse observed in words, with her name and when she entered it", () => {
  const at = "2026-11-22T07:42:00.000Z";
  const seen = (what: Finding) => showObserved({ what, by: "Amara Osei" }, at);
  expect(seen({ kind: "respiratory_rate", per_minute: 18 })).toMatchObject({ value: "18", measured: at });
  expect(seen({ kind: "consciousness", level: "confusion" })).toMatchObject({ value: "New confusion" });
  expect(seen({ kind: "breathing", of: "oxygen" })).toMatchObject({ value: "Oxygen", source: "observed by Amara Osei" });
  expect(seen({ kind: "pregnancy", pregnant: false })).toMatchObject({ value: "Not pregnant" });
  expect(seen({ kind: "oxygen_scale", scale: "two" })).toMatchObject({ value: "Scale 2", source: "prescribed by Amara Osei" });
});

it("tells the corrected time, which the device's own clock does not gainsay", () => {
  const corrected_time = "2026-11-22T07:40:00.000Z";
  const stored = read(PRESSURE, { corrected_time, device_time: "2025-01-01T00:00:00.000Z", quality: ["clock_off"] });
  expect(show("blood_pressure", stored)).toMatchObject({
    measured: corrected_time,
    remarks: ["The device's clock was off, time corrected"],
  });
});

it("keeps the device's remarks in words", () => {
  const shown = show("blood_pressure", read(PRESSURE, { quality: ["motion", "irregular_pulse"] }));
  expect(shown.remarks).toEqual(["The patient moved", "Irregular pulse"]);
});

it("says when a device's own clock tells another time, and counts with the cart's", () => {
  const received = "2026-11-22T07:42:00.000Z";
  const stored = show("blood_pressure", read(PRESSURE, { received, device_time: "2026-11-22T06:00:00.000Z" }));
  expect(stored.measured).toBe(received);
  expect(stored.remarks).toHaveLength(1);
  const agreed = show("blood_pressure", read(PRESSURE, { received, device_time: "2026-11-22T07:41:30.000Z" }));
  expect(agreed.remarks).toEqual([]);
});
