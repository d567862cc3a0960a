// The published guide, section by section, on the days of its examples: every field of every printed answer, every error code
// of its tables.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import {
  advance, App, assertIssues, assertNested, assertPlain, campaignBody, ensureBody, fresh, guideClock, koreanTime, onboardBody,
  operate, orderBody, orderCode,
} from '../support/hub.mjs';
import { assertVerifies, Server } from '../support/server.mjs';

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

const check = (name, body) => test(name, { timeout: 120_000 }, Server.logged(() => server, body));

/** Fails unless the value has the members of the shape in its order, and their values; a pattern or a function judges one. */
function assertShape(value, shape, path = '') {
  if (shape instanceof RegExp) return assert.match(String(value), shape, path);
  if (typeof shape === 'function') return shape(value);
  if (shape === null || typeof shape !== 'object' || Array.isArray(shape)) return assert.deepEqual(value, shape, path);
  assert.deepEqual(Object.keys(value), Object.keys(shape), `the members of ${path || 'the answer'}`);
  for (const [name, inner] of Object.entries(shape)) assertShape(value[name], inner, `${path}.${name}`);
}

const id = /^[1-9]\d*$/;
const invitation = /^http:\/\/127\.0\.0\.1:\d+\/partner\/accept-invite\/[a-z0-9]+$/i;

// ---- 2. and 3.: tokens, idempotency ------------------------------------------------------------------------------------------

check('2: a token of the guide opens the hub, and no other scheme does', async () => {
  assert.equal((await sales.get('/v1/external/pybk/campaigns')).status, 200);
  assertPlain(await sales.get('/v1/external/pybk/campaigns', { token: null }), 401, 'TOKEN_MISSING');
  for (const scheme of ['Bearer', 'serviceJWT', ''])
    assertPlain(await sales.get('/v1/external/pybk/campaigns', { token: null, headers: { Authorization: `${scheme} abc` } }), 401, 'TOKEN_MALFORMED');
});

// ---- 4-0 ---------------------------------------------------------------------------------------------------------------------

const guideBody = (code) => onboardBody(code, { partner: { contactEmail: 'ceo@abc.com', businessNumber: '123-45-67890' } });

check("4-0: the guide's onboarding, answered as it prints", async () => {
  const order = await sales.order({ leadRef: 'lead-2026-05-27-0001' });
  assertShape(order, {
    orderCode: /^HUBPAY-20260525-0001$/,
    status: 'CREATED',
    amount: 206000,
    currency: 'KRW',
    checkoutUrl: new RegExp(`^${server.baseUrl}/checkout/[a-z0-9]+$`, 'i'),
    expiresAt: koreanTime,
  });
  assert.equal((await sales.pay(order.orderCode)).json().status, 'paid');
  const paid = await sales.getOrder(order.orderCode);
  assert.deepEqual([paid.status, paid.leadRef, paid.attention], ['PAID', 'lead-2026-05-27-0001', null]);

  const body = guideBody(order.orderCode);
  const answer = await sales.onboard(body, { key: 'lead-2026-05-27-0001' });
  assert.equal(answer.status, 200, answer.text);
  assert.equal('idempotent-replayed' in answer.headers, false);
  const done = answer.json();
  assertShape(done, {
    result: 'SUCCESS',
    partner: { partnerId: id, loginEmail: 'ceo@abc.com' },
    campaign: { campaignId: id, status: 'IN_PROGRESS', statusCode: '1209' },
    deposit: { charged: 206000, available: 206000, shortfall: 0, required: 206000 },
    onboarding: { emailSent: true, emailSentAt: koreanTime, loginUrl: invitation, tokenExpiresAt: koreanTime },
  });
  const lifeMs = Date.parse(done.onboarding.tokenExpiresAt) - Date.parse(done.onboarding.emailSentAt);
  assert.ok(Math.abs(lifeMs - 24 * 3600_000) < 60_000, `an invitation lives for a day: ${lifeMs} ms`);
  assert.equal((await sales.getOrder(order.orderCode)).status, 'CONSUMED');

  // 3: the same key and body get the first answer again, byte for byte, however the JSON is written.
  const reversed = JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), null, 3);
  for (const again of [body, reversed]) {
    const replayed = await sales.onboard(again, { key: 'lead-2026-05-27-0001' });
    assert.equal(replayed.status, 200, replayed.text);
    assert.equal(replayed.text, answer.text);
    assert.equal(replayed.headers['idempotent-replayed'], 'true');
  }
  body.campaign.offerCount = 9;
  assertPlain(await sales.onboard(body, { key: 'lead-2026-05-27-0001' }), 409, 'IDEMPOTENCY_CONFLICT');
  assertPlain(await sales.onboard(guideBody(order.orderCode), { key: 'another-key' }), 422, 'INVALID_ORDER');
  assertPlain(await sales.onboard(guideBody(order.orderCode)), 422, 'INVALID_ORDER');
});

