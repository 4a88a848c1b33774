// What is measured all the time, and whether it is live. A value that is not live never passes for one.

import type { Monitoring, VitalSign, Watched } from "../hub-api";
import type { Consult, Link } from "./model";

/** The order in which they are shown: a value keeps its place, whatever the cart tells first. */
export const SIGNS: readonly VitalSign[] = ["spo2", "pulse_rate", "systolic", "temperature", "respiratory_rate"];

/** A live value comes about every second; after this long without a new one it is of before. */
const SILENT_MS = 5_000;

export interface Seen {
  readonly watched: Watched;
  /** It was live in this call: where it no longer is, its sensor is off. */
  readonly wasLive: boolean;
  /** When this value came, by this computer's clock; null once the cart or the hub was away since. */
  readonly heard: number | null;
}

/** Why a value is not live, or that it is. */
export type Standing = "live" | "cart_away" | "hub_away" | "silent" | "sensor_off" | "once";

export function monitored(consult: Consult, monitoring: Monitoring, now: number): Consult {
  if (consult.ended !== null) return consult;
  return { ...consult, monitoring, seen: see(consult.seen, monitoring.watched, now) };
}

/** The cart or the hub is away: what was live is so again only with its next value. */
export function doubted(consult: Consult): Consult {
  return { ...consult, seen: consult.seen.map((one) => ({ ...one, heard: null })) };
}

export function standingOf(seen: Seen, cartOnline: boolean, link: Link, now: number): Standing {
  if (!seen.wasLive) return "once";
  if (!seen.watched.live) return "sensor_off";
  if (link !== "open") return "hub_away";
  if (!cartOnline) return "cart_away";
  return seen.heard !== null && now - seen.heard < SILENT_MS ? "live" : "silent";
}

function see(before: readonly Seen[], told: readonly Watched[], now: number): readonly Seen[] {
  const shown = told.map((watched) => meet(before.find((one) => isSame(one.watched, watched)), watched, now));
  // The cart does not tell of a sensor that is off and was within its limit; a person must still see it.
  const off = before.filter(({ watched, wasLive }) => wasLive && !told.some((one) => replaces(one, watched)));
  const gone = off.map((one) => ({ ...one, watched: { ...one.watched, live: false, beyond: null } }));
  return [...shown, ...gone].sort((a, b) => order(a) - order(b));
}

function meet(before: Seen | undefined, watched: Watched, now: number): Seen {
  const isNew = before?.watched.at !== watched.at;
  const wasOn = before !== undefined && (before.watched.live || (before.wasLive && !isNew));
  return {
    watched,
    wasLive: watched.live || wasOn,
    // After a connection was lost the hub tells again what it knew before.
    heard: isNew || before === undefined ? now : before.heard,
  };
}

function isSame(one: Watched, other: Watched): boolean {
  return one.sign === other.sign && one.device === other.device;
}

function replaces(newer: Watched, older: Watched): boolean {
  return isSame(newer, older) || (newer.live && newer.sign === older.sign);
}

function order({ watched }: Seen): number {
  return SIGNS.indexOf(watched.sign);
}
