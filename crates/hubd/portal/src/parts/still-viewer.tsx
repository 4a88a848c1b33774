// One still, large: fitted to the window, or pixel by pixel.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Still } from "../hub-api";
import { blobAddress } from "../hub/http";
import type { Of } from "../state/entries";
import { useNow } from "../use-store";
import { clock } from "../words";
import { Icon } from "./icons";
import { usePatientImage } from "./use-patient-image";

export function StillViewer({ one, onClose }: { one: Of<Still>; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const now = useNow(60_000);
  const [full, setFull] = useState(false);
  const { width, height, taken, sha256 } = one.body;
  const image = usePatientImage(blobAddress(sha256));
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="viewer" aria-label="Still, large" data-testid="still-viewer" onClose={onClose}>
      <header class="viewer-top">
        <p class="grow">
          Still of {clock(taken, now)} <span class="quiet">{`${width} × ${height}`}</span>
        </p>
        <button class="button" type="button" onClick={() => setFull(!full)}>
          {full ? "Fit to window" : "Every pixel"}
        </button>
        <button class="button" type="button" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
          Close
        </button>
      </header>
      <div class={full ? "viewer-picture is-full" : "viewer-picture"}>
        <img
          key={image.tries}
          {...image.props}
          alt={`Still of ${clock(taken, now)}`}
          data-testid="still-large"
        />
      </div>
    </dialog>
  );
}
