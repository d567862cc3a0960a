// Webhooks as the receivers of a sales site get them, and what its operator sees of them.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { advance, App, fresh, guideClock, onboardBody, operate } from '../support/hub.mjs';
import { assertGenuine, closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
let app;

before(async () => {
  server = await Server.start({ clock: guideClock });
  app = App.sales(server);
});
after(async () => {
  await server?.stop();
  await closeReceivers();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 90_000 }, Server.logged(() => server, body));

/** What the app's webhooks are signed with. */
const secret = () => server.sandbox.hub.webhook_secret;

/** A paid order whose webhooks go to `url`; its code. */
const paid = (url, changes = {}) => app.paidOrder(206000, { webhookUrl: url, ...changes });

/** Reads as the operator and gives the answer's JSON. */
async function read(path) {
  const answer = await operate(server, 'GET', path);
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
}

/** Business time. */
const now = async () => (await server.request('GET', '/sandbox/clock')).json().now;

const list = async (query) => (await read(`/api/deliveries?${new URLSearchParams(query)}`)).deliveries;

/** The only delivery of an order and topic. */
async function deliveryOf(code, topic = 'order.paid') {
  const found = (await list({ order_code: code })).filter((delivery) => delivery.topic === topic);
  assert.equal(found.length, 1, JSON.stringify(found));
  return found[0];
}

/** Waits until an order's delivery is as `wanted` says: {status, attempts}; gives all of it. */
const become = (code, wanted, topic) => eventually(`the delivery of ${code}: ${JSON.stringify(wanted)}`, async () => {
  const delivery = await deliveryOf(code, topic);
  for (const [name, value] of Object.entries(wanted)) if (delivery[name] !== value) return undefined;
  return read(`/api/deliveries/${delivery.id}`);
});

check('a payment is told, signed, with what the order said', async () => {
  const receiver = await Receiver.start();
  const leadRef = fresh('lead');
  const metadata = { plan: '베이직', nested: { list: [1, 'two', null] } };
  const code = await paid(receiver.url('/hook?from=jangbu'), { leadRef, metadata });
  const [request] = await receiver.heard(code);
  assertGenuine(secret(), request);
  assert.equal(request.method, 'POST');
  assert.equal(request.path, '/hook?from=jangbu');
  const { type, timestamp, data } = request.json;
  assert.equal(type, 'order.paid');
  assert.ok(!Number.isNaN(Date.parse(timestamp)), timestamp);
  assert.deepEqual(data, { orderCode: code, status: 'PAID', amount: 206000, currency: 'KRW', leadRef, metadata });
  const delivery = await become(code, { status: 'delivered' });
  assert.equal(delivery.message_id, request.id);
  assert.equal(delivery.attempts, 1);
  assert.equal(delivery.payload.body, request.text);
  assert.equal(delivery.payload.template, 'hub.order');
  assert.deepEqual(delivery.log.map(({ attempt, status, error }) => ({ attempt, status, error })),
    [{ attempt: 1, status: 204, error: null }]);
  assert.equal(receiver.about(code).length, 1);
});

check('an onboarding tells that the order was consumed, after it was paid', async () => {
  const receiver = await Receiver.start();
  const code = await paid(receiver.url());
  const answer = await app.onboard(onboardBody(code));
  assert.equal(answer.status, 200, answer.text);
  const requests = await receiver.heard(code, 2);
  assert.deepEqual(requests.map(({ type }) => type), ['order.paid', 'order.consumed']);
  for (const request of requests) assertGenuine(secret(), request);
  assert.equal(requests[1].json.data.status, 'CONSUMED');
  assert.notEqual(requests[0].id, requests[1].id);
});

check('a cancelled and a refunded order are told, too', async () => {
  const receiver = await Receiver.start();
  const { orderCode: open } = await app.order({ webhookUrl: receiver.url() });
  await app.expect(200, 'POST', `/v1/pay/orders/${open}/cancel`, { body: { reason: '고객 변심' } });
  assert.equal((await receiver.heard(open))[0].type, 'order.cancelled');
  const code = await paid(receiver.url());
  await app.expect(200, 'POST', `/v1/pay/orders/${code}/cancel`, { body: { reason: '고객 변심' } });
  const requests = await receiver.heard(code, 2);
  assert.deepEqual(requests.map(({ type }) => type), ['order.paid', 'order.refunded']);
});

check('an order without webhookUrl tells nobody', async () => {
  const code = await app.paidOrder();
  assert.deepEqual(await list({ order_code: code }), []);
});

check('a receiver that fails twice is told again under the same id, and in order', async () => {
  const receiver = await Receiver.failing(500, 503);
  const code = await paid(receiver.url());
  await receiver.heard(code, 1);
  await app.onboard(onboardBody(code));
  await become(code, { attempts: 1 });
  const waiting = await deliveryOf(code, 'order.consumed');
  assert.equal(waiting.status, 'pending');
  assert.equal(waiting.attempts, 0, 'what comes later waits for what came before');
  await advance(server, '10s');
  await receiver.heard(code, 2);
  await become(code, { attempts: 2 });
  await advance(server, '1m');
  const requests = await receiver.heard(code, 4);
  assert.deepEqual(requests.map(({ type, status }) => [type, status]),
    [['order.paid', 500], ['order.paid', 503], ['order.paid', 204], ['order.consumed', 204]]);
  assert.equal(new Set(requests.slice(0, 3).map(({ id }) => id)).size, 1);
  for (const request of requests) assertGenuine(secret(), request);
  const delivery = await become(code, { status: 'delivered' });
  assert.deepEqual(delivery.log.map(({ attempt, status, error }) => [attempt, status, error]),
    [[3, 204, null], [2, 503, 'status 503'], [1, 500, 'status 500']]);
  assert.equal(delivery.log[2].answer, 'status 500');
});

check('a receiver that hangs delays no other', async () => {
  const hanging = await Receiver.start(() => {});
  const healthy = await Receiver.start();
  const stuck = await Promise.all(Array.from({ length: 4 }, () => paid(hanging.url())));
  await eventually('the hanging receiver has all', () => (hanging.requests.length === stuck.length ? true : undefined));
  const served = await Promise.all(Array.from({ length: 20 }, () => paid(healthy.url())));
  for (const code of served) await become(code, { status: 'delivered' });
  for (const code of stuck) assert.equal((await deliveryOf(code)).attempts, 0, 'it is still being waited for');
  const { log } = await become(stuck[0], { attempts: 1 });
  assert.equal(log[0].status, null);
  assert.match(log[0].error, /timed? ?out/i);
});

check('a redirect is not followed', async () => {
  const target = await Receiver.start();
  const receiver = await Receiver.start((_, response) => receiver.say(response, 302, { Location: target.url() }));
  const code = await paid(receiver.url());
  const delivery = await become(code, { attempts: 1 });
  assert.equal(delivery.status, 'pending');
  assert.equal(delivery.log[0].error, 'status 302');
  assert.equal(target.requests.length, 0);
});

check('an answer without end is cut off', async () => {
  let written = 0;
  let ended = false;
  const receiver = await Receiver.start((_, response) => {
    response.writeHead(200);
    response.on('close', () => (ended = true));
    const piece = 'x'.repeat(16 * 1024);
    const more = () => {
      while (!response.destroyed) {
        written += piece.length;
        if (!response.write(piece)) return response.once('drain', more);
      }
    };
    more();
  });
  const code = await paid(receiver.url());
  const delivery = await become(code, { status: 'delivered' });
  await eventually('the connection is closed', () => (ended ? true : undefined));
  // What the sockets hold on both sides, and no more.
  assert.ok(written < 32 * 1024 * 1024, `${written} bytes`);
  assert.ok(delivery.log[0].answer.length <= 1024, `${delivery.log[0].answer.length} bytes are kept`);
});

check('nobody is there', async () => {
  const receiver = await Receiver.start();
  const url = receiver.url();
  await receiver.close();
  const code = await paid(url);
  const delivery = await become(code, { attempts: 1 });
  assert.equal(delivery.status, 'pending');
  assert.equal(delivery.log[0].status, null);
  assert.ok(delivery.log[0].error.length > 0);
});

// Where no webhook may go, though the sandbox lets loopback pass.
for (const url of [
  'http://10.0.0.1/hook', 'http://169.254.169.254/latest/meta-data', 'http://[::ffff:192.168.0.1]/', 'http://0xa9fea9fe/',
  'http://2852039166/', 'http://[fe80::1]/', 'http://0.0.0.0/', 'ftp://127.0.0.1/', 'file:///etc/passwd',
  'http://user:secret@127.0.0.1/',
]) {
  check(`no webhook goes to ${url}`, async () => {
    const answer = await app.post('/v1/pay/orders', {
      amount: 1000, currency: 'KRW', productName: 'x', buyer: { name: 'a', email: 'a@abc.com', phone: '010-1234-5678' },
      webhookUrl: url,
    });
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json().code, 'INVALID_PAYLOAD', answer.text);
  });
}

