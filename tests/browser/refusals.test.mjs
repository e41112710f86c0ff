// What the pages say where the server refuses something, in both languages, and what they show of what is not one's own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { settled, signIn, startBrowser } from "./support/browser.mjs";
import { furnish } from "./support/furnish.mjs";
import { accounts, people, startSpace } from "./support/space.mjs";

const shots = process.env.SHOTS; // a folder for pictures to look at
let space;
let browser;

before(async () => {
  space = await startSpace({ runToken: 600 });
  await furnish(space);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await space?.close();
});

async function opened(who, path, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Madrid", viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  await signIn(page, space, people[who]);
  await page.goto(space.console + path);
  await settled(page);
  return { page, close: () => context.close() };
}

const speak = (page, locale) =>
  page.evaluate(async (locale) => {
    const session = await (await fetch("/developers/api/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": session.csrf };
    await fetch("/developers/api/me", { method: "PATCH", headers, body: JSON.stringify({ locale }) });
  }, locale);

test("an upload's faults go by the names of its files, all at once, in both languages", async () => {
  const { page, close } = await opened("developer", "/extensions/orders-by-week?version=2");
  const files = [
    { name: "run.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") },
    { name: "a.png", mimeType: "image/png", buffer: Buffer.from("no picture") },
  ];
  const upload = async (label) => {
    await page.locator(`input[type=file][aria-label="${label}"]`).setInputFiles(files);
    const box = page.locator(".drop-zone .callout.fault");
    await box.waitFor();
    if (shots) await box.screenshot({ path: `${shots}/upload-${label}.png` });
    const { top } = await box.evaluate((element) => ({ top: parseFloat(getComputedStyle(element).marginTop) }));
    assert.ok(top >= 8, `${top}px above the box`);
    assert.deepEqual((await box.locator("code").allTextContents()).sort(), ["a.png", "run.exe"]);
    return box.innerText();
  };
  const english = await upload("Choose files");
  assert.match(english, /Please look at what is marked/);
  assert.match(english, /It does not hold a PNG picture/);
  assert.match(english, /It holds no index\.html/);
  assert.doesNotMatch(english, /API validation error/);
  await speak(page, "es");
  await page.reload();
  const spanish = await upload("Elegir archivos");
  for (const words of [/Revisa lo que está marcado/, /No contiene una imagen PNG/, /No es de un tipo admitido/, /No tiene arriba del todo un index\.html/]) assert.match(spanish, words);
  await speak(page, "en");
  await close();
});

test("in Spanish what the server refuses is told in Spanish", async () => {
  const context = await browser.newContext({ locale: "es-ES" });
  const page = await context.newPage();
  await page.goto(space.console + "/");
  await page.getByLabel("Correo electrónico").fill(people.developer.email);
  await page.getByLabel("Contraseña").fill("not the password");
  await page.locator("form button[type=submit]").click();
  assert.equal(await page.locator(".callout.fault").innerText(), "La dirección de correo o la contraseña no es correcta.");
  await context.close();
});

test("an extension of somebody else is shown without its history", async () => {
  const { page, close } = await opened("member", "/extensions/refund-desk");
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Refund desk");
  assert.equal(await page.locator(".callout.fault").count(), 0);
  for (const name of ["History", "Commits"]) assert.equal(await page.getByRole("heading", { name }).count(), 0);
  if (shots) await page.screenshot({ path: `${shots}/foreign.png`, fullPage: true });
  await close();
});

for (const path of ["/review", "/review/stock-alarm/1", "/accounts/xx/keys", `/accounts/${accounts.bikes}/usage`, "/accounts/xx/requests"])
  test(`there is no page for a developer at ${path}`, async () => {
    const { page, close } = await opened("developer", path);
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "There is no such page");
    assert.equal(await page.locator("#content button, #content select").count(), 0);
    await close();
  });

const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
for (const [size, viewport] of Object.entries(sizes))
  for (const colorScheme of ["light", "dark"])
    test(`a plot of one moment has points that can be seen, and labels inside the picture: ${size}, ${colorScheme}`, async () => {
      const { page, close } = await opened("developer", `/accounts/${accounts.lights}/usage`, { viewport, colorScheme });
      const now = Math.floor(Date.now() / 1_800_000) * 1_800_000;
      const point = (at) => ({ at: new Date(at).toISOString(), requests: 3, errors: 0, p50_microseconds: 900, p95_microseconds: 2100, p99_microseconds: 2500 });
      await page.route("**/usage?*", (route) => route.fulfill({ json: { results: [point(now - 20 * 3_600_000), point(now)], step: 1800 } }));
      await page.reload();
      await page.locator(".plot circle").first().waitFor();
      if (shots) await page.screenshot({ path: `${shots}/plot-${size}-${colorScheme}.png`, fullPage: true });
      assert.deepEqual(new Set(await page.locator(".plot circle").evaluateAll((all) => all.map((each) => each.getAttribute("r")))), new Set(["3"]));
      assert.equal(await page.locator(".plot circle").count(), 6);
      const outside = await page.locator(".plot .tick").evaluateAll((ticks) =>
        ticks.filter((tick) => {
          const [text, picture] = [tick.getBoundingClientRect(), tick.closest("svg").getBoundingClientRect()];
          return text.left < picture.left - 0.5 || text.right > picture.right + 0.5;
        }).map((tick) => tick.textContent),
      );
      assert.deepEqual(outside, []);
      await close();
    });

test("a key's last day that is typed by half, or has come, is none: no key without an end is made of it", async () => {
  for (const [locale, half, past, create, submit] of [
    ["en", "Finish this, or clear it.", "Choose a day after today.", "New key", "Create key"],
    ["es", "Termínalo o déjalo vacío.", "Elige un día después de hoy.", "Nueva clave", "Crear clave"],
  ]) {
    const { page, close } = await opened("developer", "/");
    await speak(page, locale);
    await page.goto(`${space.console}/accounts/${accounts.lights}/keys`);
    await settled(page);
    const before = await page.getByRole("row").count();
    await page.getByRole("button", { name: create }).click();
    const dialog = page.getByRole("dialog");
    const day = dialog.locator("input[type=date]");
    const refused = async (words) => {
      await dialog.getByRole("button", { name: submit }).click();
      await dialog.getByText(words).waitFor();
      assert.ok(await day.evaluate((element) => element === document.activeElement && element.ariaInvalid === "true"));
    };
    await day.pressSequentially("12");
    await refused(half);
    if (shots) await dialog.screenshot({ path: `${shots}/key-${locale}.png` });
    await day.fill("2020-01-31");
    await refused(past);
    await dialog.getByRole("button").first().click();
    await page.reload();
    await settled(page);
    assert.equal(await page.getByRole("row").count(), before);
    await speak(page, "en");
    await close();
  }
});
