// Walks through the page of a daemon; PageIT starts it. What has to happen elsewhere is asked for by a line on the
// standard output, and is done when a line comes back. At the end it tells what the page has asked the API for.
import { assertNoComplaint, steps } from './browser.mjs';
import * as operations from './operations.mjs';
import * as sights from './sights.mjs';
import { chromium, page } from './visitor.mjs';

const asked = new Set();
page.on('request', (request) => {
  const { pathname } = new URL(request.url());
  if (pathname.startsWith('/api/')) {
    asked.add(`${request.method()} ${pathname}`);
  }
});
await steps(page, [
  operations.aTokenIsNeeded,
  operations.aLinkSignsInAndHidesItsToken,
  operations.nothingIsThere,
  operations.creates,
  operations.whatIsMadeElsewhereIsThereAtOnce,
  operations.labelsAreText,
  operations.branches,
  operations.extendsItsLife,
  operations.protectsAndUnprotects,
  operations.refreshesAndResets,
  operations.suspendsAndResumes,
  operations.copiesConnectionStrings,
  sights.threeLookWell,
  sights.fitsOnAPhone,
  operations.dropsByKeyboardAlone,
  operations.undrops,
  operations.cutsASnapshot,
  sights.showsWhatIsBeingMade,
  sights.showsWhatFails,
  sights.viewersSeeNoButtons,
  sights.aTokenThatIsGoneSignsOut,
  sights.manyStayFast,
  sights.saysWhenItIsNotConnected,
  async function nothingComplained() {
    assertNoComplaint(page);
  },
]);
asked.forEach((request) => console.log(`asked ${request}`));
await chromium.close();
process.exit(0);
