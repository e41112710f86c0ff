// Extensions that mean harm: each page of hostile/ tries one thing, as an extension that the signed-in developer runs,
// and is seen to fail: by what it says itself, by what reaches a server elsewhere, and by how the console stands.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { runningFrame, signIn, startProfile } from "./support/browser.mjs";
import { startForeign } from "./support/foreign.mjs";
import { accounts, people, Person, startSpace } from "./support/space.mjs";

const folder = new URL("hostile/", import.meta.url);
const read = (name) => String(readFileSync(new URL(name, folder)));
const attacks = readdirSync(folder).filter((name) => name.endsWith(".html")).map((name) => name.slice(0, -5));
const lead = /<!-- (.+?) -->/;

let space;
let profile;
let foreign;
let developer;
let page;
let victim;

/** The commit of an attack: its script is a file of its own, since pages may hold none. */
function filesOf(html) {
  const [whole, script] = html.match(/<script>\n([\s\S]*?)<\/script>/);
  return {
    "index.html": html.replace(whole, '<script src="attack.js"></script>'),
    "attack.js": script,
    "hostile.js": read("hostile.js"),
    "victim.js": `window.victim = ${JSON.stringify(victim)};\n`,
    "worker.js": read("worker.js"),
  };
}

async function declare(name, scopes) {
  await developer.declare(name, name, "For the tests.");
  await developer.change(name, 1, { scopes });
  await developer.authorise(name, 1, accounts.lights);
}

const runPath = (name) => `${space.console}/extensions/${name}/versions/1/run?account=${accounts.lights}`;

/** Runs it and waits for what it says of itself; a page that went away says nothing. */
async function outcomeOf(frame) {
  try {
    const handle = await frame.waitForFunction(() => window.outcome, undefined, { timeout: 10_000 });
    return await handle.jsonValue();
  } catch (error) {
    return { succeeded: false, said: `gone: ${error.message.split("\n")[0]}` };
  }
}

before(async () => {
  space = await startSpace({ runToken: 600 });
  profile = await startProfile({ width: 1280, height: 800 });
  foreign = await startForeign();
  developer = await Person.signIn(space, people.developer);
  await declare("victim", ["orders:read"]);
  await declare("hostile", ["orders:read"]);
  page = profile.context.pages()[0] ?? (await profile.context.newPage());
  page.on("dialog", (dialog) => dialog.dismiss());
  await signIn(page, space, people.developer);
  await page.evaluate(() => localStorage.setItem("portico.theme", "dark"));
  const begun = page.waitForResponse((response) => response.url().endsWith("/runs"));
  await page.goto(runPath("victim"));
  const { run, origin } = await (await begun).json();
  const frame = await runningFrame(page);
  await frame.waitForFunction(() => typeof token === "string");
  const token = await frame.evaluate(() => {
    localStorage.setItem("secret", "of the victim");
    return window.token;
  });
  victim = { foreign: foreign.origin, console: space.origin, api: `${space.origin}/api`, extension: `${origin}/`, run, token };
});

after(async () => {
  await profile?.close();
  await foreign?.close();
  await space?.close();
});

test("there are thirty attacks and more", () => assert.ok(attacks.length >= 30, `${attacks.length}`));

test("what is declared and agreed to does work: the tests would see an attack that does", async () => {
  await developer.push("hostile", 1, filesOf(canary));
  await developer.change("hostile", 1, { hosts: [foreign.origin] });
  await developer.authorise("hostile", 1, accounts.lights);
  await page.goto(runPath("hostile"));
  assert.deepEqual(await outcomeOf(await runningFrame(page)), { succeeded: true, said: "9" });
  for (const path of ["GET /canary-fetch", "GET /canary-image", "POST /canary-beacon"]) assert.ok(foreign.asked.includes(path), `${path} in ${foreign.asked}`);
  await developer.change("hostile", 1, { hosts: [] });
  await developer.authorise("hostile", 1, accounts.lights);
  foreign.asked.length = 0;
});

const canary = `<!doctype html>
<html lang="en"><head><meta charset="utf-8" /><title>canary</title><script src="victim.js"></script><script src="hostile.js"></script></head>
<body><script>
attack(async () => {
  await fetch(\`\${victim.foreign}/canary-fetch\`);
  navigator.sendBeacon(\`\${victim.foreign}/canary-beacon\`, "x");
  await new Promise((done) => { const image = new Image(); image.onload = image.onerror = done; image.src = \`\${victim.foreign}/canary-image\`; });
  await aWhile();
  return (await portico.api("/orders")).data.length;
});
</script></body></html>`;

for (const name of attacks) {
  test(`${name}: ${read(`${name}.html`).match(lead)?.[1]}`, async () => {
    const session = (await page.context().cookies(space.origin)).find((cookie) => cookie.name.endsWith("portico_session"));
    await developer.push("hostile", 1, filesOf(read(`${name}.html`)));
    const connections = foreign.connections();
    await page.goto(runPath("hostile"));
    const outcome = await outcomeOf(await runningFrame(page));
    assert.equal(outcome.succeeded, false, outcome.said);
    assert.deepEqual(foreign.asked, [], "nothing reaches another host");
    assert.equal(foreign.connections(), connections, "not even a connection");
    assert.equal(page.url(), runPath("hostile"), "the console is where it was");
    assert.equal(await page.evaluate(() => localStorage.getItem("portico.theme")), "dark");
    const cookies = await page.context().cookies(space.origin);
    assert.deepEqual(cookies, [session], "the console has its own cookie alone");
    assert.equal(page.context().pages().length, 1, "no other window was opened");
    await page.getByRole("link", { name: "Usage" }).click(); // the console still does what it is told
    await page.getByRole("heading", { name: "Usage" }).waitFor();
    assert.equal(await page.evaluate(async () => (await fetch("/developers/api/session")).status), 200);
  });
}

test("after all of them nothing has reached the other host, and no version was begun", async () => {
  assert.deepEqual(foreign.asked, []);
  const { versions } = await developer.call("GET", "/extensions/hostile");
  assert.equal(versions.length, 1);
});
