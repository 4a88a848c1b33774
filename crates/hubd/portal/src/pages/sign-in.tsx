// Name and password, and what is wrong with them in plain words.

import { useState } from "preact/hooks";
import { Brand } from "../parts/brand";
import { useStore } from "../use-store";

export function SignInPage({ problem }: { problem: string | null }) {
  const store = useStore();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    await store.signIn(name.trim(), password);
    setBusy(false);
    setPassword("");
  };

  return (
    <main class="page-center">
      <form class="card sign-in" onSubmit={(event) => void submit(event)}>
        <Brand />
        <h1>Sign in</h1>
        <label>
          Name
          <input
            data-testid="sign-in-name"
            type="text"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            data-testid="sign-in-password"
            type="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        <p class="problem" role="alert" data-testid="sign-in-problem">
          {problem}
        </p>
        <button class="button primary" type="submit" disabled={busy} data-testid="sign-in-submit">
          {busy ? "Signing in…" : "Sign in"}
        </button>
        <p class="quiet">No account, or forgotten the password? Ask the person who runs the hub.</p>
      </form>
    </main>
  );
}
