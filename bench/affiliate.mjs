#!/usr/bin/env node
// Measures the affiliate door over real HTTP: orders taken durably as fast as they go, and postbacks while orders come at a steady rate and
// a tenth of the receivers hang. Starts a server of its own in a new directory.
//
//   bench/affiliate.mjs [--orders N] [--connections N] [--rate PER_SECOND] [--seconds N] [--json]
//
// A postback's time is from the moment at which its order is sent to the one at which its receiver has read it. Every answer is looked at.
// The exit status is 1 when one was not a success, when a postback of a receiver that answers is missing, or when `jangbu verify` finds a
// fault. docs/performance.md has the figures.
import http from 'node:http';
import { once } from 'node:events';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { lpinfoOf, makeAffiliate, makeMerchant, operated, order } from '../tests/support/affiliate.mjs';
import { Server, assertVerifies } from '../tests/support/server.mjs';
import { Driver, figures, report } from './drive.mjs';

const { values: options } = parseArgs({
  options: {
    orders: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '64' },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const [orders, connections, rate, seconds] = ['orders', 'connections', 'rate', 'seconds'].map((name) => Number(options[name]));
const sites = 10; // the last one's receiver hangs
const tickMs = 10;
const patienceMs = 20_000;

const server = await Server.start();
const { merchant_id: shop } = await makeMerchant(server, { rate: 100_000, burst: 1_000_000 }, { fee: '0.5%' });
const heard = new Map(); // order code -> when its postback was read
const receiver = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    if (request.url === '/hangs') return;
    heard.set(JSON.parse(Buffer.concat(chunks)).order_code, performance.now());
    response.end();
  });
});
receiver.listen(0, '127.0.0.1');
await once(receiver, 'listening');
const quiet = await makeAffiliate(server);
const told = [];
for (let i = 0; i < sites; i++) {
  const { affiliate_id: id } = await makeAffiliate(server);
  const url = `http://127.0.0.1:${receiver.address().port}/${i === sites - 1 ? 'hangs' : 'reward'}`;
  await operated(server, 'PUT', `/api/affiliates/${id}/reward-api`, { postback_url: url, status: 'APPROVED' });
  told.push(id);
}

const driver = new Driver(server, connections);
let count = 0;
const newOrder = (affiliate) => order(shop, lpinfoOf(affiliate), { order: { order_id: `order-${++count}` } });
const request = (body) => ({ method: 'POST', path: '/lppurchase_cps_v4.php', status: 200, body, headers: { 'Content-Type': 'application/json' } });
const taken = (_, answer) => {
  const { result, result_data: items } = answer.json();
  if (result !== 0 || !items.every(({ is_success: is }) => is)) throw new Error(`not taken: ${answer.text.slice(0, 200)}`);
};

const load = os.loadavg()[0];
const results = figures('orders of one product', await driver.drive(orders, () => request(newOrder(quiet.affiliate_id)), { keep: taken }));

const sentAt = new Map();
const pending = [];
const begun = performance.now();
for (let made = 0; made < rate * seconds;) {
  const due = Math.min(rate * seconds, Math.floor(((performance.now() - begun) / 1000) * rate));
  for (; made < due; made++) {
    const site = made % sites;
    const body = newOrder(told[site]);
    if (site !== sites - 1) sentAt.set(body.order.order_id, performance.now());
    pending.push(server.request('POST', '/lppurchase_cps_v4.php', { body: JSON.stringify(body), agent: driver.agent })
      .then((answer) => taken(made, answer)));
  }
  await sleep(tickMs);
}
const spent = (performance.now() - begun) / 1000;
await Promise.all(pending);
for (const end = performance.now() + patienceMs; heard.size < sentAt.size && performance.now() < end;) await sleep(tickMs);
const latencies = [...sentAt].filter(([code]) => heard.has(code)).map(([code, at]) => heard.get(code) - at).sort((a, b) => a - b);
results.push(...figures(`postbacks at ${rate} orders a second, a tenth of the receivers hanging`, { seconds: spent, latencies }));

driver.end();
await server.stop();
receiver.closeAllConnections();
receiver.close();
await assertVerifies(server.directory);
report({ load, connections, results }, options.json);
if (latencies.length !== sentAt.size) throw new Error(`${sentAt.size - latencies.length} postbacks are missing`);
