// A backup is made while clients keep the server busy; what it holds is restored elsewhere and goes on from there.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import test, { after } from 'node:test';

import { keepAlive } from '../support/http.mjs';
import { Till } from '../support/purchase.mjs';
import { Server, assertVerifies, binary, eventually, run, temporaryDirectory } from '../support/server.mjs';
import { Load, inLanes, pause } from './load.mjs';

const postgres = process.env.JANGBU_TEST_POSTGRES;
const name = `jangbu_backup_${process.pid}`;
const psql = (statement) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', postgres, '-c', statement], { stdio: 'pipe' });

const directory = temporaryDirectory();
const file = path.join(directory, 'book.backup');
/** Purchases with their answers: what was acknowledged before the backup began, and all. */
let promised;
let acknowledged;
/** A purchase before all of these. */
let earliest;
/** The root hash of the backup. */
let root;
let original;
let server;
let created = false;
after(async () => {
  for (const node of [original, server]) if (node?.running) await node.kill();
  if (created) psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

const headOf = ({ stdout }) => /head (\d+:0x[0-9a-f]{64})/.exec(stdout)?.[1];
const must = (result) => (assert.equal(result.code, 0, result.stdout + result.stderr), result);
const check = (title, options, body) =>
  test(title, { timeout: 180_000, ...options }, Server.logged(() => server ?? original, body));

check('a backup under load', {}, async (t) => {
  original = await Server.start({ clock: '2024-01-15T00:00:00Z' });
  // Its points are pending when the backup is made.
  earliest = new Till(original).simple(1000, 10);
  await new Till(original).accepted(earliest);
  const clients = new Load([original], 16);
  clients.start();
  await eventually('a thousand purchases', () => (clients.acknowledged.size > 1000 ? true : undefined), 120_000);
  // So small a book is copied at once: again, until something was acknowledged meanwhile.
  let [made, before, during] = [null, 0, 0];
  for (let left = 50; left > 0 && during === 0; left -= 1) {
    fs.rmSync(file, { force: true });
    before = clients.acknowledged.size;
    made = must(await run('backup', original.directory, file));
    during = clients.acknowledged.size - before;
  }
  await pause(200);
  await clients.stop();
  acknowledged = [...clients.acknowledged.values()];
  promised = acknowledged.slice(0, before);
  assert.ok(during > 0, `${before} before, ${during} during the backup`);
  t.diagnostic(`${before} acknowledged before the backup, ${during} while it was made: ${fs.statSync(file).size} bytes`);
  assert.match(made.stdout, /master key .* is not in it/s);
  root = headOf(made);
  assert.equal(headOf(must(await run('verify', file))), root);
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);

  // What somebody else could have put in the place of the unfinished file is neither followed nor left open to all.
  const [planted, victim] = [`${file}.planted`, `${file}.victim`];
  fs.writeFileSync(victim, 'precious');
  fs.symlinkSync(victim, `${planted}.new`);
  assert.equal((await run('backup', original.directory, planted)).code, 1);
  assert.equal(fs.readFileSync(victim, 'utf8'), 'precious');
  fs.rmSync(`${planted}.new`);
  fs.writeFileSync(`${planted}.new`, '');
  fs.chmodSync(`${planted}.new`, 0o666);
  must(await run('backup', original.directory, planted));
  assert.equal(fs.statSync(planted).mode & 0o777, 0o600);

  // The second is refused, and leaves the first alone.
  const again = await run('backup', original.directory, file);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /exists already/);
  assert.equal(headOf(must(await run('verify', file))), root);
  await original.stop();
  await assertVerifies(original.directory);
});

/** Serves the restored book and fails unless it goes on where the backup ended. */
async function assertGoesOn(target) {
  assert.equal(headOf(must(await run('verify', file))), root);
  await assertVerifies(target.database ?? target.directory);
  server = await Server.start(target);
  assert.deepEqual(server.sandbox.purchase, original.sandbox.purchase);
  assert.deepEqual(server.sandbox.operator, original.sandbox.operator);
  const agent = keepAlive(16);
  const { access_key: key, shop_id: shopId } = server.sandbox.purchase;
  const till = new Till(server, { key, shopId, agent });

  // What was acknowledged before the backup is in it; what came later is in it up to its end, and not beyond. A repeat
  // gets the first answer, byte for byte.
  const last = await till.sequence();
  const kept = acknowledged.filter(({ text }) => BigInt(JSON.parse(text).data.tx.sequence) <= last);
  assert.equal(BigInt(kept.length) + 1n, last);
  assert.ok(promised.every((purchase) => kept.includes(purchase)), 'a purchase from before the backup is not in it');
  await inLanes(16, kept, async ({ body, text }) => assert.equal((await till.postNew(body)).text, text));
  assert.equal(await till.sequence(), last, 'a repeat was recorded as new');
  assert.equal((await till.list({ shopId })).length, Number(last));

  // It goes on: new purchases, blocks, points that fall due.
  const heightOf = async ({ purchaseId }) => BigInt((await till.receipt(purchaseId)).header.height);
  const fresh = till.purchase();
  await till.accepted(fresh);
  assert.equal(await till.sequence(), last + 1n);
  assert.ok((await heightOf(fresh)) > (await heightOf(earliest)));
  assert.equal((await till.get(earliest.purchaseId)).status, 'pending');
  const moved = await server.request('POST', '/sandbox/clock', { body: { advance: '8d' } });
  assert.equal(moved.status, 200, moved.text);
  for (const { purchaseId } of [earliest, fresh]) assert.equal((await till.get(purchaseId)).status, 'provided');
  agent.destroy();
  await server.stop();
  await assertVerifies(target.database ?? target.directory);
}

