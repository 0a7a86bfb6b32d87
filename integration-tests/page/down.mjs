// Looks at the page of a daemon whose production has just gone.
import * as browser from './browser.mjs';

const chromium = await browser.launch();
const page = await browser.newPage(chromium);

await browser.steps(page, [
  async function aSourceThatIsDownIsSaidSo() {
    await browser.signedIn(page);
    await page.locator('.source .state-failed').filter({ hasText: 'production cannot be reached' }).waitFor();
    await page.locator('.source').filter({ hasText: 'Its snapshots go on serving' }).waitFor();
    await browser.assertAccessible(page, 'a source that is down');
    await browser.picture(page, 'source-down');
    browser.assertNoComplaint(page);
  },
]);
await chromium.close();
