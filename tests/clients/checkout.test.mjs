// The checkout as its page calls it: every test card, many at once, what comes too late, and what never comes to light.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { advance, App, assertPlain, fresh, guideClock } from '../support/hub.mjs';
import { keepAlive } from '../support/http.mjs';
import { closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const cards = {
  good: '4242424242424242',
  declined: '4000000000000002',
  expired: '4000000000000069',
  poor: '4000000000009995',
  authenticates: '4000002760003184',
  lateCharged: '4000000000000119',
  lateNotCharged: '4000000000000127',
  answersTwice: '4000000000000135',
};
const holder = 'Kim Holdername';
const returnUrl = 'https://shop.example.com/done?basket=7#thanks';

let server;
let app;
let shop;

before(async () => {
  server = await Server.start({ clock: guideClock });
  app = App.sales(server);
  shop = await Receiver.start();
});
after(async () => {
  await server?.stop();
  await closeReceivers();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 90_000 }, Server.logged(() => server, body));

/** An order and the way to its checkout. */
class Checkout {
  static async open(changes = {}) {
    const checkout = new Checkout();
    const order = await app.order({ returnUrl, webhookUrl: shop.url(), ...changes });
    checkout.code = order.orderCode;
    checkout.order = order;
    checkout.path = new URL(order.checkoutUrl).pathname;
    return checkout;
  }

  async session() {
    const answer = await server.request('GET', `${this.path}/session`);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['cache-control'], 'no-store');
    return answer.json();
  }

  /** `number` of the card; `key`: one for each form. */
  pay(number = cards.good, { key = randomUUID(), agent, ...card } = {}) {
    return server.request('POST', `${this.path}/pay`, {
      agent, body: { key, card: { number, expiry: '12/99', cvc: '123', holder, ...card } },
    });
  }

  authenticate(attempt, code) {
    return server.request('POST', `${this.path}/authenticate`, { body: { attempt, code } });
  }

  /** Pays as `answer` says it went; fails unless the status is so. */
  async expect(status, answer) {
    assert.equal(answer.status, status, answer.text);
    return answer.json();
  }

  async assertPaid(answer) {
    const paid = await this.expect(200, answer);
    assert.deepEqual(paid, { status: 'paid', returnUrl: `https://shop.example.com/done?basket=7&orderCode=${this.code}&status=PAID#thanks` });
    await this.assertStatus('paid', 'PAID');
  }

  async assertStatus(session, order) {
    assert.equal((await this.session()).status, session);
    assert.equal((await app.getOrder(this.code)).status, order);
  }

  become(status) {
    return eventually(`${this.code} is ${status}`, async () => {
      const session = await this.session();
      return session.status === status ? session : undefined;
    });
  }

  cancel(body = {}) {
    return app.post(`/v1/pay/orders/${this.code}/cancel`, body);
  }

  /** What the shop heard of it, by type; waits for the last of them. */
  async told(...types) {
    const requests = await shop.heard(this.code, types.length);
    assert.deepEqual(requests.map(({ type }) => type), types);
  }
}

check('the session says what the page shows', async () => {
  const checkout = await Checkout.open({ amount: 206000 });
  const session = await checkout.session();
  assert.equal(checkout.order.checkoutUrl, `${server.baseUrl}${checkout.path}`);
  assert.deepEqual(Object.keys(session), [
    'reference', 'name', 'items', 'purpose', 'amount', 'currency', 'refunded', 'status', 'buyer', 'returnUrl', 'cancelUrl', 'expiresAt', 'now',
    'methods', 'sandbox', 'testCards',
  ]);
  assert.equal(session.reference, checkout.code);
  assert.equal(session.purpose, 'pay');
  assert.equal(session.amount, 206000);
  assert.equal(session.currency, 'KRW');
  assert.equal(session.refunded, 0);
  assert.equal(session.status, 'open');
  assert.equal(session.returnUrl, returnUrl);
  assert.deepEqual(session.methods, [{ type: 'card' }]);
  assert.equal(session.sandbox, true);
  assert.deepEqual(session.testCards.map(({ number }) => number).sort(), Object.values(cards).sort());
  const seconds = (time) => Math.floor(Date.parse(time) / 1000);
  assert.equal(seconds(session.expiresAt), seconds(checkout.order.expiresAt));
  assert.ok(Date.parse(session.now) < Date.parse(session.expiresAt));
  assert.ok(!('phone' in session.buyer), 'a link that is passed on tells no phone number');
});

