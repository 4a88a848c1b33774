// Low and high limit of each vital sign. What is written here is not set before the cart has said so.

import { useState } from "preact/hooks";
import type { Limits, VitalSign } from "../hub-api";
import { SIGNS } from "../state/watching";
import { check, type Draft, type Fields } from "./limit-fields";
import { SIGN } from "./watch-words";

interface Props {
  draft: Draft;
  busy: boolean;
  onField: (sign: VitalSign, side: keyof Fields, text: string) => void;
  onSave: (limits: Limits) => void;
  onCancel: () => void;
}

export function LimitsForm({ draft, busy, onField, onSave, onCancel }: Props) {
  // Nobody is told of a number that is half written.
  const [tried, setTried] = useState(false);
  const checked = check(draft);
  const problems = tried && "problems" in checked ? checked.problems : {};
  const save = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if ("limits" in checked) onSave(checked.limits);
  };
  return (
    <form class="limits-form" aria-label="New limits" noValidate onSubmit={save}>
      <p class="limits-head" aria-hidden="true">
        <span>New limits</span>
        <span>Low</span>
        <span>High</span>
      </p>
      {SIGNS.map((sign) => (
        <Row
          key={sign}
          sign={sign}
          fields={draft[sign]}
          problem={problems[sign] ?? null}
          busy={busy}
          onField={(side, text) => onField(sign, side, text)}
        />
      ))}
      <p class="quiet">Empty: no limit.</p>
      <div class="limits-buttons">
        <button class="button primary" type="submit" data-testid="save-limits" disabled={busy}>
          Save
        </button>
        <button class="button plain" type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

interface RowProps {
  sign: VitalSign;
  fields: Fields;
  problem: string | null;
  busy: boolean;
  onField: (side: keyof Fields, text: string) => void;
}

function Row({ sign, fields, problem, busy, onField }: RowProps) {
  const { label, unit } = SIGN[sign];
  const field = (side: keyof Fields) => (
    <input
      type="text"
      inputMode="decimal"
      autocomplete="off"
      maxLength={5}
      aria-label={`${label} ${side} limit`}
      aria-invalid={problem !== null}
      data-testid={`${side}-${sign}`}
      readOnly={busy}
      value={fields[side]}
      onInput={(event) => onField(side, event.currentTarget.value)}
    />
  );
  return (
    <>
      <div class="limits-row">
        <span>
          {label} <span class="quiet">{unit}</span>
        </span>
        {field("low")}
        {field("high")}
      </div>
      {problem !== null && (
        <p class="limits-problem" role="alert" data-testid={`problem-${sign}`}>
          {problem}
        </p>
      )}
    </>
  );
}
