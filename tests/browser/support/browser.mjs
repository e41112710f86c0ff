// Debian's Chromium, without a window, and what tests do with its pages.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { password } from "./space.mjs";

const program = process.env.CHROMIUM ?? "/usr/bin/chromium";
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

function options() {
  if (!existsSync(program)) throw new Error(`${program} is missing: apt-get install chromium, or set CHROMIUM`);
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return { executablePath: program, headless: true, args: [...asRoot, ...quiet] };
}

export function startBrowser() {
  return chromium.launch(options());
}

/** A profile in which pages in frames have storage, as many browsers give them: Debian's Chromium does not by itself. */
export async function startProfile(viewport) {
  const folder = mkdtempSync(join(tmpdir(), "portico-profile-"));
  mkdirSync(join(folder, "Default"));
  const wanted = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  writeFileSync(join(folder, "Default", "Preferences"), JSON.stringify(wanted));
  const context = await chromium.launchPersistentContext(folder, { ...options(), viewport });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What pages complain about, other than what the test provokes. */
export function complaintsOf(page) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return complaints;
}

export async function signIn(page, space, { email }) {
  page.setDefaultTimeout(10_000);
  await page.goto(space.console + "/");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).or(page.getByRole("button", { name: "Menu" })).first().waitFor();
}

/** Until the page shows its heading and no longer waits for data: only then may what is not there be judged, or counted. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("h1") !== null && document.querySelector(".waiting") === null);
}

/** The page of the extension that runs, in its frame. */
export async function runningFrame(page) {
  const element = await page.waitForSelector(".run-frame iframe");
  const frame = await element.contentFrame();
  for (const end = Date.now() + 10_000; ["", "about:blank"].includes(frame.url()); ) {
    if (Date.now() > end) throw new Error("the frame stays empty");
    await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
  }
  await frame.waitForLoadState("domcontentloaded");
  return frame;
}
