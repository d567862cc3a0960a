#!/usr/bin/env node
// Measures what the console asks while an operator reads: pages of lists with many rows behind them, one thing among many, the
// search. Starts a server of its own in a new directory, records purchases for many wallets, and moves the clock until their points
// are provided, so that most wallets have accounts with a few entries, far apart, and the shop has one with all of them.
//
//   bench/console.mjs [--purchases N] [--wallets N] [--requests N] [--connections N] [--json]
//
// Every answer is looked at. The exit status is 1 when one was not a success, or when `jangbu verify` finds a fault.
// docs/performance.md has the method and the figures.
import { randomInt } from 'node:crypto';
import os from 'node:os';
import { parseArgs } from 'node:util';

import { Operator } from '../tests/support/operator.mjs';
import { Till, freshId } from '../tests/support/purchase.mjs';
import { Server, assertVerifies } from '../tests/support/server.mjs';
import { Driver, figures, report } from './drive.mjs';

const { values: options } = parseArgs({
  options: {
    purchases: { type: 'string', default: '100000' },
    wallets: { type: 'string', default: '20000' },
    requests: { type: 'string', default: '500' },
    connections: { type: 'string', default: '64' },
    json: { type: 'boolean', default: false },
  },
});
const [purchases, wallets, requests, connections] = ['purchases', 'wallets', 'requests', 'connections'].map((name) => Number(options[name]));

const walletOf = (i) => `0x${(i + 1).toString(16).padStart(40, '0')}`;

const server = await Server.start();
const till = new Till(server);
const driver = new Driver(server, connections);
const operator = await Operator.of(server, 'auditor');
const load = os.loadavg()[0];

const ids = [];
const results = figures('purchases recorded', await driver.drive(purchases, () => {
  const purchase = till.simple(10_000, 5, { purchaseId: freshId(), userAccount: walletOf(randomInt(wallets)) });
  ids.push(purchase.purchaseId);
  return { method: 'POST', path: '/v1/tx/purchase/new', status: 200, headers: { Authorization: till.key }, body: purchase };
}));
// Every purchase falls due on the way. Many take longer than a request may: then the next one waits for what is left.
const advance = (by) => server.request('POST', '/sandbox/clock', { body: { advance: by }, timeoutMs: 600_000 });
let moved = await advance('8d');
while (moved.status === 503) moved = await advance('1s');
if (moved.status !== 200) throw new Error(moved.text);
const { holders } = await operator.get('/api/purchase/holders');
const holder = holders[0];
const list = `/api/purchase/holders/${holder.holder}/purchases`;
const { accounts } = await operator.get('/api/ledger/accounts?limit=100');
const issued = accounts.find(({ name }) => name.includes('issued'));
const { accounts: users } = await operator.get('/api/ledger/accounts?prefix=user&limit=100');
const { record: last } = await operator.get('/api/ledger/status');

/** Fails when a page has nothing on it and no next one: a page of a list with filters looks at so many rows and no more. */
function assertShows(name, answer) {
  const page = answer.json();
  const lists = Object.values(page).filter((value) => Array.isArray(value));
  if (!page.next && lists.length > 0 && lists.every((items) => items.length === 0)) throw new Error(`${name}: nothing to see: ${answer.text}`);
}

const any = (all) => all[randomInt(all.length)];
const some = () => randomInt(Math.floor(last / 2), last);
const pages = [
  ['the first view', () => '/api/overview'],
  ['purchases, the newest', () => list],
  ['purchases, anywhere', () => `${list}?cursor=${some()}`],
  ['purchases of one wallet', () => `${list}?account=${walletOf(randomInt(wallets))}`],
  ['one purchase', () => `${list}/${any(ids)}`],
  ['accounts, by name', () => '/api/ledger/accounts?prefix=user'],
  ["entries of a wallet's account", () => `/api/ledger/accounts/${any(users).ref}/entries`],
  ["entries of the shop's, the newest", () => `/api/ledger/accounts/${issued.ref}/entries`],
  ["entries of the shop's, anywhere", () => `/api/ledger/accounts/${issued.ref}/entries?cursor=${some()}`],
  ['where an entry came from', () => `/api/ledger/explain?entry=${some()}`],
  ['blocks', () => '/api/purchase/blocks'],
  ['the search, an id', () => `/api/search?q=${any(ids)}`],
];
for (const [name, path] of pages) {
  results.push(...figures(name, await driver.drive(requests, () => ({
    method: 'GET', path: path(), status: 200, headers: { Authorization: `Bearer ${operator.token}` },
  }), { lanes: 1, keep: (_, answer) => assertShows(name, answer) })));
}
driver.end();
await server.stop();
await assertVerifies(server.directory);
report({ load, connections, results }, options.json);
