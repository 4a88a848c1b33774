// By which scale NEWS2 judges the oxygen saturation. The pressed one is what the hub counts by.

import { useState } from "preact/hooks";
import type { EarlyWarning, Spo2Scale } from "../hub-api";

interface Props {
  of: EarlyWarning;
  busy: boolean;
  onScale: (scale: Spo2Scale) => void;
}

export function OxygenScale({ of, busy, onScale }: Props) {
  const [asking, setAsking] = useState(false);
  // Without a score there is nothing to judge by either.
  if (of.is === "not_for") return null;
  const choose = (scale: Spo2Scale) => {
    setAsking(false);
    if (of.scale !== scale) onScale(scale);
  };
  return (
    <fieldset class="oxygen-scale" data-testid="oxygen-scale">
      <legend>NEWS2 SpO₂ scale</legend>
      <button
        class="button scale-one"
        type="button"
        data-testid="scale-one"
        aria-pressed={of.scale === "one"}
        disabled={busy}
        onClick={() => choose("one")}
      >
        Scale 1
      </button>
      <button
        class="button scale-two"
        type="button"
        data-testid="scale-two"
        aria-pressed={of.scale === "two"}
        disabled={busy}
        onClick={() => setAsking(of.scale !== "two")}
      >
        Scale 2: target 88–92 % (hypercapnic respiratory failure)
      </button>
      {asking && of.scale !== "two" && (
        <div class="oxygen-scale-ask" role="group" aria-label="Confirm scale 2">
          {/* Royal College of Physicians, NEWS 2, 2017: by the decision of a competent clinician only. */}
          <p role="alert">
            Scale 2 is only for patients with confirmed hypercapnic respiratory failure. On oxygen, 93{"\u00a0"}% and more
            then count as too high.
          </p>
          <button
            class="button primary"
            type="button"
            data-testid="confirm-scale-two"
            disabled={busy}
            onClick={() => choose("two")}
          >
            Prescribe scale 2
          </button>
          <button class="button plain" type="button" onClick={() => setAsking(false)}>
            Cancel
          </button>
        </div>
      )}
    </fieldset>
  );
}
