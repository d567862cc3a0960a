// Two nodes over one PostgreSQL: bills fall due while the one that writes is killed, and the other takes over. Every month of every
// contract is charged exactly once, by the books and by the acquirer's own memory.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test, { after } from 'node:test';

import { fresh, Seller } from '../support/invoice.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const postgres = process.env.JANGBU_TEST_POSTGRES;
const name = `jangbu_bills_${process.pid}`;
const contracts = 20;
const months = 8;
const rounds = 6;
const cards = ['4242424242424242', '4000000000000366', '4000000000000135', '4000000000000119'];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const ask = (database, statement) => execFileSync('psql', ['-X', '-q', '-A', '-t', '-F', ' ', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', statement],
  { encoding: 'utf8' }).trim().split('\n').filter(Boolean).map((line) => line.split(' '));

let nodes = [];
let created = false;
after(async () => {
  for (const node of nodes) if (node.running) await node.kill();
  if (created) ask(postgres, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});
const logs = { get log() { return nodes.map(({ log }, i) => `node ${i}:\n${log.slice(-2000)}`).join('\n'); } };

test('kill -9 of the node that bills', {
  timeout: 600_000, skip: postgres ? false : 'JANGBU_TEST_POSTGRES names no database',
}, Server.logged(() => logs, async (t) => {
  ask(postgres, `CREATE DATABASE ${name}`);
  created = true;
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  const query = (sql) => ask(url.href, sql);
  const count = (table) => Number(query(`SELECT count(*) FROM ${table}`)[0][0]);
  const options = { database: url.href, clock: '2026-01-31T10:00:00+09:00' };
  nodes.push(await Server.start(options));
  nodes.push(await Server.start(options));
  const seller = new Seller(nodes[1], nodes[0].sandbox.invoice);
  for (let i = 0; i < contracts; i++) {
    const { invoice_id: id } = await seller.invoice({ price: 1000 + i, products: [{ product_id: fresh('p'), duration: months }] });
    const answer = await seller.pay(id, cards[i % cards.length]);
    assert.ok([200, 202].includes(answer.status), answer.text);
  }
  await eventually('all contracts', async () => (count('invoice_subscriptions') === contracts ? true : undefined));

  for (let round = 1; round <= rounds; round++) {
    const [writer, other] = nodes;
    // Either node is asked to move the clock; the one that writes dies somewhere on its way.
    const walk = nodes[round % 2].request('POST', '/sandbox/clock', { body: { advance: '45d' } }).catch(() => undefined);
    await pause(20 + 60 * round);
    await writer.kill('SIGKILL');
    await walk;
    const before = count('engine_records');
    await eventually('the other node takes over', async () => {
      const answer = await other.request('POST', '/sandbox/clock', { body: { advance: '1s' } }).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    }, 60_000);
    assert.ok(count('engine_records') > before);
    await writer.restart();
    nodes = [other, writer];
    t.diagnostic(`round ${round}: ${count('invoice_subscription_bills WHERE status = 3')} bills are paid`);
  }
  assert.equal((await nodes[1].request('POST', '/sandbox/clock', { body: { advance: '150d' } })).status, 200);
  await eventually('the last charges', async () => (count('payment_attempts WHERE status = 0') === 0 ? true : undefined), 120_000);
  for (const node of nodes) await node.stop();

  const bills = query('SELECT subscription, month, status, count(*) FROM invoice_subscription_bills GROUP BY subscription, month, status');
  assert.equal(bills.length, contracts * months, 'a bill is missing, or stands twice');
  for (const [, , status, times] of bills) assert.deepEqual([status, times], ['3', '1']);
  const approved = count('payment_attempts WHERE status = 1');
  assert.equal(approved, contracts * months, 'a bill was charged twice, or never');
  const declined = count('payment_attempts WHERE status = 2');
  // What the acquirer says that it was asked for, by its own memory.
  assert.equal(count("payment_sandbox_charges WHERE convert_from(order_id, 'UTF8') LIKE 'jb-%'"), approved + declined, 'the acquirer knows of another charge');
  assert.deepEqual(query('SELECT DISTINCT status FROM invoice_subscriptions'), [['4']]);
  await assertVerifies(url.href);
}));
