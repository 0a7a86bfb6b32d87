// node-postgres against an environment; see ../README.md for the variables.
import assert from 'node:assert/strict';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import pg from 'pg';
import copy from 'pg-copy-streams';
import {
  assertSleeps, DATABASE, ENVIRONMENT, HOST, LOGIN, NAP, PASSWORD, PORT, sendCancelRequest, SQLSTATES, TLS, URLS, walk,
} from './walk.mjs';

let sleeper;
let farewell;

async function connect(overrides = {}) {
  const client = new pg.Client({
    host: HOST,
    port: PORT,
    ssl: TLS,
    database: `${DATABASE}@${ENVIRONMENT}`,
    user: LOGIN,
    password: PASSWORD,
    connectionTimeoutMillis: 60_000,
    ...overrides,
  });
  await client.connect();
  return client;
}

async function ask(client, statement) {
  const result = await client.query({ text: statement, rowMode: 'array' });
  return result.rows[0][0];
}

async function lieDown() {
  sleeper = await connect({ database: `${DATABASE}@${NAP}` });
  sleeper.on('error', (error) => { farewell ??= error; });
  await sleeper.query('CREATE TABLE kept AS SELECT 7 AS n');
}

async function everyFormOfName() {
  const url = (user, path) => `postgresql://${user}:${encodeURIComponent(PASSWORD)}@${HOST}:${PORT}/${path}`;
  const forms = [
    {},
    { database: DATABASE, user: `${LOGIN}@${ENVIRONMENT}` },
    { database: DATABASE, options: `-c understudy.environment=${ENVIRONMENT}` },
    // The driver does not decode %40 in a URL's path: the literal text must do.
    { database: `${DATABASE}%40${ENVIRONMENT}` },
    { database: ENVIRONMENT },
  ];
  for (const form of forms) {
    const client = await connect(form);
    assert.equal(await ask(client, 'SHOW understudy.environment'), ENVIRONMENT);
    assert.equal(await ask(client, 'SELECT current_database()'), DATABASE);
    await client.end();
  }
  const urls = [
    url(LOGIN, `${DATABASE}@${ENVIRONMENT}`),
    url(LOGIN, `${DATABASE}%40${ENVIRONMENT}`),
    url(LOGIN, ENVIRONMENT),
    url(`${LOGIN}%40${ENVIRONMENT}`, DATABASE),
    url(LOGIN, `${DATABASE}?options=-c%20understudy.environment%3D${ENVIRONMENT}`),
  ];
  for (const connectionString of urls) {
    const client = new pg.Client({ connectionString, ssl: TLS });
    await client.connect();
    assert.equal(await ask(client, 'SHOW understudy.environment'), ENVIRONMENT, connectionString);
    await client.end();
  }
}

async function thePrintedForms() {
  for (const connectionString of URLS) {
    const client = new pg.Client({ connectionString });
    await client.connect();
    assert.equal(await ask(client, 'SHOW understudy.environment'), ENVIRONMENT, connectionString);
    await client.end();
  }
}

async function migration() {
  const client = await connect();
  await client.query(`BEGIN;
    CREATE TABLE node_walk (id int PRIMARY KEY, note text);
    ALTER TABLE customer ADD COLUMN node_note int REFERENCES node_walk;
    CREATE INDEX ON customer (node_note);
    COMMIT`);
  await client.end();
}

async function preparedStatements() {
  const client = await connect();
  const insert = { name: 'insert', text: 'INSERT INTO node_walk VALUES ($1, $2)' };
  await client.query({ ...insert, values: [-1, 'one'] });
  await client.query({ ...insert, values: [-2, 'two'] });
  assert.equal(await ask(client, 'SELECT count(*)::int FROM node_walk'), 2);
  await client.query('DELETE FROM node_walk');
  await client.end();
}

async function copyBothWays() {
  const client = await connect();
  const lines = Array.from({ length: 10_000 }, (_, n) => `${n}\tnote ${n}\n`);
  await pipeline(Readable.from(lines), client.query(copy.from('COPY node_walk FROM STDIN')));
  let out = '';
  const sink = new Writable({ write(chunk, _, done) { out += chunk; done(); } });
  await pipeline(client.query(copy.to('COPY (SELECT * FROM node_walk ORDER BY id) TO STDOUT')), sink);
  assert.equal(out, lines.join(''));
  await client.end();
}

async function sqlstates() {
  const client = await connect();
  for (const [statement, code] of Object.entries(SQLSTATES)) {
    await assert.rejects(client.query(statement), { code });
  }
  await client.end();
}

async function cancel() {
  const client = await connect();
  const watcher = await connect();
  const pid = await ask(client, 'SELECT pg_backend_pid()');
  const sleeping = assert.rejects(client.query('SELECT pg_sleep(600)'), { code: '57014' });
  const running = `SELECT count(*)::int FROM pg_stat_activity WHERE pid = ${pid} AND query LIKE '%pg_sleep%'`;
  while ((await ask(watcher, running)) === 0);
  await sendCancelRequest(pg, client);
  await sleeping;
  assert.equal(await ask(client, 'SELECT 1'), 1);
  await client.end();
  await watcher.end();
}

async function bigResult() {
  const client = await connect();
  const result = await client.query("SELECT n, repeat('x', 30) FROM generate_series(1, 500000) n");
  assert.equal(result.rows.length, 500_000);
  await client.end();
}

async function refusals() {
  await assert.rejects(connect({ password: 'wrong' }), { code: '28P01' });
  await assert.rejects(connect({ user: 'nobody-of-that-name' }), { code: '28P01' });
  await assert.rejects(connect({ database: `${DATABASE}@no such name` }), { code: '22023' });
  await assert.rejects(connect({ database: DATABASE }), { code: '3D000' });
}

async function wake() {
  // What comes between two queries is told to the listener alone.
  await assertSleeps((statement) => (farewell ? Promise.reject(farewell) : sleeper.query(statement)), '57P01');
  const client = await connect({ database: `${DATABASE}@${NAP}` });
  assert.equal(await ask(client, 'SELECT n FROM kept'), 7);
  await client.end();
}

await walk(
  lieDown, everyFormOfName, thePrintedForms, migration, preparedStatements, copyBothWays, sqlstates, cancel, bigResult,
  refusals, wake,
);
