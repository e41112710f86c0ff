// node embed_console.mjs FOLDER FILE.cpp : the pages in FOLDER become C++, each as it is and as gzip and brotli make it
// where that is smaller. Fails where there is no index.html, or where it holds a script of its own, which its policy
// would not let run.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TYPES = {
  html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8",
  svg: "image/svg+xml", png: "image/png", webp: "image/webp", ico: "image/x-icon", woff2: "font/woff2",
  json: "application/json; charset=utf-8", txt: "text/plain; charset=utf-8", webmanifest: "application/manifest+json; charset=utf-8",
};
const PER_LINE = 4096;

function fail(words) {
  console.error(`The developer space's pages cannot be embedded: ${words}`);
  process.exit(1);
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** Bytes as C++ string literals; octal escapes of three digits run into nothing that follows. */
function literal(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    let line = "";
    for (const byte of bytes.subarray(at, at + PER_LINE)) {
      const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
      line += plain ? String.fromCharCode(byte) : "\\" + byte.toString(8).padStart(3, "0");
    }
    lines.push(`"${line}"`);
  }
  return lines.length === 0 ? '""' : lines.join("\n    ");
}

function smaller(bytes, packed) {
  return packed.length < bytes.length ? packed : Buffer.alloc(0);
}

function row(folder, path) {
  const name = relative(folder, path).replaceAll("\\", "/");
  const type = TYPES[name.split(".").pop()] ?? fail(`${name} is of a type that cmake/embed_console.mjs does not know`);
  const bytes = readFileSync(path);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  const parts = [bytes, smaller(bytes, gzipSync(bytes, { level: 9 })), smaller(bytes, brotliCompressSync(bytes, quality))];
  const tag = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  const hashed = name.startsWith("assets/") && /-[\w-]{8,}\.\w+$/.test(name);
  const [plain, gzip, brotli] = parts.map((part) => `std::string_view(\n    ${literal(part)}, ${part.length})`);
  return `    {.path = "${name}", .type = "${type}", .tag = "${tag}", .is_immutable = ${hashed}, .plain = ${plain}, .gzip = ${gzip}, .brotli = ${brotli}},`;
}

const [folder, target] = process.argv.slice(2);
const paths = filesIn(folder).sort();
const page = paths.find((path) => relative(folder, path) === "index.html") ?? fail(`${folder} holds no index.html`);
const html = readFileSync(page, "utf8");
if (/<script(?![^>]*\ssrc=)[^>]*>/i.test(html) || /<style/i.test(html) || /\sstyle=/i.test(html) || /\son\w+=/i.test(html)) {
  fail("index.html holds a script or a style of its own; its policy lets only files run");
}
writeFileSync(target, `// Made by cmake/embed_console.mjs.
#include <array>

#include "platform/console.hpp"

namespace portico::platform {
namespace {

constexpr auto files = std::to_array<ConsoleFile>({
${paths.map((path) => row(folder, path)).join("\n")}
});

}  // namespace

std::span<const ConsoleFile> console_files() {
  return files;
}

}  // namespace portico::platform
`);
