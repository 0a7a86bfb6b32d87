// Draws the page of the daemon at ADDRESS as it is at this moment: picture.mjs FILE
import { writeFileSync } from 'node:fs';
import * as browser from './browser.mjs';
import { drawn } from './svg.mjs';

const SIZE = { width: 1240, height: 560 };

const chromium = await browser.launch();
const page = await browser.newPage(chromium, { viewport: SIZE });
await browser.signedIn(page);
// All are measured by then.
await page.locator('#savings-picture p').filter({ hasText: 'of the space of whole copies' }).waitFor();
await page.locator('#savings-picture .note').filter({ hasNotText: /\S/ }).waitFor({ state: 'attached' });
const title = 'The page of Understudy: environments with state, age of their data, owner, sessions and size';
writeFileSync(process.argv[2], await page.evaluate(drawn, { ...SIZE, title }));
browser.assertNoComplaint(page);
await chromium.close();
