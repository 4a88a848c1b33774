// The live picture, large, with what lies over it. A picture that stopped never looks live.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Picture } from "../call/picture";
import { ageWords } from "../call/picture-age";
import { large } from "../state/examining";
import type { Consult } from "../state/model";
import { useNow, useStore } from "../use-store";
import { span } from "../words";
import { CameraPad } from "./camera-pad";
import { CloserLook } from "./closer-look";
import { ExamStage, SwapPictures } from "./exam-stage";
import { Icon } from "./icons";
import { SelfView } from "./self-view";
import { usePicture } from "./use-picture";

export function Stage({ consult }: { consult: Consult }) {
  const store = useStore();
  const { picture, age, soundBlocked, cameraProblem, exam } = consult;
  const examined = exam?.examined ?? null;
  const roomLarge = large(consult) === null;
  const stage = useWheelZoom(store, roomLarge);
  return (
    <section ref={stage} class={`stage stage-${picture.is}`} aria-label="Live picture" data-testid="stage">
      <Remote picture={store.screen.remote} isSmall={!roomLarge} />
      {roomLarge && picture.is === "live" && <CloserLook consult={consult} />}
      {roomLarge && picture.is === "awaited" && <Veil title="Waiting for the picture" detail="The cart is connecting." />}
      {roomLarge && picture.is === "frozen" && <Frozen since={picture.since} cartOnline={consult.cartOnline} />}
      {exam !== null && examined !== null && <ExamStage exam={exam} examined={examined} />}
      <div class="stage-notes">
        {soundBlocked && (
          <button class="button" type="button" onClick={() => store.allowSound()}>
            <Icon name="sound" />
            Turn on the sound
          </button>
        )}
        {cameraProblem !== null && <StageNote>{cameraProblem}</StageNote>}
        {store.state.own.problem !== null && <StageNote>{store.state.own.problem}</StageNote>}
      </div>
      {roomLarge && picture.is === "live" && <Age age={age} testid="picture-age" />}
      {!roomLarge && exam?.picture.is === "live" && <Age age={exam.age} testid="exam-age" />}
      {roomLarge && <CameraPad camera={store.camera} />}
      {exam !== null && examined !== null && <SwapPictures consult={consult} exam={exam} examined={examined} />}
      <SelfView stream={store.screen.own} own={store.state.own} hearing={consult.hearing} />
    </section>
  );
}

function StageNote({ children }: { children: ComponentChildren }) {
  return (
    <p class="stage-note" role="status">
      <Icon name="look" />
      {children}
    </p>
  );
}

function Remote({ picture, isSmall }: { picture: Picture | null; isSmall: boolean }) {
  return <div ref={usePicture(picture)} class={isSmall ? "remote is-small" : "remote"} />;
}

/** Not read out: it changes every second, and the line on top tells of what matters. */
function Age({ age, testid }: { age: number | null; testid: string }) {
  const words = ageWords(age);
  if (words === null) return null;
  return (
    <p class="picture-age" data-testid={testid} title="From the cart's camera to this screen">
      {words}
    </p>
  );
}

function Frozen({ since, cartOnline }: { since: number; cartOnline: boolean }) {
  const now = useNow(250);
  const title = cartOnline ? "Picture frozen" : "The cart lost its network";
  return <Veil title={title} detail={`What you see is ${span(now - since)} old. Reconnecting.`} />;
}

function Veil({ title, detail }: { title: string; detail: string }) {
  return (
    <div class="veil" data-testid="veil">
      <p class="veil-words">
        <strong>{title}</strong>
        <span>{detail}</span>
      </p>
    </div>
  );
}

/** Of the room's camera, and only while its picture is the large one. */
function useWheelZoom({ camera }: ReturnType<typeof useStore>, isOn: boolean) {
  const stage = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = stage.current;
    if (element === null || !isOn) return;
    const zoom = (event: WheelEvent) => {
      event.preventDefault();
      if (event.deltaY !== 0) camera.nudge("wheel", { pan: 0, tilt: 0, zoom: event.deltaY < 0 ? 1 : -1 });
    };
    // Not passive: the page must not scroll under the picture.
    element.addEventListener("wheel", zoom, { passive: false });
    return () => element.removeEventListener("wheel", zoom);
  }, [camera, isOn]);
  return stage;
}