check('a card that succeeds', async () => {
  const checkout = await Checkout.open();
  await checkout.assertPaid(await checkout.pay());
  await checkout.told('order.paid');
  const again = await checkout.expect(409, await checkout.pay());
  assert.equal(again.status, 'paid');
  assert.equal((await checkout.session()).returnUrl, `https://shop.example.com/done?basket=7&orderCode=${checkout.code}&status=PAID#thanks`);
});

// card, code
const declinedRows = [['declined', 'card_declined'], ['expired', 'expired_card'], ['poor', 'insufficient_funds']];
for (const [card, code] of declinedRows) {
  check(`a card that is declined: ${code}`, async () => {
    const checkout = await Checkout.open();
    const key = randomUUID();
    const answer = await checkout.expect(402, await checkout.pay(cards[card], { key }));
    assert.equal(answer.status, 'declined');
    assert.equal(answer.code, code);
    assert.ok(answer.message.length > 0);
    assert.deepEqual(await checkout.expect(402, await checkout.pay(cards[card], { key })), answer, 'the same form');
    await checkout.assertStatus('open', 'CREATED');
    await checkout.assertPaid(await checkout.pay());
    await checkout.told('order.paid');
  });
}

check('a real card is declined', async () => {
  const checkout = await Checkout.open();
  const answer = await checkout.expect(402, await checkout.pay('5555555555554444'));
  assert.equal(answer.code, 'not_a_test_card');
});

check('a card that asks for authentication', async () => {
  const checkout = await Checkout.open();
  const first = await checkout.expect(202, await checkout.pay(cards.authenticates));
  assert.equal(first.status, 'needs_authentication');
  await checkout.assertStatus('paying', 'CREATED');
  const wrong = await checkout.expect(402, await checkout.authenticate(first.attempt, '000000'));
  assert.equal(wrong.code, 'authentication_failed');
  await checkout.assertStatus('open', 'CREATED');
  const second = await checkout.expect(202, await checkout.pay(cards.authenticates));
  assert.notEqual(second.attempt, first.attempt);
  await checkout.assertPaid(await checkout.authenticate(second.attempt, '123456'));
  await checkout.told('order.paid');
});

check('the attempt of one checkout cannot be authenticated through another', async () => {
  const checkout = await Checkout.open();
  const other = await Checkout.open();
  const { attempt } = await checkout.expect(202, await checkout.pay(cards.authenticates));
  const answer = await other.authenticate(attempt, '123456');
  assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
  await checkout.assertStatus('paying', 'CREATED');
  await other.assertStatus('open', 'CREATED');
  await checkout.assertPaid(await checkout.authenticate(attempt, '123456'));
});

check('no answer in time, but charged: healed by asking', async () => {
  const checkout = await Checkout.open();
  assert.deepEqual(await checkout.expect(202, await checkout.pay(cards.lateCharged)), { status: 'pending' });
  await checkout.become('paid');
  await checkout.told('order.paid');
  await checkout.assertStatus('paid', 'PAID');
});

check('no answer in time: nothing is charged under a second id', async () => {
  const checkout = await Checkout.open();
  const key = randomUUID();
  assert.equal((await checkout.expect(202, await checkout.pay(cards.lateNotCharged, { key }))).status, 'pending');
  assert.equal((await checkout.expect(202, await checkout.pay(cards.lateNotCharged, { key }))).status, 'pending');
  assert.equal((await checkout.expect(409, await checkout.pay())).status, 'paying');
  await checkout.assertStatus('paying', 'CREATED');
  assert.deepEqual(shop.about(checkout.code), []);
});

check('an acquirer that answers twice is one payment', async () => {
  const checkout = await Checkout.open();
  await checkout.assertPaid(await checkout.pay(cards.answersTwice));
  // What comes after it in the book shows that nothing came before.
  const next = await Checkout.open();
  await next.assertPaid(await next.pay());
  await next.told('order.paid');
  await checkout.told('order.paid');
});

