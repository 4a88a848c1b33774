// What a physician writes as limits, and what is wrong with it in plain words. No HTML.

import type { Decimal, Limit, Limits, VitalSign } from "../hub-api";
import { plainDecimal, tenthsOf } from "../state/decimals";
import { SIGNS } from "../state/watching";

export interface Fields {
  readonly low: string;
  readonly high: string;
}

export type Draft = Readonly<Record<VitalSign, Fields>>;

export type Problems = Readonly<Partial<Record<VitalSign, string>>>;

export type Checked = { readonly limits: Limits } | { readonly problems: Problems };

/** Between these a limit can be set, as the hub and the cart allow. */
const RANGE: Record<VitalSign, { least: number; most: number; unit: string; decimal: boolean }> = {
  spo2: { least: 50, most: 100, unit: "%", decimal: false },
  pulse_rate: { least: 20, most: 250, unit: "per minute", decimal: false },
  systolic: { least: 40, most: 280, unit: "mmHg", decimal: false },
  temperature: { least: 30, most: 43, unit: "°C", decimal: true },
  respiratory_rate: { least: 3, most: 80, unit: "per minute", decimal: false },
};

export function draftOf(limits: Limits): Draft {
  return bySign((sign) => ({ low: textOf(limits[sign].low), high: textOf(limits[sign].high) }));
}

/** Limits only when every field is right; an empty one is no limit. */
export function check(draft: Draft): Checked {
  const problems: Partial<Record<VitalSign, string>> = {};
  for (const sign of SIGNS) {
    const problem = problemOf(sign, draft[sign]);
    if (problem !== null) problems[sign] = problem;
  }
  return Object.keys(problems).length > 0 ? { problems } : { limits: bySign((sign) => limitOf(draft[sign])) };
}

function problemOf(sign: VitalSign, fields: Fields): string | null {
  const { least, most, unit, decimal } = RANGE[sign];
  const written = [fields.low, fields.high].map((text) => text.trim());
  const values = written.map(tenthsOf);
  const isWrong = (text: string, index: number) => {
    const value = values[index] ?? null;
    return text !== "" && (value === null || (!decimal && value % 10 !== 0));
  };
  if (written.some(isWrong)) {
    const example = decimal ? "a number such as 38.5" : "a whole number";
    return `Write ${example}, or leave the field empty.`;
  }
  const [low, high] = values;
  const isOutside = (value: number | null | undefined) =>
    value != null && (value < least * 10 || value > most * 10);
  if (isOutside(low) || isOutside(high)) return `Limits lie between ${least} and ${most} ${unit}.`;
  if (low != null && high != null && low >= high) return "The low limit must be below the high limit.";
  return null;
}

function limitOf({ low, high }: Fields): Limit {
  return { low: decimalOf(low), high: decimalOf(high) };
}

function decimalOf(text: string): Decimal | null {
  const written = text.trim();
  return written === "" ? null : plainDecimal(written.replace(",", "."));
}

function textOf(bound: Decimal | null): string {
  return plainDecimal(bound) ?? "";
}

function bySign<Value>(of: (sign: VitalSign) => Value): Record<VitalSign, Value> {
  return {
    spo2: of("spo2"),
    pulse_rate: of("pulse_rate"),
    systolic: of("systolic"),
    temperature: of("temperature"),
    respiratory_rate: of("respiratory_rate"),
  };
}
