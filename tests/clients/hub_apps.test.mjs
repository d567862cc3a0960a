// Connected apps: suspended ones, renewed secrets, what belongs to another service, and apps that ask too often.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { App, assertPlain, guideClock, issueApp, operate, orderBody, setApp } from '../support/hub.mjs';
import { assertVerifies, Server } from '../support/server.mjs';

let server;
let sales;

before(async () => {
  server = await Server.start({ clock: guideClock });
  sales = App.sales(server);
});
after(async () => {
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 120_000 }, Server.logged(() => server, body));
const list = '/v1/external/pybk/campaigns';

check('an app that is suspended is shut out, and let in again', async () => {
  const app = new App(server, await issueApp(server));
  assert.equal((await app.get(list)).status, 200);
  await setApp(server, app.credentials.service_code, { status: 'SUSPENDED' });
  assertPlain(await app.get(list), 403, 'SERVICE_NOT_ALLOWED');
  assertPlain(await app.post('/v1/pay/orders', orderBody()), 403, 'SERVICE_NOT_ALLOWED');
  await setApp(server, app.credentials.service_code, { status: 'ACTIVE' });
  assert.equal((await app.get(list)).status, 200);
});

check('a checkout of an app that is suspended begins no payment', async () => {
  const app = new App(server, await issueApp(server));
  const { orderCode } = await app.order();
  await setApp(server, app.credentials.service_code, { status: 'SUSPENDED' });
  const refused = await app.pay(orderCode);
  assert.equal(refused.status, 409, refused.text);
  await setApp(server, app.credentials.service_code, { status: 'ACTIVE' });
  assert.equal((await app.getOrder(orderCode)).status, 'CREATED');
  assert.equal((await app.pay(orderCode)).json().status, 'paid');
});

check('a secret is rotated without a gap', async () => {
  const app = new App(server, await issueApp(server));
  const rotate = async (keepOld) => {
    const answer = await operate(server, 'POST', `/api/hub/apps/${app.credentials.service_code}/rotate`, { keep_old: keepOld });
    assert.equal(answer.status, 200, answer.text);
    return new App(server, { ...app.credentials, shared_secret: answer.json().shared_secret });
  };
  const renewed = await rotate('1h');
  for (const each of [app, renewed]) assert.equal((await each.get(list)).status, 200);
  const last = await rotate('0s');
  for (const each of [app, renewed]) assertPlain(await each.get(list), 401, 'TOKEN_INVALID');
  assert.equal((await last.get(list)).status, 200);
});

check('what is another service\'s is not yours', async () => {
  const { partner, campaign } = await sales.onboarded();
  const other = new App(server, await issueApp(server));
  const code = await sales.paidOrder();
  for (const [method, path, body, status, shape] of [
    ['GET', `/v1/external/pybk/campaigns/${campaign.campaignId}`, undefined, 403, { code: 'CAMPAIGN_NOT_OWNED' }],
    ['GET', `/v1/campaigns/${campaign.campaignId}/status`, undefined, 403, { error: 'CAMPAIGN_NOT_OWNED' }],
    ['POST', `/v1/campaigns/${campaign.campaignId}/activate`, undefined, 403, { error: 'CAMPAIGN_NOT_OWNED' }],
    ['POST', '/v1/pay/orders', orderBody({ partnerId: partner.partnerId }), 403, { code: 'PARTNER_NOT_OWNED' }],
    ['GET', `/v1/pay/orders/${code}`, undefined, 404, { code: 'ORDER_NOT_FOUND' }],
    ['POST', `/v1/pay/orders/${code}/cancel`, undefined, 404, { code: 'ORDER_NOT_FOUND' }],
  ]) {
    const answer = await other.send(method, path, { body });
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    const told = answer.json();
    assert.equal(told.code ?? told.error.code, shape.code ?? shape.error, answer.text);
    assert.equal('error' in told, 'error' in shape, answer.text);
  }
  assert.equal((await other.campaigns()).pagination.total, 0);
  assert.deepEqual((await other.expect(200, 'GET', '/v1/pay/orders')).orders, []);
});

check('beyond its rate an app is told to wait, and others are not', async () => {
  const app = new App(server, await issueApp(server, 'sales', { rate: 1, burst: 5 }));
  const answers = [];
  for (let i = 0; i < 20; i++) answers.push(await app.get(list, { patient: false }));
  const limited = answers.filter((answer) => answer.status === 429);
  assert.ok(limited.length > 0, 'nothing was limited');
  assert.ok(answers.slice(0, 5).every((answer) => answer.status === 200), 'the burst was not given');
  for (const answer of limited) {
    assertPlain(answer, 429, 'RATE_LIMITED');
    assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
  }
  assert.equal((await sales.get(list)).status, 200);
  // A token that was turned away was not used up; a client that waits as it is told gets through.
  assert.equal((await app.get(list)).status, 200);
});

check('413: one byte over 128 KiB, and not one less', async () => {
  const padded = (length) => {
    const body = JSON.stringify({ ...orderBody(), filler: '' });
    return body.replace('"filler":""', `"filler":"${'a'.repeat(length - Buffer.byteLength(body))}"`);
  };
  const limit = 128 * 1024;
  const send = (length) => sales.post('/v1/pay/orders', padded(length), { headers: { 'Content-Type': 'application/json' } });
  assert.equal((await send(limit)).status, 201);
  assert.equal((await send(limit + 1)).status, 413);
});

check('who cannot sign does not spend the rate of the app that it names', async () => {
  const app = new App(server, await issueApp(server, 'sales', { rate: 1, burst: 5 }));
  const forger = new App(server, { ...app.credentials, shared_secret: 'f'.repeat(64) });
  for (let i = 0; i < 30; i++) assertPlain(await forger.get(list, { patient: false }), 401, 'TOKEN_INVALID');
  for (let i = 0; i < 5; i++) assert.equal((await app.get(list, { patient: false })).status, 200);
});
