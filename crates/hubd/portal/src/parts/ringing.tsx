// A call that rings here: whose it is and what is already known, Answer and Decline.

import { useEffect, useState } from "preact/hooks";
import { canRing, ring, unlockSound } from "../call/ring";
import type { CallId, ConsultContext } from "../hub-api";
import { useStore } from "../use-store";
import { Icon } from "./icons";
import { PatientLine } from "./patient-line";
import { Vitals } from "./vitals";

interface Props {
  calls: readonly ConsultContext[];
  answering: CallId | null;
}

export function Ringing({ calls, answering }: Props) {
  const rings = calls.length > 0 && answering === null;
  useEffect(() => (rings ? ring() : undefined), [rings]);
  return (
    <div class="ringing-place">
      {calls.map((context) => (
        <IncomingCall key={context.call} context={context} answering={answering} />
      ))}
    </div>
  );
}

function IncomingCall({ context, answering }: { context: ConsultContext; answering: CallId | null }) {
  const { dispatch } = useStore();
  const { call, cart, encounter, entries, early_warning } = context;
  const mine = answering === call;
  return (
    <section class="ringing" aria-label={`Incoming call from ${cart}`} data-testid="ringing">
      {/* Apart from the tiles, whose ages change every second and would be read out again. */}
      <p class="unseen" role="alert">
        {cart} is calling
      </p>
      <div class="ringing-words">
        <p class="ringing-title">
          <span class="ringing-sign">
            <Icon name="phone" />
          </span>
          {cart} is calling
        </p>
        <PatientLine patient={encounter.patient} />
        <p class="quiet">with {encounter.nurse}</p>
        <SilentHint />
      </div>
      <Vitals entries={entries} earlyWarning={early_warning} small />
      <div class="ringing-buttons">
        <button
          class="button answer"
          type="button"
          data-testid="answer"
          disabled={answering !== null}
          onClick={() => dispatch({ type: "answer", call })}
        >
          <Icon name="phone" />
          {mine ? "Connecting…" : "Answer"}
        </button>
        <button
          class="button"
          type="button"
          data-testid="decline"
          disabled={mine}
          onClick={() => dispatch({ type: "decline", call })}
        >
          Decline
        </button>
      </div>
    </section>
  );
}

/** Browsers keep a page silent that nobody has touched since it was loaded. */
function SilentHint() {
  const [silent, setSilent] = useState(!canRing());
  if (!silent) return null;
  const wake = () => {
    unlockSound();
    setSilent(false);
  };
  return (
    <button class="button plain" type="button" onClick={wake}>
      <Icon name="sound" />
      Turn on the sound of this page
    </button>
  );
}
