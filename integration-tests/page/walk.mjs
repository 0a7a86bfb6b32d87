// Walks through the page of a daemon; PageIT starts it. What has to happen elsewhere is asked for by a line on the
// standard output, and is done when a line comes back.
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import * as browser from './browser.mjs';
import { answer } from './many.mjs';

const { ADDRESS, TOKEN } = browser;
const { VIEWER, PASSING } = process.env;
const LABEL = '<img src=x onerror=alert(1)>"\'</script><script>alert(2)</script>';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const chromium = await browser.launch();
const page = await browser.newPage(chromium);

async function elsewhere(what) {
  console.log(`do ${what}`);
  assert.equal((await lines.next()).value, 'done');
}

const row = (name) => page.locator(`.row[data-name="${name}"]`);
const details = () => page.locator('dialog.details');
const asked = () => page.locator('dialog.ask');
const shows = (name, column, text) => row(name).locator(`.cell-${column}`).filter({ hasText: text }).waitFor();
const gone = (locator) => locator.waitFor({ state: 'detached' });
const fact = (term, text) =>
  details().locator('.facts > div').filter({ hasText: term }).filter({ hasText: text }).first().waitFor();

/** Opens an environment and one of its operations. */
async function choose(name, verb) {
  if ((await details().count()) === 0) {
    await row(name).locator('.name').click();
  }
  await details().getByRole('button', { name: verb, exact: true }).click();
}

async function confirm(verb) {
  await asked().getByRole('button', { name: verb, exact: true }).click();
  await gone(asked());
}

async function close() {
  await details().getByRole('button', { name: 'Close' }).click();
  await gone(details());
}

async function create(name, label = '') {
  await page.locator('#create').click();
  await asked().getByLabel('Name', { exact: true }).fill(name);
  await asked().getByLabel('Label').fill(label);
  await asked().getByRole('button', { name: 'Create', exact: true }).click();
}

async function aTokenIsNeeded() {
  await page.goto(ADDRESS);
  await browser.assertAccessible(page, 'signing in');
  await browser.picture(page, 'sign-in');
  for (const [wrong, words] of [
    ['understudy_wrong', 'the token is not valid'],
    ['ümlaut', 'this is no token'],
  ]) {
    await page.getByLabel('Token').fill(wrong);
    await page.keyboard.press('Enter');
    await page.locator('#sign-in-problem').filter({ hasText: words }).waitFor();
  }
  await browser.assertAccessible(page, 'a wrong token');
  assert.equal(await page.locator('#app').isVisible(), false);
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await page.getByLabel('Token').fill(TOKEN);
  await page.keyboard.press('Enter');
  await page.locator('.connection-connected').waitFor();
  assert.equal(await page.getByLabel('Token').inputValue(), '');
}

async function aLinkSignsInAndHidesItsToken() {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('#sign-in').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await browser.signedIn(page);
  assert.equal(page.url(), `${ADDRESS}/`);
  assert.equal(await page.evaluate(() => localStorage.length + document.cookie.length), 0);
  await page.reload();
  await page.locator('.connection-connected').waitFor();
}

async function nothingIsThere() {
  await page.locator('#nothing pre').filter({ hasText: 'dbname=' }).waitFor();
  await page.locator('#daemon').filter({ hasText: /Understudy \S+: ready/ }).waitFor();
  await browser.assertAccessible(page, 'no environment');
  await browser.picture(page, '0-environments');
}

async function creates() {
  await create('elsewhere');
  await asked().locator('.problem').filter({ hasText: 'SQLSTATE 3D000' }).waitFor();
  await browser.assertAccessible(page, 'a refusal');
  await browser.picture(page, 'refused');
  await asked().getByLabel('Name', { exact: true }).fill('pr-one');
  await confirm('Create');
  await shows('pr-one', 'state', 'running');
  await shows('pr-one', 'owner', 'administrator');
  await shows('pr-one', 'size', /\d+.[kM]B/);
  assert.equal(await page.locator('#operations').isVisible(), false, 'it was told in the dialog');
}

async function whatIsMadeElsewhereIsThereAtOnce() {
  await page.evaluate(() => (globalThis.sameDocument = true));
  await elsewhere('connect pr-elsewhere');
  await shows('pr-elsewhere', 'state', 'running');
  await page.locator('#announcements').filter({ hasText: 'pr-elsewhere is running' }).waitFor({ state: 'attached' });
  assert.ok(await page.evaluate(() => globalThis.sameDocument));
}

