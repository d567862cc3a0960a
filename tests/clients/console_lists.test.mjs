// The operator's lists over all doors, the first view's figures, the search, and the book.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { advance, App, guideClock, issueApp } from '../support/hub.mjs';
import { Seller } from '../support/invoice.mjs';
import { local } from '../support/operator.mjs';
import { freshId, Till } from '../support/purchase.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
const made = {};
before(async () => {
  server = await Server.start({ clock: guideClock });
  const sales = App.sales(server);
  made.orders = [];
  for (const amount of [1000, 2000, 206000]) made.orders.push(await sales.paidOrder(amount));
  made.unpaid = (await sales.order()).orderCode;
  made.onboarded = await sales.onboarded({ partner: { businessNumber: '321-21-54321', contactEmail: 'finder@abc.com' } });
  const reviewed = new App(server, await issueApp(server, 'sales', { review_required: true }));
  made.waiting = await reviewed.onboarded();
  const seller = new Seller(server);
  made.invoice = await seller.paid();
  made.till = new Till(server);
  made.purchase = freshId();
  const recorded = await made.till.send('POST', '/v1/tx/purchase/new', { body: made.till.purchase({ purchaseId: made.purchase }) });
  assert.equal(recorded.json().code, 0, recorded.text);
});
after(() => server?.running && server.stop());

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

async function get(where) {
  const answer = await local(server, 'GET', where);
  assert.equal(answer.status, 200, `${where}: ${answer.text}`);
  return answer.json();
}

/** Everything of a list, a page of one at a time, as its cursors lead. */
async function walked(where, member) {
  const all = [];
  for (let cursor = ''; ;) {
    const page = await get(`${where}${where.includes('?') ? '&' : '?'}limit=1${cursor}`);
    assert.ok(page[member].length <= 1);
    all.push(...page[member]);
    if (page.next === null) return all;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
    assert.ok(all.length < 1000, 'a list that has no end');
  }
}

for (const [where, member] of [
  ['/api/hub/orders', 'orders'],
  ['/api/hub/orders?status=PAID', 'orders'],
  ['/api/hub/partners', 'partners'],
  ['/api/hub/campaigns', 'campaigns'],
  ['/api/invoice/invoices', 'invoices'],
  ['/api/invoice/orders', 'orders'],
  ['/api/purchase/shops', 'shops'],
  ['/api/purchase/holders/1/purchases', 'items'],
  ['/api/ledger/accounts', 'accounts'],
  ['/api/audit', 'actions'],
]) {
  check(`${where}: page by page is the same as at once`, async () => {
    const atOnce = await get(`${where}${where.includes('?') ? '&' : '?'}limit=100`);
    assert.equal(atOnce.next, null);
    assert.ok(atOnce[member].length > 0);
    const known = new Set(atOnce[member].map((each) => JSON.stringify(each)));
    const pages = (await walked(where, member)).filter((each) => known.has(JSON.stringify(each)));
    assert.deepEqual(pages, atOnce[member]);
  });
}

check('lists are narrowed', async () => {
  const codes = async (query) => (await get(`/api/hub/orders?${query}`)).orders.map(({ orderCode }) => orderCode);
  assert.deepEqual(await codes('status=CREATED'), [made.unpaid]);
  assert.deepEqual((await get('/api/hub/campaigns?status=UNDER_REVIEW')).campaigns.map(({ campaignId }) => campaignId), [made.waiting.campaign.campaignId]);
  const { partnerId } = made.onboarded.partner;
  assert.deepEqual((await get(`/api/hub/campaigns?partner=${partnerId}`)).campaigns.map(({ campaignId }) => campaignId), [made.onboarded.campaign.campaignId]);
  assert.deepEqual((await get('/api/hub/partners?q=FINDER')).partners.map((each) => each.partnerId), [partnerId]);
  assert.deepEqual((await get('/api/hub/partners?q=nobody')).partners, []);
  assert.deepEqual((await get('/api/invoice/invoices?status=expired')).invoices, []);
  for (const where of ['/api/hub/campaigns?page=1', '/api/hub/reviews?limit=0', '/api/invoice/bills?cursor=x', '/api/search', '/api/search?q=%20'])
    assert.equal((await local(server, 'GET', where)).status, 400, where);
});

