// Runs src/**/*.test.ts with node's own test runner: each is bundled first, since Node 18 and 20 read no TypeScript.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const found = readdirSync(join(here, "src"), { recursive: true }).filter((path) => path.endsWith(".test.ts"));
if (found.length === 0) throw new Error("there are no tests in src/");
const folder = mkdtempSync(join(tmpdir(), "portico-web-"));
try {
  await build({
    entryPoints: found.map((path) => join(here, "src", path)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const files = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".mjs"));
  const ran = spawnSync(process.execPath, ["--test", ...files.map((path) => join(folder, path))], { stdio: "inherit" });
  process.exitCode = ran.status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
