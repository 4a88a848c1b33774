// Whether a vital sign rises or falls against the one before it. Knows no HTML.

import type { Measurement } from "../hub-api";
import { pulseOf } from "./entries";

export type Trend = "rising" | "falling" | "steady";

/** Of what a trend is told, and from how much on two values differ by more than their devices may. */
export type TrendKind = "blood_pressure" | "pulse" | "oximetry" | "temperature";

/** In tenths of the unit: a subtraction of binary fractions would make 0.5 a little less. */
const DIFFERS_FROM: Record<TrendKind, number> = {
  // Systolic. Two cuffs that each may be 5 mmHg off on average (ISO 81060-2).
  blood_pressure: 100,
  // A pulse varies by some beats with every breath; NEWS2's own bands are 20 wide.
  pulse: 100,
  // An oximeter may be 4 % off (ISO 80601-2-61), the same one on the same finger less.
  oximetry: 30,
  // Two clinical thermometers that each may be 0.2 °C off (ISO 80601-2-56), rounded up.
  temperature: 5,
};

/** `null`: the two cannot be compared, such as an ear with an armpit. */
export function trendOf(kind: TrendKind, newest: Measurement, before: Measurement): Trend | null {
  if (siteOf(newest) !== siteOf(before)) return null;
  const [now, then] = [tenths(kind, newest), tenths(kind, before)];
  if (now === null || then === null) return null;
  if (Math.abs(now - then) < DIFFERS_FROM[kind]) return "steady";
  return now > then ? "rising" : "falling";
}

function siteOf(measured: Measurement): string | null {
  return measured.kind === "temperature" ? measured.site : null;
}

function tenths(kind: TrendKind, measured: Measurement): number | null {
  const text = kind === "pulse" ? pulseOf(measured) : valueOf(measured);
  const value = text === null ? Number.NaN : Math.round(Number(text) * 10);
  return Number.isNaN(value) ? null : value;
}

function valueOf(measured: Measurement): string | null {
  switch (measured.kind) {
    case "blood_pressure":
      return measured.systolic;
    case "oximetry":
      return measured.spo2;
    case "temperature":
      return measured.celsius;
    case "heart_rate":
    case "glucose":
    case "weight":
    case "body_composition":
    case "ecg":
      return null;
  }
}
