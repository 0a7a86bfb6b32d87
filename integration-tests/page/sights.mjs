// How the page looks: with three environments and with 500, on a phone, to those who may only look, and when things go wrong.
import assert from 'node:assert/strict';
import * as browser from './browser.mjs';
import { answer } from './many.mjs';
import { asked, chromium, create, elsewhere, gone, page, row, shows } from './visitor.mjs';

const { ADDRESS } = browser;
const { VIEWER, PASSING } = process.env;

export async function threeLookWell() {
  await page.locator('.connection-connected').waitFor();
  await browser.assertAccessible(page, 'three environments');
  await browser.picture(page, '3-environments');
  await page.emulateMedia({ colorScheme: 'dark' });
  await browser.picture(page, '3-environments-dark');
  await page.emulateMedia({ colorScheme: 'light' });
}

export async function fitsOnAPhone() {
  const phone = await browser.newPage(chromium, { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 });
  await phone.goto(ADDRESS);
  await browser.assertFits(phone, 'signing in');
  await browser.signedIn(phone);
  await phone.locator('.row .cell-size').filter({ hasText: /\d/ }).first().waitFor();
  await browser.assertFits(phone, 'the page');
  await browser.picture(phone, 'phone');
  await phone.locator('#sources').scrollIntoViewIfNeeded();
  await browser.picture(phone, 'phone-sources');
  await browser.assertAccessible(phone, 'on a phone');
  await phone.locator('.row .name').first().click();
  await phone.locator('.client').first().waitFor();
  await browser.assertFits(phone, 'details');
  await browser.picture(phone, 'phone-details');
  await phone.getByRole('button', { name: 'Refresh', exact: true }).click();
  await browser.assertFits(phone, 'a question');
  await browser.picture(phone, 'phone-question');
  browser.assertNoComplaint(phone);
  await phone.context().close();
}

export async function showsWhatIsBeingMade() {
  await create('slow-one');
  await gone(asked());
  await shows('slow-one', 'state', 'creating');
  await page.locator('.task-running').filter({ hasText: 'CREATE ENVIRONMENT slow-one' }).waitFor();
  await browser.assertAccessible(page, 'one being made');
  await browser.picture(page, 'being-made');
  await shows('slow-one', 'state', 'running');
  await gone(page.locator('.task-running'));
}

export async function showsWhatFails() {
  await create('bad-one');
  await gone(asked());
  await page.locator('.task-failed').filter({ hasText: 'the schema is of yesterday' }).waitFor();
  await shows('bad-one', 'state', 'failed');
  await browser.assertAccessible(page, 'one that has failed');
  await browser.picture(page, 'failing');
  await page.getByRole('button', { name: 'Dismiss CREATE ENVIRONMENT bad-one' }).click();
  await gone(row('bad-one'));
}

export async function viewersSeeNoButtons() {
  const other = await browser.newPage(chromium);
  await browser.signedIn(other, VIEWER);
  await other.locator('.row[data-name="pr-one"] .name').click();
  await other.locator('.client').first().waitFor();
  const buttons = await other.locator('button:visible').allTextContents();
  const allowed = /^(Sign out|Copy|Measure all|\u00d7|Name|State|Data|Owner|Sessions|Last used|Ends|Own size|pr-.*|slow-one)$/;
  assert.deepEqual(buttons.filter((text) => !allowed.test(text)), []);
  await other.locator('.actions').filter({ hasText: 'Your token may look and change nothing.' }).waitFor();
  await browser.picture(other, 'viewer');
  browser.assertNoComplaint(other);
  await other.context().close();
}

export async function aTokenThatIsGoneSignsOut() {
  const other = await browser.newPage(chromium);
  await browser.signedIn(other, PASSING);
  await elsewhere('revoke');
  await other.locator('#sign-in-problem').filter({ hasText: 'the token is not valid' }).waitFor();
  assert.equal(await other.locator('.row[data-name]').count(), 0);
  assert.equal(await other.evaluate(() => sessionStorage.length), 0);
  browser.assertNoComplaint(other);
  await other.context().close();
}

/** Only here the API is played: so many environments would take too long to make. */
export async function manyStayFast() {
  const other = await browser.newPage(chromium);
  await other.route('**/api/v1/**', (route) => {
    const path = new URL(route.request().url()).pathname.replace('/api/v1/', '');
    const body = answer(path, 500);
    return body === null ? route.continue() : route.fulfill({ json: body });
  });
  await browser.signedIn(other);
  await other.locator('#count').filter({ hasText: '500 environments' }).waitFor();
  await other.locator('.row .cell-size').filter({ hasText: /MB/ }).first().waitFor();
  const failing = other.locator('.source[data-name="billing"]');
  await failing.locator('.state-failed').filter({ hasText: 'no snapshot could be cut' }).waitFor();
  await failing.filter({ hasText: 'cannot connect to billing. Its snapshots go on serving' }).waitFor();
  await browser.picture(other, '500-environments');
  const millis = await other.evaluate(async () => {
    const begin = performance.now();
    for (const text of ['pr-1', 'pr-12', 'pr-123', '']) {
      const filter = document.querySelector('#filter');
      filter.value = text;
      filter.dispatchEvent(new Event('input'));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
    return performance.now() - begin;
  });
  console.log(`filtering 500 four times took ${Math.round(millis)} ms`);
  assert.ok(millis < 10_000, `${millis} ms`);
  await other.locator('#columns .cell-ends button').click();
  await other.locator('[aria-sort="ascending"].cell-ends').waitFor();
  await browser.assertFits(other, '500 environments');
  browser.assertNoComplaint(other);
  await other.context().close();
}

export async function saysWhenItIsNotConnected() {
  await elsewhere('stop');
  await page.locator('#banner').filter({ hasText: 'Not connected: Understudy cannot be reached' }).waitFor();
  await page.locator('#daemon').filter({ hasText: 'cannot be reached' }).waitFor();
  await browser.assertAccessible(page, 'not connected');
  await browser.picture(page, 'not-connected');
  await elsewhere('start');
  await page.locator('.connection-connected').waitFor();
  await page.locator('#banner').waitFor({ state: 'hidden' });
  await shows('pr-one', 'state', 'running');
}
