// The hub's HTTP requests. Every answer is a value; only a broken program throws.

import type { CallId, EntryId, NoteDraft, PatientChart, Problem, Receipt, SignedIn, SignIn } from "../hub-api";

export type Answer<T> =
  | { is: "ok"; value: T }
  | { is: "refused"; status: number; reason: string }
  | { is: "unreachable" };

/** A hub that takes longer than this to answer is as good as away: the person may try again. */
const PATIENCE_MS = 10_000;
/** The hub asks the EHR first, and gives up on it after 25 s. */
const PATIENCE_WITH_EHR_MS = 30_000;
/** Three megabytes at a megabit a second. */
const PATIENCE_WITH_BLOB_MS = 30_000;

export function signIn(account: SignIn): Promise<Answer<SignedIn>> {
  return request("POST", "/api/portal/sign-in", account);
}

export function me(): Promise<Answer<SignedIn>> {
  return request("GET", "/api/portal/me");
}

export function signOut(): Promise<Answer<unknown>> {
  return request("POST", "/api/portal/sign-out");
}

/** The same id and text again is the same note; the hub answers after its commit. */
export function putNote(id: EntryId, draft: NoteDraft): Promise<Answer<Receipt>> {
  return request("PUT", `/api/portal/notes/${encodeURIComponent(id)}`, draft);
}

/** What the EHR holds of the patient of this call. */
export function chart(call: CallId): Promise<Answer<PatientChart>> {
  return request("GET", `/api/portal/charts/${encodeURIComponent(call)}`, undefined, PATIENCE_WITH_EHR_MS);
}

export function blobAddress(sha256: string): string {
  return `/api/portal/blobs/${encodeURIComponent(sha256)}`;
}

/** The bytes of a picture or a sound. */
export async function blob(sha256: string): Promise<Answer<ArrayBuffer>> {
  const signal = AbortSignal.timeout(PATIENCE_WITH_BLOB_MS);
  try {
    const response = await fetch(blobAddress(sha256), { signal, cache: "no-store" });
    if (response.ok) return { is: "ok", value: await response.arrayBuffer() };
    return { is: "refused", status: response.status, reason: reasonIn(await response.text()) };
  } catch {
    return { is: "unreachable" };
  }
}

async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  patience = PATIENCE_MS,
): Promise<Answer<T>> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(patience), cache: "no-store" };
  if (body !== undefined) {
    init.headers = { "content-type": "application/json" };
    init.body = JSON.stringify(body);
  }
  try {
    const response = await fetch(path, init);
    const text = await response.text();
    if (response.ok) return { is: "ok", value: (text === "" ? null : JSON.parse(text)) as T };
    return { is: "refused", status: response.status, reason: reasonIn(text) };
  } catch {
    // `fetch` says no more than that nothing readable came back; so does this.
    return { is: "unreachable" };
  }
}

function reasonIn(text: string): string {
  try {
    const problem = JSON.parse(text) as Partial<Problem> | null;
    if (typeof problem?.reason === "string") return problem.reason;
  } catch {
    // A proxy in between answers in HTML, which is not for people to read.
  }
  return "The hub could not do this. Try again in a moment.";
}