check('what was delivered can be sent again, under its id', async () => {
  const receiver = await Receiver.start();
  const code = await paid(receiver.url());
  const { id } = await become(code, { status: 'delivered' });
  const answer = await operate(server, 'POST', `/api/deliveries/${id}/resend`);
  assert.equal(answer.status, 200, answer.text);
  const { resent, more, warning } = answer.json();
  assert.deepEqual({ resent, more }, { resent: 1, more: false });
  assert.match(warning, /twice/, 'a resend may repeat');
  const [first, second] = await receiver.heard(code, 2);
  assert.equal(second.id, first.id);
  assert.equal(second.text, first.text);
  assertGenuine(secret(), second);
  await become(code, { status: 'delivered', attempts: 2 });
});

check('what was given up can be sent again, all at once', async () => {
  let healthy = false;
  const from = await now();
  const receiver = await Receiver.start((_, response) => receiver.say(response, healthy ? 200 : 410));
  const codes = await Promise.all(Array.from({ length: 3 }, () => paid(receiver.url())));
  // Ten attempts, each after a wait that no move of the clock by seven hours leaves open.
  for (let attempt = 1; attempt < 10; attempt++) {
    for (const code of codes) await become(code, { attempts: attempt, status: 'pending' });
    await advance(server, '7h');
  }
  for (const code of codes) await become(code, { attempts: 10, status: 'failed' });
  await advance(server, '7h');
  assert.ok((await list({ status: 'failed' })).length >= codes.length);
  healthy = true;
  const one = await operate(server, 'POST', '/api/deliveries/resend', { filter: { order_code: codes[0] } });
  assert.equal(one.json().resent, 1, one.text);
  await become(codes[0], { status: 'delivered', attempts: 11 });
  const rest = await operate(server, 'POST', '/api/deliveries/resend', { filter: { kind: 'webhook', from } });
  assert.equal(rest.status, 200, rest.text);
  assert.equal(rest.json().resent, codes.length - 1, 'the one that was delivered is not sent again');
  for (const code of codes) {
    await become(code, { status: 'delivered', attempts: 11 });
    assert.equal(new Set(receiver.about(code, 'order.paid').map(({ id }) => id)).size, 1);
  }
});

