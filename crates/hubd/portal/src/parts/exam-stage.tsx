// The picture of the exam camera on the stage, large or in the corner, and what swaps it with the room's.

import { useLayoutEffect } from "preact/hooks";
import type { Picture } from "../call/picture";
import type { Examined } from "../hub-api";
import type { Consult, Exam } from "../state/model";
import { useNow, useStore } from "../use-store";
import { span } from "../words";
import { cameraName, examinedWords, examVeil } from "./exam-words";
import { usePicture } from "./use-picture";

export function ExamStage({ exam, examined }: { exam: Exam; examined: Examined }) {
  const { screen } = useStore();
  const words = examinedWords(examined);
  const place = exam.roomLarge ? "is-small" : "is-large";
  return (
    <div class={`exam-stage ${place} exam-${exam.picture.is}`} data-testid="exam-stage">
      <ExamVideo picture={screen.exam} label={`Live picture: ${words}`} isHidden={exam.picture.is === "awaited"} />
      {!exam.roomLarge && <ExamVeil exam={exam} examined={examined} />}
      <p class="exam-label" data-testid="exam-label">
        {words}
      </p>
    </div>
  );
}

interface VideoProps {
  readonly picture: Picture | null;
  readonly label: string;
  readonly isHidden: boolean;
}

/** Hidden and still laid out: a browser presents no frame of what is not, and one ends the waiting. */
function ExamVideo({ picture, label, isHidden }: VideoProps) {
  const place = usePicture(picture);
  useLayoutEffect(() => picture?.video.setAttribute("aria-label", label), [picture, label]);
  return <div ref={place} class="exam-picture" style={{ visibility: isHidden ? "hidden" : "visible" }} />;
}

function ExamVeil({ exam, examined }: { exam: Exam; examined: Examined }) {
  const now = useNow(250);
  const veil = examVeil(exam, examined.with);
  if (veil === null) return null;
  const old = exam.picture.is === "frozen" ? `What you see is ${span(now - exam.picture.since)} old.` : "";
  return (
    <div class="veil" data-testid="exam-veil">
      <p class="veil-words" role="status">
        <strong>{veil.title}</strong>
        <span>{veil.detail || old}</span>
        {veil.detail && old && <span>{old}</span>}
      </p>
    </div>
  );
}

interface SwapProps {
  readonly consult: Consult;
  readonly exam: Exam;
  readonly examined: Examined;
}

/** Lies over the small picture. One that stopped is marked here too. */
export function SwapPictures({ consult, exam, examined }: SwapProps) {
  const { dispatch } = useStore();
  const small = exam.roomLarge ? exam.picture : consult.picture;
  const name = exam.roomLarge ? `picture of the ${cameraName(examined.with).toLowerCase()}` : "room";
  const label = `Show the ${name} large`;
  const stopped = small.is === "frozen" ? "Picture frozen" : small.is === "awaited" ? "No picture yet" : null;
  return (
    <button
      class="swap-pictures"
      type="button"
      data-testid="swap-pictures"
      aria-label={stopped === null ? label : `${label}. ${stopped}`}
      title={label}
      onClick={() => dispatch({ type: "swap_pictures", call: consult.call })}
    >
      {stopped !== null && (
        <span class="small-veil" data-testid="small-veil">
          {stopped}
        </span>
      )}
      {!exam.roomLarge && <span class="small-name">Room</span>}
    </button>
  );
}
