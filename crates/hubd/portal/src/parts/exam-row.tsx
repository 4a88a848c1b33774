// Which picture the physician looks at: the room's, or an exam camera's and of which side.

import type { ExamCamera, Examined, Laterality } from "../hub-api";
import type { Consult } from "../state/model";
import { useStore } from "../use-store";
import { cameraName, sideName } from "./exam-words";

/** Not there for a cart that has named no exam camera. */
export function ExamRow({ consult: { call, exam } }: { consult: Consult }) {
  const { dispatch } = useStore();
  if (exam === null || exam.cameras.length === 0) return null;
  const { examined } = exam;
  const examine = (next: Examined | null) => dispatch({ type: "examine", call, examined: next });
  // Another camera is held to another place: its side is not known from the one before.
  const choose = (camera: ExamCamera) => camera !== examined?.with && examine({ with: camera, side: null });
  return (
    <div class="exam-row">
      <div class="exam-choice" role="radiogroup" aria-label="Examine with">
        <Choice testid="exam-room" checked={examined === null} choose={() => examine(null)}>
          Room
        </Choice>
        {exam.cameras.map((camera) => (
          <Choice
            key={camera}
            testid={`exam-${camera}`}
            checked={examined?.with === camera}
            choose={() => choose(camera)}
          >
            {cameraName(camera)}
          </Choice>
        ))}
      </div>
      {examined !== null && <Side examined={examined} examine={examine} />}
    </div>
  );
}

const SIDES: readonly Laterality[] = ["right", "left"];

function Side({ examined, examine }: { examined: Examined; examine: (examined: Examined) => void }) {
  if (sideName(examined.with, "right") === null) return null;
  return (
    <>
      <div class="exam-choice" role="radiogroup" aria-label="Side of the patient">
        {SIDES.map((side) => (
          <Choice
            key={side}
            testid={`side-${side}`}
            checked={examined.side === side}
            choose={() => examine({ with: examined.with, side })}
          >
            {sideName(examined.with, side) ?? side}
          </Choice>
        ))}
      </div>
      {examined.side === null && (
        <p class="exam-hint" role="status" data-testid="side-hint">
          The side is not noted yet.
        </p>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly testid: string;
  readonly checked: boolean;
  readonly choose: () => void;
  readonly children: string;
}

function Choice({ testid, checked, choose, children }: ChoiceProps) {
  return (
    <button
      class={checked ? "button is-on" : "button"}
      type="button"
      role="radio"
      aria-checked={checked}
      data-testid={testid}
      onClick={choose}
    >
      {children}
    </button>
  );
}
