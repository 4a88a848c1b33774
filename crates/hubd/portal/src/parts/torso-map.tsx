// Where the chest piece lies: chosen here, seen by the nurse on the cart's screen, and the name of what is kept.

import { useEffect, useState } from "preact/hooks";
import back from "../../../../../assets/torso/back.svg";
import front from "../../../../../assets/torso/front.svg";
import { SPOTS, type AuscultationSite } from "../hub-api";
import { auscultations } from "../state/entries";
import { keepable } from "../state/listening";
import type { Consult } from "../state/model";
import { useStore } from "../use-store";
import { seconds, siteName, soundWords } from "./site-words";

/** The drawings are 100 wide and 110 high. */
const HEIGHT = 110;

/** While the physician listens. Not there while the cart has not said that it can keep sounds. */
export function TorsoMap({ consult }: { consult: Consult }) {
  const { dispatch } = useStore();
  const { call, site } = consult;
  const [isBack, turn] = useState(false);
  // The side on which the chest piece lies, whoever said it; it can be turned to choose the next place.
  useEffect(() => {
    const spot = SPOTS.find((one) => one.site === site);
    if (spot !== undefined) turn(spot.back);
  }, [site]);
  const lay = (chosen: AuscultationSite) => dispatch({ type: "lay", call, site: chosen });
  if (!consult.listening || !consult.keepsSounds) return null;
  return (
    <section class="torso card" aria-label="Place of the stethoscope">
      <Drawing consult={consult} isBack={isBack} lay={lay} />
      <div class="torso-words">
        <p data-testid="site">{site === null ? "Choose the place: the nurse sees it on the cart." : siteName(site)}</p>
        <Keep consult={consult} />
        <button class="button plain" type="button" data-testid="turn-torso" onClick={() => turn(!isBack)}>
          {isBack ? "Show the front" : "Show the back"}
        </button>
        <button
          class={site === "elsewhere" ? "button plain is-on" : "button plain"}
          type="button"
          data-testid="site-elsewhere"
          onClick={() => lay("elsewhere")}
        >
          Another place
        </button>
      </div>
    </section>
  );
}

interface DrawingProps {
  readonly consult: Consult;
  readonly isBack: boolean;
  readonly lay: (site: AuscultationSite) => void;
}

function Drawing({ consult: { entries, site }, isBack, lay }: DrawingProps) {
  const kept = new Set(auscultations(entries).map((one) => one.body.site));
  return (
    <div class="torso-drawing" role="radiogroup" aria-label={isBack ? "Places on the back" : "Places on the chest"}>
      <img src={isBack ? back : front} alt="" draggable={false} />
      {SPOTS.filter((spot) => spot.back === isBack).map((spot) => (
        <button
          key={spot.site}
          class={spotClass(spot.site === site, kept.has(spot.site))}
          style={{ left: `${spot.x}%`, top: `${(100 * spot.y) / HEIGHT}%` }}
          type="button"
          role="radio"
          aria-checked={spot.site === site}
          aria-label={siteName(spot.site) + (kept.has(spot.site) ? ", kept" : "")}
          title={siteName(spot.site)}
          data-testid={`site-${spot.site}`}
          onClick={() => lay(spot.site)}
        />
      ))}
      <span class="torso-side">{isBack ? "Back" : "Front"}</span>
    </div>
  );
}

function Keep({ consult }: { consult: Consult }) {
  const { dispatch } = useStore();
  const heard = keepable(consult);
  const here = new Set(consult.entries.map(({ entry }) => entry.id));
  const words = soundWords(consult.sound, (entry) => here.has(entry));
  return (
    <>
      <button
        class="button primary"
        type="button"
        data-testid="keep-sound"
        disabled={heard === null}
        title="Saves what was heard at this place in the record, half a minute at most"
        onClick={() => dispatch({ type: "keep_sound", call: consult.call })}
      >
        {heard === null ? "Keep this sound" : `Keep these ${seconds(heard)}`}
      </button>
      <p class={consult.sound.is === "failed" ? "problem" : "quiet"} role="status" data-testid="sound-status">
        {words}
      </p>
    </>
  );
}

function spotClass(isHere: boolean, isKept: boolean): string {
  return `spot${isHere ? " is-here" : ""}${isKept ? " is-kept" : ""}`;
}
