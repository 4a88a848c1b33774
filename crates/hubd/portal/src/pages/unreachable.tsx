// The hub did not answer when the page was opened.

import { Brand } from "../parts/brand";
import { useStore } from "../use-store";

export function UnreachablePage() {
  const store = useStore();
  return (
    <main class="page-center">
      <section class="card sign-in">
        <Brand />
        <h1>The hub cannot be reached</h1>
        <p>Check that this computer is on the network, then try again.</p>
        <button class="button primary" type="button" onClick={() => void store.recognise()}>
          Try again
        </button>
      </section>
    </main>
  );
}
