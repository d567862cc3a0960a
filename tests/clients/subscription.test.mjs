// Subscriptions that bill themselves, through the incumbent's own server SDK, unmodified; the clock is moved, and every bill must
// be there exactly once.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { BootpayCommerce } from '@bootpay/backend-js';

import { fresh, guideProduct, objectId, Seller } from '../support/invoice.mjs';
import { closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const good = '4242424242424242';
const poorLater = '4000000000000341';
const everyOther = '4000000000000366';
const plan = (changes = {}) => ({ product_id: 'pro', duration: 12, quantity: 1, ...changes });

/** A server whose business time stands where a test wants it, with a seller and the SDK. */
class Desk {
  static async open(clock) {
    const desk = new Desk();
    desk.server = await Server.start({ clock });
    desk.seller = new Seller(desk.server);
    desk.sdk = new BootpayCommerce({ ...desk.server.sandbox.invoice });
    desk.sdk.API_ENTRYPOINTS.production = `${desk.server.baseUrl}/v1`;
    return desk;
  }
  async close() {
    await this.server.stop();
    await assertVerifies(this.server.directory);
  }
  async advance(by) {
    const answer = await this.server.request('POST', '/sandbox/clock', { body: { advance: by } });
    assert.equal(answer.status, 200, answer.text);
    return Date.parse(answer.json().now);
  }
  /** A contract whose first month this card has paid. */
  async subscribe({ card = good, product = plan(), ...changes } = {}) {
    const invoice = await this.sdk.invoice.create({
      request_id: fresh('sub'), name: 'Pro', price: 10000, products: [product], user: { user_id: fresh('user'), name: '홍길동' }, ...changes,
    });
    const paid = await this.seller.ok(this.seller.pay(invoice.invoice_id, card));
    const { list } = await this.sdk.orderSubscription.list({ order_number: paid.order_number });
    assert.equal(list.length, 1);
    return { id: list[0].order_subscription_id, invoice, paid, order: paid.order_number };
  }
  detail(id) { return this.sdk.orderSubscription.detail(id); }
  /** The bills of a contract in the order of their months. */
  async bills(id, status) {
    const { list } = await this.sdk.orderSubscriptionBill.list({ order_subscription_id: id, limit: 100, ...(status ? { status } : {}) });
    return list.reverse();
  }
  async paidMonths(id) {
    return (await this.bills(id, [1])).map(({ duration, price, reserve_payment_at: due }) => [duration, price, due]);
  }
}

const rejects = (promise, status, code) => assert.rejects(promise, (error) => {
  assert.deepEqual([error.status, error.error_code], [status, code], JSON.stringify(error));
  return true;
});

let desk;
before(async () => { desk = await Desk.open('2026-05-25T10:00:00+09:00'); });
after(async () => {
  await desk?.close();
  await closeReceivers();
});
const check = (name, body) => test(name, { timeout: 180_000 }, Server.logged(() => desk?.server, body));

check('the guide’s plan bills itself for two years', async () => {
  const own = await Desk.open('2026-01-31T10:00:00+09:00');
  const { id } = await own.subscribe({ product: guideProduct() });
  const fresh_ = await own.detail(id);
  assert.match(id, objectId);
  assert.deepEqual([fresh_.status, fresh_.current_duration, fresh_.total_subscription_duration, fresh_.card.last4], [1, 1, 24, '4242']);
  assert.equal(fresh_.payment_next_at, '2026-02-28T01:00:00Z', 'a 31st is the last day of a shorter month');
  await own.advance('800d');
  const paid = await own.paidMonths(id);
  assert.deepEqual(paid.map(([month]) => month), Array.from({ length: 24 }, (_, i) => i + 1), 'each month once');
  assert.deepEqual(paid.map(([, price]) => price), [10000, 9900, 9900, ...Array(21).fill(10000)]);
  assert.deepEqual(paid.slice(0, 5).map(([, , due]) => due), [
    '2026-01-31T01:00:00Z', '2026-02-28T01:00:00Z', '2026-03-31T01:00:00Z', '2026-04-30T01:00:00Z', '2026-05-31T01:00:00Z']);
  assert.equal((await own.detail(id)).status, 15);
  await own.close();
});

check('a leap day, and summer time', async () => {
  const own = await Desk.open('2028-01-31T23:30:00+09:00');
  const { id } = await own.subscribe();
  await own.advance('40d');
  assert.deepEqual((await own.paidMonths(id)).map(([, , due]) => due), ['2028-01-31T14:30:00Z', '2028-02-29T14:30:00Z']);
  await own.close();
});

check('a decline then success: the bill is tried again on its own days', async () => {
  const { id } = await desk.subscribe({ card: everyOther });
  await desk.advance('32d');
  const [, second] = await desk.bills(id);
  assert.equal(second.status, 1, 'declined on its day, and paid a day later');
  assert.equal(second.failures, 1);
  assert.equal(Date.parse(second.purchased_at) - Date.parse(second.reserve_payment_at), 24 * 3600 * 1000);
  const [, , third] = await desk.bills(id);
  assert.equal(third.status, 2);
});

check('a bill that is given up holds the contract; another card pays it and goes on', async () => {
  const { id } = await desk.subscribe({ card: poorLater });
  await desk.advance('60d');
  const held = await desk.detail(id);
  assert.equal(held.status, -3);
  const failed = (await desk.bills(id)).find(({ status }) => status === -1);
  assert.deepEqual([failed.duration, failed.failures, failed.error_code, failed.retry_at], [2, 5, 'insufficient_funds', null]);
  assert.equal((await desk.bills(id, [1])).length, 1);
  const asked = await desk.seller.ok(desk.seller.post(`/v1/order_subscriptions/${id}/card`, { return_url: 'https://shop.example/card' }));
  const token = new URL(asked.payment_url).pathname.split('/').at(-1);
  const session = (await desk.server.request('GET', `/checkout/${token}/session`)).json();
  assert.deepEqual([session.purpose, session.amount], ['keep', 0]);
  const kept = await desk.server.request('POST', `/checkout/${token}/pay`, { body: { card: { number: good, expiry: '12/99', cvc: '123' }, key: 'card' } });
  assert.deepEqual([kept.status, kept.json().status], [200, 'paid']);
  await eventually('the failed bill', async () => ((await desk.detail(id)).status === 1 ? true : undefined));
  const after_ = await desk.detail(id);
  assert.equal(after_.card.last4, '4242');
  assert.deepEqual((await desk.paidMonths(id)).map(([month]) => month), [1, 2]);
  assert.ok(Date.parse(after_.payment_next_at) > Date.parse(held.latest_failed_at), 'no months are made up for');
  await desk.advance('31d');
  assert.deepEqual((await desk.paidMonths(id)).map(([month]) => month), [1, 2, 3]);
});

/** Fails unless the answer to a change says what a read says afterwards. */
async function assertAsRead(answer) {
  const read = await desk.detail(answer.order_subscription_id);
  for (const name of ['status', 'price', 'payment_next_at', 'next_price', 'resume_at']) assert.deepEqual(answer[name], read[name], name);
  assert.equal(answer.next_price === null, answer.payment_next_at === null);
}

check('every change of a contract answers what a read says afterwards', async () => {
  const { id, order } = await desk.subscribe();
  const { payment_next_at: day } = await desk.detail(id);
  const supervisor = { 'BOOTPAY-ROLE': 'supervisor' };
  const change = async (method, path, body) => {
    const answer = await desk.seller.send(method, `/v1/order_subscriptions/${path}`, { body, headers: supervisor });
    assert.equal(answer.status, 200, answer.text);
    await assertAsRead(answer.json());
    return answer.json();
  };
  await change('PUT', id, { price: 12000 });
  await change('POST', `${id}/adjustments`, { price: -2000, duration: 2, name: 'sorry' });
  const ing = { order_number: order };
  for (const [method, pause, resume, body] of [['PUT', `${id}/pause`, `${id}/resume`, {}], ['POST', 'requests/ing/pause', 'requests/ing/resume', ing]]) {
    await change(method, pause, body);
    const { payment_next_at: next, next_price: price } = await change(method, resume, body);
    assert.deepEqual([next, price], [day, 10000], 'its day has not passed');
  }
  await change('PUT', `${id}/pause`, {});
  await desk.advance('70d');
  const { payment_next_at: later, next_price: price } = await change('PUT', 'requests/ing/resume', ing);
  assert.ok(Date.parse(later) > Date.parse(day), 'its day has passed');
  assert.equal(price, 10000);
});

check('a customer pauses and goes on', async () => {
  const { id, order } = await desk.subscribe();
  const before_ = await desk.detail(id);
  await desk.sdk.orderSubscription.requestIng.pause({ order_number: order, reason: 'holiday' });
  assert.equal((await desk.detail(id)).status, -2);
  await rejects(desk.sdk.orderSubscription.requestIng.pause({ order_subscription_id: id }), 409, 'SUBSCRIPTION_STATE');
  await desk.advance('70d');
  assert.equal((await desk.bills(id, [1])).length, 1, 'nothing is billed meanwhile');
  await desk.sdk.orderSubscription.requestIng.resume({ order_subscription_id: id });
  const gone_on = await desk.detail(id);
  assert.equal(gone_on.status, 1);
  const months = (Date.parse(gone_on.payment_next_at) - Date.parse(before_.payment_next_at)) / (86_400_000 * 30.4);
  assert.equal(Math.round(months), 2);
  await desk.advance('31d');
  assert.deepEqual((await desk.paidMonths(id)).map(([month]) => month), [1, 2]);
});

check('a pause with an end goes on by itself', async () => {
  const { id } = await desk.subscribe();
  const start = Date.parse((await desk.detail(id)).service_start_at);
  await desk.sdk.orderSubscription.supervisorPause(id, {
    paused_at: new Date(start).toISOString(), expected_resume_at: new Date(start + 40 * 86_400_000).toISOString(),
  });
  await desk.advance('41d');
  assert.equal((await desk.detail(id)).status, 1);
  await desk.advance('31d');
  assert.equal((await desk.bills(id, [1])).length, 2);
});

check('a new price, and adjustments of a running contract', async () => {
  const { id } = await desk.subscribe();
  const changed = await desk.sdk.orderSubscription.update({ order_subscription_id: id, price: 12000, memo: 'upgrade' });
  assert.equal(changed.next_price, 12000);
  assert.equal((await desk.bills(id, [2]))[0].price, 12000, 'the bill that is ready follows at once');
  await desk.sdk.orderSubscriptionAdjustment.create(id, { price: -2000, duration_from: 2, duration_to: 3, name: 'sorry' });
  const { adjustments } = await desk.sdk.orderSubscriptionAdjustment.create(id, { price: 500, duration_from: 3, is_unlimited: true, name: 'support' });
  assert.deepEqual(adjustments.map(({ duration, price, type, is_unlimited: unlimited }) => [duration, price, type, unlimited]),
    [[2, -2000, 1, false], [3, -2000, 1, false], [3, 500, 2, true]]);
  await rejects(desk.sdk.orderSubscriptionAdjustment.create(id, { price: -1, duration: 1 }), 400, 'INVALID_PARAMETERS');
  await rejects(desk.sdk.orderSubscriptionAdjustment.create(id, { price: -12501, duration: 5 }), 400, 'INVALID_PARAMETERS');
  await rejects(desk.sdk.orderSubscription.update({ order_subscription_id: id, price: 0 }), 400, 'INVALID_PARAMETERS');
  await desk.sdk.orderSubscriptionAdjustment.delete(id, adjustments[1].order_subscription_adjustment_id);
  await desk.sdk.orderSubscriptionAdjustment.update({ order_subscription_id: id, duration: 4, adjustments: [{ price: -700, name: 'april' }] });
  await desk.advance('95d');
  assert.deepEqual((await desk.paidMonths(id)).map(([month, price]) => [month, price]), [[1, 10000], [2, 10000], [3, 12500], [4, 11800]]);
});

check('leaving: what it costs is told, asked for, and approved by a supervisor', async () => {
  const { id, order } = await desk.subscribe();
  const told = await desk.sdk.orderSubscription.requestIng.calculateTerminationFee(undefined, order);
  // The contract began a moment ago: the first day of its month is used.
  const unused = told.last_bill_refund_price;
  assert.ok([9642, 9655, 9666, 9677].includes(unused), `${unused}`);
  assert.deepEqual(told, { termination_fee: 11000, last_bill_refund_price: unused, final_fee: 11000 - unused, refund_amount: 0, owed_price: 0 });
  await rejects(desk.sdk.orderSubscription.requestIng.termination({ order_subscription_id: id, cancel_date: '2000-01-01' }), 400, 'INVALID_PARAMETERS');
  const asked = await desk.sdk.orderSubscription.requestIng.termination({ order_subscription_id: id, reason: 'moving', termination_fee: 0 });
  assert.deepEqual([asked.request_type_name, asked.status], ['termination', 0]);
  await rejects(desk.sdk.orderSubscription.requestIng.termination({ order_subscription_id: id }), 409, 'CHANGE_WAITING');
  const { list } = await desk.sdk.orderSubscriptionRequest.list({ order_subscription_id: id });
  assert.equal(list[0].order_subscription_request_history_id, asked.order_subscription_request_history_id);
  await desk.sdk.orderSubscription.supervisorReject(id, { reason: 'please stay' });
  assert.equal((await desk.sdk.orderSubscriptionRequest.detail(asked.order_subscription_request_history_id)).status, -1);
  await rejects(desk.sdk.orderSubscription.supervisorApprove(id), 404, 'CHANGE_NOT_FOUND');
  const again = await desk.sdk.orderSubscription.requestIng.termination({ order_subscription_id: id, reason: 'moving' });
  await desk.sdk.orderSubscriptionRequest.update({ order_subscription_request_history_id: again.order_subscription_request_history_id, approval: 'approve' });
  assert.equal((await desk.detail(id)).status, 20);
  const fee = await eventually('the fee', async () => (await desk.bills(id, [1])).find(({ kind }) => kind === 'fee'));
  assert.deepEqual([fee.price, fee.status], [told.final_fee, 1], 'a customer does not say what leaving costs');
  assert.deepEqual((await desk.bills(id)).map(({ status }) => status), [1, 20, 1]);
  await desk.advance('40d');
  assert.equal((await desk.bills(id)).length, 3, 'nothing is billed any more');
});

check('leaving with a month that is owed', async () => {
  const { id } = await desk.subscribe({ card: poorLater, product: plan({ duration: -1 }) });
  await desk.advance('45d');
  assert.equal((await desk.detail(id)).status, -3);
  const told = await desk.sdk.orderSubscription.requestIng.calculateTerminationFee(id);
  assert.deepEqual([told.termination_fee, told.last_bill_refund_price, told.refund_amount], [0, 0, 0]);
  assert.ok(told.owed_price > 4000 && told.owed_price < 6000, `${told.owed_price}`);
  assert.equal(told.final_fee, told.owed_price);
  await desk.sdk.orderSubscription.supervisorTerminate(id);
  const fee = (await desk.bills(id)).find(({ kind }) => kind === 'fee');
  assert.equal(fee.price, told.owed_price);
});

check('leaving early in a month gives the rest of it back', async () => {
  const { id, invoice } = await desk.subscribe({ product: plan({ duration: -1 }) });
  const first = await desk.sdk.orderSubscription.requestIng.calculateTerminationFee(id);
  assert.deepEqual([first.termination_fee, first.final_fee], [0, -first.refund_amount]);
  assert.ok(first.refund_amount > 9600);
  await desk.sdk.orderSubscription.supervisorTerminate(id, { reason: 'goodwill', last_bill_refund_price: 4000 });
  await eventually('the refund of the first month', async () => {
    const { refunded_price: back } = await desk.sdk.invoice.detail(invoice.invoice_id);
    return back === 4000 ? true : undefined;
  });
  const later = await desk.subscribe({ product: plan({ duration: -1 }) });
  await desk.advance('32d');
  assert.equal((await desk.bills(later.id, [1])).length, 2);
  await desk.sdk.orderSubscription.supervisorTerminate(later.id, { last_bill_refund_price: 2500 });
  await eventually('the refund of the second', async () =>
    ((await desk.bills(later.id)).some(({ cancelled_price: back }) => back === 2500) ? true : undefined));
  await rejects(desk.sdk.orderSubscription.supervisorTerminate(later.id), 409, 'SUBSCRIPTION_STATE');
  await rejects(desk.sdk.orderSubscription.requestIng.pause({ order_subscription_id: later.id }), 409, 'SUBSCRIPTION_STATE');
});

check('handing a contract on, and buying it out', async () => {
  const { id } = await desk.subscribe();
  await desk.sdk.orderSubscription.requestIng.transfer({ order_subscription_id: id, new_user_id: 'heir', new_username: '김영희' });
  await desk.sdk.orderSubscription.supervisorApprove(id);
  const handed = await desk.detail(id);
  assert.deepEqual([handed.user_id, handed.username, handed.card], ['heir', '김영희', null], 'the old owner’s card is gone');
  const bought = await desk.subscribe();
  await desk.sdk.orderSubscription.requestIng.purchase({ order_subscription_id: bought.id, price: 50000 });
  await desk.sdk.orderSubscription.supervisorApprove(bought.id);
  assert.equal((await desk.detail(bought.id)).status, 15);
  const bill = await eventually('the price', async () => (await desk.bills(bought.id, [1])).find(({ kind }) => kind === 'purchase'));
  assert.equal(bill.price, 50000);
});

check('charges on demand, and the end of their key', async () => {
  const { id } = await desk.subscribe();
  const { charge_key: key } = await desk.seller.ok(desk.seller.get(`/v1/order_subscriptions/${id}`, { 'BOOTPAY-ROLE': 'supervisor' }));
  assert.equal((await desk.detail(id)).charge_key, undefined, 'only supervisors see it');
  const charged = await desk.sdk.orderSubscription.supervisorCharge({ charge_key: key, price: 3300, idempotency_key: 'once' });
  assert.deepEqual([charged.status, charged.price], [1, 3300]);
  assert.deepEqual(await desk.sdk.orderSubscription.supervisorCharge({ charge_key: key, price: 3300, idempotency_key: 'once' }), charged);
  assert.equal((await desk.bills(id, [1])).filter(({ kind }) => kind === 'on_demand').length, 1);
  // Sent eight times at once, it is charged once, and no answer of success comes before it is.
  const eight = await Promise.allSettled(Array.from({ length: 8 }, () => desk.sdk.orderSubscription.supervisorCharge({ charge_key: key, price: 5500, idempotency_key: 'eight' })));
  for (const { value, reason } of eight) {
    if (value) assert.deepEqual([value.status, value.price], [1, 5500]);
    else assert.deepEqual([reason.status, reason.error_code], [409, 'PAYMENT_IN_PROGRESS']);
  }
  assert.equal((await desk.sdk.orderSubscription.supervisorCharge({ charge_key: key, price: 5500, idempotency_key: 'eight' })).status, 1);
  assert.equal((await desk.bills(id, [1])).filter(({ kind }) => kind === 'on_demand').length, 2);
  assert.equal((await desk.sdk.orderSubscription.supervisorChargeRevoke({ charge_key: key })).status, 20);
  await rejects(desk.sdk.orderSubscription.supervisorCharge({ charge_key: key, price: 1 }), 403, 'CHARGE_KEY_REVOKED');
  await rejects(desk.sdk.orderSubscription.supervisorCharge({ charge_key: 'made-up', price: 1 }), 403, 'CHARGE_KEY_REVOKED');
});

check('what is not offered is refused with its field, and nothing of the call is done', async () => {
  const { id } = await desk.subscribe();
  const [{ order_subscription_bill_id: bill }] = await desk.bills(id, [2]);
  const supervisor = { 'BOOTPAY-ROLE': 'supervisor' };
  const calls = [
    ['PUT', `/v1/order_subscriptions/${id}`, { order_name: 'x' }, ['billing_key', 'use_free_trial', 'free_trial_day', 'status', 'product_id',
      'product_option_id', 'quantity', 'address_id', 'service_start_at', 'service_end_at']],
    ['PUT', `/v1/order_subscription_bills/${bill}`, { price: 1 }, ['status']],
    ['POST', '/v1/order_subscriptions/requests/ing/transfer', { order_subscription_id: id, new_user_id: 'u' }, ['new_user_address', 'wallet_id']],
  ];
  for (const [method, path, body, fields] of calls) {
    for (const field of fields) {
      const answer = await desk.seller.send(method, path, { body: { ...body, [field]: 1 }, headers: supervisor });
      assert.deepEqual([answer.status, answer.json().data?.issues?.map((issue) => [issue.path, issue.code])], [400, [[field, 'not_supported']]], answer.text);
    }
  }
  const later = new Date(Date.parse((await desk.detail(id)).service_start_at) + 90 * 86_400_000).toISOString();
  await rejects(desk.sdk.orderSubscription.supervisorPause(id, { paused_at: later }), 400, 'INVALID_PARAMETERS');
  const priced = await desk.seller.put(`/v1/order_subscription_bills/${bill}`, { price: 1 }, { 'BOOTPAY-ROLE': 'user' });
  assert.deepEqual([priced.status, priced.json().error_code], [403, 'ROLE_REQUIRED'], 'a customer sets no price');
  const after_ = await desk.detail(id);
  assert.deepEqual([after_.order_name, after_.status, after_.cancel_status, after_.next_price], ['Pro', 1, 0, 10000]);
});

check('roles, and what is not there', async () => {
  const { id } = await desk.subscribe();
  for (const call of ['approve', 'reject', 'terminate', 'pause', 'resume']) {
    const answer = await desk.seller.put(`/v1/order_subscriptions/${id}/${call}`, {}, { 'BOOTPAY-ROLE': 'user' });
    assert.deepEqual([answer.status, answer.json().error_code], [403, 'ROLE_REQUIRED'], call);
  }
  const managed = await desk.seller.put(`/v1/order_subscriptions/${id}/reject`, {}, { 'BOOTPAY-ROLE': 'manager' });
  assert.deepEqual([managed.status, managed.json().error_code], [404, 'CHANGE_NOT_FOUND'], 'a manager may');
  await rejects(desk.detail('0123456789abcdef01234567'), 404, 'SUBSCRIPTION_NOT_FOUND');
  await rejects(desk.sdk.orderSubscriptionBill.detail('nothing'), 404, 'BILL_NOT_FOUND');
  await rejects(desk.sdk.orderSubscriptionRequest.detail('nothing'), 404, 'CHANGE_NOT_FOUND');
  await rejects(desk.sdk.orderSubscription.requestIng.pause({}), 400, 'INVALID_PARAMETERS');
});

check('a bill is moved, and a failed one charged again at once', async () => {
  const { id } = await desk.subscribe({ card: everyOther });
  const [ready] = await desk.bills(id, [2]);
  const sooner = new Date(Date.parse(ready.reserve_payment_at) - 10 * 86_400_000).toISOString();
  await desk.sdk.orderSubscriptionBill.update({ order_subscription_bill_id: ready.order_subscription_bill_id, reserve_payment_at: sooner });
  const now = await desk.advance('1s');
  await desk.advance(`${Math.ceil((Date.parse(sooner) - now) / 1000) + 5}s`);
  const failed = await desk.sdk.orderSubscriptionBill.detail(ready.order_subscription_bill_id);
  assert.deepEqual([failed.status, Date.parse(failed.reserve_payment_at)], [-1, Math.floor(Date.parse(sooner))]);
  assert.match(failed.payment_url, /\/checkout\//);
  const put_off = await desk.seller.put(`/v1/order_subscription_bills/${ready.order_subscription_bill_id}`, { reserve_payment_at: '2999-01-01' },
    { 'BOOTPAY-ROLE': 'user' });
  assert.deepEqual([put_off.status, put_off.json().error_code], [400, 'INVALID_PARAMETERS'], 'a customer does not put it off for ever');
  await desk.sdk.orderSubscriptionBill.update({ order_subscription_bill_id: ready.order_subscription_bill_id });
  await eventually('the bill', async () => ((await desk.bills(id, [1])).length === 2 ? true : undefined));
});

check('webhooks tell of every bill', async () => {
  const receiver = await Receiver.start((_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"success": true}'));
  const { id, invoice } = await desk.subscribe({ card: everyOther, webhook_url: receiver.url(), metadata: { plan: 'pro' } });
  await desk.advance('33d');
  const told = await eventually('three webhooks', async () => (receiver.requests.length >= 3 ? receiver.requests.map(({ json }) => json) : undefined));
  assert.deepEqual(told.map(({ webhook_type: type, month, price }) => [type, month, price]), [
    ['PAYMENT_COMPLETED', undefined, 10000], ['PAYMENT_REQUEST_FAILED', 2, 10000], ['PAYMENT_COMPLETED', 2, 10000]]);
  for (const event of told.slice(1)) {
    assert.deepEqual([event.order_subscription_id, event.invoice_id, event.request_id, event.metadata], [id, invoice.invoice_id, invoice.request_id, { plan: 'pro' }]);
    assert.match(event.order_subscription_bill_id, objectId);
  }
  assert.match(told[2].receipt_id, objectId);
  await receiver.close();
});

check('many contracts of one minute, whose charges come back in any order: none is forgotten', async () => {
  const own = await Desk.open('2026-01-31T10:00:00+09:00');
  const contracts = 40;
  for (let i = 0; i < contracts; i++) await own.subscribe({ card: i % 3 ? good : everyOther, product: plan({ duration: 7 }) });
  await own.advance('240d');
  const counted = async (status) => (await own.sdk.orderSubscriptionBill.list({ limit: 1, status: [status] })).count;
  assert.deepEqual([await counted(1), await counted(-1)], [contracts * 7, 0]);
  const { list } = await own.sdk.orderSubscription.list({ limit: 100 });
  assert.deepEqual(new Set(list.map(({ status }) => status)), new Set([15]));
  await own.close();
});

check('a first month that costs nothing keeps the card for the others', async () => {
  const free = plan({ price_adjustments: [{ cycles: [{ duration: 1, adjustment_type: 'discount_percent', value: 100 }] }] });
  const { id } = await desk.subscribe({ product: free });
  assert.equal((await desk.detail(id)).card.last4, '4242');
  await desk.advance('32d');
  assert.deepEqual((await desk.paidMonths(id)).map(([month, price]) => [month, price]), [[1, 0], [2, 10000]]);
});