check('details say what stands behind them, and nobody else’s number opens one', async () => {
  const campaign = await get(`/api/hub/campaigns/${made.onboarded.campaign.campaignId}`);
  assert.deepEqual([campaign.partnerId, campaign.held, campaign.currency], [made.onboarded.partner.partnerId, 206000, 'KRW']);
  assert.equal((await get(`/api/hub/orders/${made.orders[0]}`)).amount, 1000);
  const { history } = await get(`/api/hub/partners/${campaign.partnerId}/deposit`);
  assert.deepEqual(history.map(({ kind, amount }) => [kind, amount]), [['charge', 206000]]);
  const invoice = await get(`/api/invoice/invoices/${made.invoice.invoice_id}`);
  assert.deepEqual([invoice.status, invoice.order_number], ['paid', made.invoice.order_number]);
  const purchase = await get(`/api/purchase/holders/1/purchases/${made.purchase}`);
  assert.equal(purchase.tx.purchaseId, made.purchase);
  for (const where of [
    `/api/hub/orders/${made.orders[0].replace(/\d{8}/, '20200101')}`, '/api/hub/campaigns/x', '/api/hub/campaigns/900', '/api/hub/partners/900/deposit',
    `/api/invoice/invoices/${'0'.repeat(24)}`, `/api/invoice/subscriptions/${made.invoice.invoice_id}`, '/api/purchase/shops/0x1',
    '/api/purchase/holders/2/purchases/none', '/api/ledger/accounts/900/entries',
  ]) assert.equal((await local(server, 'GET', where)).status, 404, where);
});

check('every id is found', async () => {
  const { partnerId } = made.onboarded.partner;
  const shop = server.sandbox.purchase.shop_id;
  for (const [text, kind, id] of [
    [made.orders[0], 'hub.order', made.orders[0]],
    [partnerId, 'hub.partner', partnerId],
    ['321-21-54321', 'hub.partner', partnerId],
    ['FINDER@abc.com', 'hub.partner', partnerId],
    [made.onboarded.campaign.campaignId, 'hub.campaign', made.onboarded.campaign.campaignId],
    [made.invoice.invoice_id, 'invoice.invoice', made.invoice.invoice_id],
    [made.invoice.order_number, 'invoice.invoice', made.invoice.invoice_id],
    [made.invoice.request_id, 'invoice.invoice', made.invoice.invoice_id],
    [made.purchase, 'purchase.purchase', `1/${made.purchase}`],
    [shop, 'purchase.shop', shop],
    ['partner:', 'ledger.account', undefined],
    ['1', 'record', '1'],
  ]) {
    const { found } = await get(`/api/search?q=${encodeURIComponent(` ${text} `)}`);
    assert.ok(found.some((each) => each.kind === kind && (id === undefined || each.id === id)), `${text}: ${JSON.stringify(found)}`);
  }
  assert.deepEqual((await get('/api/search?q=nothing-like-this')).found, []);
});

check('the first view counts what moved today, and what waits', async () => {
  const measure = async (door, name) => (await get('/api/overview')).measures.find((each) => each.door === door && each.name === name);
  const taken = await measure('hub', 'taken');
  const { today } = taken;
  assert.deepEqual([today, taken.days.length, taken.days.at(-1), taken.total], [String(1000 + 2000 + 3 * 206000), 30, today, today]);
  assert.equal((await measure('hub', 'deposits')).today, String(2 * 206000));
  assert.equal((await measure('invoice', 'taken')).today, String(made.invoice.price));
  const { waiting } = await get('/api/overview');
  assert.deepEqual(waiting.find(({ kind }) => kind === 'hub.campaigns'), { kind: 'hub.campaigns', count: 1, more: false });
  const refund = await local(server, 'POST', `/api/admin/orders/${made.orders[1]}/refund`, { reason: 'no more' });
  assert.ok(refund.status === 200 || refund.status === 202, refund.text);
  await eventually('the refund', async () => ((await measure('hub', 'refunded')).today === '2000' ? true : undefined));
  await advance(server, '8d');
  const later = await measure('hub', 'taken');
  assert.deepEqual([later.today, later.total, later.days.at(-9)], ['0', today, today], 'days move on');
  assert.notEqual((await measure('purchase', 'points')).total, '0', 'points were provided meanwhile');
});

