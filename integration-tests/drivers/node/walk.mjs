// What the walks of Node.js share; see ../README.md for the variables.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export const { HOST, LOGIN, PASSWORD, DATABASE, ENVIRONMENT, NAP, URL: PRINTED, URL_BY_HOST, ROOT_CERTIFICATE } = process.env;
// As printed, too, with the environment named by the host alone, which needs TLS.
export const URLS = URL_BY_HOST ? [PRINTED, URL_BY_HOST] : [PRINTED];
export const PORT = Number(process.env.PORT);

// As Node's TLS takes it; false: without.
export const TLS = ROOT_CERTIFICATE ? { ca: readFileSync(ROOT_CERTIFICATE, 'utf8'), rejectUnauthorized: true } : false;

// Stands in for a name service.
const { lookup } = dns;
dns.lookup = (name, ...rest) => lookup(name.startsWith(`${ENVIRONMENT}.`) ? HOST : name, ...rest);

// A URL has no password: these libraries take it from here, as libpq does.
process.env.PGPASSWORD = PASSWORD;

export const SQLSTATES = {
  'SELECT * FROM no_such_table': '42P01',
  'INSERT INTO node_walk VALUES (1)': '23505',
  'SELECT 1 / 0': '22012',
};

/** What client.cancel() of node-postgres sends: a CancelRequest on a connection of its own. */
export async function sendCancelRequest(pg, client) {
  const canceller = new pg.Connection();
  canceller.connect(PORT, HOST);
  await new Promise((resolve) => canceller.once('connect', resolve));
  canceller.cancel(client.processID, client.secretKey);
}

/** Sends what is no use of the environment until the session has ended, as it sleeps. */
export async function assertSleeps(ask, ...codes) {
  for (let attempt = 0; attempt < 240; attempt++) {
    try {
      await ask('SELECT 1');
    } catch (failure) {
      assert.ok(codes.includes(failure.code), failure.stack);
      return;
    }
    await pause(250);
  }
  assert.fail(`${NAP} does not sleep`);
}

export async function walk(...steps) {
  for (const step of steps) {
    try {
      await step();
    } catch (failure) {
      console.log(`FAILED: ${step.name}: ${failure.stack}`);
      process.exit(1);
    }
    console.log(`ok ${step.name}`);
  }
}
