// What people agree to: the words for it, what a version's box says and revokes, and where the focus is then.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { signIn, startBrowser } from "./support/browser.mjs";
import { accounts, people, Person, startSpace } from "./support/space.mjs";

const files = { "index.html": "<!doctype html><title>Plot</title><p>Plot</p>" };
const host = "https://tiles.example.com";

let space;
let browser;
let developer;
let page;

/** `plot`: version 1 in production, version 2 in development; the developer has agreed to version 1. */
before(async () => {
  space = await startSpace({ runToken: 600 });
  developer = await Person.signIn(space, people.developer);
  const operator = await Person.signIn(space, people.operator);
  await developer.declare("plot", "Plot", "");
  await developer.push("plot", 1, files);
  await developer.change("plot", 1, { scopes: ["orders:read"], hosts: [host] });
  await developer.move("plot", 1, "submit");
  await operator.move("plot", 1, "publish");
  await developer.call("POST", "/extensions/plot/versions", {});
  browser = await startBrowser();
  page = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await signIn(page, space, people.developer);
});

after(async () => {
  await browser?.close();
  await space?.close();
});

beforeEach(async () => {
  for (const { id } of (await developer.call("GET", "/authorisations")).results) await developer.fetched("DELETE", `/authorisations/${id}`);
  await developer.change("plot", 2, { scopes: ["orders:read"], hosts: [host] });
  await developer.authorise("plot", 1, accounts.lights);
});

const agreed = async () => (await developer.call("GET", "/authorisations")).results.map(({ version }) => version).sort();
const standing = () => page.locator(".standing");
/** Until the focus is on something with that text, or anywhere but on the page as a whole. */
const focusIsOn = (text) =>
  page.waitForFunction((text) => {
    const on = document.activeElement;
    return on !== document.body && on.closest("dialog") === null && (!text || on.textContent.includes(text));
  }, text);

async function openBox(version) {
  await page.goto(`${space.console}/extensions/plot?version=${version}`);
  await standing().waitFor();
}

async function revokeThere() {
  await standing().getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await standing().getByRole("button", { name: "Authorise" }).waitFor();
}

test("a version's box has to do with that version alone, and asks before it revokes", async () => {
  await openBox(2);
  await standing().filter({ hasText: /Version 1 is authorised for this account; this one is not yet\./ }).waitFor();
  assert.equal(await standing().getByRole("button", { name: "Revoke" }).count(), 0);
  await developer.authorise("plot", 2, accounts.lights);
  await page.reload();
  await standing().getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog", { name: "Revoke Plot, version 2?" }).getByRole("button", { name: "Cancel" }).click();
  assert.deepEqual(await agreed(), [1, 2]);
  await revokeThere();
  assert.deepEqual(await agreed(), [1]);
  await openBox(1);
  await revokeThere();
  assert.deepEqual(await agreed(), []);
  await standing().filter({ hasText: /Not authorised for this account yet\./ }).waitFor();
});

test("what a version asks for beyond what was agreed to is named: scopes, hosts", async () => {
  await developer.authorise("plot", 2, accounts.lights);
  await developer.change("plot", 2, { hosts: [host, "https://rates.example.com"] });
  await openBox(2);
  await standing().filter({ hasText: /more than you agreed to: https:\/\/rates\.example\.com\. Authorise it again\./ }).waitFor();
  await developer.change("plot", 2, { scopes: ["orders:read", "notes:write"] });
  await page.goto(`${space.console}/marketplace`);
  const card = page.locator(".card", { hasText: "Development" });
  await card.filter({ hasText: /more than you agreed to: Change notes · https:\/\/rates\.example\.com\. Authorise it again\./ }).waitFor();
});

test("the authorisations name the hosts that were agreed to", async () => {
  await page.goto(`${space.console}/authorisations`);
  await page.getByRole("row", { name: /plot/ }).filter({ hasText: /Talks to: https:\/\/tiles\.example\.com/ }).waitFor();
});

test("to read is not to act: an action of which only the state is read is named as that", async () => {
  await page.route("**/developers/api/scopes", async (route) => {
    const response = await route.fetch();
    const { results } = await response.json();
    for (const scope of results) if (scope.resource === "orders") scope.actions = ["refund"];
    await route.fulfill({ response, json: { results } });
  });
  await openBox(2);
  const words = (label) => page.locator(".scope-choice", { hasText: label }).locator(".quiet").innerText();
  await page.locator(".scope-choice").first().waitFor();
  assert.equal(await words("See orders"), "list, open one, action state (refund)");
  assert.match(await words("Change orders"), /, refund$/);
  await page.unroute("**/developers/api/scopes");
});

test("the focus stays near a button that goes away with what it did", async () => {
  await openBox(2);
  await standing().getByRole("button", { name: "Authorise" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Authorise" }).press("Enter");
  await standing().getByRole("button", { name: "Revoke" }).waitFor();
  await focusIsOn("Authorised");
  await page.keyboard.press("Tab");
  await focusIsOn("Revoke");
  await page.goto(`${space.console}/accounts/${accounts.lights}/keys`);
  await developer.call("POST", `/accounts/${accounts.lights}/keys`, { kind: "private", mode: "production", label: "till" });
  await page.reload();
  await page.getByRole("button", { name: "Revoke till" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).press("Enter");
  await page.getByRole("row", { name: /till/ }).getByText("Revoked").waitFor();
  await focusIsOn();
  await page.goto(`${space.console}/authorisations`);
  for (const _ of await agreed()) {
    await page.getByRole("button", { name: "Revoke plot" }).first().press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await page.getByText("You have authorised nothing").waitFor();
  await focusIsOn();
});

test("an operator of no account reads why there is nothing to run a submission with", async () => {
  await developer.move("plot", 2, "submit");
  const context = await browser.newContext({ locale: "en-GB" });
  const operator = await context.newPage();
  await operator.route("**/developers/api/session", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), accounts: [] } });
  });
  await signIn(operator, space, people.operator);
  await operator.goto(`${space.console}/review/plot/2`);
  const section = operator.locator("section", { hasText: "Run it as it was submitted" }).last();
  assert.match(await section.innerText(), /You are a member of no account\./);
  await context.close();
});
