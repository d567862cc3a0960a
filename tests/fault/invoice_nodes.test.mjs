// The invoice door on two nodes over one PostgreSQL: either is asked, one writes, and tokens outlive a take-over.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test, { after } from 'node:test';

import { basic, Seller } from '../support/invoice.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const postgres = process.env.JANGBU_TEST_POSTGRES;
const name = `jangbu_invoices_${process.pid}`;

const psql = (statement) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', postgres, '-c', statement], { stdio: 'pipe' });

let first;
let second;
let created = false;
after(async () => {
  for (const node of [first, second]) if (node?.running) await node.kill();
  if (created) psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

const logs = { get log() { return `first:\n${first?.log}\nsecond:\n${second?.log}`; } };

test('a seller may ask either node', {
  timeout: 120_000, skip: postgres ? false : 'JANGBU_TEST_POSTGRES names no database',
}, Server.logged(() => logs, async () => {
  psql(`CREATE DATABASE ${name}`);
  created = true;
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  first = await Server.start({ database: url.href });
  second = await Server.start({ database: url.href });
  const keys = first.sandbox.invoice;
  assert.deepEqual(second.sandbox.invoice, keys);
  const [left, right] = [new Seller(first, keys), new Seller(second, keys)];

  const tokens = [];
  for (const node of [first, second])
    tokens.push((await node.request('POST', '/v1/request/token', { headers: { Authorization: basic(keys) }, body: {} })).json().access_token);
  assert.equal(tokens[0], tokens[1], 'one node issues');
  const withToken = () => second.request('GET', '/v1/invoices', { headers: { Authorization: `Bearer ${tokens[0]}` } });

  const invoice = await left.invoice();
  assert.deepEqual(await right.ok(right.get(`/v1/invoices/${invoice.request_id}`)), invoice);
  assert.equal((await right.ok(right.get('/v1/invoices'))).count, 1);
  assert.equal((await withToken()).json().count, 1);
  assert.equal((await right.get('/v1/invoices', { Authorization: 'Bearer 0' })).status, 401);
  assert.equal((await second.request('GET', `${new URL(invoice.payment_url).pathname}/invoice`)).json().invoice_id, invoice.invoice_id);
  assert.equal((await right.ok(right.pay(invoice.invoice_id))).price, 10000);

  await first.kill('SIGKILL');
  await eventually('the second node takes over', async () => {
    const answer = await right.post('/v1/invoices', { request_id: 'after', name: 'after', price: 1 });
    return answer.status === 200 ? true : undefined;
  }, 30_000);
  assert.equal((await withToken()).json().count, 2);
  await second.stop();
  await assertVerifies(url.href);
}));