check('restored into a new directory, it goes on', {}, async () => {
  const target = path.join(directory, 'new', 'data');
  const restored = must(await run('restore', file, target));
  assert.ok(restored.stdout.includes(`up to ${root}; the book goes on as epoch 2`), restored.stdout);
  assert.match(restored.stdout, /master key/);
  assert.equal(fs.statSync(target).mode & 0o777, 0o700);
  assert.equal(fs.statSync(path.join(target, 'jangbu.db')).mode & 0o777, 0o600);
  assert.deepEqual(fs.readdirSync(target), ['jangbu.db']);
  await assertGoesOn({ directory: target });

  const again = await run('restore', file, target);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /only where there is no book/);
  await assertVerifies(target);
});

check('restored into PostgreSQL, it goes on', { skip: postgres ? false : 'JANGBU_TEST_POSTGRES names no database' }, async () => {
  psql(`CREATE DATABASE ${name}`);
  created = true;
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  const database = url.href;

  // Killed on its way: nothing that counts.
  await killedRestore(database);
  await eventually('the killed restore ends', async () => {
    const restored = await run('restore', file, database);
    if (restored.code !== 0 && /serves this database/.test(restored.stderr)) return undefined;
    return must(restored);
  });
  await assertGoesOn({ directory: temporaryDirectory(), database });
  const again = await run('restore', file, database);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /there is a book in this database already/);

  // And back: a backup of PostgreSQL is restored into SQLite.
  const second = path.join(directory, 'second.backup');
  must(await run('backup', database, second));
  const target = path.join(directory, 'back');
  assert.match(must(await run('restore', second, target)).stdout, /epoch 3/);
  await assertVerifies(target);
});

/** Kills a restore that has read half of the backup and waits for more. */
async function killedRestore(target) {
  const pipe = path.join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const child = spawn(binary, ['restore', pipe, target], { stdio: 'ignore' });
  const exited = once(child, 'close');
  const half = await fs.promises.open(pipe, 'w');
  const bytes = fs.readFileSync(file);
  await half.writeFile(bytes.subarray(0, bytes.length >> 1));
  child.kill('SIGKILL');
  const [, signal] = await exited;
  await half.close();
  fs.unlinkSync(pipe);
  assert.equal(signal, 'SIGKILL');
}

check('kill -9 in the middle of a restore leaves no book', {}, async () => {
  const target = temporaryDirectory();
  await killedRestore(target);
  assert.deepEqual(fs.readdirSync(target), ['restoring']);
  assert.equal((await run('verify', target)).code, 1);
  must(await run('restore', file, target));
  await assertVerifies(target);
  assert.deepEqual(fs.readdirSync(target), ['jangbu.db']);
});

check('a damaged backup is refused, and nothing is left of it', {}, async () => {
  const damaged = path.join(directory, 'damaged.backup');
  const bytes = fs.readFileSync(file);
  for (const [what, content] of [
    ['cut off', bytes.subarray(0, bytes.length >> 1)],
    ['changed', Buffer.concat([bytes.subarray(0, bytes.length - 40), Buffer.from([1]), bytes.subarray(bytes.length - 39)])],
  ]) {
    fs.writeFileSync(damaged, content);
    const verified = await run('verify', damaged);
    assert.equal(verified.code, 1, what);
    assert.match(verified.stdout, /^not verified: .*damaged\.backup: /, what);
    const target = path.join(directory, `from ${what}`);
    const restored = await run('restore', damaged, target);
    assert.equal(restored.code, 1, what);
    assert.match(restored.stderr, /nothing was restored: /, what);
    assert.equal(fs.existsSync(target), false, what);
  }
});

check('a backup of a book with a changed signature is refused, and nothing is left of it', {}, async () => {
  const copy = temporaryDirectory();
  fs.cpSync(original.directory, copy, { recursive: true });
  const sql = (statement) => execFileSync('sqlite3', ['-bail', '-batch', path.join(copy, 'jangbu.db')], { input: statement, encoding: 'utf8' }).trim();
  const number = sql("SELECT max(number) FROM engine_records WHERE seal != x'';");
  const [, digits, last] = /^X'(.*)(.)'$/.exec(sql(`SELECT quote(seal) FROM engine_records WHERE number = ${number};`));
  sql(`UPDATE engine_records SET seal = X'${digits}${last === '0' ? '1' : '0'}' WHERE number = ${number};`);
  const forged = path.join(directory, 'forged.backup');
  must(await run('backup', copy, forged));
  assert.match((await run('verify', forged)).stdout, new RegExp(`^not verified: record ${number}\\b`));
  const target = path.join(directory, 'from forged');
  const restored = await run('restore', forged, target);
  assert.equal(restored.code, 1);
  assert.match(restored.stderr, new RegExp(`nothing was restored: verification_failed: record ${number}\\b`));
  assert.equal(fs.existsSync(target), false);
});
