// A Portico of its own for a test: the fixture `browser`, three users, and what they do without a browser.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync } from "fflate";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const build = resolve(root, process.env.PORTICO_BUILD ?? "build/release");
const fixture = join(root, "tests/fixtures/apis/browser.yaml");
const rows = join(root, "tests/fixtures/apis/browser.jsonl");

export const accounts = { lights: "a1".repeat(16), bikes: "b2".repeat(16) };
export const password = "correct horse battery";
export const people = {
  developer: { email: "dora@example.com", name: "Dora Vega", options: ["--role", "developer", "--account", accounts.lights] },
  operator: { email: "omar@example.com", name: "Omar Ruiz", options: ["--role", "operator", "--account", accounts.lights] },
  member: { email: "mia@example.com", name: "Mia Lund", options: ["--account", accounts.bikes] },
};

function ran(program, words) {
  const done = spawnSync(join(build, program), words, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${program} ${words.join(" ")}: ${done.status}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

function rewrite(words) {
  const done = spawnSync("/usr/bin/python3", words, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${words[0]}: ${done.stderr}`);
}

async function until(what, condition) {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not come about within 20 s`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** So many orders of the first account, over the last half year, the same with each run but for the day. */
function generatedOrders(count) {
  let state = 7;
  const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return Array.from({ length: count }, (_, index) => {
    const age = 182 * 86_400_000 * next() ** 1.3;
    const row = {
      id: `e${(index + 1).toString(16).padStart(31, "0")}`,
      mid: `W-${String(index + 1).padStart(4, "0")}`,
      total_amount: Math.round(1500 + 30_000 * next() ** 2),
      currency: "EUR",
      status: next() < 0.8 ? "ok" : next() < 0.6 ? "pending" : "ko",
      created: new Date(Date.now() - age).toISOString().replace("Z", "000Z"),
    };
    return JSON.stringify({ resource: "orders", mode: "production", owner: accounts.lights, row });
  });
}

/**
 * The server, at `http://localhost:PORT`; its folder goes with close(). `runToken`: seconds that a run's token is
 * good; `orders`: how many more there are than the fixture's; `history`: a day of usage is there already.
 */
export async function startSpace({ runToken, orders = 0, history = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "portico-browser-"));
  const store = `sqlite:${folder}`;
  const description = join(folder, "api.yaml");
  const text = readFileSync(fixture, "utf8");
  writeFileSync(description, runToken ? text.replace(/run_token: \d+/, `run_token: ${runToken}`) : text);
  const loaded = join(folder, "rows.jsonl");
  writeFileSync(loaded, [readFileSync(rows, "utf8").trim(), ...generatedOrders(orders), ""].join("\n"));
  ran("portico-demo", [description, "--store", store, "--rows", loaded]);
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, `${password}\n`);
  for (const { email, name, options } of Object.values(people))
    ran("portico", ["users", "create", description, "--store", store, "--email", email, "--name", name, ...options, "--password-file", passwordFile]);
  if (history) rewrite([join(root, "tests/browser/support/usage_history.py"), join(folder, "access.db"), accounts.lights]);
  const portFile = join(folder, "port");
  const server = spawn(join(build, "portico"), ["serve", description, "--store", store, "--port", "0", "--port-file", portFile], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((next) => server.once("exit", (status, signal) => next(status ?? signal)));
  let said = "";
  server.stderr.on("data", (chunk) => (said += chunk));
  await until("the server's start", () => {
    if (server.exitCode !== null) throw new Error(`the server ended: ${said}`);
    return existsSync(portFile);
  });
  const port = Number(readFileSync(portFile, "utf8").trim());
  return {
    port,
    origin: `http://localhost:${port}`,
    console: `http://localhost:${port}/developers`,
    close: async () => {
      server.kill("SIGTERM");
      const status = await ended;
      rmSync(folder, { recursive: true });
      if (status !== 0) throw new Error(`the server ended with ${status}: ${said}`);
    },
  };
}

/** Someone who uses the developer space's API as its pages do. */
export class Person {
  constructor(space) {
    this.base = `http://127.0.0.1:${space.port}/developers/api`;
    this.host = `localhost:${space.port}`;
    this.headers = {};
  }

  static async signIn(space, { email }) {
    const person = new Person(space);
    const response = await person.fetched("POST", "/session", { email, password });
    if (response.status !== 201) throw new Error(`${email} cannot sign in: ${response.status} ${response.body}`);
    person.session = JSON.parse(response.body);
    person.headers = { Cookie: response.cookie.split(";")[0], "X-CSRF-Token": person.session.csrf };
    return person;
  }

  /** By node:http, since fetch sends no Host of ours. */
  async fetched(method, path, body, type = "application/json") {
    const { request } = await import("node:http");
    const bytes = body === undefined ? undefined : body instanceof Uint8Array ? body : JSON.stringify(body);
    const headers = { Host: this.host, ...this.headers };
    if (bytes !== undefined) Object.assign(headers, { "Content-Type": type, "Content-Length": Buffer.byteLength(bytes) });
    return new Promise((done, failed) => {
      const asked = request(this.base + path, { method, headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => (text += chunk));
        answer.on("end", () => done({ status: answer.statusCode, body: text, cookie: answer.headers["set-cookie"]?.[0] ?? "" }));
      });
      asked.on("error", failed);
      asked.end(bytes);
    });
  }

  async call(method, path, body, type) {
    const response = await this.fetched(method, path, body, type);
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${response.body}`);
    return response.body ? JSON.parse(response.body) : undefined;
  }

  declare(name, title, description) {
    return this.call("POST", "/extensions", { name, title, description });
  }

  push(name, version, files, message = "") {
    const archive = zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, typeof text === "string" ? strToU8(text) : text])));
    const query = message ? `?message=${encodeURIComponent(message)}` : "";
    return this.call("POST", `/extensions/${name}/versions/${version}/commits${query}`, archive, "application/zip");
  }

  change(name, version, change) {
    return this.call("PATCH", `/extensions/${name}/versions/${version}`, change);
  }

  move(name, version, transition, reason) {
    return this.call("POST", `/extensions/${name}/versions/${version}/transitions`, reason ? { transition, reason } : { transition });
  }

  authorise(name, version, account) {
    return this.call("POST", `/extensions/${name}/versions/${version}/authorisations`, { account });
  }
}
