// Prisma with its migrations against an environment; see ../README.md for the variables.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import copy from 'pg-copy-streams';
import {
  DATABASE, ENVIRONMENT, HOST, LOGIN, NAP, PASSWORD, PORT, PRINTED, sendCancelRequest, TLS, URLS, walk,
} from '../node/walk.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
mkdirSync(path.join(here, 'target'), { recursive: true });
// A copy, for what Prisma generates.
const project = mkdtempSync(path.join(here, 'target', 'prisma-'));
cpSync(path.join(here, 'prisma'), project, { recursive: true });
process.on('exit', () => rmSync(project, { recursive: true }));

async function prisma(...words) {
  const environment = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' };
  const { stdout, stderr } = await promisify(execFile)(
    path.join(here, 'node_modules/.bin/prisma'), [...words, '--config', 'prisma.config.mjs'], { cwd: project, env: environment });
  return stdout + stderr;
}

let PrismaClient;

function open(connection) {
  return new PrismaClient({ adapter: new PrismaPg(connection) });
}

function parameters(overrides = {}) {
  return {
    host: HOST, port: PORT, database: `${DATABASE}@${ENVIRONMENT}`, user: LOGIN, password: PASSWORD, ssl: TLS, ...overrides,
  };
}

async function ask(client, statement) {
  return Object.values((await client.$queryRawUnsafe(statement))[0])[0];
}

async function generate() {
  await prisma('generate');
  PrismaClient = createRequire(import.meta.url)(path.join(project, 'client')).PrismaClient;
}

async function everyFormOfName() {
  const forms = [
    ...URLS.map((connectionString) => ({ connectionString })),
    parameters(),
    parameters({ database: ENVIRONMENT }),
    parameters({ database: DATABASE, user: `${LOGIN}@${ENVIRONMENT}` }),
    parameters({ database: DATABASE, options: `-c understudy.environment=${ENVIRONMENT}` }),
  ];
  for (const form of forms) {
    const client = open(form);
    assert.equal(await ask(client, 'SHOW understudy.environment'), ENVIRONMENT);
    assert.equal(await ask(client, 'SELECT current_database()::text'), DATABASE);
    await client.$disconnect();
  }
}

/** The script of a migration, statement by statement: the engine that `migrate` runs is no package, it is downloaded. */
async function migration() {
  const client = open({ connectionString: PRINTED });
  const script = readFileSync(path.join(project, 'migrations/1_purchases/migration.sql'), 'utf8');
  for (const statement of script.split(/;\s*\n/).filter((text) => text.trim())) {
    await client.$executeRawUnsafe(statement);
  }
  await client.$disconnect();
}

async function queriesAndSqlstates() {
  const client = open({ connectionString: PRINTED });
  await client.purchase.createMany({ data: Array.from({ length: 1000 }, (_, n) => ({ customer_id: n + 1, note: `note ${n}` })) });
  const found = await client.purchase.findFirst({ where: { note: 'note 7' }, include: { customer: true } });
  assert.equal(found.customer.name, 'customer 8');
  await assert.rejects(client.purchase.create({ data: { id: found.id, customer_id: 1 } }), { code: 'P2002' });
  await assert.rejects(ask(client, 'SELECT 1 / 0'), (failure) => failure.meta.code === '22012' || /22012/.test(failure.message));
  await client.$disconnect();
}

/** Its parameters go by Parse and Bind; the statements have no name, and so live until the next. */
async function preparedStatements() {
  const client = open({ connectionString: PRINTED });
  for (let n = 0; n < 10; n++) {
    assert.equal((await client.$queryRaw`SELECT ${n}::int * 2 AS twice`)[0].twice, 2 * n);
  }
  await client.$disconnect();
}

/** By the pool of node-postgres that one may give to the adapter: Prisma has no COPY. */
async function copyBothWays() {
  const pool = new pg.Pool({ connectionString: PRINTED });
  const client = open(pool);
  await client.$executeRawUnsafe('CREATE TABLE copied (id int, note text)');
  const lines = Array.from({ length: 10_000 }, (_, n) => `${n}\tnote ${n}\n`);
  const session = await pool.connect();
  await pipeline(Readable.from(lines), session.query(copy.from('COPY copied FROM STDIN')));
  let out = '';
  const sink = new Writable({ write(chunk, _, done) { out += chunk; done(); } });
  await pipeline(session.query(copy.to('COPY (SELECT * FROM copied ORDER BY id) TO STDOUT')), sink);
  session.release();
  assert.equal(out, lines.join(''));
  assert.equal(Number(await ask(client, 'SELECT count(*) FROM copied')), 10_000);
  await client.$disconnect();
  await pool.end();
}

/** By the connection of that pool on which a statement of Prisma's runs: Prisma has no cancel. */
async function cancel() {
  const pool = new pg.Pool({ connectionString: PRINTED, max: 1 });
  const sessions = [];
  pool.on('connect', (session) => sessions.push(session));
  const [client, watcher] = [open(pool), open({ connectionString: PRINTED })];
  const pid = await ask(client, 'SELECT pg_backend_pid()');
  const sleeping = assert.rejects(
    ask(client, 'SELECT pg_sleep(600)::text'), (failure) => failure.meta?.code === '57014' || /57014/.test(failure.message));
  const running = `SELECT count(*)::int FROM pg_stat_activity WHERE pid = ${pid} AND query LIKE '%pg_sleep%'`;
  while ((await ask(watcher, running)) === 0);
  await sendCancelRequest(pg, sessions[0]);
  await sleeping;
  assert.equal(await ask(client, 'SELECT 1'), 1);
  await Promise.all([client.$disconnect(), watcher.$disconnect()]);
  await pool.end();
}

async function bigResult() {
  const client = open({ connectionString: PRINTED });
  const rows = await client.$queryRawUnsafe("SELECT n, repeat('x', 30) AS x FROM generate_series(1, 100000) n");
  assert.equal(rows.length, 100_000);
  await client.$disconnect();
}

async function wake() {
  const client = open({ connectionString: PRINTED.replace(ENVIRONMENT, NAP) });
  await client.$executeRawUnsafe('CREATE TABLE kept AS SELECT 7 AS n');
  for (let attempt = 0; ; attempt++) {
    assert.ok(attempt < 20, `${NAP} does not sleep`);
    await pause(4000);
    try {
      await ask(client, 'SELECT 1');
    } catch (failure) {
      assert.match(JSON.stringify(failure) + failure.message, /57P01|terminat/);
      break;
    }
  }
  assert.equal(await ask(client, 'SELECT n FROM kept'), 7);
  await client.$disconnect();
}

await walk(
  generate, everyFormOfName, migration, queriesAndSqlstates, preparedStatements, copyBothWays, cancel, bigResult, wake,
);
