// The sender of reward postbacks is killed where it stands, while three of ten of the receiver's answers are failures. Every
// conversion's postback arrives, under one id, with one text.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test, { after } from 'node:test';

import { freshId, lpinfoOf, makeAffiliate, makeMerchant, operated, order, product, send } from '../support/affiliate.mjs';
import { advance, guideClock, operate } from '../support/hub.mjs';
import { closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const rounds = 4;
const clients = 4;
const ordersEachRound = 25;

let server;
after(closeReceivers);

/** Whether the receiver fails at this request: three of ten, and the same in every run of the test. */
const fails = (count) => createHash('sha256').update(`reward ${count}`).digest()[0] % 10 < 3;

async function moodySite() {
  let count = 0;
  return Receiver.start((_, response) => {
    count += 1;
    if (!fails(count)) return response.writeHead(200).end();
    if (count % 2) return response.writeHead(500).end();
    return response.destroy();
  });
}

test('kill -9 while a receiver fails, again and again', { timeout: 180_000 }, Server.logged(() => server, async (t) => {
  const receiver = await moodySite();
  server = await Server.start({ clock: guideClock });
  const { merchant_id: merchant } = await makeMerchant(server);
  const site = await makeAffiliate(server);
  await operated(server, 'PUT', `/api/affiliates/${site.affiliate_id}/reward-api`, { postback_url: receiver.url(), status: 'APPROVED' });
  const lpinfo = lpinfoOf(site.affiliate_id, new Date(Date.parse(guideClock) - 60_000));
  /** trlog_id of every conversion whose merchant was told that it is taken. */
  const acknowledged = new Set();
  /** Orders of which the answer was lost. */
  const open = [];

  for (let round = 1; round <= rounds; round++) {
    const goal = acknowledged.size + ordersEachRound;
    let stopped = false;
    let reached;
    const enough = new Promise((resolve) => (reached = resolve));
    const running = Array.from({ length: clients }, async () => {
      while (!stopped) {
        const body = order(merchant, lpinfo, { order: { order_id: freshId('o') }, products: [product('p1')] });
        open.push(body);
        try {
          const answer = await send(server, body);
          if (answer.status !== 200) continue;
          for (const item of answer.json().result_data) acknowledged.add(item.trlog_id);
          open.splice(open.indexOf(body), 1);
        } catch {
          break; // the server is gone
        }
        if (acknowledged.size >= goal) reached();
      }
    });
    await enough;
    assert.equal(await server.kill('SIGKILL'), 'SIGKILL');
    stopped = true;
    await Promise.all(running);
    t.diagnostic(`round ${round}: ${acknowledged.size} taken, ${receiver.requests.length} requests, ${open.length} open`);
    await assertVerifies(server.directory);
    await server.restart();
    await advance(server, '30s');
  }
  // A merchant that was not answered sends again: the same conversion, whether or not it was taken.
  for (const body of open.splice(0)) {
    const answer = await send(server, body);
    for (const item of answer.json().result_data) acknowledged.add(item.trlog_id);
  }
  await eventually('everything is delivered', async () => {
    const answer = await operate(server, 'GET', '/api/deliveries?kind=reward&status=pending&limit=1');
    if (answer.json().deliveries.length === 0) return true;
    await advance(server, '1m');
    return undefined;
  }, 120_000);
  const failed = await operate(server, 'GET', '/api/deliveries?kind=reward&status=failed&limit=1');
  assert.deepEqual(failed.json().deliveries, [], 'nothing was given up');

  const about = new Map();
  for (const request of receiver.requests) {
    const { trlog_id: id } = request.json;
    about.set(id, [...(about.get(id) ?? []), request]);
  }
  let repeats = 0;
  const ids = new Set();
  for (const id of acknowledged) {
    const requests = about.get(id) ?? [];
    const done = requests.filter(({ status }) => status === 200);
    assert.ok(done.length >= 1, `the postback of ${id} never arrived`);
    repeats += done.length - 1;
    assert.equal(new Set(requests.map((request) => request.id)).size, 1, `${id} has two ids`);
    assert.equal(new Set(requests.map(({ text }) => text)).size, 1, `${id} has two texts`);
    assert.equal(ids.has(requests[0].id), false, 'one id stands for one conversion');
    ids.add(requests[0].id);
  }
  assert.deepEqual([...about.keys()].filter((id) => !acknowledged.has(id)), [], 'nobody hears of a conversion that is not there');
  t.diagnostic(`${ids.size} conversions, ${receiver.requests.length} requests, ${repeats} repeats of what had arrived`);
  assert.ok(ids.size >= rounds * ordersEachRound);
  assert.ok(receiver.requests.length > ids.size, 'the receiver failed too seldom');
  await server.stop();
  await assertVerifies(server.directory);
}));
