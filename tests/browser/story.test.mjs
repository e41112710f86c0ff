// From sign-in to a published extension that another account authorises and runs; expiry, renewal, revocation.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { complaintsOf, runningFrame, settled, signIn, startBrowser } from "./support/browser.mjs";
import { accounts, password, people, startSpace } from "./support/space.mjs";

const file = (path) => readFileSync(new URL(`story/${path}`, import.meta.url));
const upload = (name, path) => ({ name, mimeType: "text/plain", buffer: file(path ?? name) });

let space;
let browser;
const pages = {};

/** A browser profile of its own for each of the three. */
async function pageOf(who) {
  if (!pages[who]) {
    const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 } });
    pages[who] = await context.newPage();
    pages[who].complaints = complaintsOf(pages[who]);
    await signIn(pages[who], space, people[who]);
  }
  return pages[who];
}

const said = (page, text) => page.locator(".notices", { hasText: text }).waitFor();

async function results(frame) {
  await frame.getByText("done", { exact: true }).waitFor();
  const text = (id) => frame.locator(`#${id}`).textContent();
  return { account: await text("account"), first: await text("first"), valid: await text("valid"), changed: await text("changed") };
}

const lightsOrders = Array.from({ length: 9 }, (_, index) => `L-0${index + 1}`).join(" ");
const bikesOrders = "B-01 B-02 B-03 B-04";

before(async () => {
  space = await startSpace();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await space?.close();
});

test("a wrong password is refused in words, and the right one opens the space", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(space.console + "/");
  await page.getByLabel("E-mail address").fill(people.developer.email);
  await page.getByLabel("Password").fill("not the password at all");
  await page.getByRole("button", { name: "Sign in" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.notEqual(await alert.textContent(), "");
  await context.close();
  assert.ok(await pageOf("developer"));
});

test("a developer declares an extension; a bad name is refused beside its field", async () => {
  const page = await pageOf("developer");
  await page.getByRole("heading", { name: "No extensions yet" }).waitFor();
  await page.getByRole("button", { name: "New extension" }).click();
  await page.getByLabel("Title").fill("Orders");
  await page.getByLabel("Name").fill("No Name!");
  await page.getByLabel("Description").fill("Shows the orders of an account.");
  await page.getByRole("button", { name: "Create extension" }).click();
  const name = page.getByLabel("Name");
  await page.locator("[aria-invalid=true]").waitFor();
  assert.equal(await name.getAttribute("aria-invalid"), "true");
  await name.fill("orders");
  await page.getByRole("button", { name: "Create extension" }).click();
  await page.waitForURL("**/developers/extensions/orders");
  await page.getByText("Boilerplate").first().waitFor();
});

test("files are uploaded as they are and packed here, and run from then on", async () => {
  const page = await pageOf("developer");
  await page.getByLabel("What changed").fill("Orders in a list");
  const config = { name: "config.js", mimeType: "text/plain", buffer: Buffer.from(`const apiUrl = ${JSON.stringify(`${space.origin}/api`)};\n`) };
  // A chosen folder cannot be given its paths by the browser's tools: the same is dropped, as a person does it.
  const dropped = [
    { path: "index.html", text: String(file("index.html")) },
    { path: "style.css", text: String(file("style.css")) },
    { path: "js/orders.js", text: String(file("js/orders.js")) },
    { path: "js/config.js", text: String(config.buffer) },
    { path: ".git/HEAD", text: "ref: refs/heads/main" },
  ];
  const transfer = await page.evaluateHandle(folderTransfer, dropped);
  await page.locator(".drop-zone").dispatchEvent("drop", { dataTransfer: transfer });
  await said(page, "Commit 1.1 was uploaded");
  await said(page, "Left out: .git");
  const runs = page.locator(".commits li.runs");
  assert.match(await runs.textContent(), /1\.1.*Orders in a list.*4 files/s);
});

/** In the page: a DataTransfer whose entries are those of a folder `dist`. */
function folderTransfer(files) {
  const entryOf = (path, below) => {
    const name = path.split("/").pop();
    if (typeof below === "string")
      return { isFile: true, isDirectory: false, name, fullPath: path, file: (done) => done(new File([below], name)) };
    let read = false;
    const readEntries = (done) => {
      const entries = read ? [] : Object.entries(below).map(([each, value]) => entryOf(`${path}/${each}`, value));
      read = true;
      done(entries);
    };
    return { isFile: false, isDirectory: true, name, fullPath: path, createReader: () => ({ readEntries }) };
  };
  const tree = {};
  for (const { path, text } of files) {
    const parts = path.split("/");
    const last = parts.pop();
    parts.reduce((folder, part) => (folder[part] ??= {}), tree)[last] = text;
  }
  const transfer = new DataTransfer();
  transfer.items.add(new File(["x"], "x"));
  const item = { webkitGetAsEntry: () => entryOf("/dist", tree) };
  Object.defineProperty(transfer, "items", { value: [item] });
  return transfer;
}

test("chosen files are another commit, and an archive without index.html is refused in words", async () => {
  const page = await pageOf("developer");
  const input = page.locator("input[type=file][multiple]:not([webkitdirectory])");
  await input.setInputFiles([upload("readme.txt", "style.css")]);
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.textContent(), /index\.html/);
  await input.setInputFiles([upload("index.html"), upload("style.css")]);
  await said(page, "Commit 1.2 was uploaded");
  await page.getByRole("button", { name: "Use this one: commit 1.1" }).click();
  await said(page, "Commit 1.1 runs from now on");
});

