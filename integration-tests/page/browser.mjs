// A browser, and a page in it that must not complain.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

export const { ADDRESS, TOKEN, SCREENSHOTS } = process.env;

/** An answer of 4xx or 503 that the page shows; Chromium notes it, and an address that nobody listens at. */
const NOTED = /^Failed to load resource: (the server responded with a status of (4\d\d|503)|net::ERR_)/;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function launch() {
  // In a container root has no sandbox to give to it.
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

/**
 * A new tab with a session of its own. What the console says, what the policy forbids and what nobody catches is in
 * `complaints`.
 */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !NOTED.test(message.text())) {
      page.complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => page.complaints.push(String(error.stack)));
  page.on('dialog', (dialog) => {
    page.complaints.push(`a script of others says ${dialog.message()}`);
    return dialog.dismiss();
  });
  await context.exposeBinding('violated', (_, what) => page.complaints.push(what));
  await context.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      globalThis.violated(`forbidden: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    ),
  );
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(`${ADDRESS}/`) && !address.startsWith('data:')) {
      page.complaints.push(`asks elsewhere: ${address}`);
    }
  });
  return page;
}

export function assertNoComplaint(page) {
  assert.deepEqual(page.complaints, []);
}

/** The page, signed in by a link as `understudy up` could print it. */
export async function signedIn(page, token = TOKEN) {
  await page.goto(`${ADDRESS}/#token=${token}`);
  await page.locator('.connection-connected').waitFor();
  await page.waitForFunction(() => document.querySelector('#count').textContent !== '');
}

/** No finding of axe, in light and in dark. */
export async function assertAccessible(page, what) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() =>
      globalThis.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }),
    );
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.failureSummary + node.html).join()}`);
    assert.deepEqual(found, [], `${what}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Nothing is wider than the window. */
export async function assertFits(page, what) {
  const [content, view] = await page.evaluate(() => [
    Math.max(
      document.documentElement.scrollWidth,
      ...[...document.querySelectorAll('dialog[open]')].map((dialog) => dialog.scrollWidth),
    ),
    document.documentElement.clientWidth,
  ]);
  assert.ok(content <= view, `${what} is ${content} wide in ${view}`);
}

export async function picture(page, name, options = {}) {
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, animations: 'disabled', ...options });
}

/**
 * Goes through them, each with its name.
 *
 * @param page of which there is a picture where one fails
 */
export async function steps(page, all) {
  for (const step of all) {
    try {
      await step();
    } catch (failure) {
      console.log(`FAILED: ${step.name}: ${failure.stack}`);
      console.log(page.complaints.join('\n'));
      await picture(page, 'failure');
      process.exit(1);
    }
    console.log(`ok ${step.name}`);
  }
}
