// The stills of the encounter as thumbnails, and what became of the one that was just asked for.

import { useState } from "preact/hooks";
import type { EntryId, Still } from "../hub-api";
import { blobAddress } from "../hub/http";
import { stills, type Of } from "../state/entries";
import type { Consult, StillRequest } from "../state/model";
import { useNow } from "../use-store";
import { clock } from "../words";
import { DeliveryMark } from "./delivery-mark";
import { examinedWords, stillWords } from "./exam-words";
import { StillViewer } from "./still-viewer";
import { useRecordedMark } from "./use-recorded-mark";
import { usePatientImage } from "./use-patient-image";

export function Stills({ consult }: { consult: Consult }) {
  const taken = stills(consult.entries);
  const [open, setOpen] = useState<EntryId | null>(null);
  const large = taken.find((one) => one.id === open);
  return (
    <section class="stills" aria-labelledby="stills-title">
      <div class="stills-words">
        <h2 id="stills-title">Stills</h2>
        <p class="quiet" role="status" data-testid="still-status">
          {requestWords(consult.still, taken)}
        </p>
      </div>
      <ul class="thumbs">
        {taken.map((one) => (
          <Thumb key={one.id} one={one} onOpen={() => setOpen(one.id)} />
        ))}
      </ul>
      {large !== undefined && <StillViewer one={large} taken={taken} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Thumb({ one, onOpen }: { one: Of<Still>; onOpen: () => void }) {
  const now = useNow(60_000);
  const image = usePatientImage(blobAddress(one.body.sha256));
  const time = clock(one.body.taken, now);
  useRecordedMark(one.id);
  return (
    <li>
      <button
        class="thumb"
        type="button"
        data-testid="still-thumb"
        aria-label={`${stillWords(one.body, time)}, open large`}
        onClick={onOpen}
      >
        {!image.gaveUp && <img key={image.tries} {...image.props} alt="" hidden={!image.loaded} />}
        {!image.loaded && <span class="thumb-none">{image.gaveUp ? "Not here yet" : "On its way"}</span>}
      </button>
      {one.body.examined && <p class="thumb-examined">{examinedWords(one.body.examined)}</p>}
      <div class="thumb-facts">
        <span>{time}</span>
        <DeliveryMark delivery={one.delivery} />
      </div>
    </li>
  );
}

function requestWords(request: StillRequest, taken: readonly Of<Still>[]): string {
  switch (request.is) {
    case "taking":
      return "Taking a still on the cart…";
    case "failed":
      return `No still was taken. ${request.reason}`;
    case "on_its_way":
      if (taken.some((one) => one.id === request.entry)) return "";
      return "The still is saved on the cart and on its way here.";
    case "idle":
      return taken.length === 0 ? "None yet. Freeze takes one in full resolution." : "";
  }
}
