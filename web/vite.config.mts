import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const SERVICE = process.env.SERVICE_URL ?? "http://127.0.0.1:4000";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The service replaces it by a new nonce in every response.
  html: { cspNonce: "__NONCE__" },
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    // A chunk takes only the documents that it sends from the generated module, which exports all of them.
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /\/graph\/generated\//, sideEffects: false }] } },
  },
  server: {
    proxy: {
      "/graphql": { target: SERVICE, ws: true },
      "/console": SERVICE,
      "/dev": SERVICE,
    },
  },
});
