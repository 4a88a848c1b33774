// The patient's limits and oxygen scale, as the cart has them, and how the physician changes them.

import { useEffect, useState } from "preact/hooks";
import type { Limits, Prescription, VitalSign } from "../hub-api";
import type { Consult } from "../state/model";
import { holds, type Prescribing } from "../state/prescribing";
import { SIGNS } from "../state/watching";
import { useStore } from "../use-store";
import { check, draftOf, type Draft, type Fields } from "./limit-fields";
import { LimitsForm } from "./limits-form";
import { OxygenScale } from "./oxygen-scale";
import { blockedWords, limitWords, setByWords, SIGN } from "./watch-words";

/** Keyed by the call where it is used: what is written for one patient must not meet another. */
export function LimitsPanel({ consult }: { consult: Consult }) {
  const { dispatch, state } = useStore();
  const { call, monitoring, prescribing, cartOnline } = consult;
  const [draft, setDraft] = useState<Draft | null>(null);
  useEffect(() => {
    if (prescribing.is === "confirmed" && draft !== null && isSet(consult, draft)) setDraft(null);
    // A draft that is written later is no answer to this.
  }, [prescribing]);
  if (monitoring === null) return null;
  const blocked = blockedWords(cartOnline, state.link);
  const busy = blocked !== null || prescribing.is === "waiting";
  const prescribe = (what: Prescription) => dispatch({ type: "prescribe", call, what });
  return (
    <section class="limits" aria-label="Limits" data-testid="limits">
      <details>
        <summary>
          Limits <span class="quiet">{setByWords(monitoring.set_by)}</span>
        </summary>
        {draft === null ? (
          <Current
            limits={monitoring.limits}
            areUsual={monitoring.set_by === null}
            busy={busy}
            onChange={() => setDraft(draftOf(monitoring.limits))}
            onUsual={() => prescribe({ kind: "limits", limits: null })}
          />
        ) : (
          <LimitsForm
            draft={draft}
            busy={busy}
            onField={(sign, side, text) => setDraft((before) => before && written(before, sign, side, text))}
            onSave={(limits) => prescribe({ kind: "limits", limits })}
            onCancel={() => setDraft(null)}
          />
        )}
        <OxygenScale
          of={consult.earlyWarning}
          busy={busy}
          onScale={(scale) => prescribe({ kind: "oxygen_scale", scale })}
        />
        {blocked !== null && (
          <p class="limits-state" data-testid="limits-blocked">
            {blocked}
          </p>
        )}
      </details>
      {/* Also seen while the rest is closed. */}
      <p class="limits-state" role="status" data-testid="limits-state">
        {stateWords(consult, prescribing)}
      </p>
    </section>
  );
}

interface CurrentProps {
  limits: Limits;
  areUsual: boolean;
  busy: boolean;
  onChange: () => void;
  onUsual: () => void;
}

function Current({ limits, areUsual, busy, onChange, onUsual }: CurrentProps) {
  return (
    <>
      <table class="limits-table">
        <thead class="unseen">
          <tr>
            <th>Vital sign</th>
            <th>Limits</th>
          </tr>
        </thead>
        <tbody>
          {SIGNS.map((sign) => (
            <tr key={sign} data-testid={`limit-${sign}`}>
              <td>{SIGN[sign].label}</td>
              <td>
                {limitWords(limits[sign])} <span class="quiet">{SIGN[sign].unit}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="limits-buttons">
        <button class="button" type="button" data-testid="change-limits" disabled={busy} onClick={onChange}>
          Change limits
        </button>
        <button class="button plain" type="button" data-testid="usual-limits" disabled={busy || areUsual} onClick={onUsual}>
          Usual limits
        </button>
      </div>
    </>
  );
}

function written(draft: Draft, sign: VitalSign, side: keyof Fields, text: string): Draft {
  return { ...draft, [sign]: { ...draft[sign], [side]: text } };
}

function isSet(consult: Consult, draft: Draft): boolean {
  const checked = check(draft);
  return "limits" in checked && holds(consult, { kind: "limits", limits: checked.limits });
}

function stateWords(consult: Consult, prescribing: Prescribing): string {
  switch (prescribing.is) {
    case "idle":
      return "";
    case "waiting":
      return "Not set yet: waiting for the cart…";
    case "unconfirmed":
      return prescribing.reason;
    case "confirmed":
      return holds(consult, prescribing.what) ? confirmedWords(prescribing.what) : "";
  }
}

function confirmedWords(what: Prescription): string {
  if (what.kind === "oxygen_scale") return "The SpO₂ scale is set.";
  return what.limits === null ? "The usual limits are set." : "These limits are set.";
}