check('the list is narrowed by what it is asked for', async () => {
  const good = await Receiver.start();
  const bad = await Receiver.start((_, response) => bad.say(response, 500));
  const from = await now();
  const delivered = await paid(good.url());
  const pending = await paid(bad.url());
  await become(delivered, { status: 'delivered' });
  await become(pending, { attempts: 1 });
  const codes = async (query) => (await list({ from, ...query })).map((delivery) => delivery.order_code);
  assert.deepEqual(await codes({}), [pending, delivered], 'the newest first');
  assert.deepEqual(await codes({ status: 'delivered' }), [delivered]);
  assert.deepEqual(await codes({ status: 'pending' }), [pending]);
  assert.deepEqual(await codes({ status: 'failed' }), []);
  assert.deepEqual(await codes({ kind: 'webhook' }), [pending, delivered]);
  for (const kind of ['mail', 'reward', 'sms', 'kakao', 'push']) assert.deepEqual(await codes({ kind }), []);
  assert.deepEqual(await codes({ order_code: delivered }), [delivered]);
  assert.deepEqual(await codes({ order_code: 'HUBPAY-20260525-0000' }), []);
  assert.deepEqual(await codes({ merchant: 'nobody' }), []);
  assert.deepEqual(await codes({ u_id: 'nobody' }), []);
  assert.deepEqual((await list({ to: from, order_code: delivered })), []);
  const first = await read(`/api/deliveries?limit=1&from=${encodeURIComponent(from)}`);
  assert.deepEqual(first.deliveries.map((delivery) => delivery.order_code), [pending]);
  const second = await read(`/api/deliveries?limit=1&cursor=${first.next}`);
  assert.deepEqual(second.deliveries.map((delivery) => delivery.order_code), [delivered]);
});

// method, path, body, status
const refusedRows = [
  ['GET', '/api/deliveries?limit=0', undefined, 400],
  ['GET', '/api/deliveries?limit=101', undefined, 400],
  ['GET', '/api/deliveries?status=lost', undefined, 400],
  ['GET', '/api/deliveries?kind=fax', undefined, 400],
  ['GET', '/api/deliveries?from=yesterday', undefined, 400],
  ['GET', '/api/deliveries?colour=red', undefined, 400],
  ['GET', '/api/deliveries?cursor=x', undefined, 400],
  ['GET', '/api/deliveries/0', undefined, 404],
  ['GET', '/api/deliveries/999999999', undefined, 404],
  ['POST', '/api/deliveries/999999999/resend', undefined, 404],
  ['POST', '/api/deliveries/resend', {}, 400],
  ['POST', '/api/deliveries/resend', { filter: { status: 'pending' } }, 400],
  ['POST', '/api/deliveries/resend', { filter: { colour: 'red' } }, 400],
  ['POST', '/api/deliveries/resend', '{', 400],
];
for (const [method, path, body, status] of refusedRows) {
  check(`refused: ${method} ${path} ${JSON.stringify(body ?? '')}`, async () => {
    const answer = await operate(server, method, path, body);
    assert.equal(answer.status, status, answer.text);
  });
}

check('nobody but the operator sees or resends anything', async () => {
  for (const [method, path] of [['GET', '/api/deliveries'], ['GET', '/api/deliveries/1'],
    ['POST', '/api/deliveries/1/resend'], ['POST', '/api/deliveries/resend']]) {
    assert.equal((await server.request(method, path)).status, 401, path);
    assert.equal((await app.send(method, path)).status, 401, path);
  }
});

check("the app's secrets are in no line of the log", () => {
  assert.ok(!server.log.includes(secret()));
  assert.ok(!server.log.includes(server.sandbox.hub.shared_secret));
});
