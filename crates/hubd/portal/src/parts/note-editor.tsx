// The physician's note. "Saved" appears only with the hub's receipt.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { uuidV7 } from "../hub/ids";
import { notes } from "../state/entries";
import type { Consult } from "../state/model";
import { useNow, useStore } from "../use-store";
import { clock } from "../words";
import { DeliveryMark } from "./delivery-mark";
import { useRecordedMark } from "./use-recorded-mark";

/** The hub takes 64 KiB; no character takes more than four bytes. */
const LONGEST = 16_000;

export function NoteEditor({ consult }: { consult: Consult }) {
  const { dispatch } = useStore();
  const { call, note } = consult;
  const empty = note.text.trim() === "";
  const field = useKeptFocus(!empty);
  return (
    <section class="note" aria-labelledby="note-title">
      <h2 id="note-title">Note</h2>
      <SavedNotes consult={consult} />
      <textarea
        ref={field}
        data-testid="note-text"
        aria-label="Note"
        placeholder="Findings, assessment, plan"
        rows={4}
        maxLength={LONGEST}
        readOnly={note.saving}
        value={note.text}
        onInput={(event) => dispatch({ type: "note_text", call, text: event.currentTarget.value })}
      />
      <div class="note-foot">
        <p class="grow note-state" role="status" data-testid="note-state">
          {stateWords(consult, empty)}
        </p>
        <button
          class="button primary"
          type="button"
          data-testid="save-note"
          disabled={empty || note.saving}
          onClick={() => dispatch({ type: "save_note", call, freshId: uuidV7(Date.now()) })}
        >
          {note.saving ? "Saving…" : "Save note"}
        </button>
      </div>
    </section>
  );
}

/** A call that ends must not take the keyboard from somebody who is writing. */
function useKeptFocus(writing: boolean) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (!writing || field.current === null) return;
    field.current.focus();
    field.current.setSelectionRange(field.current.value.length, field.current.value.length);
    // Only when the field appears: later the person decides.
  }, []);
  return field;
}

function stateWords({ note, stored }: Consult, empty: boolean): string {
  if (note.problem !== null) return note.problem;
  if (note.saving) return "Saving…";
  if (!empty) return "Not saved yet";
  return stored.length > 0 ? "Saved" : "";
}

/** What the hub holds: entries, and receipts whose entry is still on the way. */
function SavedNotes({ consult }: { consult: Consult }) {
  const now = useNow(60_000);
  const entries = notes(consult.entries);
  const waiting = consult.stored.filter((one) => !entries.some((entry) => entry.id === one.id));
  return (
    <ul class="saved-notes">
      {entries.map(({ id, body, recorded, delivery }) => (
        <SavedNote key={id} id={id} text={body.text} facts={`${body.author}, ${clock(recorded, now)}`}>
          <DeliveryMark delivery={delivery} />
        </SavedNote>
      ))}
      {waiting.map(({ id, text, at }) => (
        <SavedNote key={id} text={text} facts={`You, ${clock(at, now)}`}>
          <DeliveryMark delivery="at_hub" />
        </SavedNote>
      ))}
    </ul>
  );
}

interface SavedNoteProps {
  /** Of the entry, once it is here. */
  id?: string;
  text: string;
  facts: string;
  children: ComponentChildren;
}

function SavedNote({ id, text, facts, children }: SavedNoteProps) {
  useRecordedMark(id);
  return (
    <li class="saved-note" data-testid="saved-note">
      <p class="saved-note-text">{text}</p>
      <div class="saved-note-foot">
        <span>{facts}</span>
        {children}
      </div>
    </li>
  );
}