check('3: a key is of the path, however that is written', async () => {
  const body = orderBody();
  const key = fresh('path');
  const first = await sales.post('/v1/pay/orders', body, { key });
  const encoded = await sales.post('/v1/pay/order%73', body, { key });
  assert.deepEqual([first.status, encoded.status], [201, 201], encoded.text);
  assert.equal(encoded.text, first.text);
  assert.equal(encoded.headers['idempotent-replayed'], 'true');
});

check('4-0: the first answer outlives a restart, links and all', async () => {
  const body = onboardBody(await sales.paidOrder());
  const first = await sales.onboard(body, { key: 'before-restart' });
  await server.restart();
  const again = await sales.onboard(body, { key: 'before-restart' });
  assert.equal(again.text, first.text);
  assert.equal(again.headers['idempotent-replayed'], 'true');
});

check('4-0: INSUFFICIENT_DEPOSIT saves the campaign, a top-up and activate put it live', async () => {
  const answer = await sales.onboard(onboardBody(await sales.paidOrder(205999)));
  const { partner, campaign, ...rest } = answer.json();
  assertShape(campaign, { campaignId: id, status: 'TEMPORARY_SAVED', statusCode: '1206' });
  assert.equal(rest.result, 'INSUFFICIENT_DEPOSIT');
  assert.deepEqual(rest.deposit, { charged: 205999, available: 205999, shortfall: 1, required: 206000 });
  const refused = await sales.activate(campaign.campaignId);
  assert.equal(refused.status, 402, refused.text);
  const topUp = await sales.order({ amount: 1, partnerId: partner.partnerId });
  await sales.pay(topUp.orderCode);
  assert.equal((await sales.getOrder(topUp.orderCode)).status, 'CONSUMED');
  const live = await sales.activate(campaign.campaignId);
  assert.equal(live.status, 200, live.text);
  assert.equal(live.json().statusCode, '1209');
});

check('4-0: more than is needed stays free, and a brand buys its second campaign', async () => {
  const contact = { contactEmail: `${fresh('brand')}@abc.com`, businessNumber: '321-54-09876' };
  const first = await sales.onboarded({ amount: 300000, partner: contact });
  assert.deepEqual(first.deposit, { charged: 300000, available: 300000, shortfall: 0, required: 206000 });
  const second = await sales.onboarded({ amount: 112000, partner: contact });
  assert.equal(second.partner.partnerId, first.partner.partnerId);
  assert.notEqual(second.campaign.campaignId, first.campaign.campaignId);
  // 94,000 were left of the first order, so that 112,000 more are exactly enough.
  assert.deepEqual(second.deposit, { charged: 112000, available: 206000, shortfall: 0, required: 206000 });
});

// name, what the partner says
const placeholderRows = [
  ['@08liter.ai', { contactEmail: 'tx1@08liter.ai' }],
  ['@placeholder.08liter.ai', { contactEmail: 'tx1@placeholder.08liter.ai' }],
  ['a name UNKNOWN', { contactName: 'UNKNOWN' }],
  ['a phone 000-0000-0000', { contactPhone: '000-0000-0000' }],
];
for (const [name, partner] of placeholderRows) {
  check(`4-0: no mail goes to a placeholder: ${name}`, async () => {
    const { onboarding } = await sales.onboarded({ partner });
    assertShape(onboarding, { emailSent: false, emailSentAt: null, loginUrl: invitation, tokenExpiresAt: koreanTime });
  });
}