check('64 forms at once charge once', async () => {
  const checkout = await Checkout.open();
  const agent = keepAlive();
  const answers = await Promise.all(Array.from({ length: 64 }, () => checkout.pay(cards.good, { agent })));
  agent.destroy();
  const paid = answers.filter(({ status }) => status === 200);
  assert.equal(paid.length, 1);
  await checkout.assertPaid(paid[0]);
  for (const answer of answers.filter((one) => one !== paid[0])) {
    assert.equal(answer.status, 409, answer.text);
    assert.match(answer.json().status, /^(paying|paid)$/);
  }
  // A refund of all of it finds as much as one charge took, and no more.
  await checkout.expect(200, await checkout.cancel());
  assert.equal((await checkout.become('refunded')).refunded, 206000);
  await checkout.told('order.paid', 'order.refunded');
});

check('64 times the same form is one attempt, and each is told how it ended', async () => {
  const checkout = await Checkout.open();
  const agent = keepAlive();
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 64 }, () => checkout.pay(cards.good, { key, agent })));
  agent.destroy();
  for (const answer of answers) assert.equal(answer.json().status === 'pending' ? 'paid' : answer.json().status, 'paid', answer.text);
  await checkout.become('paid');
  await checkout.told('order.paid');
});

check('ten declined charges are enough for an hour', async () => {
  const checkout = await Checkout.open();
  for (let i = 0; i < 10; i++) await checkout.expect(402, await checkout.pay(cards.declined));
  const answer = await checkout.pay();
  assert.equal(answer.status, 429, answer.text);
  assert.equal(answer.json().status, 'too_many_attempts');
  await checkout.assertStatus('open', 'CREATED');
  await advance(server, `${answer.headers['retry-after']}s`);
  await checkout.expect(200, await checkout.pay());
});

check('all faults of a form are told at once', async () => {
  const checkout = await Checkout.open();
  const answer = await checkout.pay('4242424242424241', { key: '', expiry: '13/20', cvc: '12', holder: 'x'.repeat(101) });
  const { status, fields } = await checkout.expect(422, answer);
  assert.equal(status, 'invalid');
  assert.deepEqual(Object.keys(fields).sort(), ['cvc', 'expiry', 'holder', 'key', 'number']);
  for (const body of [{}, { card: null }, { card: [] }, { key: 1, card: { number: 4242424242424242 } }]) {
    const empty = await server.request('POST', `${checkout.path}/pay`, { body });
    assert.equal(empty.status, 422, empty.text);
    assert.ok('number' in empty.json().fields && 'key' in empty.json().fields);
  }
  await checkout.assertStatus('open', 'CREATED');
});

// field, value, whether it is taken
const fieldRows = [
  ['number', '', false],
  ['number', '42424242424', false],
  ['number', '4242 4242 4242 4242', true],
  ['number', '42424242424242424242', false],
  ['number', '4242424242424242x', false],
  ['expiry', '04/26', false],
  ['expiry', '00/99', false],
  ['expiry', '1/99', false],
  ['expiry', '', false],
  ['cvc', '1234', true],
  ['cvc', '12345', false],
  ['cvc', 'abc', false],
  ['holder', '', true],
  ['holder', 'x'.repeat(100), true],
  ['key', 'x'.repeat(64), true],
  ['key', 'x'.repeat(65), false],
];
for (const [field, value, isTaken] of fieldRows) {
  check(`a form with ${field} ${JSON.stringify(value.slice(0, 24))} is ${isTaken ? 'taken' : 'refused'}`, async () => {
    const checkout = await Checkout.open();
    const answer = field === 'number' ? await checkout.pay(value) : await checkout.pay(cards.good, { [field]: value });
    if (isTaken) return checkout.assertPaid(answer);
    const { fields } = await checkout.expect(422, answer);
    assert.deepEqual(Object.keys(fields), [field]);
  });
}

for (const body of ['', '{', '[]', 'null', '"text"']) {
  check(`a body that is no form: ${body}`, async () => {
    const checkout = await Checkout.open();
    for (const action of ['pay', 'authenticate', 'toss']) {
      const answer = await server.request('POST', `${checkout.path}/${action}`, { body });
      assert.equal(answer.status, 400, `${action}: ${answer.text}`);
    }
    await checkout.assertStatus('open', 'CREATED');
  });
}

check('a form that is too long', async () => {
  const checkout = await Checkout.open();
  const answer = await checkout.pay(cards.good, { holder: 'x'.repeat(20_000) });
  assert.equal(answer.status, 413, answer.text);
});

