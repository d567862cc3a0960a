// Two nodes on one PostgreSQL: one writes, the other forwards to it, and takes over when it is killed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test, { after } from 'node:test';

import { App } from '../support/hub.mjs';
import { Manager, tokenOf } from '../support/portal.mjs';
import { Till } from '../support/purchase.mjs';
import { Server, assertVerifies, eventually } from '../support/server.mjs';
import { Load, pause } from './load.mjs';

const postgres = process.env.JANGBU_TEST_POSTGRES;
const name = `jangbu_nodes_${process.pid}`;

const psql = (statement) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', postgres, '-c', statement], { stdio: 'pipe' });

let first;
let second;
let created = false;
after(async () => {
  for (const node of [first, second]) if (node?.running) await node.kill();
  if (created) psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

const logs = { get log() { return `first:\n${first?.log}\nsecond:\n${second?.log}`; } };

test('the second node forwards, and takes over when the first is killed', {
  timeout: 180_000, skip: postgres ? false : 'JANGBU_TEST_POSTGRES names no database',
}, Server.logged(() => logs, async (t) => {
  psql(`CREATE DATABASE ${name}`);
  created = true;
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  const database = url.href;

  first = await Server.start({ database });
  const { sandbox } = first;
  const { access_key: key, shop_id: shopId } = sandbox.purchase;
  const before = await new Till(first).sequence();
  second = await Server.start({ database });

  // Whoever is asked, there is one book.
  const load = new Load([first, second], 32, sandbox);
  const left = load.till(first);
  const right = load.till(second);
  const body = left.purchase();
  const answer = await left.postNew(body);
  assert.equal(answer.json().code, 0, answer.text);
  assert.equal((await right.postNew(body)).text, answer.text, 'a repeat at the other node');
  load.acknowledged.set(body.purchaseId, { body, text: answer.text });
  const forwarded = right.purchase();
  const fromRight = await right.postNew(forwarded);
  assert.equal(fromRight.json().code, 0, fromRight.text);
  assert.equal((await left.postNew(forwarded)).text, fromRight.text);
  load.acknowledged.set(forwarded.purchaseId, { body: forwarded, text: fromRight.text });

  // Whoever signs out of the portal has signed out at every node, also where a copy of the session is.
  const { onboarding } = await App.sales(first).onboarded({ campaign: { startAt: '2998-06-01T00:00:00+09:00', endAt: '2998-06-30T00:00:00+09:00' } });
  const manager = new Manager(second);
  const accepted = await manager.accept(tokenOf(onboarding.loginUrl));
  assert.equal(accepted.status, 200, accepted.text);
  const copies = [first, second].map((node) => Object.assign(new Manager(node), { cookie: manager.cookie }));
  for (const copy of copies) await copy.get('/deposit');
  assert.equal((await manager.send('DELETE', '/session')).status, 200);
  for (const copy of copies) assert.equal((await copy.send('GET', '/deposit')).status, 401);

  // The clock of both is the book's, whoever is asked and whoever moved it.
  for (const [mover, other] of [[first, second], [second, first]]) {
    const moved = await mover.request('POST', '/sandbox/clock', { body: { advance: '1d' } });
    assert.equal(moved.status, 200, moved.text);
    const { now } = moved.json();
    await eventually('the clock of the other node', async () => ((await other.request('GET', '/sandbox/clock')).json().now >= now ? true : undefined));
  }

  load.start();
  await pause(1_000);
  const atKill = load.acknowledged.size;
  assert.ok(atKill > 2, 'the load did nothing');
  await first.kill('SIGKILL');
  const killed = Date.now();
  load.targets = [second];
  await eventually('the second node takes over', async () => (load.acknowledged.size > atKill + 50 ? true : undefined), 30_000);
  t.diagnostic(`took over and answered in ${Date.now() - killed} ms`);
  await pause(300);
  await load.stop();
  await load.settle(second);
  await load.assertKept(second, before);

  // The first comes back and is a node like any other.
  await first.restart();
  const returned = new Till(first, { key, shopId });
  assert.equal((await returned.postNew(body)).text, answer.text);
  const late = returned.purchase();
  assert.equal((await returned.postNew(late)).json().code, 0);

  await first.stop();
  await second.stop();
  await assertVerifies(database);
}));