check('4-0: reviewPrice may be given, a country may be abroad, and unknown members are passed over', async () => {
  const done = await sales.onboarded({
    partner: { country: 'US', companyName: 'ABC Inc.', businessNumber: undefined, extra: 1 }, campaign: { reviewPrice: 2060, extra: [] },
  });
  assert.equal(done.result, 'SUCCESS');
});

// name, changes, faults by path
const validationRows = [
  ['no contact', { partner: { contactEmail: undefined, contactName: undefined, contactPhone: undefined } },
    { 'partner.contactEmail': 'invalid_type', 'partner.contactName': 'invalid_type', 'partner.contactPhone': 'invalid_type' }],
  ['a bad e-mail', { partner: { contactEmail: 'ceo' } }, { 'partner.contactEmail': 'invalid_string' }],
  ['a phone of 3', { partner: { contactPhone: '010' } }, { 'partner.contactPhone': 'too_small' }],
  ['a phone of 21', { partner: { contactPhone: '0'.repeat(21) } }, { 'partner.contactPhone': 'too_big' }],
  ['an empty company', { partner: { companyName: '' } }, { 'partner.companyName': 'too_small' }],
  ['a time without an offset', { partner: { agreedAt: '2026-05-25T10:00:00' } }, { 'partner.agreedAt': 'invalid_string' }],
  ['an end before the start', { campaign: { endAt: '2026-06-01T00:00:00+09:00' } }, { 'campaign.endAt': 'custom' }],
  ['an end in the past', { campaign: { startAt: '2026-05-01T00:00:00+09:00', endAt: '2026-05-25T09:59:59+09:00' } }, { 'campaign.endAt': 'custom' }],
  ['no offers', { campaign: { offerCount: 0 } }, { 'campaign.offerCount': 'too_small' }],
  ['half a won', { campaign: { rewardPoints: 0.5 } }, { 'campaign.rewardPoints': 'invalid_type' }],
  ['a reward as text', { campaign: { rewardPoints: '20600' } }, { 'campaign.rewardPoints': 'invalid_type' }],
  ['a link that is none', { campaign: { purchaseUrl: 'coupang' } }, { 'campaign.purchaseUrl': 'invalid_string' }],
];
for (const [name, changes, faults] of validationRows) {
  check(`4-0: 400 INVALID_PAYLOAD: ${name}`, async () => {
    assertIssues(await sales.onboard(onboardBody(await sales.paidOrder(), changes)), faults);
  });
}

check('4-0: 400 INVALID_PAYLOAD: no country that there is, no payment, no body, no JSON, no fit key', async () => {
  const { detail } = assertPlain(await sales.onboard(onboardBody('x', { partner: { country: 'Korea' } })), 400, 'INVALID_PAYLOAD');
  assert.deepEqual(detail.issues.map(({ path }) => path), [['partner', 'country']]);
  assertIssues(await sales.onboard(onboardBody()), { payment: 'invalid_type' });
  assertIssues(await sales.onboard(''), { partner: 'invalid_type', campaign: 'invalid_type', payment: 'invalid_type' });
  assertIssues(await sales.onboard('{"partner":'), { '': 'invalid_json' });
  assertIssues(await sales.onboard(onboardBody('x'), { key: 'k'.repeat(256) }), { 'Idempotency-Key': 'too_big' });
  assertIssues(await sales.onboard(onboardBody('x'), { key: 'two words' }), { 'Idempotency-Key': 'invalid_string' });
});

check('4-0: 409 EMAIL_DUPLICATE, and the order is still good', async () => {
  const { partner } = await sales.onboarded({ partner: { businessNumber: '111-11-11111' } });
  const code = await sales.paidOrder();
  const other = { contactEmail: partner.loginEmail, businessNumber: '222-33-44444' };
  assertPlain(await sales.onboard(onboardBody(code, { partner: other }), { key: 'dup' }), 409, 'EMAIL_DUPLICATE');
  assert.equal((await sales.getOrder(code)).status, 'PAID');
  // What was refused keeps no key.
  assert.equal((await sales.onboard(onboardBody(code), { key: 'dup' })).status, 200);
});

check('4-0: 422 INVALID_ORDER: unknown, not paid, of another day', async () => {
  const { orderCode: unpaid } = await sales.order();
  for (const code of ['HUBPAY-20260525-ZZZZ', 'order', unpaid, unpaid.replace('20260525', '20260524')])
    assertPlain(await sales.onboard(onboardBody(code)), 422, 'INVALID_ORDER');
});

