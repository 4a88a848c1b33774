// The carts of the hospital: which are there, with whom, and who waits.

import type { CartSummary, ConsultContext } from "../hub-api";
import { madeAt } from "../hub/ids";
import { useNow } from "../use-store";
import { clock, patientName } from "../words";

interface Props {
  /** `null` until the hub has told. */
  carts: readonly CartSummary[] | null;
  ringing: readonly ConsultContext[];
}

export function CartList({ carts, ringing }: Props) {
  const now = useNow(30_000);
  return (
    <section class="card" aria-labelledby="carts-title">
      <h2 id="carts-title">Carts</h2>
      {carts === null && <p class="quiet">Asking the hub…</p>}
      {carts?.length === 0 && (
        <p class="empty">No cart is known to this hub yet. A cart appears here as soon as it is enrolled.</p>
      )}
      {carts !== null && carts.length > 0 && (
        <ul class="rows" data-testid="carts">
          {carts.map((cart) => (
            <CartRow key={cart.name} cart={cart} state={cartState(cart, ringing, now)} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}

function CartRow({ cart, state, now }: { cart: CartSummary; state: CartState; now: number }) {
  const { encounter } = cart;
  return (
    <li class="row cart" data-testid="cart">
      <span class={`dot dot-${state.tone}`} aria-hidden="true" />
      <span class="cart-name">{cart.name}</span>
      <span class="grow">
        {encounter === null ? (
          <span class="quiet">{cart.online ? "No patient" : "Last patient not known"}</span>
        ) : (
          <>
            <strong>{patientName(encounter.patient)}</strong>
            <span class="quiet">
              {" "}
              with {encounter.nurse}, since {clock(encounter.opened, now)}
            </span>
          </>
        )}
      </span>
      <span class={`tag tag-${state.tone}`}>{state.words}</span>
    </li>
  );
}

interface CartState {
  tone: "ringing" | "busy" | "ready" | "away";
  words: string;
}

function cartState(cart: CartSummary, ringing: readonly ConsultContext[], now: number): CartState {
  if (!cart.online) return { tone: "away", words: "Not connected" };
  if (cart.call === null) return { tone: "ready", words: "Ready" };
  const began = madeAt(cart.call);
  const since = began === null ? "" : ` since ${clock(began, now)}`;
  const callsHere = ringing.some((context) => context.call === cart.call);
  return callsHere
    ? { tone: "ringing", words: `Calling you${since}` }
    : { tone: "busy", words: `Calling or in a call${since}` };
}