async function labelsAreText() {
  await choose('pr-one', 'Label');
  await asked().getByLabel('Label').fill(LABEL);
  await confirm('Label');
  await details().locator('p.label').filter({ hasText: LABEL }).waitFor();
  await close();
  await shows('pr-one', 'name', LABEL);
  await page.fill('#filter', 'onerror');
  assert.equal(await page.locator('.row[data-name]').count(), 1);
  await page.fill('#filter', '');
  assert.equal(await page.locator('#app img, #app script').count(), 0);
  await choose('pr-one', 'Label');
  await asked().getByLabel('Label').fill('the new checkout');
  await confirm('Label');
}

async function branches() {
  await choose('pr-one', 'Branch');
  await browser.assertAccessible(page, 'branching');
  await browser.picture(page, 'branching');
  await asked().getByRole('button', { name: 'Branch', exact: true }).click();
  await asked().locator('.error').filter({ hasText: 'This is needed.' }).waitFor();
  await asked().getByLabel('Name of the branch').fill('pr-branch');
  await confirm('Branch');
  await close();
  await shows('pr-branch', 'state', 'running');
}

async function extends_() {
  await choose('pr-one', 'Extend');
  await asked().getByLabel('By', { exact: true }).fill('soon');
  await asked().getByRole('button', { name: 'Extend', exact: true }).click();
  await asked().locator('.problem').filter({ hasText: 'SQLSTATE 22007' }).waitFor();
  await asked().getByLabel('By', { exact: true }).fill('5 days');
  await confirm('Extend');
  await fact('Kept until', 'in 4 d');
}

async function protectsAndUnprotects() {
  await choose('pr-one', 'Protect');
  await confirm('Protect');
  await fact('Protected', 'yes');
  await shows('pr-one', 'ends', 'protected');
  await choose('pr-one', 'Drop');
  await asked().getByRole('button', { name: 'Drop', exact: true }).click();
  await asked().locator('.error').filter({ hasText: 'This is needed.' }).waitFor();
  await asked().getByLabel('Type pr-one to confirm').fill('pr-two');
  await asked().getByRole('button', { name: 'Drop', exact: true }).click();
  await asked().locator('.error').filter({ hasText: 'This is not pr-one.' }).waitFor();
  await page.keyboard.press('Escape');
  await gone(asked());
  await choose('pr-one', 'Unprotect');
  await confirm('Unprotect');
  await fact('Protected', 'no');
}

async function refreshesAndResets() {
  for (const verb of ['Refresh', 'Reset']) {
    const clone = await details().locator('.facts dd').last().textContent();
    await choose('pr-one', verb);
    await asked().getByLabel('Also if somebody').check();
    await confirm(verb);
    await page.waitForFunction(
      (former) => [...document.querySelectorAll('dialog .facts dd')].at(-1).textContent !== former,
      clone,
    );
  }
}

async function suspendsAndResumes() {
  await choose('pr-one', 'Suspend');
  await confirm('Suspend');
  await shows('pr-one', 'state', 'suspended');
  await choose('pr-one', 'Resume');
  await confirm('Resume');
  await shows('pr-one', 'state', 'running');
}

