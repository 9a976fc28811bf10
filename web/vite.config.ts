import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const exchange = process.env.TICKYARD_HTTP ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    // Into the Python package, from where the site's process serves it.
    outDir: "../src/tickyard/site/page",
    emptyOutDir: true,
    assetsDir: "static",
    // No inline code and no data: addresses, so that the content security policy can forbid them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
  },
  worker: { format: "es" },
  server: {
    proxy: {
      "/api": exchange,
      "/site": exchange,
      "/ws": { target: exchange, ws: true },
    },
  },
  test: { environment: "node", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
