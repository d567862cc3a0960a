// The process is killed in the middle of billing runs. A year later every month of every contract was charged exactly once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test, { after } from 'node:test';

import { fresh, Seller } from '../support/invoice.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const contracts = 40;
const months = 12;
const rounds = 8;
const cards = ['4242424242424242', '4242424242424242', '4000000000000135', '4000000000000119'];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let server;
after(() => server?.running && server.kill());

test('kill -9 in the middle of a year of billing runs', { timeout: 600_000 }, Server.logged(() => server, async (t) => {
  server = await Server.start({ clock: '2026-01-31T10:00:00+09:00' });
  const seller = new Seller(server);
  const query = (sql) => execFileSync('sqlite3', ['-readonly', '-separator', ' ', path.join(server.directory, 'jangbu.db'), sql],
    { encoding: 'utf8' }).trim().split('\n').filter(Boolean).map((line) => line.split(' '));
  for (let i = 0; i < contracts; i++) {
    const { invoice_id: id } = await seller.invoice({ price: 1000 + i, products: [{ product_id: fresh('p'), duration: months }] });
    const answer = await seller.pay(id, cards[i % cards.length]);
    assert.ok([200, 202].includes(answer.status), answer.text);
  }
  await eventually('all contracts', async () => (query('SELECT count(*) FROM invoice_subscriptions')[0][0] === `${contracts}` ? true : undefined));

  for (let round = 1; round <= rounds; round++) {
    // The clock walks on; the process dies somewhere on its way, and what is left of the way is walked after the start.
    const walk = server.request('POST', '/sandbox/clock', { body: { advance: '45d' } }).catch(() => undefined);
    await pause(20 + 35 * round);
    await server.kill('SIGKILL');
    await walk;
    await server.restart();
    const [[done]] = query('SELECT count(*) FROM invoice_subscription_bills WHERE status = 3');
    t.diagnostic(`round ${round}: ${done} bills are paid`);
    if (round === 3) await assertVerifies(server.directory);
  }
  await server.request('POST', '/sandbox/clock', { body: { advance: '120d' } });
  await eventually('the last charges', async () => {
    const [[open]] = query('SELECT count(*) FROM payment_attempts WHERE status = 0');
    return open === '0' ? true : undefined;
  }, 120_000);
  await server.stop();

  const bills = query('SELECT subscription, month, status, count(*) FROM invoice_subscription_bills GROUP BY subscription, month, status');
  assert.equal(bills.length, contracts * months, 'a bill is missing, or stands twice');
  for (const [, , status, count] of bills) assert.deepEqual([status, count], ['3', '1']);
  // What the acquirer says that it charged, by its own memory.
  const [[charged]] = query("SELECT count(*) FROM payment_sandbox_charges WHERE CAST(order_id AS TEXT) LIKE 'jb-%'");
  assert.equal(Number(charged), contracts * months, 'the acquirer charged a bill twice, or never');
  const [[approved]] = query('SELECT count(*) FROM payment_attempts WHERE status = 1');
  assert.equal(Number(approved), contracts * months);
  assert.deepEqual(query('SELECT DISTINCT status FROM invoice_subscriptions'), [['4']]);
  await assertVerifies(server.directory);
}));
