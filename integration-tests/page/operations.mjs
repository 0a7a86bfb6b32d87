// What people do on the page, and what they see of it.
import assert from 'node:assert/strict';
import * as browser from './browser.mjs';
import { asked, choose, close, confirm, create, details, elsewhere, fact, gone, page, row, shows, tabTo } from './visitor.mjs';

const { ADDRESS, TOKEN } = browser;
const LABEL = '<img src=x onerror=alert(1)>"\'</script><script>alert(2)</script>';

export async function aTokenIsNeeded() {
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

export async function aLinkSignsInAndHidesItsToken() {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('#sign-in').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await browser.signedIn(page);
  assert.equal(page.url(), `${ADDRESS}/`);
  assert.equal(await page.evaluate(() => localStorage.length + document.cookie.length), 0);
  await page.reload();
  await page.locator('.connection-connected').waitFor();
}

export async function nothingIsThere() {
  await page.locator('#nothing pre').filter({ hasText: 'dbname=' }).waitFor();
  await page.locator('#daemon').filter({ hasText: /Understudy \S+: ready/ }).waitFor();
  await browser.assertAccessible(page, 'no environment');
  await browser.picture(page, '0-environments');
}

export async function creates() {
  await create('elsewhere');
  await asked().locator('.problem').filter({ hasText: 'SQLSTATE 3D000' }).waitFor();
  await browser.assertAccessible(page, 'a refusal');
  await browser.picture(page, 'refused');
  await asked().getByLabel('Name', { exact: true }).fill('pr-one');
  await confirm('Create');
  await shows('pr-one', 'state', 'running');
  await shows('pr-one', 'owner', 'administrator');
  await shows('pr-one', 'size', /\d+.[kM]B/);
  assert.equal(await page.locator('.task-failed').count(), 0, 'it was told in the dialog');
}

export async function whatIsMadeElsewhereIsThereAtOnce() {
  await page.evaluate(() => (globalThis.sameDocument = true));
  await elsewhere('connect pr-elsewhere');
  await shows('pr-elsewhere', 'state', 'running');
  await page.locator('#announcements').filter({ hasText: 'pr-elsewhere is running' }).waitFor({ state: 'attached' });
  assert.ok(await page.evaluate(() => globalThis.sameDocument));
}

export async function labelsAreText() {
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

export async function branches() {
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

export async function extendsItsLife() {
  await choose('pr-one', 'Extend');
  await asked().getByLabel('By', { exact: true }).fill('soon');
  await asked().getByRole('button', { name: 'Extend', exact: true }).click();
  await asked().locator('.problem').filter({ hasText: 'SQLSTATE 22007' }).waitFor();
  await asked().getByLabel('By', { exact: true }).fill('5 days');
  await confirm('Extend');
  await fact('Kept until', 'in 4 d');
}

export async function protectsAndUnprotects() {
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
  await page.waitForFunction(() => document.activeElement.textContent === 'Protect', null);
}

export async function refreshesAndResets() {
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

export async function suspendsAndResumes() {
  await choose('pr-one', 'Suspend');
  await confirm('Suspend');
  await shows('pr-one', 'state', 'suspended');
  await choose('pr-one', 'Resume');
  await confirm('Resume');
  await shows('pr-one', 'state', 'running');
}

export async function copiesConnectionStrings() {
  const client = details().locator('.client').filter({ hasText: /^psql/ });
  await client.getByRole('button').click();
  await client.filter({ hasText: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^psql ['"].*dbname=shop@pr-one/);
  await browser.assertAccessible(page, 'details');
  await browser.picture(page, 'details');
  await close();
}

export async function dropsByKeyboardAlone() {
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

export async function undrops() {
  const button = page.getByRole('button', { name: 'Undrop pr-branch' });
  const clone = await button.getAttribute('data-id');
  await button.click();
  await asked().getByLabel('Name').fill('pr-back');
  await confirm('Undrop');
  await shows('pr-back', 'state', /suspended|running/);
  await gone(page.locator(`#trash [data-id="${clone}"]`));
}

export async function cutsASnapshot() {
  const before = await page.locator('.snapshots li').count();
  await page.getByRole('button', { name: 'Cut a snapshot of prod' }).click();
  await confirm('Cut a snapshot');
  await page.waitForFunction((number) => document.querySelectorAll('.snapshots li').length > number, before);
  await browser.picture(page, 'snapshots');
}