// ---- legacy 4-1 to 4-5 -------------------------------------------------------------------------------------------------------

check('4-1 to 4-5: ensure, pay, create, activate, poll', async () => {
  const form = ensureBody({ partner: { businessNumber: '987-65-43210' } });
  const made = await sales.post('/v1/partners/ensure', form, { key: 'lead-0001' });
  assert.equal(made.status, 201, made.text);
  assertShape(made.json(), { operation: 'CREATED', partnerId: id, adminId: id, status: 'ACTIVE' });
  const replayed = await sales.post('/v1/partners/ensure', form, { key: 'lead-0001' });
  assert.deepEqual([replayed.status, replayed.text, replayed.headers['idempotent-replayed']], [201, made.text, 'true']);
  const found = await sales.post('/v1/partners/ensure', form, { key: 'lead-0002' });
  assert.equal(found.status, 200, found.text);
  assert.deepEqual(found.json(), { ...made.json(), operation: 'FOUND' });
  const { partnerId } = made.json();

  // 4-2 charges a part, so that 4-3 saves.
  const first = await sales.paidOrder(50000, { partnerId });
  assert.equal((await sales.getOrder(first)).status, 'CONSUMED');
  const saved = await sales.expect(201, 'POST', '/v1/campaigns/pybk', { body: campaignBody(partnerId), key: 'order-0001' });
  assertShape(saved, {
    campaignId: id, statusCode: '1206', status: 'TEMPORARY_SAVED', activated: false, depositReserved: 200000, depositAvailable: 50000,
    depositShortfall: 150000,
  });

  // 4-4 says what is missing, then succeeds, and again.
  const refused = await sales.activate(saved.campaignId);
  assert.equal(refused.status, 402, refused.text);
  assertShape(refused.json(), {
    campaignId: saved.campaignId, activated: false, statusCode: '1206', depositRequired: 200000, depositAvailable: 50000,
    depositShortfall: 150000,
    error: { code: 'INSUFFICIENT_DEPOSIT', message: /./, details: { required: 200000, available: 50000, shortfall: 150000 } },
  });
  await sales.paidOrder(150000, { partnerId });
  for (let i = 0; i < 2; i++) {
    const live = await sales.activate(saved.campaignId);
    assert.equal(live.status, 200, live.text);
    assertShape(live.json(), {
      campaignId: saved.campaignId, activated: true, statusCode: '1209', depositRequired: 200000, depositAvailable: 200000, depositShortfall: 0,
    });
  }

  // 4-3 with enough: live at once, with what is left shown.
  await sales.paidOrder(300000, { partnerId });
  assertShape(await sales.expect(201, 'POST', '/v1/campaigns/pybk', { body: campaignBody(partnerId), key: 'order-0002' }), {
    campaignId: id, statusCode: '1209', status: 'IN_PROGRESS', activated: true, depositReserved: 200000, depositAvailable: 300000,
    depositShortfall: 0,
  });

  const status = await sales.status(saved.campaignId);
  assertShape(status, {
    campaignId: saved.campaignId, status: 'IN_PROGRESS', statusCode: '1209', statusLabel: '진행중',
    period: { startAt: '2026-06-01T00:00:00+09:00', endAt: '2026-06-30T23:59:59+09:00', dueAt: '2026-07-14T23:59:59+09:00' },
    recruit: { offerCount: 10, appliedCount: 0, byState: { APPLY: 0, SELECT: 0 } },
    progress: { reviewCount: 0, byReviewStatus: {} },
    funnel: {
      offerCount: 10, applied: 0, underSelection: 0, selected: 0, notSelected: 0, reviewSubmitted: 0, reviewPending: 0, reviewApproved: 0,
      reviewRejected: 0, reviewDraft: 0,
    },
    updatedAt: koreanTime,
  });
  assert.equal((await sales.campaign(saved.campaignId)).externalRef, null, 'no order made it');
});

