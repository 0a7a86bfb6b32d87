// postgres.js against an environment; see ../README.md for the variables.
import assert from 'node:assert/strict';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import postgres from 'postgres';
import {
  assertSleeps, DATABASE, ENVIRONMENT, HOST, LOGIN, NAP, PASSWORD, PORT, SQLSTATES, TLS, URLS, walk,
} from './walk.mjs';

const quiet = { onnotice: () => {}, max: 1 };
let sleeper;

function connect(overrides = {}) {
  return postgres({
    host: HOST,
    port: PORT,
    database: `${DATABASE}@${ENVIRONMENT}`,
    user: LOGIN,
    password: PASSWORD,
    ssl: TLS,
    connect_timeout: 60,
    ...quiet,
    ...overrides,
  });
}

async function ask(sql, statement) {
  return Object.values((await sql.unsafe(statement))[0])[0];
}

async function lieDown() {
  sleeper = connect({ database: `${DATABASE}@${NAP}` });
  await sleeper`CREATE TABLE kept AS SELECT 7 AS n`;
}

async function everyFormOfName() {
  const forms = [
    {},
    { database: `${DATABASE}%40${ENVIRONMENT}` },
    { database: ENVIRONMENT },
    { database: DATABASE, user: `${LOGIN}@${ENVIRONMENT}` },
    { database: DATABASE, connection: { options: `-c understudy.environment=${ENVIRONMENT}` } },
    { database: DATABASE, connection: { 'understudy.environment': ENVIRONMENT } },
  ];
  const url = (user, path) => postgres(`postgresql://${user}@${HOST}:${PORT}/${path}`, { ssl: TLS, ...quiet });
  const clients = [
    ...forms.map(connect),
    url(LOGIN, `${DATABASE}@${ENVIRONMENT}`),
    url(LOGIN, `${DATABASE}%40${ENVIRONMENT}`),
    url(`${LOGIN}%40${ENVIRONMENT}`, DATABASE),
    url(LOGIN, `${DATABASE}?options=-c%20understudy.environment%3D${ENVIRONMENT}`),
    // What it does not know in a URL is a parameter of the startup message.
    url(LOGIN, `${DATABASE}?understudy.environment=${ENVIRONMENT}`),
  ];
  for (const sql of clients) {
    assert.equal(await ask(sql, 'SHOW understudy.environment'), ENVIRONMENT, JSON.stringify(sql.options.database));
    assert.equal(await ask(sql, 'SELECT current_database()'), DATABASE);
    await sql.end();
  }
}

async function thePrintedForms() {
  for (const url of URLS) {
    const sql = postgres(url, quiet);
    assert.equal(await ask(sql, 'SHOW understudy.environment'), ENVIRONMENT, url);
    await sql.end();
  }
}

async function migration() {
  const sql = connect();
  await sql.begin(async (transaction) => {
    await transaction`CREATE TABLE node_walk (id int PRIMARY KEY, note text)`;
    await transaction`ALTER TABLE customer ADD COLUMN node_note int REFERENCES node_walk`;
    await transaction`CREATE INDEX ON customer (node_note)`;
  });
  await sql.end();
}

async function preparedStatementsInAPipeline() {
  const sql = connect();
  const answers = await Promise.all(Array.from({ length: 2000 }, (_, n) => sql`SELECT ${n}::int * 2 AS twice`));
  answers.forEach((rows, n) => assert.equal(rows[0].twice, 2 * n));
  await sql.end();
}

async function copyBothWays() {
  const sql = connect();
  const lines = Array.from({ length: 10_000 }, (_, n) => `${n}\tnote ${n}\n`);
  await pipeline(Readable.from(lines), await sql`COPY node_walk FROM STDIN`.writable());
  let out = '';
  for await (const chunk of await sql`COPY (SELECT * FROM node_walk ORDER BY id) TO STDOUT`.readable()) out += chunk;
  assert.equal(out, lines.join(''));
  await sql.end();
}

async function sqlstates() {
  const sql = connect();
  for (const [statement, code] of Object.entries(SQLSTATES)) {
    await assert.rejects(sql.unsafe(statement), { code });
  }
  await sql.end();
}

async function cancel() {
  const sql = connect();
  const watcher = connect();
  const pid = await ask(sql, 'SELECT pg_backend_pid()');
  const sleep = sql`SELECT pg_sleep(600)`;
  const sleeping = assert.rejects(sleep.execute(), { code: '57014' });
  const running = `SELECT count(*)::int FROM pg_stat_activity WHERE pid = ${pid} AND query LIKE '%pg_sleep%' AND state = 'active'`;
  while ((await ask(watcher, running)) === 0);
  sleep.cancel();
  await sleeping;
  assert.equal(await ask(sql, 'SELECT 1'), 1);
  await sql.end();
  await watcher.end();
}

async function bigResult() {
  const sql = connect();
  let rows = 0;
  await sql`SELECT n, repeat('x', 30) FROM generate_series(1, 500000) n`.cursor(10_000, (part) => { rows += part.length; });
  assert.equal(rows, 500_000);
  await sql.end();
}

async function refusals() {
  const refused = { password: '28P01', user: '28P01', database: '3D000' };
  const forms = { password: 'wrong', user: 'nobody-of-that-name', database: DATABASE };
  for (const [key, code] of Object.entries(refused)) {
    const sql = connect({ [key]: forms[key] });
    await assert.rejects(ask(sql, 'SELECT 1'), { code });
    await sql.end();
  }
  const sql = connect({ database: `${DATABASE}@no such name` });
  await assert.rejects(ask(sql, 'SELECT 1'), { code: '22023' });
  await sql.end();
}

async function wake() {
  // Most errors it tells when it can go on after them, and after a 57P01 it never can.
  await assertSleeps((statement) => sleeper.unsafe(statement), '57P01', 'CONNECTION_CLOSED');
  // It connects again by itself, and may tell the first statement there once more how the last session ended.
  const kept = () => ask(sleeper, 'SELECT n FROM kept');
  const again = (failure) => {
    assert.equal(failure.code, '57P01');
    return kept();
  };
  assert.equal(await kept().catch(again), 7);
  await sleeper.end();
}

await walk(
  lieDown, everyFormOfName, thePrintedForms, migration, preparedStatementsInAPipeline, copyBothWays, sqlstates, cancel,
  bigResult, refusals, wake,
);
