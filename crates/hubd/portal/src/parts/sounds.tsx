// The kept sounds of the encounter: where, when, and to be heard again.

import { useEffect, useRef, useState } from "preact/hooks";
import { envelope } from "../call/envelope";
import { USUAL_DB, type Filter } from "../call/ear";
import { KeptPlayer } from "../call/kept-player";
import type { Auscultation, EntryId } from "../hub-api";
import * as http from "../hub/http";
import { auscultations, type Of } from "../state/entries";
import type { Consult } from "../state/model";
import { useNow, useStore } from "../use-store";
import { clock } from "../words";
import { DeliveryMark } from "./delivery-mark";
import { FilterChoice, Loudness } from "./filter-choice";
import { gapWords, seconds, siteName } from "./site-words";
import { useRecordedMark } from "./use-recorded-mark";

const WIDTH = 600;
const HEIGHT = 60;
const NOT_LOADED = "The sound could not be loaded. Press play again.";
const NOT_READ = "This browser cannot play the sound. Use a current Chrome, Edge or Firefox.";

/** What is played, or was to be. */
type Playing = { id: EntryId; is: "loading" | "playing" | "over" } | { id: EntryId; is: "failed"; problem: string };

/** Not there before the first one. */
export function Sounds({ consult }: { consult: Consult }) {
  const kept = auscultations(consult.entries);
  const store = useStore();
  const [playing, setPlaying] = useState<Playing | null>(null);
  const [filter, setFilter] = useState<Filter>("wide");
  const [loudness, setLoudness] = useState(USUAL_DB);
  const loaded = useRef(new Map<string, AudioBuffer>());
  const over = () => setPlaying((one) => one && { id: one.id, is: "over" });
  const player = useRef<KeptPlayer>();
  player.current ??= new KeptPlayer(over);
  const { current } = player;
  useEffect(() => () => current.close(), [current]);
  useEffect(() => current.setFilter(filter), [current, filter]);
  useEffect(() => current.setLoudness(loudness), [current, loudness]);
  const plays = playing?.is === "playing";
  useEffect(() => {
    if (!plays) return;
    store.playsKept(true);
    return () => store.playsKept(false);
  }, [store, plays]);
  if (kept.length === 0) return null;

  const play = async ({ id, body }: Of<Auscultation>) => {
    current.open();
    setPlaying({ id, is: "loading" });
    const sound = loaded.current.get(body.sha256) ?? (await load(current, body.sha256));
    if (typeof sound === "string") return setPlaying({ id, is: "failed", problem: sound });
    loaded.current.set(body.sha256, sound);
    current.play(sound);
    setPlaying({ id, is: "playing" });
  };
  const stop = () => {
    current.stop();
    over();
  };
  return (
    <section class="sounds" aria-labelledby="sounds-title">
      <h2 id="sounds-title">Sounds</h2>
      <div class="listen-controls">
        <FilterChoice of="a kept sound" value={filter} choose={setFilter} />
        <Loudness value={loudness} choose={setLoudness} />
      </div>
      <ul>
        {kept.map((one) => (
          <Sound
            key={one.id}
            one={one}
            playing={playing?.id === one.id ? playing : null}
            sound={loaded.current.get(one.body.sha256) ?? null}
            position={() => current.position()}
            onPlay={() => void play(one)}
            onStop={stop}
          />
        ))}
      </ul>
    </section>
  );
}

/** The sound, or in plain words why there is none. */
async function load(player: KeptPlayer, sha256: string): Promise<AudioBuffer | string> {
  const answer = await http.blob(sha256);
  if (answer.is !== "ok") return NOT_LOADED;
  return player.decode(answer.value).catch(() => NOT_READ);
}

interface SoundProps {
  readonly one: Of<Auscultation>;
  readonly playing: Playing | null;
  readonly sound: AudioBuffer | null;
  readonly position: () => number | null;
  readonly onPlay: () => void;
  readonly onStop: () => void;
}

function Sound({ one: { id, body, delivery }, playing, sound, position, onPlay, onStop }: SoundProps) {
  const now = useNow(60_000);
  useRecordedMark(id);
  const name = siteName(body.site);
  const plays = playing?.is === "playing";
  const missing = gapWords(body);
  return (
    <li class="sound" data-testid="kept-sound">
      <div class="sound-facts">
        <button
          class="button"
          type="button"
          data-testid="play-sound"
          disabled={playing?.is === "loading"}
          aria-label={`${plays ? "Stop" : "Play"}: ${name}`}
          onClick={plays ? onStop : onPlay}
        >
          {plays ? "Stop" : "Play"}
        </button>
        <p class="grow">
          {name} <span class="quiet">{`${clock(body.began, now)}, ${seconds(body.millis)}`}</span>
        </p>
        <DeliveryMark delivery={delivery} />
      </div>
      {sound !== null && <Envelope body={body} sound={sound} position={plays ? position : null} />}
      {plays && (
        <p class="quiet" role="status" data-testid="plays-kept">
          Kept earlier, not live
        </p>
      )}
      {missing !== null && <p class="problem">{missing}</p>}
      {playing?.is === "failed" && (
        <p class="problem" role="alert">
          {playing.problem}
        </p>
      )}
    </li>
  );
}

interface EnvelopeProps {
  readonly body: Auscultation;
  readonly sound: AudioBuffer;
  readonly position: (() => number | null) | null;
}

/** Gaps are hatched; the line is where it plays. */
function Envelope({ body, sound, position }: EnvelopeProps) {
  const line = useRef<SVGLineElement>(null);
  const path = useRef<string>();
  path.current ??= envelope(sound.getChannelData(0), WIDTH, HEIGHT);
  useEffect(() => {
    if (position === null) return;
    let frame = requestAnimationFrame(function draw() {
      const x = String((WIDTH * (position() ?? 0)) / sound.duration);
      line.current?.setAttribute("x1", x);
      line.current?.setAttribute("x2", x);
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [position !== null, sound]);
  const place = (ms: number) => (WIDTH * ms) / body.millis;
  return (
    <svg
      class="sound-curve"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Curve of ${siteName(body.site)}`}
    >
      <path d={path.current} />
      {body.gaps.map((gap) => (
        <rect key={gap.at_ms} class="sound-gap" x={place(gap.at_ms)} y={0} width={place(gap.millis)} height={HEIGHT} />
      ))}
      {position !== null && <line ref={line} x1={0} x2={0} y1={0} y2={HEIGHT} />}
    </svg>
  );
}