check('4-1: 409 PARTIAL_MATCH, when number and e-mail are of two partners; 400, when something is missing', async () => {
  const one = ensureBody({ partner: { businessNumber: '555-55-55551' } });
  const two = ensureBody({ partner: { businessNumber: '555-55-55552' } });
  for (const form of [one, two]) await sales.expect(201, 'POST', '/v1/partners/ensure', { body: form });
  assertNested(await sales.post('/v1/partners/ensure', { ...one, admin: two.admin }), 409, 'PARTIAL_MATCH');
  assertIssues(await sales.post('/v1/partners/ensure', { partner: one.partner }), { admin: 'invalid_type' });
  assertIssues(await sales.post('/v1/partners/ensure', { ...one, partner: { ...one.partner, agreeYn: 'N' } }), { 'partner.agreeYn': 'invalid_enum_value' });
  // The same hyphens or none: one number.
  const bare = await sales.post('/v1/partners/ensure', { ...one, partner: { ...one.partner, businessNumber: '5555555551' } });
  assert.equal(bare.json().operation, 'FOUND', bare.text);
});

check('4-1: a number that is left out never finds anybody', async () => {
  const first = await sales.expect(201, 'POST', '/v1/partners/ensure', { body: ensureBody() });
  const second = await sales.expect(201, 'POST', '/v1/partners/ensure', { body: ensureBody() });
  assert.notEqual(first.partnerId, second.partnerId);
});

check('4-1: what a form is filled with, a number abroad and a placeholder address find nobody', async () => {
  const made = new Set();
  const ensure = async (partner, email) => {
    const form = ensureBody();
    Object.assign(form.partner, partner);
    if (email !== undefined) form.admin.email = email;
    const { operation, partnerId } = await sales.expect(201, 'POST', '/v1/partners/ensure', { body: form });
    assert.equal(operation, 'CREATED');
    made.add(partnerId);
    return partnerId;
  };
  for (const businessNumber of ['-', 'N/A', '0', '없음', '12345']) {
    for (const country of ['KR', 'KR', 'US']) {
      const partnerId = await ensure({ country, businessNumber: country === 'US' && businessNumber === '12345' ? 'none' : businessNumber });
      const shown = (await operate(server, 'GET', `/api/hub/partners/${partnerId}`)).json();
      assert.equal(shown.businessNumber, country === 'KR' ? '000-00-00000' : null);
    }
  }
  for (const country of ['KR', 'JP', 'US']) await ensure({ country, businessNumber: '313-45-67890' });
  for (let i = 0; i < 2; i++) await ensure({ businessNumber: '' }, 'tx@08liter.ai');
  assert.equal(made.size, 20);
});

check('4-3 to 4-5: the errors', async () => {
  assertNested(await sales.post('/v1/campaigns/pybk', campaignBody('999999')), 404, 'PARTNER_NOT_FOUND');
  assertIssues(await sales.post('/v1/campaigns/pybk', campaignBody('x')), { partnerId: 'invalid_string' });
  const { partnerId } = await sales.expect(201, 'POST', '/v1/partners/ensure', { body: ensureBody() });
  assertIssues(
    await sales.post('/v1/campaigns/pybk', campaignBody(partnerId, { startAt: '2026-05-01T00:00:00+09:00', endAt: '2026-05-02T00:00:00+09:00' })),
    { endAt: 'custom' });
  assertNested(await sales.activate('999999'), 404, 'CAMPAIGN_NOT_FOUND');
  assertNested(await sales.activate('x1'), 400, 'INVALID_ID');
  assertNested(await sales.get('/v1/campaigns/999999/status'), 404, 'CAMPAIGN_NOT_FOUND');
  assertNested(await sales.get('/v1/campaigns/01/status'), 400, 'INVALID_ID');
});

// ---- 4-6 ---------------------------------------------------------------------------------------------------------------------