check('what moved an account', async () => {
  const { accounts: [deposit] } = await get(`/api/ledger/accounts?prefix=partner:${made.onboarded.partner.partnerId}:`);
  const { entries } = await get(`/api/ledger/accounts/${deposit.ref}/entries`);
  assert.deepEqual(entries.map(({ kind, amount, held }) => [kind, amount, held]), [['hub.onboarded', '206000', '206000']]);
  const status = await get('/api/ledger/status');
  assert.match(status.hash, /^0x[0-9a-f]{64}$/);
  assert.ok(status.record >= entries[0].record);
  const block = await eventually('a block', async () => (await get('/api/ledger/status')).block ?? undefined);
  assert.match(block.hash, /^0x[0-9a-f]{64}$/);
});

check('a review leads to the record that paid for it', async () => {
  const { campaignId } = made.onboarded.campaign;
  const reviewers = App.reviewer(server);
  const id = await reviewers.reviewed(campaignId, 'kim');
  const review = async () => (await get('/api/hub/reviews')).reviews.find((each) => each.reviewId === id);
  const { rewardRecord, url, text } = await review();
  assert.deepEqual([rewardRecord, url, text], [null, 'https://www.coupang.com/reviews/1', '좋아요']);
  // Another reward of the same reviewer comes between, and one of somebody else.
  const { campaign: another } = await App.sales(server).onboarded();
  for (const [where, who] of [[another.campaignId, 'kim'], [campaignId, 'lee']]) await reviewers.judge(await reviewers.reviewed(where, who), '1214');
  await reviewers.judge(id, '1214');
  const paid = await review();
  const { path: [step] } = await get(`/api/ledger/explain?entry=${paid.rewardRecord}`);
  assert.deepEqual([step.kind, step.what.includes(`The review ${id} of kim was approved`)], ['hub.review_judged', true]);
  assert.ok(step.postings.some(({ account, amount }) => account === 'reviewer:kim:points' && amount === String(paid.reward)));
  assert.deepEqual((await get(`/api/ledger/explain?entry=${paid.record}`)).path[0].postings, []);
  const rejected = await reviewers.reviewed(campaignId, 'park');
  await reviewers.judge(rejected, '1219');
  assert.equal((await get('/api/hub/reviews?status=1219')).reviews.find((each) => each.reviewId === rejected).rewardRecord, null);
});

check('partners that somebody asks to be let in to are those that the first view counts', async () => {
  const asking = async () => (await get('/api/hub/partners?access=requested')).partners.map(({ partnerId }) => partnerId);
  const counted = async () => (await get('/api/overview')).waiting.find(({ kind }) => kind === 'hub.access_requests')?.count ?? 0;
  assert.deepEqual([await asking(), await counted()], [[], 0]);
  const of = (contactEmail) => App.sales(server).onboarded({ partner: { businessNumber: '777-77-77777', contactEmail } });
  const { partner: { partnerId } } = await of('asked-first@abc.com');
  for (const email of ['asked-second@abc.com', 'asked-third@abc.com']) await of(email);
  assert.deepEqual([await asking(), await counted()], [[partnerId], 2]);
  assert.deepEqual((await get('/api/hub/partners?access=requested&q=nobody')).partners, []);
  assert.deepEqual((await get('/api/hub/partners?access=other')).partners, []);
  const { accessRequests } = await get(`/api/hub/partners/${partnerId}`);
  const app = server.sandbox.hub.service_code;
  const asked = accessRequests.map((each) => ({ ...each, partnerId, companyName: '주식회사 ABC', app })).reverse();
  assert.deepEqual(await walked('/api/hub/access-requests', 'accessRequests'), asked);
  for (const [query, expected] of [
    [`partner=${partnerId}`, asked], ['partner=900', []], [`app=${app}`, asked], ['app=other', []], ['q=SECOND', [asked[1]]], [`q=${encodeURIComponent('주식회사')}`, asked],
  ]) assert.deepEqual(await get(`/api/hub/access-requests?${query}`), { accessRequests: expected, next: null }, query);
  assert.equal((await local(server, 'GET', '/api/hub/access-requests?access=requested')).status, 400);
  for (const { managerId } of accessRequests) assert.equal((await local(server, 'POST', `/api/admin/access-requests/${managerId}/decline`)).status, 200);
  assert.deepEqual([await asking(), await counted()], [[], 0]);
  assert.deepEqual((await get('/api/hub/access-requests')).accessRequests, []);
});

check('the book verifies', async () => {
  const { hash, record } = await get('/api/ledger/status');
  await server.stop();
  await assertVerifies(server.directory);
  const { stdout } = await server.verify();
  assert.ok(stdout.includes(hash) && stdout.includes(`${record} records`), stdout);
});
