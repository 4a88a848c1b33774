import { expect, it } from "vitest";
import { live, USUAL } from "../testing";
import { beyondWords, blockedWords, limitWords, setByWords, standingWords } from "./watch-words";

const AT = new Date(2026, 10, 22, 14, 2);
const NOW = AT.getTime() + 60_000;

it("writes limits in one word", () => {
  const check = (low: string | null, high: string | null, words: string) => expect(limitWords({ low, high })).toBe(words);
  check("92", null, "92–");
  check("41", "130", "41–130");
  check("35.10", "38.50", "35.1–38.5");
  check(null, "24", "up to 24");
  check(null, null, "no limit");
});

it("says on which side of which limit a value is", () => {
  expect(beyondWords(live(), USUAL)).toBeNull();
  expect(beyondWords(live({ beyond: "low" }), USUAL)).toBe("Below limit 92");
  expect(beyondWords(live({ sign: "pulse_rate", beyond: "high" }), USUAL)).toBe("Above limit 130");
  expect(beyondWords(live({ beyond: "high" }), USUAL)).toBe("Above limit");
});

it("says since when a value is not live, and why", () => {
  const told = live({ at: AT.toISOString() });
  expect(standingWords("live", told, NOW)).toBe("live");
  expect(standingWords("sensor_off", told, NOW)).toBe("sensor off since 14:02");
  expect(standingWords("cart_away", told, NOW)).toBe("cart away since 14:02");
  expect(standingWords("hub_away", told, NOW)).toBe("no connection since 14:02");
  expect(standingWords("silent", told, NOW)).toBe("no new value since 14:02");
  expect(standingWords("once", told, NOW)).toBe("measured 14:02");
  expect(standingWords("once", { ...told, device: null }, NOW)).toBe("counted 14:02");
});

it("says who set the limits, and why they cannot be changed now", () => {
  expect(setByWords(null)).toBe("usual limits");
  expect(setByWords("Dr. Haddad")).toBe("set by Dr. Haddad");
  expect(blockedWords(true, "open")).toBeNull();
  expect(blockedWords(false, "open")).toContain("cart is away");
  expect(blockedWords(true, "lost")).toContain("No connection to the hub");
});
