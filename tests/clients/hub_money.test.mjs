// The hub's money: nobody pays twice, nobody pays for nothing, no deposit is promised twice, and every won is where it should be.
// Each server's books are verified at the end.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after, before } from 'node:test';

import {
  advance, App, assertNested, assertPlain, campaignBody, ensureBody, fresh, guideClock, onboardBody, operate, orderBody,
} from '../support/hub.mjs';
import { keepAlive } from '../support/http.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
let sales;
let reviewers;

before(async () => {
  server = await Server.start({ clock: guideClock });
  sales = App.sales(server);
  reviewers = App.reviewer(server);
});
after(async () => {
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 180_000 }, Server.logged(() => server, body));

/** A partner with a deposit. */
async function funded(amount) {
  const { partnerId } = await sales.expect(201, 'POST', '/v1/partners/ensure', { body: ensureBody() });
  if (amount > 0) await sales.paidOrder(amount, { partnerId });
  return partnerId;
}

/** What of a deposit is free: a campaign that is far too big asks, and is not made. */
async function available(partnerId) {
  const body = campaignBody(partnerId, { offerCount: 1_000_000, points: 1_000_000, endAt: '2030-12-31T23:59:59+09:00' });
  return (await sales.expect(201, 'POST', '/v1/campaigns/pybk', { body })).depositAvailable;
}

/** Clients that send at once, each over a connection of its own. */
async function atOnce(clients, send) {
  const agents = Array.from({ length: clients }, () => keepAlive(1));
  try {
    return await Promise.all(agents.map((agent, i) => send(App.sales(server, { agent }), i)));
  } finally {
    agents.forEach((agent) => agent.destroy());
  }
}

const settled = (code) => eventually(`the refund of ${code}`, async () => {
  const order = await sales.getOrder(code);
  return order.status === 'REFUNDING' ? undefined : order;
});

// ---- paid twice, paid for nothing --------------------------------------------------------------------------------------------

check('a lead that was paid takes no second order, and two open orders of it are paid once', async () => {
  const leadRef = fresh('lead');
  const first = await sales.order({ leadRef });
  const second = await sales.order({ leadRef });
  assert.equal((await sales.pay(first.orderCode)).json().status, 'paid');
  const declined = await sales.pay(second.orderCode);
  assert.notEqual(declined.status, 200, declined.text);
  assert.equal((await sales.getOrder(second.orderCode)).status, 'CREATED');
  for (let i = 0; i < 2; i++) {
    const { detail } = assertPlain(await sales.post('/v1/pay/orders', orderBody({ leadRef })), 409, 'ALREADY_PAID');
    assert.deepEqual(detail, { orderCode: first.orderCode });
    await sales.onboard(onboardBody(first.orderCode), { key: leadRef });
  }
  assert.equal((await sales.getOrder(first.orderCode)).status, 'CONSUMED');
});

check('64 payments of one order at once charge it once', async () => {
  const { orderCode } = await sales.order();
  const answers = await atOnce(64, (client) => client.pay(orderCode));
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  assert.ok(answers.every((answer) => answer.status === 200 || answer.status === 409), answers.map((answer) => answer.status).join());
  assert.equal((await sales.getOrder(orderCode)).status, 'PAID');
});

check('an order that carries its onboarding needs no second call, and answers one', async () => {
  const carried = onboardBody();
  const { orderCode } = await sales.order({ onboard: carried });
  assert.equal((await sales.pay(orderCode)).json().status, 'paid');
  await eventually('the onboarding', async () => ((await sales.getOrder(orderCode)).status === 'CONSUMED' ? true : undefined));
  const [listed] = (await sales.campaigns('?page_size=1')).campaigns;
  assert.equal(listed.externalRef, orderCode);
  const later = await sales.onboard({ ...carried, payment: { orderCode } }, { key: fresh('lead') });
  assert.equal(later.status, 200, later.text);
  assert.equal(later.headers['idempotent-replayed'], 'true');
  assert.equal(later.json().campaign.campaignId, listed.campaignId);
  assert.equal((await sales.onboard({ ...carried, payment: { orderCode } })).text, later.text);
  assertPlain(await sales.onboard(onboardBody(orderCode)), 422, 'INVALID_ORDER');
  assertPlain(await sales.post('/v1/pay/orders', orderBody({ onboard: { partner: carried.partner } })), 400, 'INVALID_PAYLOAD');
});

