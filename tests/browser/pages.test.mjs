// Every page: readable by who sees little or nothing (axe), as wide as the window, light and dark, in both languages.
// With UPDATE=1 its pictures are written to docs/screenshots.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { complaintsOf, runningFrame, settled, signIn, startBrowser } from "./support/browser.mjs";
import { furnish } from "./support/furnish.mjs";
import { accounts, people, startSpace } from "./support/space.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const update = process.env.UPDATE === "1";

let space;
let browser;

const open = (button) => async (page) => {
  await page.getByRole("button", { name: button }).first().click();
  await page.getByRole("dialog").waitFor();
};

/** What is to be seen, by whom, and what is done there before it is looked at. */
const views = [
  { name: "sign-in", who: null, path: "/", ready: "Sign in" },
  { name: "extensions", who: "developer", path: "/extensions", ready: "Extensions" },
  { name: "new-extension", who: "developer", path: "/extensions", ready: "Extensions", act: open("New extension") },
  { name: "extension", who: "developer", path: "/extensions/orders-by-week", ready: "Orders by week", act: showToken },
  { name: "version-production", who: "developer", path: "/extensions/orders-by-week?version=1", ready: "Orders by week" },
  { name: "submit", who: "developer", path: "/extensions/orders-by-week", ready: "Orders by week", act: open("Submit for review") },
  { name: "marketplace", who: "member", path: "/marketplace", ready: "Marketplace" },
  { name: "consent", who: "member", path: "/marketplace", ready: "Marketplace", act: open("Authorise: Refund desk") },
  { name: "running", who: "developer", path: `/extensions/orders-by-week/versions/1/run?account=${accounts.lights}`, ready: "orders-by-week, running", act: ranPage },
  { name: "review-queue", who: "operator", path: "/review", ready: "Review queue" },
  { name: "review", who: "operator", path: "/review/stock-alarm/1", ready: /Stock alarm/, act: openDiff },
  { name: "keys", who: "developer", path: `/accounts/${accounts.lights}/keys`, ready: "API keys" },
  { name: "new-key", who: "developer", path: `/accounts/${accounts.lights}/keys`, ready: "API keys", act: open("New key") },
  { name: "usage", who: "developer", path: `/accounts/${accounts.lights}/usage`, ready: "Usage", act: showTable },
  { name: "requests", who: "developer", path: `/accounts/${accounts.lights}/requests`, ready: "Request log" },
  { name: "authorisations", who: "developer", path: "/authorisations", ready: "Authorisations" },
  { name: "profile", who: "developer", path: "/profile", ready: "Profile" },
  { name: "nothing-authorised", who: "member", path: "/authorisations", ready: "Authorisations" },
  { name: "missing", who: "member", path: "/nowhere", ready: "There is no such page" },
];

async function showToken(page) {
  await page.getByRole("button", { name: "Test token" }).click();
  await page.getByRole("textbox", { name: "Token" }).waitFor();
}

async function showTable(page) {
  await page.getByText("Show as a table").click();
  await page.evaluate(() => scrollTo(0, 0));
}

async function ranPage(page) {
  const frame = await runningFrame(page);
  await frame.getByText(/orders read/).first().waitFor();
}

async function openDiff(page) {
  await page.locator("summary", { hasText: "index.html" }).click();
  await page.locator(".diff tr").first().waitFor();
}

const looks = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { name: "phone-light", colorScheme: "light", viewport: { width: 390, height: 844 } },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 } },
];

/** A profile for each who and look, signed in once. */
const contexts = new Map();
async function contextOf(who, look) {
  const key = `${who} ${look.name}`;
  if (!contexts.has(key)) {
    const context = await browser.newContext({ ...look, locale: "en-GB", timezoneId: "Europe/Madrid", reducedMotion: "reduce" });
    if (who) {
      const page = await context.newPage();
      await signIn(page, space, people[who]);
      await page.close();
    }
    contexts.set(key, context);
  }
  return contexts.get(key);
}

async function faultsOf(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { iframes: false }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical" || impact === "moderate")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

const wider = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

before(async () => {
  space = await startSpace({ runToken: 600, orders: 600, history: true });
  await furnish(space);
  browser = await startBrowser();
  if (update) mkdirSync(pictures, { recursive: true });
});

after(async () => {
  await browser?.close();
  await space?.close();
});

for (const view of views)
  for (const look of looks)
    test(`${view.name}, ${look.name}`, async () => {
      const context = await contextOf(view.who, look);
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const complaints = complaintsOf(page);
      await page.goto(space.console + view.path);
      await page.getByRole("heading", { level: 1, name: view.ready, exact: true }).waitFor();
      await settled(page);
      await view.act?.(page);
      await page.evaluate(() => document.activeElement?.blur());
      assert.deepEqual(await faultsOf(page), []);
      assert.equal(await wider(page), 0, "nothing is wider than the window");
      if (update) await page.screenshot({ path: `${pictures}${view.name}-${look.name}.png`, animations: "disabled" });
      if (look.viewport.width < 400) {
        await page.setViewportSize({ width: 360, height: 740 });
        assert.equal(await wider(page), 0, "nor than 360 px");
      }
      const words = complaints.filter((text) => !(view.who === null && text.includes("401")));
      assert.deepEqual(words, []);
      await page.close();
    });

test("in Spanish no page has English words left, nor is wider than 360 px", async () => {
  const context = await browser.newContext({ locale: "es-ES", viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(space.console + "/");
  await page.getByLabel("Correo electrónico").fill(people.developer.email);
  await page.getByRole("heading", { name: "Iniciar sesión" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
  assert.equal(await wider(page), 0);
  await context.close();
});

test("by keyboard: the link to the content, a dialog that keeps the focus and gives it back, the heading of the next page", async () => {
  const context = await contextOf("developer", looks[0]);
  const page = await context.newPage();
  await page.goto(`${space.console}/extensions`);
  const create = page.getByRole("button", { name: "New extension" });
  await create.waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  await create.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  assert.ok(await page.evaluate(() => document.querySelector("dialog").contains(document.activeElement)));
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await create.evaluate((button) => button === document.activeElement), true);
  await page.getByRole("link", { name: "Orders by week" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Orders by week" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
  await page.close();
});

test("no page is heavier than 150 KB", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  let bytes = 0;
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(space.console + "/");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.ok(bytes > 10_000 && bytes < 150_000, `${bytes} bytes`);
  await context.close();
});
