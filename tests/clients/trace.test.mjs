// Every answer says who its request was: for logs, and for whoever follows a call through several programs.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { eventually, Server } from '../support/server.mjs';

const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-0[01]$/;

let server;
before(async () => {
  server = await Server.start({ args: ['--log-format', 'json'] });
});
after(() => server?.stop());

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

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
  const line = await eventually('the refusal is logged', async () => server.log.split('\n').find((each) => each.includes('price_from_browser')));
  const { level, message } = JSON.parse(line);
  assert.equal(level, 'warning');
  assert.match(message, /page-1/);
  for (const secret of [server.sandbox.invoice.secret_key, server.sandbox.hub.shared_secret]) assert.ok(!server.log.includes(secret));
});
