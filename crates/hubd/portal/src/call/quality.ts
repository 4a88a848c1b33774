// How good picture and sound are, by what the browser counted in the last seconds. Pure.

/** Counted since the connection was made (webrtc-stats names them so). */
export interface Counted {
  /** Milliseconds of the page's clock. */
  readonly at: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly framesDecoded: number;
  /** Seconds in which the picture stood still for longer than it should. */
  readonly freezeSeconds: number;
  /** Of the room's sound: what was played, and what of it the browser made up. */
  readonly samplesPlayed: number;
  readonly samplesMadeUp: number;
  /** Seconds there and back; null before the first measurement. */
  readonly roundTrip: number | null;
}

export interface Quality {
  readonly picture: "good" | "stutters";
  readonly sound: "good" | "has_gaps";
  readonly network: "good" | "loses" | "slow";
}

/** Long enough that one lost piece is no trouble, short enough to see that it is over. */
const LAST_MS = 5_000;
/** Shorter says nothing yet. */
const LEAST_MS = 2_000;
/** Below it people see single pictures. */
const LEAST_FRAMES = 12;
const MOST_FROZEN = 0.1;
const MOST_MADE_UP = 0.03;
const MOST_LOST = 0.02;
/** People begin to speak at the same time. */
const MOST_ROUND_TRIP = 0.4;

export class QualityWatch {
  private counted: Counted[] = [];

  /** `null`: it is not known yet. */
  next(now: Counted | null): Quality | null {
    const last = this.counted.at(-1);
    // Another connection counts from 0 again.
    const isOther = now === null || (last !== undefined && now.packetsReceived < last.packetsReceived);
    if (isOther) this.counted = [];
    if (now === null) return null;
    this.counted.push(now);
    this.counted = this.counted.filter(({ at }) => now.at - at <= LAST_MS);
    const before = this.counted[0] ?? now;
    return now.at - before.at < LEAST_MS ? null : judge(before, now);
  }
}

function judge(before: Counted, now: Counted): Quality {
  const seconds = (now.at - before.at) / 1_000;
  const lost = now.packetsLost - before.packetsLost;
  const came = now.packetsReceived - before.packetsReceived;
  const frames = (now.framesDecoded - before.framesDecoded) / seconds;
  const frozen = (now.freezeSeconds - before.freezeSeconds) / seconds;
  const madeUp = share(now.samplesMadeUp - before.samplesMadeUp, now.samplesPlayed - before.samplesPlayed);
  const isSlow = (now.roundTrip ?? 0) > MOST_ROUND_TRIP;
  return {
    picture: frames < LEAST_FRAMES || frozen > MOST_FROZEN ? "stutters" : "good",
    sound: madeUp > MOST_MADE_UP ? "has_gaps" : "good",
    network: share(lost, lost + came) > MOST_LOST ? "loses" : isSlow ? "slow" : "good",
  };
}

function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : part / whole;
}

/** For the line that says how the call is; `null`: there is nothing to say. */
export function qualityWords({ picture, sound, network }: Quality): string | null {
  const why = { good: "", loses: ": the network loses data", slow: ": the network is slow" }[network];
  if (picture === "good" && sound === "good") {
    // What is lost and repaired is not heard or seen; waiting is.
    return network === "slow" ? "the network is slow: wait before you answer" : null;
  }
  const said = {
    picture: picture === "good" ? "picture good" : "picture stutters",
    sound: sound === "good" ? "sound good" : "sound has gaps",
  };
  return `${said.sound}, ${said.picture}${why}`;
}
