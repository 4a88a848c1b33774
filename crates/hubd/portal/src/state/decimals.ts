// Decimals as text. They never become binary fractions, in which 37.6 is 37.599998.

import type { Decimal } from "../hub-api";

/** One text for one value: "38.0" and "038" are "38". */
export function plainDecimal(text: Decimal): string;
export function plainDecimal(text: Decimal | null): string | null;
export function plainDecimal(text: Decimal | null): string | null {
  const match = text === null ? null : /^0*(\d+)(?:\.(\d*?)0*)?$/.exec(text);
  if (match === null) return text;
  const [, whole, places = ""] = match;
  return places === "" ? `${whole}` : `${whole}.${places}`;
}

/** What a person wrote, in whole tenths; null where it is no number with at most one decimal. */
export function tenthsOf(text: string): number | null {
  const match = /^(\d{1,3})(?:[.,](\d))?$/.exec(text);
  return match === null ? null : Number(`${match[1]}${match[2] ?? "0"}`);
}
