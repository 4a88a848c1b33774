// From a reading, or what a nurse observed, to what its tile shows. No HTML.

import type { Finding, GlucoseUnit, Measurement, Observed, Reading } from "../hub-api";
import { pulseOf, type Kind } from "../state/entries";
import {
  breathingWord,
  consciousnessWord,
  pregnancyWord,
  qualityWord,
  sampleWord,
  scaleWord,
  siteWord,
} from "../words";

/** The pulse is no measurement of its own but has its own tile, and a heart rate is shown there. */
export type ReadingKind = Exclude<Kind, "heart_rate" | "ecg"> | "pulse";

export type TileKind = ReadingKind | Finding["kind"];

export interface Shown {
  readonly value: string;
  /** Where the device decides about it; otherwise that of the tile. */
  readonly unit: string | null;
  /** "mean 97", "in the ear": belongs to the value, smaller. */
  readonly beside: string | null;
  readonly source: string;
  /** Remarks of the device, and a clock of its own that tells another time. */
  readonly remarks: readonly string[];
  /** When it was measured by the cart's clock, RFC 3339. */
  readonly measured: string;
}

export const TILE: Record<TileKind, { readonly label: string; readonly unit: string }> = {
  blood_pressure: { label: "Blood pressure", unit: "mmHg" },
  pulse: { label: "Pulse", unit: "/min" },
  oximetry: { label: "SpO₂", unit: "%" },
  temperature: { label: "Temperature", unit: "°C" },
  glucose: { label: "Glucose", unit: "mg/dL" },
  weight: { label: "Weight", unit: "kg" },
  body_composition: { label: "Body fat", unit: "%" },
  respiratory_rate: { label: "Respiratory rate", unit: "/min" },
  consciousness: { label: "Consciousness", unit: "" },
  breathing: { label: "Breathing", unit: "" },
  pregnancy: { label: "Pregnancy", unit: "" },
  oxygen_scale: { label: "NEWS2 SpO₂ scale", unit: "" },
};

const GLUCOSE_UNIT: Record<GlucoseUnit, string> = { mg_per_dl: "mg/dL", mmol_per_l: "mmol/L" };

/** A device whose clock is off by more than this is worth a remark; the cart's time counts. */
const DEVICE_CLOCK_MS = 2 * 60_000;

/** `recorded`: when it was entered or prescribed. */
export function showObserved({ what, by }: Observed, recorded: string): Shown {
  const plain = { unit: null, beside: null, source: `observed by ${by}`, remarks: [], measured: recorded };
  switch (what.kind) {
    case "respiratory_rate":
      return { ...plain, value: String(what.per_minute) };
    case "consciousness":
      return { ...plain, value: consciousnessWord(what.level) };
    case "breathing":
      return { ...plain, value: breathingWord(what.of) };
    case "pregnancy":
      return { ...plain, value: pregnancyWord(what.pregnant) };
    case "oxygen_scale":
      return { ...plain, value: scaleWord(what.scale), source: `prescribed by ${by}` };
  }
}

export function show(kind: ReadingKind, reading: Reading): Shown {
  const { model, id } = reading.device;
  return {
    ...valueOf(kind, reading.measurement),
    source: model === "" ? id : model,
    remarks: [...reading.quality.map(qualityWord), ...clockRemark(reading)],
    measured: measuredAt(reading),
  };
}

export function measuredAt({ corrected_time, received }: Reading): string {
  return corrected_time ?? received;
}

type Value = Pick<Shown, "value" | "unit" | "beside">;

function valueOf(kind: ReadingKind, measured: Measurement): Value {
  const plain = (value: string, beside: string | null = null): Value => ({ value, unit: null, beside });
  if (kind === "pulse") return plain(pulseOf(measured) ?? "–");
  switch (measured.kind) {
    case "blood_pressure": {
      const beside = measured.mean === null ? null : `mean ${measured.mean}`;
      return plain(`${measured.systolic}/${measured.diastolic}`, beside);
    }
    case "oximetry":
      return plain(measured.spo2);
    case "temperature":
      return plain(measured.celsius, measured.site && siteWord(measured.site));
    case "heart_rate":
      return plain(measured.rate);
    case "glucose": {
      const beside = sampleWord(measured.sample, measured.meal);
      return { value: measured.concentration, unit: GLUCOSE_UNIT[measured.unit], beside };
    }
    case "weight":
      return plain(measured.kilograms, measured.bmi === null ? null : `BMI ${measured.bmi}`);
    case "body_composition":
      return plain(measured.fat_percent, measured.water_kg === null ? null : `water ${measured.water_kg} kg`);
    case "ecg":
      return plain("–");
  }
}

/** Where the time is corrected, the remark of the device says so already. */
function clockRemark({ corrected_time, device_time, received }: Reading): string[] {
  if (device_time === null || corrected_time !== null) return [];
  const off = Math.abs(Date.parse(received) - Date.parse(device_time));
  return off > DEVICE_CLOCK_MS ? ["The device's own clock tells another time"] : [];
}
