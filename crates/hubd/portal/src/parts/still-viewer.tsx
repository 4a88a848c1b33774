// One still, large, and another of the same encounter beside it: fitted to the window, or pixel by pixel.

import { useEffect, useRef, useState } from "preact/hooks";
import type { EntryId, Still } from "../hub-api";
import { blobAddress } from "../hub/http";
import type { Of } from "../state/entries";
import { useNow } from "../use-store";
import { clock } from "../words";
import { stillWords } from "./exam-words";
import { Icon } from "./icons";
import { usePatientImage } from "./use-patient-image";

interface Props {
  readonly one: Of<Still>;
  /** Newest first. */
  readonly taken: readonly Of<Still>[];
  readonly onClose: () => void;
}

export function StillViewer({ one, taken, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [full, setFull] = useState(false);
  const [beside, setBeside] = useState<EntryId | null>(null);
  const other = taken.find((still) => still.id === beside);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="viewer" aria-label="Still, large" data-testid="still-viewer" onClose={onClose}>
      <header class="viewer-top">
        <Beside taken={taken.filter((still) => still.id !== one.id)} value={beside} choose={setBeside} />
        <button class="button" type="button" onClick={() => setFull(!full)}>
          {full ? "Fit to window" : "Every pixel"}
        </button>
        <button class="button" type="button" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
          Close
        </button>
      </header>
      <div class="viewer-pictures">
        <Picture key={one.id} one={one} full={full} testid="still-large" />
        {other !== undefined && <Picture key={other.id} one={other} full={full} testid="still-beside" />}
      </div>
    </dialog>
  );
}

interface BesideProps {
  readonly taken: readonly Of<Still>[];
  readonly value: EntryId | null;
  readonly choose: (id: EntryId | null) => void;
}

function Beside({ taken, value, choose }: BesideProps) {
  const now = useNow(60_000);
  if (taken.length === 0) return <span class="grow" />;
  return (
    <label class="grow">
      Beside it{" "}
      <select
        data-testid="still-compare"
        value={value ?? ""}
        onChange={(event) => choose(event.currentTarget.value || null)}
      >
        <option value="">nothing</option>
        {taken.map(({ id, body }) => (
          <option key={id} value={id}>
            {stillWords(body, clock(body.taken, now))}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Each with its own time: what is beside it may look the same. */
function Picture({ one, full, testid }: { one: Of<Still>; full: boolean; testid: string }) {
  const now = useNow(60_000);
  const { width, height, taken, sha256 } = one.body;
  const image = usePatientImage(blobAddress(sha256));
  const words = stillWords(one.body, clock(taken, now));
  return (
    <figure>
      <figcaption>
        {words} <span class="quiet">{`${width} × ${height}`}</span>
      </figcaption>
      <div class={full ? "viewer-picture is-full" : "viewer-picture"}>
        <img key={image.tries} {...image.props} alt={words} data-testid={testid} />
      </div>
    </figure>
  );
}