check("4-6: the detail shows the guide's funnel, by names and by codes, and 4-5 the same", async () => {
  const code = await sales.paidOrder();
  const { campaign } = (await sales.onboard(onboardBody(code))).json();
  const applies = [];
  for (let i = 0; i < 23; i++) applies.push(await reviewers.apply(campaign.campaignId));
  for (const apply of applies.slice(3, 13)) await reviewers.setApply(apply, '0802');
  for (const apply of applies.slice(13)) await reviewers.setApply(apply, '0803');
  for (const apply of applies.slice(3, 5)) await reviewers.review(apply, '1213');
  const reviews = [];
  for (const apply of applies.slice(5, 12)) reviews.push(await reviewers.review(apply));
  for (const review of reviews.slice(0, 6)) assert.equal((await reviewers.judge(review, '1214')).rewardPaid, 20600);

  const progress = {
    offerCount: 10, applied: 23, underSelection: 3, selected: 10, notSelected: 10, reviewSubmitted: 7, reviewPending: 1, reviewApproved: 6,
    reviewRejected: 0, reviewDraft: 2,
  };
  const item = {
    campaignId: campaign.campaignId, name: '피카소 젤 아이라이너', channel: 'Coupang', thumbnailUrl: 'https://cdn.example.com/p1.jpg',
    productPrice: 19900, rewardPoints: 20600, purchaseUrl: 'https://www.coupang.com/vp/products/12345', status: 'IN_PROGRESS',
    statusLabel: '진행중', statusCode: '1209',
    period: { startAt: '2026-06-01T00:00:00+09:00', endAt: '2026-06-30T23:59:59+09:00', dueAt: '2026-07-14T23:59:59+09:00' },
    externalRef: code, progress, createdAt: koreanTime,
  };
  assertShape((await sales.campaigns('?page_size=1')).campaigns[0], item);
  assertShape(await sales.campaign(campaign.campaignId), {
    ...item,
    raw: { byApplyState: { '0801': 3, '0802': 10, '0803': 10 }, byReviewStatus: { 1213: 2, 1214: 6, 1218: 1 } },
    updatedAt: koreanTime,
  });
  const status = await sales.status(campaign.campaignId);
  assert.deepEqual(status.recruit, { offerCount: 10, appliedCount: 23, byState: { APPLY: 13, SELECT: 10 } });
  assert.deepEqual(status.progress, { reviewCount: 7, byReviewStatus: { 1213: 2, 1214: 6, 1218: 1 } });
  assert.deepEqual(status.funnel, progress);
});

check('4-6: pages, the newest first, with exact totals', async () => {
  const all = await sales.campaigns('?page_size=100');
  const { total } = all.pagination;
  assert.deepEqual(all.pagination, { page: 1, pageSize: 100, total, totalPages: 1 });
  assert.equal(all.campaigns.length, total);
  const ids = all.campaigns.map(({ campaignId }) => Number(campaignId));
  assert.deepEqual(ids, [...ids].sort((a, b) => b - a));
  const paged = [];
  for (let page = 1; page <= Math.ceil(total / 3); page++) {
    const { campaigns, pagination } = await sales.campaigns(`?page=${page}&page_size=3`);
    assert.deepEqual(pagination, { page, pageSize: 3, total, totalPages: Math.ceil(total / 3) });
    paged.push(...campaigns);
  }
  assert.deepEqual(paged, all.campaigns);
  const saved = await sales.campaigns('?status=TEMPORARY_SAVED');
  assert.equal(saved.pagination.total, all.campaigns.filter(({ status }) => status === 'TEMPORARY_SAVED').length);
  assert.ok(saved.campaigns.every(({ status, statusCode, statusLabel }) => `${status} ${statusCode} ${statusLabel}` === 'TEMPORARY_SAVED 1206 임시저장'));
});

// query, page, page size
const clampRows = [
  ['', 1, 25], ['?page=0', 1, 25], ['?page=-3', 1, 25], ['?page_size=0', 1, 1], ['?page_size=101', 1, 100], ['?page=abc&page_size=x', 1, 25],
  ['?page=100000', 100000, 25],
];
for (const [query, page, pageSize] of clampRows) {
  check(`4-6: ${query || 'no query'} reads as page ${page} of ${pageSize}`, async () => {
    const { campaigns, pagination } = await sales.campaigns(query);
    assert.deepEqual([pagination.page, pagination.pageSize], [page, pageSize]);
    if (page > 1) assert.deepEqual(campaigns, []);
  });
}

for (const status of ['TEMPORARY_SAVED', 'UNDER_REVIEW', 'READY', 'IN_PROGRESS', 'REVISION_REQUESTED', 'COMPLETED', 'REJECTED']) {
  check(`4-6: status=${status} filters`, async () => {
    const { campaigns } = await sales.campaigns(`?status=${status}`);
    assert.ok(campaigns.every((campaign) => campaign.status === status));
  });
}

