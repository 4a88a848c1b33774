// What of a stethoscope's sound is heard, and how loud: of the live one and of a kept one.

import { LOUDEST_DB, type Filter } from "../call/ear";

const FILTERS: readonly { filter: Filter; label: string; what: string }[] = [
  { filter: "wide", label: "Wide", what: "Everything, 20 to 2,000 Hz" },
  { filter: "bell", label: "Bell", what: "Low heart sounds, to 200 Hz" },
  { filter: "diaphragm", label: "Diaphragm", what: "Higher heart sounds, 100 to 500 Hz" },
];

interface Chosen<Value> {
  readonly value: Value;
  readonly choose: (value: Value) => void;
}

/** `of` tells the two apart for whoever cannot see them. */
export function FilterChoice({ of, value, choose }: Chosen<Filter> & { of: string }) {
  return (
    <div role="radiogroup" aria-label={`What is heard of ${of}`} class="listen-filters">
      {FILTERS.map((one) => (
        <button
          key={one.filter}
          class={one.filter === value ? "button is-on" : "button"}
          type="button"
          role="radio"
          aria-checked={one.filter === value}
          title={one.what}
          data-testid={`filter-${one.filter}`}
          onClick={() => choose(one.filter)}
        >
          {one.label}
        </button>
      ))}
    </div>
  );
}

export function Loudness({ value, choose }: Chosen<number>) {
  return (
    <label>
      Loudness
      <input
        type="range"
        min={0}
        max={LOUDEST_DB}
        step={3}
        value={value}
        onInput={(event) => choose(Number(event.currentTarget.value))}
      />
    </label>
  );
}
