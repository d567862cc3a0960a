// Operators decide what waits at the invoice door, as a seller's supervisor does: requests to cancel, and to change a subscription.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { assertError, fresh, Seller } from '../support/invoice.mjs';
import { local, Operator } from '../support/operator.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
let seller;
const people = {};
before(async () => {
  server = await Server.start();
  seller = new Seller(server);
  for (const role of ['operator', 'auditor']) people[role] = await Operator.of(server, role);
});
after(() => server?.running && server.stop());

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

const post = (where, body) => people.operator.send('POST', where, body);
const waiting = async (kind) => (await people.auditor.get('/api/overview')).waiting.find((each) => each.kind === kind)?.count ?? 0;

/** A paid order and a request to cancel some of it. */
async function askedToCancel(price = 700) {
  const paid = await seller.paid();
  const { order_cancellation_request_id: id } = await seller.ok(seller.post('/v1/order/cancel', {
    order_number: paid.order_number, request_cancel_parameters: { refund_price: price, cancel_reason: 'too big' },
  }));
  return { id, invoice: paid.invoice_id, order: paid.order_number };
}
const cancelOf = async (id) => (await people.auditor.get('/api/invoice/cancels')).cancels.find((each) => each.cancel_id === id);

check('a request to cancel is granted: the money goes back', async () => {
  const { id, invoice } = await askedToCancel();
  assert.equal(await waiting('invoice.cancels'), 1);
  const { status, amount } = await cancelOf(id);
  assert.deepEqual([status, amount], ['requested', 700]);
  const granted = await post(`/api/invoice/cancels/${id}/approve`);
  assert.deepEqual([granted.status, granted.json()], [200, { cancel_id: id, status: 'refunding' }]);
  await eventually('the refund', async () => ((await seller.ok(seller.get(`/v1/invoices/${invoice}`))).refunded_price === 700 ? true : undefined));
  assert.equal((await cancelOf(id)).status, 'done');
  assert.equal(await waiting('invoice.cancels'), 0);
  const again = await post(`/api/invoice/cancels/${id}/approve`);
  assert.deepEqual([again.status, again.json().error.code], [409, 'cancel_closed']);
});

check('another amount is granted, but no more than there is', async () => {
  const { id, invoice } = await askedToCancel();
  for (const amount of [0, -1, 'x', '1.5'])
    assert.equal((await post(`/api/invoice/cancels/${id}/approve`, { amount })).status, 400, String(amount));
  const refused = await post(`/api/invoice/cancels/${id}/approve`, { amount: 900_000 });
  assert.ok([409, 422].includes(refused.status), refused.text);
  assert.equal((await cancelOf(id)).status, 'requested');
  assert.equal((await post(`/api/invoice/cancels/${id}/approve`, { amount: '50' })).status, 200);
  await eventually('the refund', async () => ((await seller.ok(seller.get(`/v1/invoices/${invoice}`))).refunded_price === 50 ? true : undefined));
});

check('a refund that the acquirer refused waits for a hand, until it is rejected', async () => {
  const one = await Server.start();
  try {
    const shop = new Seller(one);
    const { order_number: order } = await shop.paid();
    const { order_cancellation_request_id: id } = await shop.ok(shop.post('/v1/order/cancel', { order_number: order, request_cancel_parameters: { refund_price: 700 } }));
    await one.stop();
    // The sandbox's acquirer has forgotten what it charged, and gives nothing back.
    execFileSync('sqlite3', ['-bail', '-batch', path.join(one.directory, 'jangbu.db')], { input: 'DELETE FROM payment_sandbox_charges;' });
    await one.restart();
    const send = (method, where) => local(one, method, where);
    const counted = async () => Object.fromEntries((await send('GET', '/api/overview')).json().waiting.map(({ kind, count }) => [kind, count]));
    assert.deepEqual(await counted(), { 'invoice.cancels': 1 });
    assert.equal((await send('POST', `/api/invoice/cancels/${id}/approve`)).status, 200);
    await eventually('the refund is refused', async () => ((await send('GET', '/api/invoice/cancels?status=failed')).json().cancels.length === 1 ? true : undefined));
    assert.deepEqual(await counted(), { 'invoice.refused_refunds': 1 });
    assert.equal((await send('POST', `/api/invoice/cancels/${id}/reject`)).status, 200);
    assert.deepEqual(await counted(), {});
  } finally {
    if (one.running) await one.stop();
  }
});

check('a request to cancel is rejected, and the seller sees it', async () => {
  const { id, invoice } = await askedToCancel();
  const rejected = await post(`/api/invoice/cancels/${id}/reject`, { message: 'it was worn' });
  assert.deepEqual([rejected.status, rejected.json()], [200, { cancel_id: id, status: 'rejected' }]);
  assert.equal((await seller.ok(seller.get(`/v1/invoices/${invoice}`))).refunded_price, 0);
  assert.equal((await cancelOf(id)).status, 'rejected');
  assert.equal((await post(`/api/invoice/cancels/${id}/reject`)).status, 409);
});

