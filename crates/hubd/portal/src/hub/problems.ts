// What went wrong with a request, in plain words with a next step.

import type { Answer } from "./http";

export const SESSION_OVER = "You were signed out. Sign in to go on.";

export const NOT_SIGNED_OUT =
  "The hub could not be reached, so this browser may still be signed in. Close the browser, or sign in and out again.";

export function notSignedIn(answer: Answer<unknown>): string | null {
  if (answer.is === "ok") return null;
  if (answer.is === "unreachable") return "The hub cannot be reached. Check your network and try again.";
  return answer.status === 401 ? "That name or password is not right." : answer.reason;
}

export function notStored(answer: Exclude<Answer<unknown>, { is: "ok" }>): string {
  if (answer.is === "unreachable") {
    return "Not saved: the hub cannot be reached. The text stays here; press Save again.";
  }
  if (answer.status === 409) {
    return "An earlier text of this note is already saved. Press Save again to keep this one as a further note.";
  }
  return `Not saved: ${answer.reason}`;
}
