// Puts an entry that is now on the screen on the Performance timeline (see marks.ts).

import { useEffect } from "preact/hooks";
import type { EntryId } from "../hub-api";
import { markRecorded } from "../marks";

/** Effects run after the browser has painted, which is when a person can see it. */
export function useRecordedMark(id: EntryId | undefined): void {
  useEffect(() => {
    if (id !== undefined) markRecorded(id);
  }, [id]);
}
