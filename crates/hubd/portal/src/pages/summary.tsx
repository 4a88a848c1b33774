// After the call, until the physician goes home: what was recorded, and the note if it is still open.

import { NoteEditor } from "../parts/note-editor";
import { PatientLine } from "../parts/patient-line";
import { ScoreRise } from "../parts/score-rise";
import { Sounds } from "../parts/sounds";
import { Stills } from "../parts/stills";
import { Vitals } from "../parts/vitals";
import { hasUnsavedNote, type Consult } from "../state/model";
import { useNow, useStore } from "../use-store";
import { clock, duration, endedWord } from "../words";

export function SummaryPage({ consult }: { consult: Consult }) {
  const { dispatch } = useStore();
  const unsaved = hasUnsavedNote(consult);
  return (
    <main class="summary" data-testid="summary">
      <header class="card summary-top">
        <div class="grow">
          <h1>The call is over</h1>
          <PatientLine patient={consult.encounter.patient} />
          <Ended consult={consult} />
        </div>
        <button
          class={unsaved ? "button" : "button primary"}
          type="button"
          data-testid="go-home"
          onClick={() => dispatch({ type: "go_home" })}
        >
          {unsaved ? "Home, note stays open" : "Back to home"}
        </button>
      </header>
      <section class="card">
        <ScoreRise consult={consult} />
        <Vitals entries={consult.entries} earlyWarning={consult.earlyWarning} />
      </section>
      <div class="summary-columns">
        <section class="card">
          <NoteEditor consult={consult} />
        </section>
        <section class="card">
          <Stills consult={consult} />
          <Sounds consult={consult} />
        </section>
      </div>
    </main>
  );
}

function Ended({ consult }: { consult: Consult }) {
  const now = useNow(30_000);
  if (consult.ended === null) return null;
  const { why, at } = consult.ended;
  return (
    <p class="quiet">
      {endedWord(why)} {consult.cart} with {consult.encounter.nurse}, {clock(consult.joined, now)} to{" "}
      {clock(at, now)} ({duration(at - consult.joined)}).
    </p>
  );
}
