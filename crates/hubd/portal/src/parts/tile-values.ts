// From a reading to what its tile shows. No HTML.

import type { Measurement, Reading } from "../hub-api";
import { pulseOf, type Kind } from "../state/entries";
import { qualityWord, siteWord } from "../words";

/** The pulse is no measurement of its own but has its own tile: it is looked for first. */
export type TileKind = Kind | "pulse";

export interface Shown {
  readonly value: string;
  /** "mean 97", "in the ear": belongs to the value, smaller. */
  readonly beside: string | null;
  readonly source: string;
  /** Remarks of the device, and a clock of its own that tells another time. */
  readonly remarks: readonly string[];
  /** When the measurement reached the cart, RFC 3339. */
  readonly measured: string;
}

export const TILE: Record<TileKind, { readonly label: string; readonly unit: string }> = {
  blood_pressure: { label: "Blood pressure", unit: "mmHg" },
  pulse: { label: "Pulse", unit: "/min" },
  oximetry: { label: "SpO₂", unit: "%" },
  temperature: { label: "Temperature", unit: "°C" },
};

/** A device whose clock is off by more than this is worth a remark; the cart's time counts. */
const DEVICE_CLOCK_MS = 2 * 60_000;

export function show(kind: TileKind, reading: Reading): Shown {
  const { value, beside } = valueOf(kind, reading.measurement);
  const { model, id } = reading.device;
  return {
    value,
    beside,
    source: model === "" ? id : model,
    remarks: [...reading.quality.map(qualityWord), ...clockRemark(reading)],
    measured: reading.received,
  };
}

function valueOf(kind: TileKind, measured: Measurement): { value: string; beside: string | null } {
  if (kind === "pulse") return { value: pulseOf(measured) ?? "–", beside: null };
  switch (measured.kind) {
    case "blood_pressure": {
      const beside = measured.mean === null ? null : `mean ${measured.mean}`;
      return { value: `${measured.systolic}/${measured.diastolic}`, beside };
    }
    case "oximetry":
      return { value: measured.spo2, beside: null };
    case "temperature":
      return { value: measured.celsius, beside: measured.site && siteWord(measured.site) };
  }
}

function clockRemark({ device_time, received }: Reading): string[] {
  if (device_time === null) return [];
  const off = Math.abs(Date.parse(received) - Date.parse(device_time));
  return off > DEVICE_CLOCK_MS ? ["The device's own clock tells another time"] : [];
}