check('a link that was altered leads nowhere', async () => {
  const checkout = await Checkout.open();
  const token = checkout.path.slice('/checkout/'.length);
  const other = (await Checkout.open()).path.slice('/checkout/'.length);
  const swap = (at) => token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1);
  const altered = [
    ...Array.from(token, (_, at) => swap(at)), token.slice(0, -1), `${token}a`, token.slice(1), 'a', '1', checkout.code,
    token.slice(0, token.length / 2) + other.slice(token.length / 2), encodeURIComponent(`../${token}`), '%00',
  ];
  const agent = keepAlive(4);
  for (const each of altered.filter((one) => one !== token && one !== other)) {
    const answer = await server.request('GET', `/checkout/${each}/session`, { agent });
    assert.equal(answer.status, 404, `${each}: ${answer.text}`);
  }
  for (const action of ['pay', 'authenticate', 'toss']) {
    const body = { key: 'k', card: { number: cards.good, expiry: '12/99', cvc: '123' }, attempt: '1', code: '123456', paymentKey: 'k', orderId: 'x', amount: 1 };
    assert.equal((await server.request('POST', `/checkout/${swap(3)}/${action}`, { body, agent })).status, 404, action);
  }
  agent.destroy();
  await checkout.assertStatus('open', 'CREATED');
});

check('what was cancelled cannot be paid', async () => {
  const checkout = await Checkout.open();
  const closed = await checkout.expect(200, await checkout.cancel({ reason: '고객 변심' }));
  assert.equal(closed.status, 'CANCELLED');
  const answer = await checkout.expect(409, await checkout.pay());
  assert.equal(answer.status, 'cancelled');
  await checkout.assertStatus('cancelled', 'CANCELLED');
});

check('money that comes after a cancel goes back, and the order stays cancelled', async () => {
  const asked = await Checkout.open();
  const { attempt } = await asked.expect(202, await asked.pay(cards.authenticates));
  const silent = await Checkout.open();
  await silent.expect(202, await silent.pay(cards.lateCharged));
  for (const checkout of [asked, silent]) {
    assert.equal((await checkout.expect(200, await checkout.cancel())).refundAmount, 0);
    await checkout.told('order.cancelled');
  }
  const late = await asked.expect(402, await asked.authenticate(attempt, '123456'));
  assert.equal(late.code, 'processing_error', 'for the customer it did not go through');
  for (const checkout of [asked, silent]) {
    await checkout.assertStatus('cancelled', 'CANCELLED');
    assert.equal((await checkout.expect(409, await checkout.pay())).status, 'cancelled');
  }
});

check('what has expired cannot be paid, and the shop is told', async () => {
  const checkout = await Checkout.open();
  await advance(server, '1d1m');
  await checkout.assertStatus('expired', 'EXPIRED');
  assert.equal((await checkout.expect(409, await checkout.pay())).status, 'expired');
  await checkout.told('order.expired');
});

check('a checkout whose time passes while it is being paid waits for the outcome', async () => {
  const approved = await Checkout.open();
  const declined = await Checkout.open();
  const one = await approved.expect(202, await approved.pay(cards.authenticates));
  const two = await declined.expect(202, await declined.pay(cards.authenticates));
  await advance(server, '2d');
  await approved.assertStatus('paying', 'CREATED');
  await approved.assertPaid(await approved.authenticate(one.attempt, '123456'));
  await approved.told('order.paid');
  await declined.expect(402, await declined.authenticate(two.attempt, '000000'));
  assert.equal((await declined.expect(409, await declined.pay())).status, 'expired');
  await declined.become('expired');
});

check('a refund of a part, of another part, and of the rest', async () => {
  const checkout = await Checkout.open({ amount: 10_000 });
  await checkout.assertPaid(await checkout.pay());
  const first = await checkout.expect(200, await checkout.cancel({ amount: 3_000, reason: 'one is broken' }));
  assert.equal(first.refundAmount, 3_000);
  await eventually('the first part is back', async () => ((await checkout.session()).refunded === 3_000 ? true : undefined));
  await checkout.become('paid');
  assert.equal((await app.getOrder(checkout.code)).status, 'PAID');
  const tooMuch = await checkout.cancel({ amount: 7_001 });
  assert.ok(tooMuch.status >= 400 && tooMuch.status < 500, tooMuch.text);
  await checkout.expect(200, await checkout.cancel({ amount: 1 }));
  await eventually('the second part is back', async () => ((await checkout.session()).refunded === 3_001 ? true : undefined));
  await checkout.become('paid');
  const rest = await checkout.expect(200, await checkout.cancel());
  assert.equal(rest.refundAmount, 6_999);
  assert.equal((await checkout.become('refunded')).refunded, 10_000);
  await checkout.assertStatus('refunded', 'REFUNDED');
  await checkout.told('order.paid', 'order.refunded', 'order.refunded', 'order.refunded');
  const more = await checkout.cancel();
  assert.equal(more.status, 409, more.text);
  assert.equal((await checkout.expect(409, await checkout.pay())).status !== 'paying', true);
});

