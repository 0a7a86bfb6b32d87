// Knex with its migrations against an environment; see ../README.md for the variables.
import assert from 'node:assert/strict';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import Knex from 'knex';
import pg from 'pg';
import copy from 'pg-copy-streams';
import {
  DATABASE, ENVIRONMENT, HOST, LOGIN, NAP, PASSWORD, PORT, PRINTED, sendCancelRequest, TLS, URLS, walk,
} from '../node/walk.mjs';

const directory = path.join(path.dirname(fileURLToPath(import.meta.url)), 'migrations');
let sleeper;

function open(connection) {
  return Knex({ client: 'pg', connection, migrations: { directory }, pool: { min: 0, max: 4 } });
}

function parameters(overrides = {}) {
  return {
    host: HOST, port: PORT, database: `${DATABASE}@${ENVIRONMENT}`, user: LOGIN, password: PASSWORD, ssl: TLS, ...overrides,
  };
}

async function ask(knex, statement) {
  return Object.values((await knex.raw(statement)).rows[0])[0];
}

async function lieDown() {
  sleeper = open(parameters({ database: `${DATABASE}@${NAP}` }));
  await sleeper.raw('CREATE TABLE kept AS SELECT 7 AS n');
}

async function everyFormOfName() {
  const forms = [
    ...URLS,
    parameters(),
    parameters({ database: ENVIRONMENT }),
    parameters({ database: DATABASE, user: `${LOGIN}@${ENVIRONMENT}` }),
    parameters({ database: DATABASE, options: `-c understudy.environment=${ENVIRONMENT}` }),
  ];
  for (const form of forms) {
    const knex = open(form);
    assert.equal(await ask(knex, 'SHOW understudy.environment'), ENVIRONMENT);
    assert.equal(await ask(knex, 'SELECT current_database()'), DATABASE);
    await knex.destroy();
  }
}

async function migration() {
  const knex = open(PRINTED);
  await knex.migrate.latest();
  await knex.migrate.rollback(undefined, true);
  await knex.migrate.latest();
  assert.deepEqual((await knex.migrate.list())[1], []);
  assert.equal(await knex.schema.hasColumn('purchase', 'note'), true);
  await knex.destroy();
}

async function queriesAndTransactions() {
  const knex = open(PRINTED);
  await assert.rejects(knex.transaction(async (transaction) => {
    await transaction('purchase').delete();
    throw new Error('rolled back');
  }), /rolled back/);
  const [{ count }] = await knex('purchase').join('customer', 'customer.id', 'purchase.customer_id').count();
  assert.equal(Number(count), 1000);
  await assert.rejects(knex('purchase').insert({ id: 1, customer_id: 1 }), { code: '23505' });
  await assert.rejects(knex('no_such_table').select(), { code: '42P01' });
  await knex.destroy();
}

/** With a client of node-postgres that the pool hands out. */
async function withClient(use) {
  const knex = open(PRINTED);
  const client = await knex.client.acquireConnection();
  await use(client, knex);
  await knex.client.releaseConnection(client);
  await knex.destroy();
}

async function preparedStatements() {
  await withClient(async (client, knex) => {
    // Its own have no name, and so live until the next.
    assert.equal((await knex.raw('SELECT ?::int * 2 AS twice', [21]).connection(client)).rows[0].twice, 42);
    for (let n = 0; n < 10; n++) {
      const { rows } = await client.query({ name: 'twice', text: 'SELECT $1::int * 2 AS twice', values: [n] });
      assert.equal(rows[0].twice, 2 * n);
    }
    const { rows } = await knex.raw('SELECT name FROM pg_prepared_statements').connection(client);
    assert.ok(rows.some(({ name }) => name === 'twice'));
  });
}

async function copyBothWays() {
  await withClient(async (client, knex) => {
    await knex.raw('CREATE TABLE copied (id int, note text)').connection(client);
    const lines = Array.from({ length: 10_000 }, (_, n) => `${n}\tnote ${n}\n`);
    await pipeline(Readable.from(lines), client.query(copy.from('COPY copied FROM STDIN')));
    let out = '';
    const sink = new Writable({ write(chunk, _, done) { out += chunk; done(); } });
    await pipeline(client.query(copy.to('COPY (SELECT * FROM copied ORDER BY id) TO STDOUT')), sink);
    assert.equal(out, lines.join(''));
  });
}

async function cancel() {
  await withClient(async (client, knex) => {
    const { pid } = (await knex.raw('SELECT pg_backend_pid() AS pid').connection(client)).rows[0];
    const sleeping = assert.rejects(knex.raw('SELECT pg_sleep(600)').connection(client), { code: '57014' });
    const running = `SELECT count(*)::int FROM pg_stat_activity WHERE pid = ${pid} AND query LIKE '%pg_sleep%'`;
    while ((await ask(knex, running)) === 0);
    await sendCancelRequest(pg, client);
    await sleeping;
    assert.equal((await knex.raw('SELECT 1 AS one').connection(client)).rows[0].one, 1);
  });
}

async function bigResult() {
  const knex = open(PRINTED);
  assert.equal((await knex.raw("SELECT n, repeat('x', 30) FROM generate_series(1, 200000) n")).rows.length, 200_000);
  await knex.destroy();
}

async function wake() {
  for (let attempt = 0; ; attempt++) {
    assert.ok(attempt < 20, `${NAP} does not sleep`);
    await pause(4000);
    try {
      await sleeper.raw('SELECT 1');
    } catch (failure) {
      assert.equal(failure.code, '57P01');
      break;
    }
  }
  // The pool drops the connection when it is closed, which is a moment after the error.
  await pause(1000);
  assert.equal(await ask(sleeper, 'SELECT n FROM kept'), 7);
  await sleeper.destroy();
}

await walk(
  lieDown, everyFormOfName, migration, queriesAndTransactions, preparedStatements, copyBothWays, cancel, bigResult, wake,
);