check('a carried onboarding that cannot be done is shown to people, and the order is still good', async () => {
  const { partner } = await sales.onboarded({ partner: { businessNumber: '700-00-00001' } });
  const carried = onboardBody(undefined, { partner: { contactEmail: partner.loginEmail, businessNumber: '700-00-00002' } });
  const { orderCode } = await sales.order({ onboard: carried });
  await sales.pay(orderCode);
  const order = await eventually('the failure', async () => {
    const now = await sales.getOrder(orderCode);
    return now.attention === null ? undefined : now;
  });
  assert.deepEqual([order.status, order.attention], ['PAID', 'ONBOARD_FAILED']);
  assert.equal((await sales.onboard(onboardBody(orderCode))).status, 200);
  assert.equal((await sales.getOrder(orderCode)).attention, null);
});

check('random keys consume an order once, at once and later', async () => {
  const body = onboardBody(await sales.paidOrder());
  const answers = await atOnce(32, (client) => client.onboard(body, { key: randomUUID() }));
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  for (const answer of answers.filter((each) => each.status !== 200)) assertPlain(answer, 422, 'INVALID_ORDER');
  assertPlain(await sales.onboard(body, { key: randomUUID() }), 422, 'INVALID_ORDER');
});

check('one key from 200 clients at once is one onboarding and one answer', async () => {
  const body = onboardBody(await sales.paidOrder());
  const total = (await sales.campaigns()).pagination.total;
  const answers = await atOnce(200, (client) => client.onboard(body, { key: 'the-lead' }));
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200]);
  assert.equal(new Set(answers.map((answer) => answer.text)).size, 1, 'all have one answer');
  assert.equal(answers.filter((answer) => answer.headers['idempotent-replayed'] !== 'true').length, 1);
  assert.equal((await sales.campaigns()).pagination.total, total + 1);
});

check('one key from 100 clients with two bodies is one order', async () => {
  const key = fresh('order');
  const answers = await atOnce(100, (client, i) => client.post('/v1/pay/orders', orderBody({ amount: 1000 + (i % 2) }), { key }));
  const made = answers.filter((answer) => answer.status === 201);
  assert.equal(new Set(made.map((answer) => answer.text)).size, 1);
  assert.equal(made.length, 50);
  for (const answer of answers.filter((each) => each.status !== 201)) assertPlain(answer, 409, 'IDEMPOTENCY_CONFLICT');
});

// ---- the gate ----------------------------------------------------------------------------------------------------------------

check('64 campaigns race for a deposit of ten: ten are live', async () => {
  const partnerId = await funded(200_000);
  const body = campaignBody(partnerId, { offerCount: 1, points: 20_000 });
  const answers = await atOnce(64, (client) => client.post('/v1/campaigns/pybk', body));
  assert.ok(answers.every((answer) => answer.status === 201), answers.find((answer) => answer.status !== 201)?.text);
  const made = answers.map((answer) => answer.json());
  assert.equal(made.filter(({ activated }) => activated).length, 10);
  for (const each of made) assert.equal(each.depositShortfall, Math.max(0, 20_000 - each.depositAvailable));
  assert.equal(await available(partnerId), 0);

  // And once more by activation: three more places are paid for.
  await sales.paidOrder(60_000, { partnerId });
  const saved = made.filter(({ activated }) => !activated);
  const activated = await atOnce(saved.length, (client, i) => client.activate(saved[i].campaignId));
  assert.equal(activated.filter((answer) => answer.status === 200).length, 3);
  assert.equal(activated.filter((answer) => answer.status === 402).length, saved.length - 3);
  assert.equal(await available(partnerId), 0);
});

// deposit, live
for (const [deposit, live] of [[199_999, false], [200_000, true], [200_001, true]]) {
  check(`a deposit of ${deposit} for a campaign of 200,000`, async () => {
    const made = await sales.expect(201, 'POST', '/v1/campaigns/pybk', { body: campaignBody(await funded(deposit)) });
    assert.deepEqual([made.activated, made.depositAvailable, made.depositShortfall], [live, deposit, Math.max(0, 200_000 - deposit)]);
  });
}