async function copiesConnectionStrings() {
  const client = details().locator('.client').filter({ hasText: /^psql/ });
  await client.getByRole('button').click();
  await client.filter({ hasText: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^psql ".*dbname=shop@pr-one/);
  await browser.assertAccessible(page, 'details');
  await browser.picture(page, 'details');
  await close();
}

async function threeLookWell() {
  await page.locator('.connection-connected').waitFor();
  await browser.assertAccessible(page, 'three environments');
  await browser.picture(page, '3-environments');
  await page.emulateMedia({ colorScheme: 'dark' });
  await browser.picture(page, '3-environments-dark');
  await page.emulateMedia({ colorScheme: 'light' });
}

async function fitsOnAPhone() {
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

/** Presses the tabulator until an element has the focus, as who sees it does. */
async function tabTo(label) {
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

async function dropsByKeyboardAlone() {
  await page.reload();
  await row('pr-branch').waitFor();
  await tabTo('filter');
  await page.keyboard.type('branch');
  await gone(row('pr-one'));
  await tabTo('pr-branch');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, 'solid', 'the focus is to be seen');
  await page.keyboard.press('Enter');
  await details().locator('.actions button').first().waitFor();
  await tabTo('Drop');
  await page.keyboard.press('Enter');
  await asked().waitFor();
  await browser.assertAccessible(page, 'dropping');
  await browser.picture(page, 'dropping');
  await page.keyboard.press('Escape');
  await gone(asked());
  await tabTo('Drop');
  await page.keyboard.press('Enter');
  await asked().waitFor();
  await tabTo('Drop');
  await page.keyboard.press('Enter');
  await gone(row('pr-branch'));
  await gone(details());
  assert.equal(await page.evaluate(() => document.activeElement.id), 'environments', 'the focus is not lost');
  await page.fill('#filter', '');
}

async function undrops() {
  const button = page.getByRole('button', { name: 'Undrop pr-branch' });
  await button.click();
  await asked().getByLabel('Name').fill('pr-back');
  await confirm('Undrop');
  await shows('pr-back', 'state', /suspended|running/);
  await gone(button);
}

async function cutsASnapshot() {
  const before = await page.locator('.snapshots li').count();
  await page.getByRole('button', { name: 'Cut a snapshot of prod' }).click();
  await confirm('Cut a snapshot');
  await page.waitForFunction((number) => document.querySelectorAll('.snapshots li').length > number, before);
  await browser.picture(page, 'snapshots');
}

async function showsWhatIsBeingMade() {
  await create('slow-one');
  await gone(asked());
  await shows('slow-one', 'state', 'creating');
  await page.locator('.task-running').filter({ hasText: 'CREATE ENVIRONMENT slow-one' }).waitFor();
  await browser.assertAccessible(page, 'one being made');
  await browser.picture(page, 'being-made');
  await shows('slow-one', 'state', 'running');
  await gone(page.locator('.task-running'));
}

async function showsWhatFails() {
  await create('bad-one');
  await gone(asked());
  await page.locator('.task-failed').filter({ hasText: 'the schema is of yesterday' }).waitFor();
  await shows('bad-one', 'state', 'failed');
  await browser.assertAccessible(page, 'one that has failed');
  await browser.picture(page, 'failing');
  await page.getByRole('button', { name: 'Dismiss CREATE ENVIRONMENT bad-one' }).click();
  await gone(row('bad-one'));
}

async function viewersSeeNoButtons() {
  const other = await browser.newPage(chromium);
  await browser.signedIn(other, VIEWER);
  await other.locator('.row[data-name="pr-one"] .name').click();
  await other.locator('.client').first().waitFor();
  const buttons = await other.locator('button:visible').allTextContents();
  const allowed = /^(Sign out|Copy|Measure all|\u00d7|Name|State|Data|Owner|Sessions|Last used|Ends|Own size|pr-.*|slow-one)$/;
  assert.deepEqual(buttons.filter((text) => !allowed.test(text)), []);
  await browser.picture(other, 'viewer');
  browser.assertNoComplaint(other);
  await other.context().close();
}

async function aTokenThatIsGoneSignsOut() {
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
async function manyStayFast() {
  const other = await browser.newPage(chromium);
  await other.route('**/api/v1/**', (route) => {
    const path = new URL(route.request().url()).pathname.replace('/api/v1/', '');
    const body = answer(path, 500);
    return body === null ? route.continue() : route.fulfill({ json: body });
  });
  await browser.signedIn(other);
  await other.locator('#count').filter({ hasText: '500 environments' }).waitFor();
  await other.locator('.row .cell-size').filter({ hasText: /MB/ }).first().waitFor();
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

async function saysWhenItIsNotConnected() {
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

await browser.steps([
  aTokenIsNeeded,
  aLinkSignsInAndHidesItsToken,
  nothingIsThere,
  creates,
  whatIsMadeElsewhereIsThereAtOnce,
  labelsAreText,
  branches,
  extends_,
  protectsAndUnprotects,
  refreshesAndResets,
  suspendsAndResumes,
  copiesConnectionStrings,
  threeLookWell,
  fitsOnAPhone,
  dropsByKeyboardAlone,
  undrops,
  cutsASnapshot,
  showsWhatIsBeingMade,
  showsWhatFails,
  viewersSeeNoButtons,
  aTokenThatIsGoneSignsOut,
  manyStayFast,
  saysWhenItIsNotConnected,
  async function nothingComplained() {
    browser.assertNoComplaint(page);
  },
]);
await chromium.close();
process.exit(0);
