// Somebody who visits the page, and what they do again and again.
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import * as browser from './browser.mjs';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
export const chromium = await browser.launch();
export const page = await browser.newPage(chromium);

export async function elsewhere(what) {
  console.log(`do ${what}`);
  assert.equal((await lines.next()).value, 'done');
}

export const row = (name) => page.locator(`.row[data-name="${name}"]`);
export const details = () => page.locator('dialog.details');
export const asked = () => page.locator('dialog.ask');
export const shows = (name, column, text) => row(name).locator(`.cell-${column}`).filter({ hasText: text }).waitFor();
export const gone = (locator) => locator.waitFor({ state: 'detached' });
export const fact = (term, text) =>
  details().locator('.facts > div').filter({ hasText: term }).filter({ hasText: text }).first().waitFor();

/** Opens an environment and one of its operations. */
export async function choose(name, verb) {
  if ((await details().count()) === 0) {
    await row(name).locator('.name').click();
  }
  await details().getByRole('button', { name: verb, exact: true }).click();
}

export async function confirm(verb) {
  await asked().getByRole('button', { name: verb, exact: true }).click();
  await gone(asked());
}

export async function close() {
  await details().getByRole('button', { name: 'Close' }).click();
  await gone(details());
}

export async function create(name, label = '') {
  await page.locator('#create').click();
  await asked().getByLabel('Name', { exact: true }).fill(name);
  await asked().getByLabel('Label').fill(label);
  await asked().getByRole('button', { name: 'Create', exact: true }).click();
}

/** Presses the tabulator until an element has the focus, as who sees it does. */
export async function tabTo(label) {
  for (let i = 0; i < 60; i++) {
    const focused = await page.evaluate(() => {
      const { textContent, ariaLabel, id } = document.activeElement;
      return [textContent.trim(), ariaLabel, id];
    });
    if (focused.includes(label)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`no way to ${label} by the keyboard`);
}
