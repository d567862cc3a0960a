#!/usr/bin/env node
// Measures a billing run: contracts that all fall due on one day, charged through the sandbox's acquirer. Starts a server of its
// own in a new directory.
//
//   bench/subscriptions.mjs [--contracts N] [--connections N] [--json]
//
// Each contract is an invoice that was made and paid with a kept card, over HTTP. Then the clock is moved by a month, and the time
// is taken from there until the last bill is in the books as paid. A bar on stderr tells how far that is. The exit status is 1 when
// a bill is missing or there twice, or when `jangbu verify` finds a fault. docs/performance.md has the method and the figures.
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { basic } from '../tests/support/invoice.mjs';
import { keepAlive } from '../tests/support/http.mjs';
import { assertVerifies, Server } from '../tests/support/server.mjs';

const { values: options } = parseArgs({
  options: {
    contracts: { type: 'string', default: '100000' },
    connections: { type: 'string', default: '64' },
    json: { type: 'boolean', default: false },
  },
});
const [contracts, connections] = ['contracts', 'connections'].map((name) => Number(options[name]));

const started = performance.now();
const elapsed = (since) => (performance.now() - since) / 1000;
/** One line on a terminal that is written anew; elsewhere a line now and then. */
function progress(what, done, total, since) {
  const rate = done / Math.max(elapsed(since), 0.001);
  const bar = '='.repeat(Math.round((30 * done) / total)).padEnd(30);
  const left = rate > 0 ? `${Math.ceil((total - done) / rate)} s left` : '';
  const line = `${what} [${bar}] ${done}/${total}  ${Math.round(rate)}/s  ${left}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${line.padEnd(100)}${done === total ? '\n' : ''}`);
  else if (done === total || elapsed(progress.at ?? started) > 5) {
    progress.at = performance.now();
    console.error(line);
  }
}

const server = await Server.start({ clock: '2026-01-31T10:00:00+09:00' });
const agent = keepAlive(connections);
const headers = { Authorization: basic(server.sandbox.invoice) };
const load = os.loadavg()[0];

async function all(what, count, each) {
  const since = performance.now();
  let next = 0;
  let done = 0;
  const lane = async () => {
    while (next < count) {
      await each(next++);
      if (++done % 100 === 0 || done === count) progress(what, done, count, since);
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  return { what, count, seconds: elapsed(since) };
}
async function post(where, body) {
  for (;;) {
    const answer = await server.request('POST', where, { headers, body: JSON.stringify(body), agent });
    if (answer.status === 200) return answer.json();
    // A seller's own rate, and a queue that is full, ask for a moment.
    if (answer.status !== 429 && answer.status !== 503) throw new Error(`POST ${where}: ${answer.status} ${answer.text}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const query = (sql) => Number(execFileSync('sqlite3', ['-readonly', path.join(server.directory, 'jangbu.db'), sql], { encoding: 'utf8' }));

const results = [];
const invoices = [];
const product = { product_id: 'pro', duration: 12 };
results.push(await all('invoices', contracts, async (i) => {
  ({ invoice_id: invoices[i] } = await post('/v1/invoices', { request_id: `c-${i}`, name: 'Pro', price: 9900, products: [product], user: { user_id: `u-${i}` } }));
}));
results.push(await all('first payments', contracts, (i) => post(`/sandbox/invoices/${invoices[i]}/pay`, {})));

const since = performance.now();
// The walk may take longer than a client waits for its answer; what counts is what the books say.
const walk = server.request('POST', '/sandbox/clock', { body: { advance: '29d' } }).catch(() => undefined);
const count = () => query('SELECT count(*) FROM invoice_subscription_bills WHERE month = 2 AND status = 3');
for (let done = 0; done < contracts; done = count()) {
  progress('bills', done, contracts, since);
  await new Promise((resolve) => setTimeout(resolve, 500));
}
const seconds = elapsed(since);
await walk;
results.push({ what: 'bills made, charged and recorded', count: contracts, seconds });
progress('bills', contracts, contracts, since);
const twice = query('SELECT count(*) - count(DISTINCT subscription) FROM invoice_subscription_bills WHERE month = 2');
agent.destroy();
await server.stop();
await assertVerifies(server.directory);
if (twice !== 0) throw new Error(`${twice} bills are there twice`);

for (const result of results) result.per_s = Math.round(result.count / result.seconds);
if (options.json) console.log(JSON.stringify({ load, connections, results }));
else {
  console.log(`load before ${load.toFixed(1)}, ${connections} connections\n`);
  console.log('| | count | seconds | a second |\n|---|---|---|---|');
  for (const { what, count: n, seconds, per_s: rate } of results) console.log(`| ${what} | ${n} | ${seconds.toFixed(1)} | ${rate} |`);
}
