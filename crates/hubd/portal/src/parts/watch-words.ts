// What is watched, in words: the signs, their limits, and why a value is not live. No HTML.

import type { Limit, Limits, Side, VitalSign, Watched } from "../hub-api";
import { plainDecimal } from "../state/decimals";
import type { Link } from "../state/model";
import type { Standing } from "../state/watching";
import { clock } from "../words";

export const SIGN: Record<VitalSign, { readonly label: string; readonly unit: string }> = {
  spo2: { label: "SpO₂", unit: "%" },
  pulse_rate: { label: "Pulse", unit: "/min" },
  systolic: { label: "Systolic pressure", unit: "mmHg" },
  temperature: { label: "Temperature", unit: "°C" },
  respiratory_rate: { label: "Respiratory rate", unit: "/min" },
};

/** "41–130", "92–", "up to 24": a dash before a number would be read as a minus. */
export function limitWords(limit: Limit): string {
  const [low, high] = [plainDecimal(limit.low), plainDecimal(limit.high)];
  if (low !== null) return `${low}–${high ?? ""}`;
  return high === null ? "no limit" : `up to ${high}`;
}

/** "Below limit 92"; null within the limits, or where none is set. */
export function beyondWords({ sign, beyond }: Watched, limits: Limits): string | null {
  if (beyond === null) return null;
  const words: Record<Side, string> = { low: "Below limit", high: "Above limit" };
  // The cart judges by new limits with the next value: until then there may be no bound on this side.
  const bound = plainDecimal(limits[sign][beyond]);
  return bound === null ? words[beyond] : `${words[beyond]} ${bound}`;
}

/** "sensor off since 14:02". The time is that of the last value; what came after it nobody knows. */
export function standingWords(standing: Standing, { device, at }: Watched, now: number): string {
  const time = clock(at, now);
  switch (standing) {
    case "live":
      return "live";
    case "cart_away":
      return `cart away since ${time}`;
    case "hub_away":
      return `no connection since ${time}`;
    case "silent":
      return `no new value since ${time}`;
    case "sensor_off":
      return `sensor off since ${time}`;
    case "once":
      return device === null ? `counted ${time}` : `measured ${time}`;
  }
}

/** "usual limits", "set by Dr. Haddad". */
export function setByWords(setBy: string | null): string {
  return setBy === null ? "usual limits" : `set by ${setBy}`;
}

/** Why nothing can be prescribed now, with the next step. */
export function blockedWords(cartOnline: boolean, link: Link): string | null {
  if (link !== "open") return "No connection to the hub. Limits can be changed when it is back.";
  return cartOnline ? null : "The cart is away. Limits can be changed when it is back.";
}
