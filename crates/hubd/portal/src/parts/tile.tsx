// One vital sign. A press opens the earlier values.

import type { Of } from "../state/entries";
import type { Trend } from "../state/trend";
import { ago, clock } from "../words";
import { DeliveryMark } from "./delivery-mark";
import { Icon } from "./icons";
import { TILE, type Shown, type TileKind } from "./tile-values";
import { useRecordedMark } from "./use-recorded-mark";

interface Props {
  kind: TileKind;
  /** Newest first. */
  values: readonly Of<Shown>[];
  /** Of the newest against the one before; null where there is none to tell. */
  trend: Trend | null;
  now: number;
  small: boolean;
  open: boolean;
  onToggle: () => void;
}

export function Tile({ kind, values, trend, now, small, open, onToggle }: Props) {
  const [newest, ...earlier] = values;
  const { label, unit } = TILE[kind];
  useRecordedMark(newest?.id);
  return (
    <article class={open ? "tile is-open" : "tile"} data-testid={`tile-${kind}`} aria-label={label}>
      <h3>{label}</h3>
      {newest === undefined ? <Nothing /> : <Newest one={newest} trend={trend} unit={unit} now={now} small={small} />}
      {!small && earlier.length > 0 && (
        <button
          class="earlier"
          type="button"
          aria-expanded={open}
          aria-label={`${earlier.length} earlier values`}
          title={`${earlier.length} earlier values`}
          onClick={onToggle}
        >
          <Icon name={open ? "up" : "down"} />
        </button>
      )}
      {open && <Earlier values={earlier} unit={unit} now={now} />}
    </article>
  );
}

function Nothing() {
  return (
    <>
      <p class="value value-none">–</p>
      <p class="tile-facts">Not measured yet</p>
    </>
  );
}

interface NewestProps {
  one: Of<Shown>;
  trend: Trend | null;
  unit: string;
  now: number;
  small: boolean;
}

const ARROW: Record<Trend, string> = { rising: "↑", falling: "↓", steady: "→" };

function Newest({ one, trend, unit, now, small }: NewestProps) {
  const { value, beside, source, remarks, measured } = one.body;
  const shownUnit = one.body.unit ?? unit;
  return (
    <>
      <p class="value">
        <span class="number">{value}</span> <span class="unit">{shownUnit}</span>
        {trend !== null && (
          <span class="beside" role="img" aria-label={trend} title={`${trend} against the value before`}>
            {ARROW[trend]}
          </span>
        )}
        {beside !== null && <span class="beside">{beside}</span>}
      </p>
      <p class="tile-facts">
        <time dateTime={measured}>{clock(measured, now)}</time>
        <span>{ago(measured, now)}</span>
      </p>
      {!small && <p class="tile-facts">{source}</p>}
      {remarks.map((remark) => (
        <p key={remark} class="remark">
          <Icon name="look" />
          {remark}
        </p>
      ))}
      {!small && <DeliveryMark delivery={one.delivery} />}
    </>
  );
}

function Earlier({ values, unit, now }: { values: readonly Of<Shown>[]; unit: string; now: number }) {
  return (
    <table class="earlier-values">
      <thead class="unseen">
        <tr>
          <th>Time</th>
          <th>Value</th>
          <th>Source and remarks</th>
        </tr>
      </thead>
      <tbody>
        {values.map(({ id, body }) => (
          <tr key={id}>
            <td>{clock(body.measured, now)}</td>
            <td>
              {body.value} {body.unit ?? unit}
            </td>
            <td>{[body.source, ...body.remarks].join(" · ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
