// The operator's API of the hub: connected apps and their secrets, campaigns that are judged, refunds, contacts.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { advance, App, fresh, guideClock, issueApp, onboardBody, operate, setApp } from '../support/hub.mjs';
import { eventually, Server } from '../support/server.mjs';

let server;
let site;
let reviewers;
before(async () => {
  server = await Server.start({ clock: guideClock });
  site = App.sales(server);
  reviewers = App.reviewer(server);
});
after(async () => {
  await server?.stop();
  if (server) assert.equal((await server.verify()).code, 0);
});
const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

const op = (method, path, body) => operate(server, method, path, body);
async function done(status, method, path, body) {
  const answer = await op(method, path, body);
  assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
  return answer.json();
}
async function refused(status, code, method, path, body) {
  assert.equal((await done(status, method, path, body)).error.code, code);
}
const statusOf = async (code, secret) => (await new App(server, { service_code: code, shared_secret: secret }).get('/v1/pay/orders')).status;

check('an app is issued, listed, suspended and taken again', async () => {
  const code = fresh('app');
  const made = await done(201, 'POST', '/api/hub/apps', { code, scope: 'sales', label: '', rate: 7, due_days: 3 });
  assert.match(made.shared_secret, /^[0-9a-f]{64}$/);
  assert.match(made.webhook_key, /^whsec_[0-9a-f]{64}$/);
  assert.equal(await statusOf(code, made.shared_secret), 200);
  const { shared_secret: _, webhook_key: __, ...shown } = made;
  const listed = (await done(200, 'GET', '/api/hub/apps')).apps;
  assert.deepEqual(listed.find((app) => app.code === code), shown);
  assert.deepEqual([shown.rate, shown.burst, shown.due_days, shown.status], [7, 200, 3, 'ACTIVE']);

  const suspended = await done(200, 'PUT', `/api/hub/apps/${code}`, { status: 'SUSPENDED' });
  assert.deepEqual(suspended, { ...shown, status: 'SUSPENDED' });
  assert.equal(await statusOf(code, made.shared_secret), 403);
  await setApp(server, code, { status: 'ACTIVE', label: 'again' });
  assert.equal(await statusOf(code, made.shared_secret), 200);
  await refused(409, 'already_exists', 'POST', '/api/hub/apps', { code, scope: 'sales' });
  await refused(404, 'not_found', 'PUT', '/api/hub/apps/none', {});
  await refused(404, 'not_found', 'POST', '/api/hub/apps/none/rotate', {});
});

check('many apps issued at once are one each, with secrets of their own', async () => {
  const credentials = await Promise.all(Array.from({ length: 8 }, async () => {
    for (;;) {
      const answer = await op('POST', '/api/hub/apps', { code: fresh('crowd'), scope: 'sales' });
      if (answer.status === 201) return answer.json();
      assert.equal(answer.status, 503, answer.text);
    }
  }));
  assert.equal(new Set(credentials.map((each) => each.shared_secret)).size, 8);
  for (const { code, shared_secret: secret } of credentials) assert.equal(await statusOf(code, secret), 200);
});

check('a rotated secret stays for a while; three are valid at most; apps survive a restart', async () => {
  const { service_code: code, shared_secret: first } = await issueApp(server);
  const second = (await done(200, 'POST', `/api/hub/apps/${code}/rotate`, { keep_old: '24h' })).shared_secret;
  const third = (await done(200, 'POST', `/api/hub/apps/${code}/rotate`, {})).shared_secret;
  for (const secret of [first, second, third]) assert.equal(await statusOf(code, secret), 200);
  await refused(409, 'too_many_secrets', 'POST', `/api/hub/apps/${code}/rotate`, { keep_old: '1h' });
  await server.restart();
  for (const secret of [first, second, third]) assert.equal(await statusOf(code, secret), 200);
  const fourth = await done(200, 'POST', `/api/hub/apps/${code}/rotate`, { keep_old: '0s' });
  assert.deepEqual(fourth.secrets, [{ number: 4, until: null }]);
  for (const secret of [first, second, third]) assert.equal(await statusOf(code, secret), 401);
  assert.equal(await statusOf(code, fourth.shared_secret), 200);
});

