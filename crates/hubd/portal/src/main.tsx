// Starts the page.

import { render } from "preact";
import { App } from "./app";
import { unlockSound } from "./call/ring";
import { Store } from "./store";
import { StoreContext } from "./use-store";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/home.css";
import "./styles/ringing.css";
import "./styles/consult.css";
import "./styles/camera.css";
import "./styles/closer.css";
import "./styles/exam.css";
import "./styles/vitals.css";
import "./styles/watching.css";
import "./styles/limits.css";
import "./styles/record.css";
import "./styles/chart.css";
import "./styles/listen.css";
import "./styles/sounds.css";

const address = new URL("/api/portal/socket", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
const store = new Store(address.href);

// The ring may sound only after a first touch of the page; any touch will do.
addEventListener("pointerdown", unlockSound);
addEventListener("keydown", unlockSound);

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has the element #app");
render(
  <StoreContext.Provider value={store}>
    <App />
  </StoreContext.Provider>,
  root,
);
void store.start();
