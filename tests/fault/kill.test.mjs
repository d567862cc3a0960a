// The process is killed where it stands. What was acknowledged is there afterwards, exactly once, and the books verify.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Till } from '../support/purchase.mjs';
import { Server, assertVerifies } from '../support/server.mjs';
import { Load, pause } from './load.mjs';

const rounds = 5;

let server;
const check = (name, body) => test(name, { timeout: 180_000 }, Server.logged(() => server, body));

check('kill -9 under load, again and again', async (t) => {
  server = await Server.start();
  const before = await new Till(server).sequence();
  const load = new Load([server]);
  for (let round = 1; round <= rounds; round++) {
    const acknowledged = load.acknowledged.size;
    load.start();
    // Long enough to be in the middle of things, and another middle each time.
    await pause(200 + 170 * round);
    assert.equal(await server.kill('SIGKILL'), 'SIGKILL');
    await load.stop();
    assert.ok(load.acknowledged.size > acknowledged, 'the load did nothing');
    t.diagnostic(`round ${round}: ${load.acknowledged.size - acknowledged} acknowledged, ${load.open.size} open`);
    if (round % 2) await assertVerifies(server.directory);
    await server.restart();
    await load.settle(server);
  }
  await load.assertKept(server, before);
  await server.stop();
  await assertVerifies(server.directory);
});

check('SIGTERM under load finishes what is in flight and ends well', async () => {
  server = await Server.start();
  const before = await new Till(server).sequence();
  const load = new Load([server]);
  load.start();
  await pause(500);
  assert.equal(await server.kill('SIGTERM'), 0);
  await load.stop();
  await assertVerifies(server.directory);
  await server.restart();
  await load.settle(server);
  await load.assertKept(server, before);
  await server.stop();
});

check('one id from 200 clients at once, with a restart in between', async () => {
  server = await Server.start();
  const till = new Till(server);
  const before = await till.sequence();
  const body = till.purchase();
  const answers = [];
  const client = async () => {
    for (;;) {
      try {
        const answer = await till.postNew(body);
        if (answer.status === 503) throw new Error('not now');
        return answers.push(answer.text);
      } catch {
        await pause(10);
      }
    }
  };
  const first = Array.from({ length: 100 }, client);
  await Promise.race(first);
  await server.kill('SIGKILL');
  const second = Array.from({ length: 100 }, client);
  await server.restart();
  await Promise.all([...first, ...second]);
  assert.equal(answers.length, 200);
  assert.equal(new Set(answers).size, 1, 'all have one answer');
  assert.equal(JSON.parse(answers[0]).code, 0, answers[0]);
  assert.equal(await till.sequence(), before + 1n);
  assert.equal((await till.list({ shopId: till.shopId })).filter((item) => item.tx.purchaseId === body.purchaseId).length, 1);
  await server.stop();
  await assertVerifies(server.directory);
});

check('the keys of a sandbox outlive its restart', async () => {
  server = await Server.start();
  const first = server.sandbox;
  const body = new Till(server).purchase();
  const answer = await new Till(server).postNew(body);
  await server.restart();
  assert.deepEqual(server.sandbox.purchase, first.purchase);
  assert.deepEqual(server.sandbox.operator, first.operator);
  assert.equal((await new Till(server).postNew(body)).text, answer.text);
  await server.stop();
});
