// A box drawn on the live picture: the cart sends that part of it with the camera's own pixels.

import { useRef, useState } from "preact/hooks";
import { boxOf, closerWords, lookAt, onPicture, WHOLE, type Box, type Point } from "../call/look";
import type { Consult } from "../state/model";
import { useStore } from "../use-store";

/** Lies over the picture and under every button. Not there for a cart that has not said what it shows. */
export function CloserLook({ consult: { call, view } }: { consult: Consult }) {
  const { dispatch, screen } = useStore();
  const from = useRef<Point | null>(null);
  const [box, setBox] = useState<Box | null>(null);
  if (view === null) return null;
  const shape = () => {
    const { videoWidth = 0, videoHeight = 0 } = screen.remote?.video ?? {};
    return videoWidth > 0 && videoHeight > 0 ? videoWidth / videoHeight : 16 / 9;
  };
  const place = (event: PointerEvent & { currentTarget: HTMLElement }): Point =>
    onPicture({ x: event.clientX, y: event.clientY }, event.currentTarget.getBoundingClientRect(), shape());
  const end = () => {
    from.current = null;
    setBox(null);
  };
  return (
    <>
      <div
        class="closer"
        data-testid="closer-look"
        title="Draw a box to look closer; double-click for the whole picture"
        onPointerDown={(event) => {
          // A second finger draws no second box.
          if (event.button !== 0 || !event.isPrimary) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = place(event);
        }}
        onPointerMove={(event) => from.current && setBox(boxOf(from.current, place(event)))}
        onPointerUp={(event) => {
          const next = from.current && lookAt(boxOf(from.current, place(event)), view);
          end();
          if (next) dispatch({ type: "look", call, view: next });
        }}
        onPointerCancel={end}
        onDblClick={() => dispatch({ type: "look", call, view: WHOLE })}
      >
        {box !== null && <Drawn box={box} shape={shape()} />}
      </div>
      {view.size < 1 && (
        <div class="closer-words">
          <span data-testid="closer-words">{closerWords(view)}</span>
          <button
            class="button"
            type="button"
            data-testid="whole-picture"
            onClick={() => dispatch({ type: "look", call, view: WHOLE })}
          >
            Whole picture
          </button>
        </div>
      )}
    </>
  );
}

function Drawn({ box, shape }: { box: Box; shape: number }) {
  const per = (part: number) => `${100 * part}%`;
  return (
    <div class="closer-picture" style={{ aspectRatio: String(shape) }}>
      <div
        class="closer-box"
        style={{
          left: per(box.left),
          top: per(box.top),
          width: per(box.right - box.left),
          height: per(box.bottom - box.top),
        }}
      />
    </div>
  );
}
