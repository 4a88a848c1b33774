// The stethoscope: listen to it, choose what of it is heard, see its curve and what became of its sound.

import { useEffect, useRef, useState } from "preact/hooks";
import { Curve } from "../call/curve";
import { checkHeadphones, USUAL_DB, type Filter } from "../call/ear";
import { Filled } from "../call/filled";
import type { Consult } from "../state/model";
import { useStore } from "../use-store";
import { FilterChoice, Loudness } from "./filter-choice";
import { Icon } from "./icons";
import { filledWords, heartRateWords, listenProblem, proofWords, soundingWords } from "./listen-words";

const WIDTH = 600;
const HEIGHT = 120;
/** Looks, one a second. */
const LONG_WAIT = 3;
/** The quietest that the loudness shows. */
const QUIET_DBFS = -60;

/** Not there for a cart without a stethoscope. */
export function ListenButton({ consult: { call, stethoscope, listening } }: { consult: Consult }) {
  const { dispatch } = useStore();
  if (stethoscope === null) return null;
  return (
    <button
      class={listening ? "button is-on" : "button"}
      type="button"
      data-testid="listen"
      aria-pressed={listening}
      title="Listen with the stethoscope. Use headphones."
      onClick={() => dispatch({ type: "listen", call, on: !listening })}
    >
      <Icon name="sound" />
      {listening ? "Stop listening" : "Listen"}
    </button>
  );
}

/** While the physician listens. */
export function ListenPanel({ consult }: { consult: Consult }) {
  const { stethoscope, listening } = consult;
  if (stethoscope === null || !listening) return null;
  return (
    <section class="listen" aria-label="Stethoscope" data-testid="stethoscope">
      <Controls consult={consult} />
      <Phonocardiogram />
      <div class="listen-words">
        <p role="status" data-testid="heart-rate">
          {listenProblem(stethoscope) ?? heartRateWords(stethoscope.rate)}
        </p>
        <Unplayable />
        <Loss />
        <Proof proof={consult.proof} />
      </div>
    </section>
  );
}

function Controls({ consult: { call, proof } }: { consult: Consult }) {
  const store = useStore();
  const [filter, setFilter] = useState<Filter>("wide");
  const [loudness, setLoudness] = useState(USUAL_DB);
  useEffect(() => store.ear.setFilter(filter), [store, filter]);
  useEffect(() => store.ear.setLoudness(loudness), [store, loudness]);
  return (
    <div class="listen-controls">
      <FilterChoice of="the stethoscope" value={filter} choose={setFilter} />
      <Loudness value={loudness} choose={setLoudness} />
      <button class="button plain" type="button" data-testid="headphones" onClick={() => checkHeadphones()}>
        Check headphones
      </button>
      <button
        class="button plain"
        type="button"
        data-testid="prove-sound"
        disabled={proof.is === "running"}
        onClick={() => store.dispatch({ type: "prove_sound", call })}
      >
        Test the sound
      </button>
    </div>
  );
}

function Proof({ proof }: { proof: Consult["proof"] }) {
  const said = proofWords(proof);
  return (
    said && (
      <p class={said.isWell ? "" : "problem"} role="status" data-testid="sound-proof">
        {said.words}
      </p>
    )
  );
}

function Unplayable() {
  const store = useStore();
  const [words, setWords] = useState<string | null>(null);
  useEffect(() => {
    let waits = 0;
    const look = async () => {
      const sounding = await store.ear.sounding();
      waits = sounding === "waits" ? waits + 1 : 0;
      // To begin takes a moment, and that is no trouble.
      if (sounding !== "waits" || waits >= LONG_WAIT) setWords(soundingWords(sounding));
    };
    const timer = setInterval(() => void look(), 1_000);
    return () => clearInterval(timer);
  }, [store]);
  return (
    words && (
      <p class="problem" role="alert" data-testid="unheard">
        {words}
      </p>
    )
  );
}

function Loss() {
  const store = useStore();
  const [perCent, setPerCent] = useState(0);
  useEffect(() => {
    const filled = new Filled();
    const timer = setInterval(() => void store.played().then((played) => setPerCent(filled.next(played))), 1_000);
    return () => clearInterval(timer);
  }, [store]);
  const words = filledWords(perCent);
  return words && <p role="status">{words}</p>;
}

/** Drawn beside the page's state: fifty times a second nothing else has to be looked at. */
function Phonocardiogram() {
  const store = useStore();
  const path = useRef<SVGPathElement>(null);
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    const curve = new Curve();
    const stop = store.hear((columns) => curve.add(columns));
    let frame = requestAnimationFrame(function draw() {
      path.current?.setAttribute("d", curve.path(WIDTH, HEIGHT));
      if (meter.current) meter.current.value = curve.loudness() ?? QUIET_DBFS;
      frame = requestAnimationFrame(draw);
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [store]);
  return (
    <div class="listen-curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label="Sound of the last six seconds">
        <path ref={path} />
      </svg>
      <meter ref={meter} min={QUIET_DBFS} max={0} value={QUIET_DBFS} aria-label="Loudness" data-testid="heard-level" />
    </div>
  );
}
