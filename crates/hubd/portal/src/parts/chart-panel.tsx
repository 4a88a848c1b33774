// What the EHR holds of the patient: allergies always in sight, the rest one press away.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CallId, ChartPart, PatientChart } from "../hub-api";
import { chart as askForChart } from "../hub/http";
import { useNow } from "../use-store";
import {
  allergyLine,
  asOf,
  type Arrival,
  documentLine,
  instead,
  insteadOfAllergies,
  type Line,
  medicationLine,
  problemLine,
  remarks,
  vitalLine,
} from "./chart-words";

/** The visit may reach the hub some moments after the call. */
const TRY_AGAIN_MS = 3_000;
const MOST_TRIES = 5;
const NOT_YET = 503;

type Asked = { is: "asking" } | { is: "here"; chart: PatientChart; at: number } | { is: "failed"; why: string };

/** Keyed by the call where it is used: the chart of one patient must not meet another. */
export function ChartPanel({ call }: { call: CallId }) {
  const [asked, setAsked] = useState<Asked>({ is: "asking" });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    void askForChart(call).then((answer) => {
      if (over) return;
      if (answer.is === "ok") return setAsked({ is: "here", chart: answer.value, at: Date.now() });
      const why = answer.is === "unreachable" ? "The hub cannot be reached." : answer.reason;
      setAsked({ is: "failed", why });
      if (answer.is === "refused" && answer.status === NOT_YET && tries < MOST_TRIES) {
        timer = setTimeout(() => setTries(tries + 1), TRY_AGAIN_MS);
      }
    });
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [call, tries]);
  const again = () => {
    setAsked({ is: "asking" });
    setTries((before) => before + 1);
  };
  return (
    <section class="chart" aria-label="Chart" data-testid="chart">
      {asked.is === "asking" && <p role="status">Allergies: asking the EHR…</p>}
      {asked.is === "failed" && <p role="status">Allergies: not known to us – {asked.why}</p>}
      {asked.is === "here" && <Lists chart={asked.chart} at={asked.at} />}
      {asked.is !== "asking" && (
        <button class="button" type="button" data-testid="chart-again" onClick={again}>
          Ask the EHR again
        </button>
      )}
    </section>
  );
}

function Lists({ chart, at }: { chart: PatientChart; at: number }) {
  const arrival = { now: chart.now, at };
  const { allergies, problems, medications, vitals, documents } = chart;
  return (
    <>
      <div data-testid="chart-allergies">
        <h2>Allergies</h2>
        <List part={allergies} lines={allergies.entries.map(allergyLine)} arrival={arrival}>
          {insteadOfAllergies(allergies)}
        </List>
      </div>
      <Closed name="Problems" part={problems} line={problemLine} arrival={arrival} />
      <Closed name="Medications" part={medications} line={medicationLine} arrival={arrival} />
      <Closed name="Last vital signs in the EHR" part={vitals} line={vitalLine} arrival={arrival} />
      <Closed name="Documents" part={documents} line={documentLine} arrival={arrival} />
    </>
  );
}

interface ClosedProps<T> {
  name: string;
  part: ChartPart<T>;
  line: (entry: T) => Line;
  arrival: Arrival;
}

function Closed<T>({ name, part, line, arrival }: ClosedProps<T>) {
  return (
    <details data-testid={`chart-${name.toLowerCase().split(" ").join("-")}`}>
      <summary>
        {name} <span class="quiet">{part.asked === null ? "not known to us" : part.entries.length}</span>
      </summary>
      <List part={part} lines={part.entries.map(line)} arrival={arrival}>
        {instead(part, name)}
      </List>
    </details>
  );
}

interface ListProps {
  part: ChartPart<unknown>;
  lines: Line[];
  arrival: Arrival;
  /** In the place of entries. */
  children: ComponentChildren;
}

function List({ part, lines, arrival, children }: ListProps) {
  const now = useNow(30_000);
  return (
    <>
      {children !== null && <p>{children}</p>}
      <ul>
        {lines.map((line, place) => (
          <li key={place}>
            <span class="chart-what">{line.what}</span>
            {line.remarks.length > 0 && <span class="chart-remark"> ▸ {line.remarks.join(", ")}</span>}
            <span class="chart-facts">{line.facts.join(" · ")}</span>
          </li>
        ))}
      </ul>
      {remarks(part).map((remark) => (
        <p key={remark} class="chart-remark">
          {remark}
        </p>
      ))}
      {part.asked !== null && (
        <p class="chart-facts">
          {part.trouble !== null && `${part.trouble} This is an older copy, `}
          {asOf(part.asked, arrival, now)}
        </p>
      )}
    </>
  );
}
