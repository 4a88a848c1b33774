import { expect, it } from "vitest";
import type { Measurement, Reading } from "../hub-api";
import { reading } from "../testing";
import { show, type TileKind } from "./tile-values";

function read(measurement: Measurement, more: Partial<Reading> = {}): Reading {
  const { type: _type, ...body } = { ...reading(measurement), ...more } as Reading & { type: string };
  return body;
}

function check(kind: TileKind, measurement: Measurement, value: string, beside: string | null = null): void {
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
