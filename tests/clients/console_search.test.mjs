// The operator's search over all doors: what somebody has who asks, an id, a code or an address, leads to the page that shows it.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { App, fresh, goodCard, guideClock } from '../support/hub.mjs';
import { fresh as freshRequest, Seller } from '../support/invoice.mjs';
import { local, Operator } from '../support/operator.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
let sales;
let reviewers;
let seller;
before(async () => {
  server = await Server.start({ clock: guideClock });
  sales = App.sales(server);
  reviewers = App.reviewer(server);
  seller = new Seller(server);
});
after(() => server?.running && server.stop());

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

async function get(where) {
  const answer = await local(server, 'GET', where);
  assert.equal(answer.status, 200, `${where}: ${answer.text}`);
  return answer.json();
}
const found = async (text) => (await get(`/api/search?q=${encodeURIComponent(text)}`)).found;
const ofKind = async (text, kind) => (await found(text)).filter((each) => each.kind === kind);

check('orders are found by their lead, paid or not, the newest first', async () => {
  const leadRef = fresh('lead');
  const { orderCode: unpaid } = await sales.order({ leadRef });
  const paid = await sales.paidOrder(5000, { leadRef });
  await sales.paidOrder(5000, { leadRef: `${leadRef}-2` });
  const hits = await ofKind(leadRef, 'hub.order');
  assert.deepEqual(hits.map(({ id }) => id), [paid, unpaid]);
  for (const { id } of hits) assert.equal((await get(`/api/hub/orders/${id}`)).leadRef, leadRef);
  assert.deepEqual(await found(leadRef.slice(0, -1)), [], 'a lead in full');
});

check('an application leads to its campaign, a review to itself among all', async () => {
  const { campaign: { campaignId } } = await sales.onboarded();
  const apply = await reviewers.apply(campaignId, 'kim');
  await reviewers.setApply(apply, '0802');
  const review = await reviewers.review(apply);
  const [application] = await ofKind(apply, 'hub.application');
  assert.equal(application.id, campaignId);
  assert.match(application.title, /^kim · /);
  const [hit] = await ofKind(review, 'hub.review');
  assert.equal(hit.id, review);
  assert.match(hit.title, /^kim · /);
  const other = await reviewers.reviewed(campaignId, 'lee');
  for (const id of [review, other]) {
    const { reviews, next } = await get(`/api/hub/reviews?review=${id}`);
    assert.deepEqual([reviews.map((each) => each.reviewId), next], [[id], null]);
  }
  for (const none of ['900', 'x']) assert.deepEqual(await get(`/api/hub/reviews?review=${none}`), { reviews: [], next: null });
});

check('requests to cancel, bills and changes are found by the ids that sellers have', async () => {
  const { order_number: order } = await seller.paid();
  const { order_cancellation_request_id: cancel } = await seller.ok(seller.post('/v1/order/cancel', { order_number: order, request_cancel_parameters: { refund_price: 100 } }));
  assert.deepEqual((await ofKind(cancel, 'invoice.cancel')).map(({ id }) => id), [cancel]);
  const { cancels, next } = await get(`/api/invoice/cancels?cancel=${cancel}`);
  assert.deepEqual([cancels.map((each) => each.cancel_id), next], [[cancel], null]);

  const { invoice_id: invoice } = await seller.invoice({ request_id: freshRequest('sub'), products: [{ product_id: 'pro', duration: 12 }] });
  const { order_number: began } = await seller.ok(seller.pay(invoice, '4000000000000366'));
  const { list: [{ order_subscription_id: subscription }] } = await seller.ok(seller.get(`/v1/order_subscriptions?order_number=${began}`));
  const { bills: [bill] } = await get(`/api/invoice/bills?subscription=${subscription}`);
  assert.deepEqual((await ofKind(bill.bill_id, 'invoice.bill')).map(({ id }) => id), [bill.bill_id]);
  assert.deepEqual(await get(`/api/invoice/bills?bill=${bill.bill_id}`), { bills: [bill], next: null });

  await seller.ok(seller.post('/v1/order_subscriptions/requests/ing/termination', { order_subscription_id: subscription }));
  const { change: { change_id: change } } = await get(`/api/invoice/subscriptions/${subscription}`);
  assert.deepEqual((await ofKind(change, 'invoice.change')).map(({ id }) => id), [subscription]);

  // An id of another second is nobody's.
  const older = (id) => `${(parseInt(id.slice(0, 8), 16) - 1).toString(16)}${id.slice(8)}`;
  for (const id of [cancel, bill.bill_id, change]) assert.deepEqual(await found(older(id)), [], id);
  assert.deepEqual(await get(`/api/invoice/cancels?cancel=${older(cancel)}`), { cancels: [], next: null });
  assert.deepEqual(await get('/api/invoice/bills?bill=x'), { bills: [], next: null });
});

check('a delivery is found by the message id that its receiver has', async () => {
  const code = await sales.paidOrder(7000, { webhookUrl: `${server.baseUrl}/sandbox/webhooks` });
  const sent = await eventually('the webhook', async () => (await get(`/api/deliveries?order_code=${code}&status=delivered`)).deliveries[0]);
  for (const text of [sent.message_id, `<${sent.message_id}@example.com>`])
    assert.deepEqual((await found(text)).map(({ kind, id }) => [kind, id]), [['delivery', String(sent.id)]], text);
  for (const none of [`${sent.message_id.slice(0, -1)}g`, sent.message_id.slice(0, -2), `msg_${'0'.repeat(32)}`]) assert.deepEqual(await found(none), [], none);
  assert.deepEqual((await ofKind(String(sent.id), 'delivery')).map(({ id }) => id), [String(sent.id)]);
});

check('an operator is found by the address, in any case of its letters', async () => {
  const { email } = await Operator.of(server, 'auditor');
  for (const text of [email, email.toUpperCase()])
    assert.deepEqual((await ofKind(text, 'console.operator')).map(({ id }) => id), [email], text);
  assert.deepEqual(await found(`x${email}`), []);
});

check('a charge is found by the order id that the acquirer knows', async () => {
  const code = await sales.paidOrder(8000);
  const { record } = await get(`/api/hub/orders/${code}`);
  const started = await eventually('the charge', async () => {
    for (let number = record + 1; number < record + 10; number++) {
      const answer = await local(server, 'GET', `/api/ledger/explain?entry=${number}`);
      const [step] = answer.status === 200 ? answer.json().path : [];
      if (step?.kind === 'payment.charge_started' && step.what.includes(code)) return step;
    }
    return undefined;
  });
  const [, order] = /under the order id (\S+)\.$/.exec(started.what);
  assert.deepEqual((await ofKind(order, 'record')).map(({ id }) => id), [String(started.record)]);
  assert.ok(!JSON.stringify(started).includes(goodCard));
});

check('the book verifies', async () => {
  await server.stop();
  await assertVerifies(server.directory);
});
