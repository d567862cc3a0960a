// Every answer says who its request was: for logs, and for whoever follows a call through several programs.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test, { after, before } from 'node:test';

import { lpinfoOf, makeAffiliate, makeMerchant, order } from '../support/affiliate.mjs';
import { App, goodCard, operate, orderBody } from '../support/hub.mjs';
import { assertGenuine, closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-0[01]$/;

let server;
before(async () => {
  server = await Server.start({ args: ['--log-format', 'json', '--log-level', 'debug'] });
});
after(async () => {
  await server?.stop();
  await closeReceivers();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** A client's traceparent, and the trace in it. */
function begun() {
  const trace = randomBytes(16).toString('hex');
  return { trace, traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` };
}

/** The trace that a request came in, as its header has it. */
const traceOf = ({ headers }) => form.exec(headers.traceparent)?.[1];

/** Waits for so many lines of the log that are of a trace and say something. */
const logged = (trace, words, count = 1) => eventually(`${count} lines of ${trace} with ${words}`, () => {
  const lines = server.log.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}')).map((line) => JSON.parse(line));
  const found = lines.filter(({ trace_id: id, message }) => id === trace && message.includes(words));
  return found.length >= count ? found : undefined;
});

/** The id of the only delivery about something. */
async function deliveryOf(query) {
  const { deliveries } = (await operate(server, 'GET', `/api/deliveries?${new URLSearchParams(query)}`)).json();
  assert.equal(deliveries.length, 1, JSON.stringify(deliveries));
  return deliveries[0].id;
}

check('an answer names a trace, also of what is refused', async () => {
  const seen = new Set();
  for (const [method, path] of [['GET', '/healthz'], ['GET', '/v1/tx/sequence'], ['GET', '/nowhere'], ['DELETE', '/healthz'], ['GET', '/api/ledger/accounts']]) {
    const { headers } = await server.request(method, path);
    const [, trace] = form.exec(headers.traceparent);
    assert.equal(headers['x-request-id'], trace, `${method} ${path}`);
    assert.ok(!seen.has(trace));
    seen.add(trace);
  }
});

check('a trace goes on, and a client\'s own name of a request stays', async () => {
  const { headers } = await server.request('GET', '/healthz', { headers: { traceparent: valid, 'X-Request-Id': 'order-17' } });
  const [, trace, parent] = form.exec(headers.traceparent);
  assert.equal(trace, '0af7651916cd43dd8448eb211c80319c');
  assert.notEqual(parent, 'b7ad6b7169203331');
  assert.equal(headers['x-request-id'], 'order-17');
  for (const wrong of ['00-00000000000000000000000000000000-b7ad6b7169203331-01', 'nonsense', `${valid}-more`]) {
    const other = await server.request('GET', '/healthz', { headers: { traceparent: wrong } });
    const [, begun] = form.exec(other.headers.traceparent);
    assert.ok(!wrong.includes(begun), wrong);
  }
});

check('the log says what was refused, and no secret', async () => {
  const call = { client_key: server.sandbox.invoice.client_key, request_id: 'page-1', price: 1000, discount_price: 100 };
  const answer = await server.request('POST', '/v1/invoices', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'https://shop.example' },
    body: `${new URLSearchParams({ payload: JSON.stringify(call) })}`,
  });
  assert.equal(answer.status, 403, answer.text);
  const [{ level, message }] = await logged(traceOf(answer), 'price_from_browser');
  assert.equal(level, 'warning');
  assert.match(message, /page-1/);
  for (const secret of [server.sandbox.invoice.secret_key, server.sandbox.hub.shared_secret]) assert.ok(!server.log.includes(secret));
});

/** In the first moments after a start events are read from their table, which has no traces. */
async function hearsOfEventsAsTheyHappen(app) {
  const receiver = await Receiver.start();
  await eventually('an event in the trace of its request', async () => {
    const { orderCode: code } = (await app.post('/v1/pay/orders', orderBody({ webhookUrl: receiver.url() }))).json();
    const paid = begun();
    await server.request('POST', `/sandbox/orders/${code}/pay`, { body: { card: goodCard }, headers: { traceparent: paid.traceparent } });
    const [request] = await receiver.heard(code, 1);
    return traceOf(request) === paid.trace ? true : undefined;
  });
}

check('a payment, the webhook that tells of it, and their lines are one trace, whatever the attempt', async () => {
  const receiver = await Receiver.failing(500);
  const app = App.sales(server);
  await hearsOfEventsAsTheyHappen(app);
  const ordered = begun();
  const placed = await app.post('/v1/pay/orders', orderBody({ webhookUrl: receiver.url() }), { headers: { traceparent: ordered.traceparent } });
  assert.equal(placed.status, 201, placed.text);
  assert.equal(traceOf(placed), ordered.trace);
  const { orderCode: code } = placed.json();
  const paid = begun();
  const answer = await server.request('POST', `/sandbox/orders/${code}/pay`, { body: { card: goodCard }, headers: { traceparent: paid.traceparent } });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(traceOf(answer), paid.trace);
  await logged(paid.trace, 'attempt 1: status 500');
  await server.request('POST', '/sandbox/clock', { body: { advance: '10s' } });
  const requests = await receiver.heard(code, 2);
  const spans = requests.map(({ headers }) => headers.traceparent);
  for (const request of requests) {
    assertGenuine(server.sandbox.hub.webhook_secret, request);
    assert.equal(traceOf(request), paid.trace);
    assert.ok(request.headers.traceparent.endsWith('-01'), 'whether the client keeps the trace goes along');
  }
  assert.equal(new Set([...spans, paid.traceparent, answer.headers.traceparent]).size, 4, 'each is a part of its own');
  const [line] = await logged(paid.trace, 'attempt 2: delivered');
  assert.match(line.message, /^delivery \d+ to webhook:/);
});

check('a postback is part of the trace of the order that earned it', async () => {
  const receiver = await Receiver.start();
  const { merchant_id: merchant } = await makeMerchant(server);
  const { affiliate_id: affiliate } = await makeAffiliate(server);
  const approved = await operate(server, 'PUT', `/api/affiliates/${affiliate}/reward-api`, { postback_url: receiver.url(), status: 'APPROVED' });
  assert.equal(approved.status, 200, approved.text);
  const { trace, traceparent } = begun();
  const answer = await server.request('POST', '/lppurchase_cps_v4.php', {
    headers: { 'Content-Type': 'application/json', traceparent },
    body: JSON.stringify(order(merchant, lpinfoOf(affiliate))),
  });
  assert.equal(answer.json().result, 0, answer.text);
  assert.equal(traceOf(answer), trace);
  const request = await eventually('the postback', () => receiver.requests[0]);
  assert.equal(traceOf(request), trace);
  await logged(trace, 'attempt 1: delivered');
});

check('what is sent again after a restart is a trace of its own, with the digits of its id', async () => {
  const receiver = await Receiver.start();
  const code = await App.sales(server).paidOrder(206000, { webhookUrl: receiver.url() });
  await receiver.heard(code);
  const id = await deliveryOf({ order_code: code });
  await eventually('it is delivered', async () => ((await operate(server, 'GET', `/api/deliveries/${id}`)).json().status === 'delivered' ? true : undefined));
  await server.restart();
  assert.equal((await operate(server, 'POST', `/api/deliveries/${id}/resend`)).status, 200);
  const [first, second] = await receiver.heard(code, 2);
  assert.equal(second.id, first.id);
  assert.notEqual(traceOf(second), traceOf(first));
  assert.equal(`msg_${traceOf(second)}`, second.id);
  await logged(traceOf(second), `delivery ${id} to `);
});
