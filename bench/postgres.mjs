#!/usr/bin/env node
// What batches bring on PostgreSQL: durable purchases of 64 connections, and the same statements on the same tables by pgbench, one
// transaction after the other and no row beside another.
//
//   bench/postgres.mjs [--rounds N] [--seconds N] [--json]
//
// A PostgreSQL of its own (tools/postgres) without settings; each round measures the three beside each other, so that a disk or a machine
// that is slower for a while is slower for all. pgbench has all the odds: no HTTP, no checks, no signature, its values are made by the
// database's own client. It is measured twice: each statement waits for the answer of the one before, and a whole transaction is sent at
// once ("pipelined"). It fails when a book does not verify.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const binary = process.env.JANGBU ?? path.join(root, 'build/release/jangbu');

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'jangbu-postgres-bench-'));
const cluster = path.join(directory, 'cluster');
const postgres = (command) => execFileSync(path.join(root, 'tools/postgres'), [command, cluster], { encoding: 'utf8' }).trim();

/** What the writer does for a batch of one purchase: a key that is not there, and seven rows. */
const tables = ['engine_keys', 'engine_records', 'engine_due', 'engine_counters', 'engine_head', 'purchase_runs', 'ledger_accounts'];
const statements = ({ body, seal, recent }) => [
  'BEGIN;',
  "SELECT number FROM engine_keys WHERE digest = substr(sha256(int8send(:n)), 1, 16);",
  'INSERT INTO purchase_runs (holder, first, last) VALUES (1, :n, :n);',
  `INSERT INTO ledger_accounts (ref, name, currency, floor, posted, held, available, recent) VALUES (1, 'shop', 'POINT', 0, ${zero},
    ${zero}, ${zero}, decode(repeat('70', ${recent}), 'hex')) ON CONFLICT (ref) DO UPDATE SET posted = excluded.posted, held = excluded.held,
    available = excluded.available, recent = excluded.recent;`,
  `INSERT INTO engine_records (number, hash, body, seal) VALUES (:n, sha256(int8send(:n)), decode(repeat('72', ${body}), 'hex'),
    decode(repeat('73', ${seal}), 'hex'));`,
  'INSERT INTO engine_keys (digest, number) VALUES (substr(sha256(int8send(:n)), 1, 16), :n) ON CONFLICT (digest) DO NOTHING;',
  `INSERT INTO engine_due (due_at, kind, first, last) VALUES (:n, 1, :n, :n) ON CONFLICT (due_at, kind, first) DO UPDATE SET last =
    CASE WHEN excluded.last > engine_due.last THEN excluded.last ELSE engine_due.last END;`,
  'INSERT INTO engine_counters (id, value) VALUES (1, :n) ON CONFLICT (id) DO UPDATE SET value = excluded.value;',
  `INSERT INTO engine_head (id, epoch, batch, number, hash, business_at, offset_us) VALUES (1, 1, :n, :n, sha256(int8send(:n)), :n, 0)
    ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, batch = excluded.batch, number = excluded.number, hash = excluded.hash,
    business_at = excluded.business_at, offset_us = excluded.offset_us;`,
  'COMMIT;',
].map((statement) => statement.replace(/\s+/g, ' '));
const zero = "decode('80000000000000000000000000000000', 'hex')";

function psql(url, sql) {
  return execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql], { encoding: 'utf8' }).trim();
}

/** Transactions a second of one client. `:n` goes on from where the last run ended. */
function pgbench(url, first, pipelined, sizes) {
  const script = path.join(directory, 'purchase.sql');
  const lines = statements(sizes);
  fs.writeFileSync(script, ['\\set n :n + 1', ...(pipelined ? ['\\startpipeline', ...lines, '\\endpipeline'] : lines)].join('\n'));
  const text = execFileSync(newestPgbench(), ['-n', '-M', 'prepared', '-c', '1', '-T', options.seconds, '-D', `n=${first}`, '-f', script, url], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PGOPTIONS: '-c search_path=jangbu_bench' },
  });
  const count = Number(/number of transactions actually processed: (\d+)/.exec(text)[1]);
  return { count, perSecond: Number(/^tps = ([\d.]+)/m.exec(text)[1]) };
}