check('4-6: the errors', async () => {
  for (const status of ['LIVE', 'in_progress', '1209'])
    assertPlain(await sales.get(`/v1/external/pybk/campaigns?status=${status}`), 400, 'INVALID_STATUS');
  for (const bad of ['0', '-1', 'abc', '1.5', '9223372036854775808'])
    assertPlain(await sales.get(`/v1/external/pybk/campaigns/${bad}`), 400, 'INVALID_ID');
  assertPlain(await sales.get('/v1/external/pybk/campaigns/999999'), 404, 'CAMPAIGN_NOT_FOUND');
  // Reviewers' tokens open no sales route, nor the other way round.
  assertPlain(await reviewers.get('/v1/external/pybk/campaigns'), 403, 'SERVICE_NOT_ALLOWED');
  assertPlain(await sales.post('/v1/campaigns/1/applies', { reviewerId: 'r' }), 403, 'SERVICE_NOT_ALLOWED');
});

// ---- orders ------------------------------------------------------------------------------------------------------------------

check('orders: pages by cursor, by status; cancelled; errors', async () => {
  const codes = [];
  for (let i = 0; i < 5; i++) codes.unshift((await sales.order({ amount: 1000 + i })).orderCode);
  const first = await sales.expect(200, 'GET', '/v1/pay/orders?limit=3');
  assert.deepEqual(first.orders.map((order) => order.orderCode), codes.slice(0, 3));
  const second = await sales.expect(200, 'GET', `/v1/pay/orders?limit=2&cursor=${first.next}`);
  assert.deepEqual(second.orders.map((order) => order.orderCode), codes.slice(3));
  assert.ok(codes.every((code) => orderCode.test(code)));
  const closed = await sales.expect(200, 'POST', `/v1/pay/orders/${codes[0]}/cancel`, { body: { reason: 'changed our mind' }, key: 'cancel-1' });
  assertShape(closed, { orderCode: codes[0], status: 'CANCELLED', refundAmount: 0 });
  assertPlain(await sales.post(`/v1/pay/orders/${codes[0]}/cancel`), 409, 'ORDER_STATE');
  assert.equal((await sales.post(`/v1/pay/orders/${codes[0]}/cancel`, { reason: 'changed our mind' }, { key: 'cancel-1' })).headers['idempotent-replayed'], 'true');
  const cancelled = await sales.expect(200, 'GET', '/v1/pay/orders?status=CANCELLED');
  assert.deepEqual(cancelled.orders.map((order) => order.orderCode), [codes[0]]);
  assert.equal((await sales.pay(codes[0])).json().status, 'cancelled');
  assertPlain(await sales.get('/v1/pay/orders?status=DONE'), 400, 'INVALID_STATUS');
  assertPlain(await sales.get('/v1/pay/orders?cursor=x'), 400, 'INVALID_ID');
  assertPlain(await sales.get('/v1/pay/orders/HUBPAY-20260525-ZZZZ'), 404, 'ORDER_NOT_FOUND');
  assertPlain(await sales.post('/v1/pay/orders/HUBPAY-20260525-ZZZZ/cancel'), 404, 'ORDER_NOT_FOUND');
  assertPlain(await sales.post('/v1/pay/orders', orderBody({ partnerId: '999999' })), 404, 'PARTNER_NOT_FOUND');
  assertIssues(await sales.post('/v1/pay/orders', orderBody({ amount: 0, currency: 'USD' })), { amount: 'too_small', currency: 'invalid_enum_value' });
});

check('orders: one that is not paid in a day expires', async () => {
  const { orderCode: code } = await sales.order();
  await advance(server, '25h');
  assert.equal((await sales.getOrder(code)).status, 'EXPIRED');
  assert.equal((await sales.pay(code)).json().status, 'expired');
});

check('what is not there is said in the dialect of the hub', async () => {
  assertPlain(await sales.get('/v1/external/pybk/nothing'), 404, 'NOT_FOUND');
  assertPlain(await sales.put('/v1/external/pybk/onboard', {}), 405, 'METHOD_NOT_ALLOWED');
});
