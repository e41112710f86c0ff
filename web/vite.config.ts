import { defineConfig } from "vite";

// `npm run dev` shows the pages of this folder with the API of a Portico that runs (./run), or PORTICO=http://….
const server = process.env["PORTICO"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/developers/",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: true },
  server: { proxy: { "/developers/api": { target: server, changeOrigin: false } } },
});