check('64 refunds at once give back once', async () => {
  const checkout = await Checkout.open({ amount: 10_000 });
  await checkout.assertPaid(await checkout.pay());
  const answers = await Promise.all(Array.from({ length: 64 }, () => checkout.cancel()));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const { status, text } of answers) assert.ok(status === 200 || status === 409, text);
  assert.equal((await checkout.become('refunded')).refunded, 10_000);
  await checkout.told('order.paid', 'order.refunded');
});

check('a refund under one key is one refund', async () => {
  const checkout = await Checkout.open({ amount: 10_000 });
  await checkout.assertPaid(await checkout.pay());
  const key = fresh('refund');
  const send = () => app.post(`/v1/pay/orders/${checkout.code}/cancel`, { amount: 4_000 }, { key });
  const first = await send();
  await checkout.expect(200, first);
  await eventually('it is back', async () => ((await checkout.session()).refunded === 4_000 ? true : undefined));
  const again = await send();
  assert.equal(again.text, first.text);
  assert.equal(again.headers['idempotent-replayed'], 'true');
  assert.equal((await checkout.session()).refunded, 4_000);
  assertPlain(await app.post(`/v1/pay/orders/${checkout.code}/cancel`, { amount: 4_001 }, { key }), 409, 'IDEMPOTENCY_CONFLICT');
});

check('the sandbox pays an order by its code as the page does', async () => {
  const checkout = await Checkout.open();
  const pay = (body) => server.request('POST', `/sandbox/orders/${checkout.code}/pay`, { body });
  assert.equal((await pay({})).status, 422);
  assert.equal((await pay({ card: '4242' })).status, 422);
  assert.equal((await pay({ card: cards.declined })).status, 402);
  await checkout.assertPaid(await pay({ card: cards.good }));
  const nowhere = await server.request('POST', '/sandbox/orders/HUBPAY-20260525-0000/pay', { body: { card: cards.good } });
  assert.equal(nowhere.status, 404, nowhere.text);
});

check('a payment outlives the death of the server between its intent and its outcome', async () => {
  const checkout = await Checkout.open();
  await checkout.expect(202, await checkout.pay(cards.lateCharged));
  await server.kill('SIGKILL');
  await server.restart();
  await checkout.become('paid');
  await checkout.told('order.paid');
});

check('no card number, code of a card or name on one comes to rest', async () => {
  const checkout = await Checkout.open();
  const secrets = ['4000000000000002', '5105105105105100', '4111111111111111'];
  for (const number of secrets) await checkout.expect(402, await checkout.pay(number, { cvc: '9876', holder: 'Very Secretive' }));
  await checkout.assertPaid(await checkout.pay(cards.good, { cvc: '9876', holder: 'Very Secretive' }));
  await server.kill('SIGKILL'); // so that what waits in the database's log is looked at, too
  const needles = [...secrets, ...Object.values(cards), holder, 'Very Secretive', '"9876"']
    .flatMap((text) => [text, text.replace(/(\d{4})(?=\d)/g, '$1 ')]);
  const assertNothing = (where, bytes) => {
    for (const needle of needles) assert.equal(bytes.includes(needle), false, `${needle} is in ${where}`);
  };
  let files = 0;
  for (const entry of fs.readdirSync(server.directory, { recursive: true })) {
    const file = path.join(server.directory, entry);
    if (!fs.statSync(file).isFile()) continue;
    files++;
    assertNothing(entry, fs.readFileSync(file));
  }
  assert.ok(files >= 2, `only ${files} files`);
  assertNothing('the log', server.log);
  await server.restart();
  assertNothing('the metrics', (await server.request('GET', '/metrics')).text);
});
