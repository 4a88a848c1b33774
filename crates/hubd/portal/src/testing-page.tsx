// The whole page with a store that reaches no network, for the tests of what a person sees.

import { getByTestId } from "@testing-library/dom";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, vi } from "vitest";
import { App } from "./app";
import type { HubToPortal } from "./hub-api";
import type { Input } from "./state/input";
import { Store } from "./store";
import { CALL, context } from "./testing";
import { StoreContext } from "./use-store";

class NoNetwork {
  static readonly OPEN = 1;
  readyState = 0;
  close(): void {
    this.readyState = 3;
  }
}

/** Anew for every test. */
export let root: HTMLElement;
export let store: Store;

/** A call in which no offer comes. */
class NoConnection {
  close() {}
}

beforeEach(async () => {
  vi.stubGlobal("WebSocket", NoNetwork);
  vi.stubGlobal("RTCPeerConnection", NoConnection);
  root = document.body.appendChild(document.createElement("div"));
  store = new Store("ws://hub");
  await act(() =>
    render(
      <StoreContext.Provider value={store}>
        <App />
      </StoreContext.Provider>,
      root,
    ),
  );
});

afterEach(async () => {
  // Camera, microphone and their timers go with the call.
  await told({ type: "call_ended", call: CALL, why: "nurse" });
  await act(() => render(null, root));
  root.remove();
  performance.clearMarks();
  vi.unstubAllGlobals();
});

export async function happen(...inputs: Input[]): Promise<void> {
  for (const input of inputs) await act(() => store.dispatch(input));
}

export async function told(...messages: HubToPortal[]): Promise<void> {
  await happen(...messages.map((message): Input => ({ type: "hub", message })));
}

export async function signIn(): Promise<void> {
  const me = { name: "haddad", display_name: "Dr. Haddad" };
  await happen({ type: "signed_in", me }, { type: "link", link: "open" });
}

export async function press(id: string): Promise<void> {
  await act(() => getByTestId(root, id).click());
}

export async function inCall(): Promise<void> {
  await signIn();
  await told({ type: "joined", context: context() });
}