/** A subscription whose customer asks to leave. */
async function askedToLeave() {
  const { invoice_id: invoice } = await seller.invoice({ request_id: fresh('sub'), products: [{ product_id: 'pro', duration: 12 }] });
  const { order_number: order } = await seller.ok(seller.pay(invoice, '4000000000000366'));
  const { list: [{ order_subscription_id: id }] } = await seller.ok(seller.get(`/v1/order_subscriptions?order_number=${order}`));
  await seller.ok(seller.post('/v1/order_subscriptions/requests/ing/termination', { order_subscription_id: id, reason: 'moving away' }));
  return id;
}
const subscriptionOf = (id) => people.auditor.get(`/api/invoice/subscriptions/${id}`);
const waitingOnes = async () => (await people.auditor.get('/api/invoice/subscriptions?change=waits')).subscriptions.map((each) => each.subscription_id);

check('what a customer asks of a subscription is rejected, asked again and granted', async () => {
  const id = await askedToLeave();
  assert.equal(await waiting('invoice.changes'), 1);
  assert.deepEqual(await waitingOnes(), [id]);
  const { change } = await subscriptionOf(id);
  assert.deepEqual([change.type, change.reason, change.price, change.user], ['termination', 'moving away', null, null]);
  const rejected = await post(`/api/invoice/subscriptions/${id}/change/reject`, { reason: 'twelve months were agreed on' });
  assert.deepEqual([rejected.status, rejected.json()], [200, { subscription_id: id, approved: false, reason: 'twelve months were agreed on' }]);
  assert.deepEqual([await waitingOnes(), await waiting('invoice.changes'), (await subscriptionOf(id)).change], [[], 0, null]);
  const nothing = await post(`/api/invoice/subscriptions/${id}/change/approve`);
  assert.deepEqual([nothing.status, nothing.json().error.code], [422, 'change_not_found']);
  await seller.ok(seller.post('/v1/order_subscriptions/requests/ing/termination', { order_subscription_id: id }));
  const granted = await post(`/api/invoice/subscriptions/${id}/change/approve`, {});
  assert.deepEqual([granted.status, granted.json().approved], [200, true]);
  const { status, change: none } = await subscriptionOf(id);
  assert.deepEqual([status, none], ['terminated', null]);
});

check('what waits is judged for a seller that was suspended, who may do nothing itself', async () => {
  const [first, second] = [await askedToCancel(300), await askedToCancel(200)];
  const [leaves, stays] = [await askedToLeave(), await askedToLeave()];
  const app = `/api/invoice/apps/${server.sandbox.invoice.client_key}`;
  const set = async (status) => assert.equal((await local(server, 'PUT', app, { status })).status, 200);
  await set('SUSPENDED');
  try {
    for (const where of [`/v1/order/cancel/${first.id}/approve`, `/v1/order/cancel/${first.id}/reject`])
      assertError(await seller.put(where, {}), 403, 'SERVICE_NOT_ALLOWED');
    const judged = [
      [`/api/invoice/cancels/${first.id}/approve`, 'refunding'], [`/api/invoice/cancels/${second.id}/reject`, 'rejected'],
      [`/api/invoice/subscriptions/${stays}/change/reject`, false],
    ];
    for (const [where, outcome] of judged) {
      const answer = await post(where, {});
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json().status ?? answer.json().approved, outcome, where);
    }
    await eventually('the refund', async () => ((await cancelOf(first.id)).status === 'done' ? true : undefined));
    // Leaving costs a fee, and no card is charged for who is suspended.
    const leaving = await post(`/api/invoice/subscriptions/${leaves}/change/approve`, {});
    assert.deepEqual([leaving.status, leaving.json().error.code], [409, 'subscription_state']);
    assert.equal((await subscriptionOf(leaves)).status, 'active');
  } finally {
    await set('ACTIVE');
  }
  assert.equal((await post(`/api/invoice/subscriptions/${leaves}/change/approve`, {})).status, 200);
  assert.equal((await seller.ok(seller.get(`/v1/invoices/${first.invoice}`))).refunded_price, 300);
  assert.deepEqual([(await subscriptionOf(leaves)).status, (await subscriptionOf(stays)).status], ['terminated', 'active']);
});

check('nobody else’s number is judged, and auditors judge nothing', async () => {
  const { id, invoice } = await askedToCancel();
  for (const where of [
    `/api/invoice/cancels/${invoice}/approve`, `/api/invoice/cancels/${'0'.repeat(24)}/reject`, '/api/invoice/cancels/x/approve',
    `/api/invoice/subscriptions/${invoice}/change/approve`, '/api/invoice/subscriptions/x/change/reject',
  ]) assert.equal((await post(where)).status, 404, where);
  for (const where of [`/api/invoice/cancels/${id}/approve`, `/api/invoice/cancels/${id}/reject`]) {
    assert.equal((await people.auditor.send('POST', where)).status, 403, where);
    assert.equal((await server.request('POST', where)).status, 401, where);
  }
  assert.equal((await cancelOf(id)).status, 'requested');
});

check('the book verifies', async () => {
  await server.stop();
  await assertVerifies(server.directory);
});