check('what is wrong with an app is said at once', async () => {
  const answer = await done(400, 'POST', '/api/hub/apps', { code: 'ä', scope: 'all', rate: 0, burst: 1.5, review_required: 'yes', due_days: 366 });
  for (const name of ['code', 'scope', 'rate', 'burst', 'review_required', 'due_days']) assert.match(answer.error.message, new RegExp(`\\b${name} `));
  await refused(400, 'invalid_parameters', 'POST', '/api/hub/apps/pybk-sales/rotate', { keep_old: '91d' });
  await refused(400, 'malformed_json', 'POST', '/api/hub/apps', '{');
});

/** An app whose campaigns an operator looks at, and one of them, which waits. */
async function waiting() {
  const app = new App(server, await issueApp(server, 'sales', { review_required: true }));
  const { campaign, partner } = await app.onboarded();
  assert.equal(campaign.statusCode, '1207');
  return { app, id: campaign.campaignId, partner: partner.partnerId };
}

check('a campaign that waits for review is approved', async () => {
  const { app, id } = await waiting();
  const approved = await done(200, 'POST', `/api/admin/campaigns/${id}/approve`);
  assert.deepEqual(approved, { campaignId: id, status: 'READY', statusCode: '1208', held: 206000, released: 0 });
  assert.equal((await app.campaign(id)).status, 'READY');
  await refused(409, 'campaign_state', 'POST', `/api/admin/campaigns/${id}/approve`);
});

check('a campaign is sent back, then rejected', async () => {
  const { app, id } = await waiting();
  const back = await done(200, 'POST', `/api/admin/campaigns/${id}/request-revision`, { reason: 'the picture is missing' });
  assert.equal(back.statusCode, '1211');
  await refused(409, 'campaign_state', 'POST', `/api/admin/campaigns/${id}/request-revision`, { reason: 'again' });
  const rejected = await done(200, 'POST', `/api/admin/campaigns/${id}/reject`, { reason: 'no' });
  assert.equal(rejected.statusCode, '1210');
  assert.equal((await app.campaign(id)).status, 'REJECTED');
});

check('rejecting a campaign that runs releases what it holds', async () => {
  const { campaign, partner } = await site.onboarded();
  const rejected = await done(200, 'POST', `/api/admin/campaigns/${campaign.campaignId}/reject`, { reason: 'recalled' });
  assert.deepEqual([rejected.held, rejected.released], [0, 206000]);
  const { deposit } = await done(200, 'GET', `/api/hub/partners/${partner.partnerId}`);
  assert.deepEqual(deposit, { currency: 'KRW', posted: 206000, held: 0, available: 206000 });
});

check('approving needs the deposit, and says what is missing', async () => {
  const app = new App(server, await issueApp(server, 'sales', { review_required: true }));
  const contactEmail = `${fresh('ceo')}@abc.com`;
  const ids = [];
  for (const amount of [206000, 1000]) {
    const body = onboardBody(await app.paidOrder(amount), { partner: { contactEmail }, campaign: { offerCount: amount === 1000 ? 1 : 10 } });
    ids.push((await app.onboard(body)).json().campaign.campaignId);
  }
  // Both fit into the deposit while none holds it; the first that is approved takes it.
  await done(200, 'POST', `/api/admin/campaigns/${ids[0]}/approve`);
  const { error } = await done(422, 'POST', `/api/admin/campaigns/${ids[1]}/approve`);
  assert.deepEqual(error, { code: 'insufficient_deposit', message: 'the deposit does not cover this: required 20600, available 1000, missing 19600' });
});