// ---- refunds -----------------------------------------------------------------------------------------------------------------

check('a part goes back, the rest is onboarded, and then nothing goes back any more', async () => {
  const code = await sales.paidOrder();
  const part = await sales.expect(200, 'POST', `/v1/pay/orders/${code}/cancel`, { body: { amount: 6000, reason: 'one less' }, key: 'part' });
  assert.deepEqual(part, { orderCode: code, status: 'REFUNDING', refundAmount: 6000 });
  const left = await settled(code);
  assert.deepEqual([left.status, left.amount, left.refunded], ['PAID', 206_000, 6000]);
  const shown = (await operate(server, 'GET', `/api/hub/orders/${code}`)).json();
  assert.deepEqual([shown.amount, shown.refunded], [206_000, 6000]);
  const again = await sales.post(`/v1/pay/orders/${code}/cancel`, { amount: 6000, reason: 'one less' }, { key: 'part' });
  assert.equal(again.headers['idempotent-replayed'], 'true', again.text);
  const tooMuch = await sales.post(`/v1/pay/orders/${code}/cancel`, { amount: 200_001 });
  assert.ok(tooMuch.status >= 400 && tooMuch.status < 500, tooMuch.text);
  const done = (await sales.onboard(onboardBody(code))).json();
  assert.deepEqual(done.deposit, { charged: 200_000, available: 200_000, shortfall: 6000, required: 206_000 });
  assertPlain(await sales.post(`/v1/pay/orders/${code}/cancel`), 409, 'ORDER_CONSUMED');
});

check('all of it goes back, the order is of no use, and its lead may pay again', async () => {
  const leadRef = fresh('lead');
  const code = await sales.paidOrder(206_000, { leadRef });
  const closed = await sales.expect(200, 'POST', `/v1/pay/orders/${code}/cancel`);
  assert.deepEqual(closed, { orderCode: code, status: 'REFUNDING', refundAmount: 206_000 });
  assert.equal((await settled(code)).status, 'REFUNDED');
  assertPlain(await sales.onboard(onboardBody(code)), 422, 'INVALID_ORDER');
  assertPlain(await sales.post(`/v1/pay/orders/${code}/cancel`), 409, 'ORDER_STATE');
  await sales.paidOrder(206_000, { leadRef });
});

check('a refund and an onboarding that race: one of them wins', async () => {
  for (let round = 0; round < 5; round++) {
    const code = await sales.paidOrder();
    const [onboarded, cancelled] = await atOnce(2, (client, i) =>
      (i === 0 ? client.onboard(onboardBody(code)) : client.post(`/v1/pay/orders/${code}/cancel`)));
    assert.equal([onboarded.status, cancelled.status].filter((status) => status === 200).length, 1, `${onboarded.text} ${cancelled.text}`);
    assert.equal((await settled(code)).status, onboarded.status === 200 ? 'CONSUMED' : 'REFUNDED');
  }
});

// ---- the checkout's cards ----------------------------------------------------------------------------------------------------

const checkoutOf = async () => {
  const order = await sales.order();
  const { pathname } = new URL(order.checkoutUrl);
  const pay = (number, key = randomUUID()) => server.request('POST', `${pathname}/pay`, {
    body: { card: { number, expiry: '12/99', cvc: '123', holder: 'HONG GILDONG' }, key },
  });
  const session = async () => (await server.request('GET', `${pathname}/session`)).json();
  return { code: order.orderCode, pathname, pay, session };
};

// card, status, what the answer says
const cardRows = [
  ['4242424242424242', 200, { status: 'paid' }, 'PAID'],
  ['4242 4242 4242 4242', 200, { status: 'paid' }, 'PAID'],
  ['4000000000000002', 402, { status: 'declined', code: 'card_declined' }, 'CREATED'],
  ['4000000000000069', 402, { status: 'declined', code: 'expired_card' }, 'CREATED'],
  ['4000000000009995', 402, { status: 'declined', code: 'insufficient_funds' }, 'CREATED'],
  ['5555555555554444', 402, { status: 'declined', code: 'not_a_test_card' }, 'CREATED'],
  ['4000000000000135', 200, { status: 'paid' }, 'PAID'],
  ['4000000000000127', 202, { status: 'pending' }, 'CREATED'],
];
for (const [card, status, says, order] of cardRows) {
  check(`card ${card}: ${says.code ?? says.status}`, async () => {
    const checkout = await checkoutOf();
    const answer = await checkout.pay(card);
    assert.equal(answer.status, status, answer.text);
    const told = answer.json();
    for (const [name, value] of Object.entries(says)) assert.equal(told[name], value, answer.text);
    assert.equal((await sales.getOrder(checkout.code)).status, order);
    if (status !== 402) return;
    // A declined card keeps nobody from paying with another.
    assert.equal((await checkout.pay('4242424242424242')).status, 200);
  });
}

