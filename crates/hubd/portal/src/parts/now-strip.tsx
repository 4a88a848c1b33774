// What is measured all the time, above what was recorded: the value of this second, and what is beyond its limit.
//
// Yellow is that of an alarm of medium priority (IEC 60601-1-8), and never without its words and sign.

import type { Limits } from "../hub-api";
import type { Consult } from "../state/model";
import { standingOf, type Seen, type Standing } from "../state/watching";
import { useNow, useStore } from "../use-store";
import { Icon } from "./icons";
import { beyondWords, limitWords, SIGN, standingWords } from "./watch-words";

export function NowStrip({ consult }: { consult: Consult }) {
  const { link } = useStore().state;
  const now = useNow(1_000);
  const { monitoring, seen, cartOnline } = consult;
  const limits = monitoring?.limits;
  return (
    <section class="now-place" aria-label="Measured now">
      {/* Apart from the values, which change every second and would be read out again. */}
      <p class="unseen" role="status" aria-live="polite" data-testid="alarms">
        {limits !== undefined && alarmsOf(seen, limits)}
      </p>
      {limits !== undefined && seen.length > 0 && (
        <ul class="now">
          {seen.map((one) => (
            <NowCard
              key={`${one.watched.sign} ${one.watched.device}`}
              seen={one}
              source={isAlone(one, seen) ? null : (one.watched.device ?? "counted")}
              limits={limits}
              standing={standingOf(one, cartOnline, link, now)}
              now={now}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function isAlone({ watched }: Seen, seen: readonly Seen[]): boolean {
  return seen.filter((one) => one.watched.sign === watched.sign).length === 1;
}

interface NowCardProps {
  seen: Seen;
  /** Where more than one measures the same. */
  source: string | null;
  limits: Limits;
  standing: Standing;
  now: number;
}

function NowCard({ seen: { watched }, source, limits, standing, now }: NowCardProps) {
  const { label, unit } = SIGN[watched.sign];
  const beyond = beyondWords(watched, limits);
  const isLive = standing === "live";
  const look = [isLive ? "is-live" : "is-past", ...(beyond === null ? [] : ["is-beyond"])].join(" ");
  return (
    <li class={`now-card ${look}`} data-testid={`now-${watched.sign}`}>
      <h3>
        {label}
        <span class="now-limits">
          <span class="unseen">limits </span>
          {limitWords(limits[watched.sign])}
        </span>
      </h3>
      <p class="value">
        {!isLive && <span class="now-last">last</span>}
        <span class="number">{watched.value}</span> <span class="unit">{unit}</span>
      </p>
      {beyond !== null && (
        <p class="now-beyond">
          <Icon name="alarm" />
          {beyond}
        </p>
      )}
      <p class="now-standing">
        {standingWords(standing, watched, now)}
        {source !== null && ` · ${source.replaceAll("_", " ")}`}
      </p>
    </li>
  );
}

function alarmsOf(seen: readonly Seen[], limits: Limits): string {
  return seen
    .map(({ watched }) => ({ label: SIGN[watched.sign].label, words: beyondWords(watched, limits) }))
    .filter(({ words }) => words !== null)
    .map(({ label, words }) => `${label}: ${words}`)
    .join(". ");
}
