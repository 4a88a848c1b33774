// Which page is shown, and what lies over every page: the banner, the notice and a ringing call.

import { useEffect } from "preact/hooks";
import { ConsultPage } from "./pages/consult";
import { HomePage } from "./pages/home";
import { SignInPage } from "./pages/sign-in";
import { SummaryPage } from "./pages/summary";
import { UnreachablePage } from "./pages/unreachable";
import { LinkBanner, Notice } from "./parts/banner";
import { Ringing } from "./parts/ringing";
import { hasUnsavedNote, type State } from "./state/model";
import { useStore } from "./use-store";
import { useWakeLock } from "./use-wake-lock";

export function App() {
  const { state } = useStore();
  useTitle(titleOf(state));
  useLeaveWarning(mustNotLeave(state));
  useWakeLock(state.onCall || isInCall(state));
  switch (state.who.at) {
    case "asking":
      return <main class="page-center" aria-busy="true" />;
    case "unreachable":
      return <UnreachablePage />;
    case "signed_out":
      return <SignInPage problem={state.who.problem} />;
    case "signed_in":
      return <SignedIn state={state} name={state.who.me.display_name} />;
  }
}

function SignedIn({ state, name }: { state: State; name: string }) {
  const running = isInCall(state);
  return (
    <div class={running ? "frame frame-dark" : "frame"}>
      <LinkBanner link={state.link} />
      <Notice text={state.notice} />
      {!running && <Ringing calls={state.ringing} answering={state.answering} />}
      <Page state={state} name={name} />
    </div>
  );
}

function Page({ state, name }: { state: State; name: string }) {
  const { consult } = state;
  if (consult === null) return <HomePage state={state} name={name} />;
  if (consult.ended === null) return <ConsultPage consult={consult} />;
  return <SummaryPage consult={consult} />;
}

/** Browsers keep titles in their history, so none of them names a patient. */
function titleOf(state: State): string {
  const { ringing, onCall } = state;
  if (isInCall(state)) return "In a call – Bedside";
  if (ringing.length > 0) return "● Incoming call – Bedside";
  return onCall ? "On call – Bedside" : "Bedside";
}

function mustNotLeave(state: State): boolean {
  const { consult, shelf } = state;
  return isInCall(state) || shelf.length > 0 || (consult !== null && hasUnsavedNote(consult));
}

function isInCall({ consult }: State): boolean {
  return consult !== null && consult.ended === null;
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function useLeaveWarning(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [on]);
}
