// The process is killed while clicks come in. What was answered a second before is in the books; what is younger may be lost, and
// its LPINFO still says whose click it was.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { keepAlive } from '../support/http.mjs';
import { operate } from '../support/hub.mjs';
import { assertVerifies, Server } from '../support/server.mjs';
import { pause } from './load.mjs';

const rounds = 4;
const clients = 8;
const durableWithinMs = 1000;

let server;
after(() => server?.running && server.kill());

/** Shoppers that click until the server is gone: what each was told, and when it was. */
async function clickUntilKilled(round, answered) {
  const { merchant_id: m, affiliate_id: a } = server.sandbox.affiliate;
  const lane = async (number) => {
    const agent = keepAlive(1);
    try {
      for (let i = 0; ; i++) {
        const user = `${round}.${number}.${i}`;
        const answer = await server.request('GET', `/click.php?m=${m}&a=${a}&u_id=${user}`, { agent });
        assert.equal(answer.status, 302, answer.text);
        const [, lpinfo] = /^LPINFO=([^;]+)/.exec(answer.headers['set-cookie'][0]);
        answered.push({ user, lpinfo, at: performance.now() });
        await pause(10);
      }
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
    } finally {
      agent.destroy();
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => lane(number)));
}

test('a kill takes clicks of the last second at most', { timeout: 300_000 }, Server.logged(() => server, async () => {
  server = await Server.start();
  const { affiliate_id: a } = server.sandbox.affiliate;
  const answered = [];
  const kills = [];
  for (let round = 0; round < rounds; round++) {
    const clicking = clickUntilKilled(round, answered);
    await pause(1500 + 370 * round);
    await server.kill();
    await clicking;
    kills.push(performance.now()); // after the last answer
    await server.restart();
  }
  assert.ok(answered.length > 100 * rounds, `${answered.length} clicks`);

  let lost = 0;
  const ids = new Set();
  for (const { user, lpinfo, at } of answered) {
    const [affiliate, id] = lpinfo.split('|');
    assert.ok(!ids.has(id), `${id} was given twice`);
    ids.add(id);
    assert.equal(affiliate, a, 'an LPINFO says whose click it was, whatever becomes of the server');
    const answer = await operate(server, 'GET', `/api/clicks/${id}`);
    if (answer.status === 200) {
      assert.equal(answer.json().u_id, user);
      continue;
    }
    assert.equal(answer.status, 404, answer.text);
    lost++;
    const killed = kills.find((kill) => kill >= at) ?? kills.at(-1);
    assert.ok(killed - at < durableWithinMs, `a click that was answered ${Math.round(killed - at)} ms before the kill is lost`);
  }
  assert.ok(lost < answered.length / 2, `${lost} of ${answered.length} are lost`);
  await server.stop();
  await assertVerifies(server.directory);
}));
