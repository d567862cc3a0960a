#!/usr/bin/env node
// Measures the hub over real HTTP: durable onboardings, and pages of a long list. Starts a server of its own in a new directory.
//
//   bench/hub.mjs [--onboards N] [--campaigns N] [--pages N] [--connections N] [--json]
//
// Every request has a token of its own, signed before the clock runs; every answer is looked at. Orders are made and paid before
// the onboardings are measured, since one is consumed by each. The exit status is 1 when an answer was not a success, or when
// `jangbu verify` finds a fault. docs/performance.md has the method and the figures.
import { createHmac, randomUUID } from 'node:crypto';
import os from 'node:os';
import { parseArgs } from 'node:util';

import { campaignBody, ensureBody, guideClock, onboardBody, orderBody, setApp } from '../tests/support/hub.mjs';
import { Server, assertVerifies } from '../tests/support/server.mjs';
import { Driver, figures, report } from './drive.mjs';

const { values: options } = parseArgs({
  options: {
    onboards: { type: 'string', default: '10000' },
    campaigns: { type: 'string', default: '100000' },
    pages: { type: 'string', default: '2000' },
    connections: { type: 'string', default: '64' },
    json: { type: 'boolean', default: false },
  },
});
const [onboards, campaigns, pages, connections] =
  ['onboards', 'campaigns', 'pages', 'connections'].map((name) => Number(options[name]));

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = encoded({ alg: 'HS256' });

function token({ service_code: iss, shared_secret: secret }) {
  const now = Math.floor(Date.now() / 1000);
  const input = `${header}.${encoded({ iss, sub: 'bench', aud: '08l-hub', jti: randomUUID(), exp: now + 300 })}`;
  return `ServiceJWT ${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

const server = await Server.start({ clock: guideClock });
await setApp(server, server.sandbox.hub.service_code, { rate: 100_000, burst: 1_000_000 });
const driver = new Driver(server, connections);
// Tokens live for 300 s, so that they are signed for so many requests at a time as are surely sent by then: drive()'s batch.
const request = (method, path, status, body) => ({
  method, path, status, body, headers: path.startsWith('/sandbox/') ? {} : { Authorization: token(server.sandbox.hub) },
});

const load = os.loadavg()[0];
const results = [];
const codes = [];
results.push(...figures('orders', await driver.drive(onboards, () => request('POST', '/v1/pay/orders', 201, orderBody()),
  { keep: (i, answer) => (codes[i] = answer.json().orderCode) })));
results.push(...figures('payments', await driver.drive(onboards,
  (i) => request('POST', `/sandbox/orders/${codes[i]}/pay`, 200, { card: '4242424242424242' }))));
results.push(...figures('onboardings', await driver.drive(onboards,
  (i) => request('POST', '/v1/external/pybk/onboard', 200, onboardBody(codes[i])))));

let partnerId;
await driver.drive(1, () => request('POST', '/v1/partners/ensure', 201, ensureBody()), { keep: (_, answer) => ({ partnerId } = answer.json()) });
const more = Math.max(0, campaigns - onboards);
results.push(...figures('campaigns by the older call', await driver.drive(more,
  () => request('POST', '/v1/campaigns/pybk', 201, campaignBody(partnerId)))));
const lastPage = Math.ceil((onboards + more) / 25);
for (const [name, lanes, page] of [
  ['the first page, alone', 1, () => 1], [`the first page, ${connections} at once`, connections, () => 1],
  ['any page, alone', 1, () => 1 + Math.floor(Math.random() * lastPage)],
]) {
  results.push(...figures(`list of 25, ${name}`, await driver.drive(pages,
    () => request('GET', `/v1/external/pybk/campaigns?page=${page()}&page_size=25`, 200),
    { lanes, keep: (_, answer) => {
      const { campaigns: items, pagination } = answer.json();
      if (items.length === 0 || pagination.total !== onboards + more) throw new Error(`a page of another list: ${answer.text.slice(0, 200)}`);
    } })));
}
driver.end();
await server.stop();
await assertVerifies(server.directory);
report({ load, connections, results }, options.json);