test("the developer asks for a scope, authorises the version and runs it", async () => {
  const page = await pageOf("developer");
  await page.getByLabel("See orders").check();
  await page.getByRole("button", { name: "Save scopes and hosts" }).click();
  await said(page, "Scopes and hosts were saved");
  await page.getByRole("button", { name: "Authorise" }).click();
  const dialog = page.getByRole("dialog", { name: "Authorise Orders?" });
  await dialog.getByText("See orders").waitFor();
  await dialog.getByRole("button", { name: "Authorise" }).click();
  await page.getByText("Authorised").first().waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const frame = await runningFrame(page);
  assert.deepEqual(await results(frame), { account: "Northern Lights", first: lightsOrders, valid: lightsOrders, changed: "false" });
  assert.match(frame.url(), new RegExp(`^http://dev--orders\\.ext\\.localhost:${space.port}/`));
  assert.ok(!frame.url().includes("run="), "the ticket is out of the address");
  await page.goBack();
});

test("the test token's curl line works", async () => {
  const page = await pageOf("developer");
  await page.getByRole("button", { name: "Test token" }).click();
  const command = await page.getByRole("textbox", { name: "Call the API with it" }).textContent();
  assert.match(await page.locator(".count-down").textContent(), /Expires in 2[34]:/);
  const [, token, address] = command.match(/^curl -H 'Authorization: Bearer ([^']+)' (\S+)$/) ?? [];
  assert.ok(token && address, command);
  const response = await fetch(address, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal(response.status, 200, address);
  assert.equal((await response.json()).code, 0);
});