check('a consumed order is refunded by the operator alone, which undoes its campaign', async () => {
  const code = await site.paidOrder();
  const onboarded = (await site.onboard(onboardBody(code))).json();
  assert.equal((await site.post(`/v1/pay/orders/${code}/cancel`, { reason: 'x' })).status, 409);
  await refused(400, 'invalid_parameters', 'POST', `/api/admin/orders/${code}/refund`, {});
  const answer = await done(200, 'POST', `/api/admin/orders/${code}/refund`, { reason: 'the brand asked' });
  assert.deepEqual(answer, { orderCode: code, status: 'REFUNDING', refundAmount: 206000 });
  await eventually('the refund', async () => ((await site.getOrder(code)).status === 'REFUNDED' ? true : undefined));
  assert.equal((await site.campaign(onboarded.campaign.campaignId)).status, 'REJECTED');
  const { deposit } = await done(200, 'GET', `/api/hub/partners/${onboarded.partner.partnerId}`);
  assert.deepEqual([deposit.posted, deposit.held], [0, 0]);
  await refused(409, 'order_state', 'POST', `/api/admin/orders/${code}/refund`, { reason: 'again' });
});

check('no refund once a reward was paid', async () => {
  const code = await site.paidOrder();
  const { campaign } = (await site.onboard(onboardBody(code))).json();
  await reviewers.judge(await reviewers.reviewed(campaign.campaignId), '1214');
  await refused(409, 'reward_paid', 'POST', `/api/admin/orders/${code}/refund`, { reason: 'the brand asked' });
});

check('a partner is shown, its contact changed', async () => {
  const body = onboardBody(await site.paidOrder());
  const { partner: { partnerId } } = (await site.onboard(body)).json();
  const shown = await done(200, 'GET', `/api/hub/partners/${partnerId}`);
  assert.deepEqual([shown.app, shown.companyName, shown.campaigns, shown.contact.email, shown.manager.hasPassword, shown.invite.status],
    [server.sandbox.hub.service_code, '주식회사 ABC', 1, body.partner.contactEmail, false, 'open']);
  const email = `${fresh('new')}@abc.com`;
  await done(200, 'PUT', `/api/admin/partners/${partnerId}/contact-info`, { email, name: '김철수', phone: '010-9876-5432' });
  const changed = await done(200, 'GET', `/api/hub/partners/${partnerId}`);
  assert.deepEqual(changed.contact, { email, name: '김철수', phone: '010-9876-5432', placeholder: false });
  assert.equal(changed.manager.email, email);

  const other = onboardBody(await site.paidOrder());
  await site.onboard(other);
  await refused(409, 'email_duplicate', 'PUT', `/api/admin/partners/${partnerId}/contact-info`, { email: other.partner.contactEmail, name: 'a', phone: '010-1111-2222' });
  await refused(400, 'invalid_parameters', 'PUT', `/api/admin/partners/${partnerId}/contact-info`, { email: 'x' });
});

check('orders of all apps, those that need people, in pages', async () => {
  const app = new App(server, await issueApp(server, 'sales', { unconsumed_minutes: 1 }));
  const lead = fresh('lead');
  const waits = await app.paidOrder(5000, { leadRef: lead });
  await advance(server, '2m');
  const seen = await eventually('the order that waits', async () => {
    const { orders } = await done(200, 'GET', '/api/hub/orders?attention=1&status=PAID&limit=100');
    return orders.find(({ orderCode }) => orderCode === waits);
  });
  assert.deepEqual([seen.attention, seen.leadRef, seen.amount, seen.consumedBy], ['UNCONSUMED', lead, 5000, null]);
  const codes = [];
  let cursor = '';
  do {
    const page = await done(200, 'GET', `/api/hub/orders?limit=2${cursor}`);
    codes.push(...page.orders.map(({ orderCode }) => orderCode));
    cursor = page.next && `&cursor=${page.next}`;
  } while (cursor);
  assert.equal(new Set(codes).size, codes.length);
  assert.equal(codes[0], waits);
  assert.ok(codes.length > 5);
  await refused(400, 'invalid_parameters', 'GET', '/api/hub/orders?limit=101');
  await refused(400, 'invalid_parameters', 'GET', '/api/hub/orders?status=LOST');
});
