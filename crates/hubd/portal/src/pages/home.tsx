// Between calls: am I on call, and which carts are there.

import { Brand } from "../parts/brand";
import { CartList } from "../parts/cart-list";
import { OnCallSwitch } from "../parts/on-call-switch";
import type { Consult, State } from "../state/model";
import { useStore } from "../use-store";
import { patientName } from "../words";

export function HomePage({ state, name }: { state: State; name: string }) {
  const { dispatch } = useStore();
  return (
    <>
      <header class="top">
        <Brand />
        <span class="who">{name}</span>
        <button class="button plain" type="button" onClick={() => dispatch({ type: "sign_out" })}>
          Sign out
        </button>
      </header>
      <main class="home">
        <h1 class="unseen">Home</h1>
        <OnCallSwitch on={state.onCall} link={state.link} />
        <Shelf consults={state.shelf} />
        <CartList carts={state.carts} ringing={state.ringing} />
      </main>
    </>
  );
}

function Shelf({ consults }: { consults: readonly Consult[] }) {
  const { dispatch } = useStore();
  if (consults.length === 0) return null;
  return (
    <section class="card shelf" aria-labelledby="shelf-title">
      <h2 id="shelf-title">Notes that are not saved yet</h2>
      <ul class="rows">
        {consults.map(({ call, encounter }) => (
          <li key={call} class="row">
            <span class="grow">{patientName(encounter.patient)}</span>
            <button class="button" type="button" onClick={() => dispatch({ type: "open_shelved", call })}>
              Open note
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