test("the version is submitted, returned with words, submitted again and published by an operator", async () => {
  const page = await pageOf("developer");
  const submit = async () => {
    await page.getByRole("button", { name: "Submit for review" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Submit for review" }).click();
    await said(page, "The version is in review");
  };
  await submit();
  const operator = await pageOf("operator");
  await operator.getByRole("link", { name: "Review queue" }).click();
  await operator.getByRole("link", { name: "Orders" }).click();
  await operator.locator("summary", { hasText: "js/orders.js" }).click();
  await operator.locator(".diff tr.added", { hasText: "const atFirst = token;" }).waitFor();
  await operator.locator("summary", { hasText: "index.html" }).click();
  await operator.locator(".diff tr.removed").first().waitFor();
  await operator.locator(".name-diff li.added", { hasText: "See orders" }).waitFor();
  await operator.getByRole("button", { name: "Return for corrections" }).click();
  await operator.getByLabel("Words for the developer").fill("Say what it shows.");
  await operator.getByRole("dialog").getByRole("button", { name: "Return for corrections" }).click();
  await said(operator, "The version is back in development");
  await operator.getByRole("heading", { name: "Nothing waits for review" }).waitFor();
  await page.reload();
  await page.locator(".callout", { hasText: "Say what it shows." }).waitFor();
  await submit();
  await operator.reload();
  await operator.getByRole("link", { name: "Orders" }).click();
  await operator.getByRole("button", { name: "Publish" }).click();
  await operator.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await said(operator, "The version is in production");
});

test("another account authorises it in the marketplace and sees rows of its own", async () => {
  const page = await pageOf("member");
  await page.getByRole("link", { name: "Marketplace" }).click();
  await page.getByRole("button", { name: "Authorise: Orders" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Authorise" }).click();
  await said(page, "Orders is authorised");
  await page.getByRole("button", { name: "Run: Orders" }).click();
  const frame = await runningFrame(page);
  assert.match(frame.url(), new RegExp(`^http://orders\\.ext\\.localhost:${space.port}/`));
  assert.deepEqual(await results(frame), { account: "Sunny Bikes", first: bikesOrders, valid: bikesOrders, changed: "false" });
});

test("the token expires, and is renewed while the page is open", async () => {
  const page = await pageOf("member");
  const frame = await runningFrame(page);
  await page.getByText("Token renewed at").waitFor({ timeout: 20_000 });
  const again = async () => {
    await frame.getByRole("button", { name: "Ask again" }).click();
    return results(frame);
  };
  let seen = await again();
  for (const end = Date.now() + 20_000; seen.first !== "code -2" && Date.now() < end; ) seen = await again();
  assert.deepEqual(seen, { account: "Sunny Bikes", first: "code -2", valid: bikesOrders, changed: "true" });
});

test("the page sees at its next call that the authorisation was revoked", async () => {
  const page = await pageOf("member");
  const other = await page.context().newPage();
  await other.goto(`${space.console}/authorisations`);
  await other.getByRole("button", { name: "Revoke orders" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await other.getByRole("heading", { name: "You have authorised nothing" }).waitFor();
  const frame = await runningFrame(page);
  await frame.getByRole("button", { name: "Ask again" }).click();
  assert.match((await results(frame)).valid, /^code -3$/);
  await page.getByText("This run has ended").waitFor({ timeout: 20_000 });
});

test("keys are made, shown once, rotated and revoked", async () => {
  const page = await pageOf("developer");
  await page.goto(`${space.console}/accounts/${accounts.lights}/keys`);
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByLabel("Label").fill("checkout");
  await page.getByRole("button", { name: "Create key" }).click();
  const shown = page.getByRole("dialog", { name: "Your new key" });
  const key = await shown.getByRole("textbox").textContent();
  const status = async () => (await fetch(`${space.origin}/orders`, { headers: { Authorization: `Bearer ${key}` } })).status;
  assert.equal(await status(), 200);
  const mistaken = await fetch(`${space.origin}/orders?totl_amount=1`, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal(mistaken.status, 400);
  await shown.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("button", { name: "Rotate checkout" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
  const fresh = await shown.getByRole("textbox").textContent();
  assert.notEqual(fresh, key);
  assert.equal(await status(), 401);
  await shown.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("button", { name: "Revoke checkout" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await said(page, "The key was revoked");
});

/** Looks anew until it is there: requests are kept a moment after they were answered. */
async function appears(page, locator) {
  for (const end = Date.now() + 15_000; (await locator.count()) === 0 && Date.now() < end; ) {
    await page.reload();
    await settled(page);
  }
  await locator.first().waitFor();
}

test("the request log and the usage show what was asked, with the error that the client got", async () => {
  const page = await pageOf("developer");
  await page.goto(`${space.console}/accounts/${accounts.lights}/requests`);
  await appears(page, page.getByText("/api/orders"));
  await appears(page, page.locator(".badge.status-4"));
  await page.getByLabel("Status").selectOption("4xx");
  await page.locator("tr", { hasText: "/orders" }).getByText("ApiValidationException").first().waitFor();
  await page.waitForFunction(() => document.querySelector(".badge.status-2") === null);
  await page.goto(`${space.console}/accounts/${accounts.lights}/usage`);
  await page.getByRole("img", { name: /Requests and errors over time/ }).waitFor();
  await page.getByText("Show as a table").click();
  assert.ok((await page.locator(".figures-table tbody tr").count()) > 0);
});

test("the language and the theme are changed, and kept", async () => {
  const page = await pageOf("developer");
  await page.goto(`${space.console}/profile`);
  await page.getByLabel("Language").selectOption("es");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Perfil" }).waitFor();
  await page.getByLabel("Tema").selectOption("dark");
  await page.reload();
  await page.getByRole("heading", { name: "Perfil" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
});

test("who signs in once more in another tab goes on in this one", async () => {
  const page = await pageOf("member");
  await page.goto(`${space.console}/profile`);
  await page.getByLabel("Name").fill("Someone Else");
  const credentials = { email: people.member.email, password };
  const status = await page.evaluate(async (body) => {
    const headers = { "Content-Type": "application/json" };
    return (await fetch("/developers/api/session", { method: "POST", headers, body: JSON.stringify(body) })).status;
  }, credentials);
  assert.equal(status, 201);
  const saved = page.waitForResponse((response) => response.request().method() === "PATCH" && response.status() === 200);
  await page.getByRole("button", { name: "Save" }).first().click();
  assert.equal((await (await saved).json()).user.name, "Someone Else");
});

test("who signs out is out, also in another tab", async () => {
  const page = await pageOf("operator");
  const other = await page.context().newPage();
  await other.goto(`${space.console}/review`);
  await other.getByRole("heading", { name: "Review queue" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await other.getByRole("link", { name: "Extensions" }).click();
  await other.getByText("You were signed out").waitFor();
});

test("no page complained of anything that was not provoked", () => {
  for (const [who, page] of Object.entries(pages)) {
    const unexpected = page.complaints.filter((text) => !/status of 4\d\d|net::ERR_ABORTED/.test(text));
    assert.deepEqual(unexpected, [], who);
  }
});