check('card 4000002760003184 is authenticated: a wrong code declines, the right one pays', async () => {
  const checkout = await checkoutOf();
  for (const [code, status] of [['000000', 402], ['123456', 200]]) {
    const asked = await checkout.pay('4000002760003184');
    assert.equal(asked.status, 202, asked.text);
    assert.equal(asked.json().status, 'needs_authentication');
    const answer = await server.request('POST', `${checkout.pathname}/authenticate`, { body: { attempt: asked.json().attempt, code } });
    assert.equal(answer.status, status, answer.text);
  }
  assert.equal((await sales.getOrder(checkout.code)).status, 'PAID');
});

check('card 4000000000000119 is charged though nobody hears of it: found when asked, once', async () => {
  const checkout = await checkoutOf();
  const answer = await checkout.pay('4000000000000119');
  assert.equal(answer.status, 202, answer.text);
  assert.equal((await checkout.pay('4242424242424242')).status, 409, 'one attempt at a time');
  await eventually('the charge', async () => ((await checkout.session()).status === 'paid' ? true : undefined), 60_000);
  assert.equal((await sales.getOrder(checkout.code)).status, 'PAID');
});

check('one form that is sent twice is one charge', async () => {
  const checkout = await checkoutOf();
  const key = randomUUID();
  const [one, two] = await Promise.all([checkout.pay('4242424242424242', key), checkout.pay('4242424242424242', key)]);
  assert.deepEqual([one.status, two.status].filter((status) => status !== 202), [one.status, two.status].filter((status) => status === 200));
  await eventually('the payment', async () => ((await checkout.session()).status === 'paid' ? true : undefined));
});

// ---- reviewers ---------------------------------------------------------------------------------------------------------------

check('from application to reward', async () => {
  const done = await sales.onboarded({ amount: 41_200, campaign: { offerCount: 2 } });
  const { campaignId } = done.campaign;
  const [one, two, three] = await Promise.all([1, 2, 3].map((i) => reviewers.apply(campaignId, `reviewer-of-${campaignId}-${i}`)));
  assertNested(await reviewers.post(`/v1/campaigns/${campaignId}/applies`, { reviewerId: `reviewer-of-${campaignId}-1` }), 409, 'ALREADY_APPLIED');
  assertNested(await reviewers.post(`/v1/applies/${one}/review`, { state: '1218' }), 409, 'CAMPAIGN_STATE');
  await reviewers.setApply(one, '0802');
  await reviewers.setApply(two, '0804');
  assertNested(await reviewers.put(`/v1/applies/${three}`, { state: '0802' }), 409, 'OFFER_FULL');
  await reviewers.setApply(three, '0803');
  const review = await reviewers.review(one, '1213');
  assertNested(await reviewers.put(`/v1/reviews/${review}`, { state: '1214' }), 409, 'CAMPAIGN_STATE');
  assert.equal(await reviewers.review(one, '1218'), review);
  assertNested(await reviewers.put(`/v1/applies/${one}`, { state: '0803' }), 409, 'CAMPAIGN_STATE');
  assert.equal((await reviewers.judge(review, '1219')).rewardPaid, 0);
  assert.equal(await reviewers.review(one, '1218'), review, 'a rejected review may be mended');
  assert.equal((await reviewers.judge(review, '1214')).rewardPaid, 20_600);
  assertNested(await reviewers.put(`/v1/reviews/${review}`, { state: '1219' }), 409, 'CAMPAIGN_STATE');
  assertNested(await reviewers.put(`/v1/reviews/${review}`, { state: '1215' }), 409, 'CAMPAIGN_STATE');
  const other = await reviewers.review(two);
  await reviewers.judge(other, '1215');
  const { progress, raw } = await sales.campaign(campaignId);
  assert.deepEqual([progress.selected, progress.reviewApproved, progress.reviewSubmitted], [2, 1, 1]);
  assert.deepEqual(raw.byReviewStatus, { 1214: 1, 1215: 1 });
  for (const [method, path, code] of [
    ['POST', '/v1/campaigns/999999/applies', 'CAMPAIGN_NOT_FOUND'], ['PUT', '/v1/applies/999999', 'APPLY_NOT_FOUND'],
    ['POST', '/v1/applies/999999/review', 'APPLY_NOT_FOUND'], ['PUT', '/v1/reviews/999999', 'REVIEW_NOT_FOUND'],
  ]) {
    const body = path.endsWith('applies') ? { reviewerId: 'r' } : { state: path.includes('reviews') ? '1214' : path.endsWith('review') ? '1218' : '0802' };
    assertNested(await reviewers.send(method, path, { body }), 404, code);
  }
});