/** Debian keeps it beside the server's programs. */
function newestPgbench() {
  const base = '/usr/lib/postgresql';
  const versions = fs.existsSync(base) ? fs.readdirSync(base).sort((a, b) => Number(a) - Number(b)) : [];
  return versions.length ? path.join(base, versions.at(-1), 'bin/pgbench') : 'pgbench';
}

function purchases(url, connections) {
  const args = ['bench', '--json', '--database', url, '--seconds', options.seconds, '--connections', String(connections)];
  const result = JSON.parse(execFileSync(binary, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  return { perSecond: result.purchases_per_s, ready: result.ready_ms };
}

/** A fresh database for each round: { batches, alone, waiting, pipelined } a second, and how soon servers were ready. */
function measure(url, round) {
  const name = `round_${round}`;
  psql(url, `CREATE DATABASE ${name}`);
  const database = new URL(url);
  database.pathname = `/${name}`;
  const batches = purchases(database.href, 64);
  const alone = purchases(database.href, 1);
  psql(database.href, ['CREATE SCHEMA jangbu_bench', ...tables.map((table) => `CREATE TABLE jangbu_bench.${table} (LIKE jangbu.${table} INCLUDING ALL)`)].join(';'));
  const sizes = JSON.parse(psql(database.href, `SELECT json_build_object('body', avg(length(body))::int, 'seal', max(length(seal)), 'recent',
    (SELECT max(length(recent)) FROM jangbu.ledger_accounts)) FROM jangbu.engine_records`));
  const waiting = pgbench(database.href, 0, false, sizes);
  const pipelined = pgbench(database.href, waiting.count + 1, true, sizes);
  const stored = Number(psql(database.href, 'SELECT count(*) FROM jangbu_bench.engine_records'));
  if (stored !== waiting.count + pipelined.count) throw new Error(`pgbench stored ${stored} rows of ${waiting.count + pipelined.count}`);
  return {
    batches: batches.perSecond, alone: alone.perSecond, waiting: waiting.perSecond, pipelined: pipelined.perSecond,
    ready_new_ms: batches.ready, ready_again_ms: alone.ready,
  };
}

const rounds = [];
try {
  postgres('start');
  for (let round = 1; round <= Number(options.rounds); round += 1) rounds.push(measure(postgres('url'), round));
} finally {
  postgres('stop');
  fs.rmSync(directory, { recursive: true, force: true });
}

/** "median (lowest to highest)" */
function summary(of, digits) {
  const values = rounds.map(of).sort((a, b) => a - b);
  const [low, median, high] = [values[0], values[values.length >> 1], values.at(-1)].map((value) => value.toFixed(digits));
  return low === high ? median : `${median} (${low} to ${high})`;
}

if (options.json) {
  console.log(JSON.stringify(rounds));
} else {
  console.log(`| \`bench/postgres.mjs --rounds ${options.rounds} --seconds ${options.seconds}\` | a second | purchases in batches are so many times as fast |`);
  console.log('|---|---|---|');
  console.log(`| durable purchases, 64 connections | ${summary((r) => r.batches, 0)} | |`);
  for (const [what, key] of [
    ['the same statements by pgbench, one after the other', 'waiting'],
    ['by pgbench, a transaction at once', 'pipelined'],
    ['durable purchases, one connection', 'alone'],
  ]) console.log(`| ${what} | ${summary((r) => r[key], 0)} | ${summary((r) => r.batches / r[key], 1)} |`);
  console.log(`\nReady on a new database after ${summary((r) => r.ready_new_ms, 0)} ms, on one with a book after ${summary((r) => r.ready_again_ms, 0)} ms.`);
}
