// How the page is built and tried out. `HUB` names a running hub for `npm run dev`.
import { defineConfig } from "vitest/config";

const hub = process.env.HUB ?? "http://127.0.0.1:8080";

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: "es2022",
    // The hub's content security policy is `default-src 'self'`: nothing may be inlined as data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": { target: hub, ws: true } } },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] },
});
