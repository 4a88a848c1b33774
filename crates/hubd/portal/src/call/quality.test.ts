import { expect, it } from "vitest";
import { type Counted, type Quality, QualityWatch, qualityWords } from "./quality";

/** After so many seconds of a call in which nothing is wrong but what is given. */
function counted(seconds: number, wrong: Partial<Counted> = {}): Counted {
  const usual = {
    at: 1_000 * seconds,
    packetsReceived: 300 * seconds,
    packetsLost: 0,
    framesDecoded: 30 * seconds,
    freezeSeconds: 0,
    samplesPlayed: 48_000 * seconds,
    samplesMadeUp: 0,
    roundTrip: 0.02,
  };
  return { ...usual, ...wrong };
}

function after(...all: (Counted | null)[]): Quality | null {
  const watch = new QualityWatch();
  return all.map((one) => watch.next(one)).at(-1) ?? null;
}

const GOOD: Quality = { picture: "good", sound: "good", network: "good" };

it("says nothing in the first two seconds, and nothing of a good call", () => {
  expect(after(counted(10))).toBeNull();
  expect(after(counted(10), counted(11))).toBeNull();
  expect(after(counted(10), counted(11), counted(12))).toEqual(GOOD);
  expect(qualityWords(GOOD)).toBeNull();
});

it("tells what suffers and why", () => {
  const lossy = after(counted(10), counted(13, { packetsLost: 90, freezeSeconds: 1 }));
  expect(lossy).toEqual({ picture: "stutters", sound: "good", network: "loses" });
  expect(lossy && qualityWords(lossy)).toBe("sound good, picture stutters: the network loses data");
  const gaps = after(counted(10), counted(13, { samplesMadeUp: 9_600 }));
  expect(gaps && qualityWords(gaps)).toBe("sound has gaps, picture good");
  const few = after(counted(10), counted(13, { framesDecoded: 320 }));
  expect(few?.picture).toBe("stutters");
  const slow = after(counted(10), counted(13, { roundTrip: 0.7 }));
  expect(slow && qualityWords(slow)).toBe("the network is slow: wait before you answer");
});

it("forgets what is older than five seconds, and another connection's counts", () => {
  const watch = new QualityWatch();
  watch.next(counted(10));
  for (let second = 11; second <= 20; second += 1) watch.next(counted(second, { packetsLost: 90 }));
  expect(watch.next(counted(21, { packetsLost: 90 }))).toEqual(GOOD);
  expect(watch.next(counted(1))).toBeNull();
  expect(watch.next(null)).toBeNull();
});

it("does not call a loss that was repaired a trouble", () => {
  const repaired = after(counted(10), counted(13, { packetsLost: 90 }));
  expect(repaired?.network).toBe("loses");
  expect(repaired && qualityWords(repaired)).toBeNull();
});