check('64 approvals of one review at once pay once', async () => {
  const done = await sales.onboarded();
  const review = await reviewers.reviewed(done.campaign.campaignId);
  const answers = await Promise.all(Array.from({ length: 64 }, () => reviewers.put(`/v1/reviews/${review}`, { state: '1214' })));
  assert.ok(answers.every((answer) => answer.status === 200), answers.find((answer) => answer.status !== 200)?.text);
  assert.equal(answers.filter((answer) => answer.json().rewardPaid === 20_600).length, 1);
});

// ---- by the clock ------------------------------------------------------------------------------------------------------------

check('a paid order that nobody consumes is noticed, and may still be consumed', async () => {
  const code = await sales.paidOrder();
  await advance(server, '29m');
  assert.equal((await sales.getOrder(code)).attention, null);
  await advance(server, '2m');
  assert.equal((await sales.getOrder(code)).attention, 'UNCONSUMED');
  const waiting = await sales.expect(200, 'GET', '/v1/pay/orders?attention=1&limit=100');
  assert.ok(waiting.orders.some(({ orderCode }) => orderCode === code));
  assert.equal((await sales.onboard(onboardBody(code))).status, 200);
  assert.equal((await sales.getOrder(code)).attention, null);
});

check('a campaign goes through its phases, pays what was approved, and gives back the rest', async () => {
  const contact = { contactEmail: `${fresh('phases')}@abc.com` };
  const first = await sales.onboarded({ partner: contact });
  const waiting = await sales.onboarded({ partner: contact });
  const ids = [first.campaign.campaignId, waiting.campaign.campaignId];
  const codes = async () => (await Promise.all(ids.map((id) => sales.campaign(id)))).map(({ statusCode }) => statusCode);
  const { partnerId } = first.partner;
  assert.deepEqual(await codes(), ['1209', '1209']);
  await advance(server, '7d');
  assert.deepEqual(await codes(), ['1213', '1213'], 'recruiting from startAt');
  const paid = await reviewers.reviewed(ids[0]);
  const late = await reviewers.reviewed(ids[1]);
  await reviewers.judge(paid, '1214');
  await advance(server, '30d');
  assert.deepEqual(await codes(), ['1214', '1214'], 'reviews from endAt');
  assertNested(await reviewers.post(`/v1/campaigns/${ids[0]}/applies`, { reviewerId: 'late' }), 409, 'CAMPAIGN_STATE');
  assert.equal(await available(partnerId), 0);
  await advance(server, '14d');
  assert.deepEqual(await codes(), ['1212', '1215'], 'judging while a review waits');
  assert.equal(await available(partnerId), 9 * 20_600, 'nine rewards were not paid');
  assert.equal((await reviewers.judge(late, '1219')).rewardPaid, 0);
  assert.deepEqual(await codes(), ['1212', '1212']);
  assert.equal(await available(partnerId), 19 * 20_600);
  assert.equal((await sales.campaigns('?status=COMPLETED')).campaigns.filter(({ campaignId }) => ids.includes(campaignId)).length, 2);
  const ended = await sales.activate(ids[0]);
  assertNested(ended, 409, 'CAMPAIGN_STATE');
});
