// The running consult: picture and stills left, what is measured and written right.

import { CallBar } from "../parts/call-bar";
import { ChartPanel } from "../parts/chart-panel";
import { ListenPanel } from "../parts/listen-panel";
import { ExamRow } from "../parts/exam-row";
import { LimitsPanel } from "../parts/limits-panel";
import { NoteEditor } from "../parts/note-editor";
import { NowStrip } from "../parts/now-strip";
import { PatientLine } from "../parts/patient-line";
import { ScoreRise } from "../parts/score-rise";
import { Sounds } from "../parts/sounds";
import { Stage } from "../parts/stage";
import { StatusLine } from "../parts/status-line";
import { Stills } from "../parts/stills";
import { TorsoMap } from "../parts/torso-map";
import { Vitals } from "../parts/vitals";
import { useCameraKeys } from "../parts/use-camera-keys";
import { large } from "../state/examining";
import type { Consult } from "../state/model";
import { statusOf } from "../state/status";
import { useStore } from "../use-store";

export function ConsultPage({ consult }: { consult: Consult }) {
  const store = useStore();
  const { call, cart, encounter } = consult;
  const freeze = () => store.dispatch({ type: "freeze", call });
  useCameraKeys(store.camera, freeze, large(consult) === null);
  return (
    <main class="consult">
      <h1 class="unseen">Consult</h1>
      <header class="consult-top">
        <PatientLine patient={encounter.patient} />
        <p class="place">
          {cart}
          <span class="quiet">with nurse {encounter.nurse}</span>
        </p>
        <StatusLine status={statusOf(consult, store.state.own, store.state.link)} since={consult.joined} />
      </header>
      <div class="consult-picture">
        <Stage consult={consult} />
        <ExamRow consult={consult} />
        <CallBar consult={consult} own={store.state.own} onFreeze={freeze} />
        <ListenPanel consult={consult} />
        <Stills consult={consult} />
      </div>
      <aside class="consult-side" aria-label="Record of this encounter">
        <ScoreRise consult={consult} />
        <NowStrip consult={consult} />
        <TorsoMap consult={consult} />
        <Sounds consult={consult} />
        <ChartPanel key={`chart ${call}`} call={call} />
        <LimitsPanel key={call} consult={consult} />
        <Vitals entries={consult.entries} earlyWarning={consult.earlyWarning} />
        <NoteEditor consult={consult} />
      </aside>
    </main>
  );
}
