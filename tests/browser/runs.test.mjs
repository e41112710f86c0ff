// Runs of an extension: how its token is renewed where that fails for a while, or for good, and what `portico.api` gives.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { runningFrame, signIn, startBrowser } from "./support/browser.mjs";
import { accounts, people, Person, startSpace } from "./support/space.mjs";

const lifetime = 6; // seconds that a token is good, so that its renewal begins after half of that
const renewals = "**/developers/api/runs/*/token";
const empty = { "index.html": "<!doctype html><title>Probe</title><p>Probe</p>" };

let space;
let browser;
let developer;
let page;
let frame;

before(async () => {
  space = await startSpace({ runToken: lifetime });
  developer = await Person.signIn(space, people.developer);
  await developer.declare("probe", "Probe", "");
  await developer.push("probe", 1, empty);
  await developer.change("probe", 1, { scopes: ["orders:read"] });
  await developer.authorise("probe", 1, accounts.lights);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await space?.close();
});

beforeEach(async () => {
  await page?.context().close();
  page = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await signIn(page, space, people.developer);
  await page.goto(`${space.console}/extensions/probe/versions/1/run?account=${accounts.lights}`);
  frame = await runningFrame(page);
});

const token = () => frame.evaluate(() => window.token);

/** What portico.api gives, or what it throws. */
const asked = (path = "/orders?page_size=1", options = {}) =>
  frame.evaluate(
    ([path, options]) =>
      portico.api(path, options).then(
        (answer) => (answer instanceof Blob ? { blob: answer.size } : answer),
        ({ name, code, msg, message, status }) => ({ name, code, msg, message, status }),
      ),
    [path, options],
  );

/** Until another token is there: by itself, since nothing here asks for one. */
async function renewedFrom(before) {
  await frame.waitForFunction((before) => window.token !== before, before, { timeout: 20_000 });
  return token();
}

const worksWith = async (bearer) => (await fetch(`${space.origin}/api/orders`, { headers: { Authorization: `Bearer ${bearer}` } })).status === 200;

/** What portico.api throws as soon as the token that the page has is too old. */
async function refused() {
  for (const end = Date.now() + 20_000; ; ) {
    const answer = await asked();
    if (answer.code !== 0 || Date.now() > end) return answer;
    await new Promise((next) => setTimeout(next, 200));
  }
}

const maintenance = { status: 503, json: { error: { type: "ServiceUnavailable", message: "Maintenance." } } };

test("a renewal that is refused for a while is told as that, and made up for by itself", async () => {
  const first = await token();
  await page.route(renewals, (route) => route.fulfill(maintenance));
  const status = page.getByRole("status").filter({ hasText: "is asked for again until it works. Maintenance." });
  await status.waitFor();
  assert.deepEqual(await refused(), { name: "PorticoError", code: -1, msg: "Maintenance.", message: "Maintenance.", status: 503 });
  assert.equal(await page.getByRole("alert").count(), 0);
  await page.unroute(renewals);
  assert.ok(await worksWith(await renewedFrom(first)));
  await page.getByText("Token renewed at").waitFor();
  assert.equal(await status.count(), 0);
});

test("so is one that does not reach the server, in words", async () => {
  const first = await token();
  await page.route(renewals, (route) => route.abort("internetdisconnected"));
  await page.getByText("is asked for again until it works. The server cannot be reached.").waitFor();
  const { code, msg, status } = await refused();
  assert.deepEqual({ code, status }, { code: -1, status: 0 });
  assert.match(msg, /^The server cannot be reached\./);
  await page.unroute(renewals);
  assert.ok(await worksWith(await renewedFrom(first)));
});

test("attempts at a renewal that fail come ever more slowly", async () => {
  const at = [];
  await page.route(renewals, (route) => {
    at.push(Date.now());
    return route.fulfill(maintenance);
  });
  for (const end = Date.now() + 20_000; at.length < 4 && Date.now() < end; ) await new Promise((next) => setTimeout(next, 50));
  const pauses = at.slice(1).map((moment, index) => moment - at[index]);
  assert.equal(pauses.length, 3);
  for (const [index, wanted] of [1000, 2000, 4000].entries()) assert.ok(pauses[index] > wanted * 0.6, `${pauses}`);
});

test("a renewal that is refused for good ends the run, and is not asked for again", async () => {
  let count = 0;
  await page.route(renewals, (route) => {
    count += 1;
    return route.continue();
  });
  const [given] = (await developer.call("GET", "/authorisations")).results;
  await developer.call("DELETE", `/authorisations/${given.id}`);
  await page.getByRole("alert").getByText("This run has ended").waitFor();
  const { code, msg, status } = await asked();
  assert.deepEqual({ code, status }, { code: -3, status: 401 });
  assert.notEqual(msg, "");
  await frame.waitForTimeout(3000);
  assert.equal(count, 1);
  await developer.authorise("probe", 1, accounts.lights);
});

/** What the page gets of an answer without a body. */
const head = (path, options) =>
  frame.evaluate(
    ([path, options]) =>
      portico.api(path, options).then(
        ({ headers, ...answer }) => ({ ...answer, etag: headers.get("ETag") }),
        ({ code, status }) => ({ code, status }),
      ),
    [path, options],
  );

test("what has no body is given by its status and fields: HEAD, and what is there already", async () => {
  const { etag, ...answer } = await head("/orders/L-01", { method: "HEAD" });
  assert.deepEqual(answer, { code: 0, status: 200 });
  assert.match(etag, /^"/);
  assert.deepEqual(await head("/orders/L-01", { headers: { "If-None-Match": etag } }), { code: 0, status: 304, etag });
  assert.deepEqual(await head("/orders/L-99", { method: "head" }), { code: -1, status: 404 });
  const [given] = (await developer.call("GET", "/authorisations")).results;
  await developer.call("DELETE", `/authorisations/${given.id}`);
  assert.deepEqual(await head("/orders/L-01", { method: "HEAD" }), { code: -3, status: 403 });
  await developer.authorise("probe", 1, accounts.lights);
});
