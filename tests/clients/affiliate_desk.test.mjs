// The affiliate door at the operator's desk: what waits for people there, and what stands behind its ids.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { clicked, freshId, makeAffiliate, makeMerchant, operated, order, product, sent } from '../support/affiliate.mjs';
import { advance, guideClock } from '../support/hub.mjs';
import { closeMerchants, ListingMerchant } from '../support/merchant.mjs';
import { local } from '../support/operator.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
const made = {};
before(async () => {
  server = await Server.start({ clock: guideClock });
  made.merchant = await makeMerchant(server);
  made.site = await makeAffiliate(server, { email: 'site@example.com' });
  const { programs: [program] } = await get(`/api/programs?merchant=${made.merchant.merchant_id}`);
  made.program = program;
  made.lpinfo = await clicked(server, made.merchant.merchant_id, made.site.affiliate_id, { u_id: 'reader 7' });
  made.order = order(made.merchant.merchant_id, made.lpinfo, { products: [product('p1'), product('p2')] });
  made.conversions = await sent(server, made.order);
});
after(async () => {
  await closeMerchants();
  if (server?.running) await server.stop();
});

const check = (name, body) => test(name, { timeout: 120_000 }, Server.logged(() => server, body));

async function get(where) {
  const answer = await local(server, 'GET', where);
  assert.equal(answer.status, 200, `${where}: ${answer.text}`);
  return answer.json();
}
const waiting = async (kind) => (await get('/api/overview')).waiting.find((each) => each.kind === kind)?.count ?? 0;
const found = async (text) => (await get(`/api/search?q=${encodeURIComponent(text)}`)).found;

check('every id of the door is found, under the page that shows it', async () => {
  const { merchant: { merchant_id: merchant }, site: { affiliate_id: site }, program, conversions, lpinfo } = made;
  const trlogs = conversions.map(({ trlog_id: id }) => String(id));
  const [, clickId] = lpinfo.split('|');
  for (const [text, kind, ids, page] of [
    [merchant, 'affiliate.merchant', [merchant], '/api/merchants/'],
    [site, 'affiliate.affiliate', [site], '/api/affiliates/'],
    ['site@example.com', 'affiliate.affiliate', [site], '/api/affiliates/'],
    [String(program.program), 'affiliate.program', [String(program.program)], '/api/programs/'],
    [clickId, 'affiliate.click', [clickId], '/api/clicks/'],
    [trlogs[0], 'affiliate.conversion', [trlogs[0]], '/api/conversions/'],
    [made.order.order.order_id, 'affiliate.conversion', [...trlogs].reverse(), '/api/conversions/'],
    ['reader 7', 'affiliate.conversion', [...trlogs].reverse(), '/api/conversions/'],
  ]) {
    const hits = (await found(text)).filter((each) => each.kind === kind);
    assert.deepEqual(hits.map(({ id }) => id), ids, text);
    for (const { id } of hits) await get(`${page}${encodeURIComponent(id)}`);
  }
  // A code is a merchant's own: the search shows a few, the sandbox's among them.
  const codes = (await found(program.code)).filter(({ kind }) => kind === 'affiliate.program');
  assert.ok(codes.some(({ id, title }) => id === String(program.program) && title.startsWith(merchant)), JSON.stringify(codes));
  for (const none of ['A199999999', `${site}/202605`, `${site}/`, '29701234abc123', '10000000999999', freshId()])
    assert.deepEqual((await found(none)).filter(({ kind }) => kind.startsWith('affiliate.')), [], none);
  for (const where of ['/api/programs/900', '/api/programs/x', '/api/payouts/900', '/api/payouts/x'])
    assert.equal((await local(server, 'GET', where)).status, 404, where);
});

check('an affiliate that asks for postbacks waits for an answer', async () => {
  const { affiliate_id: site, auth_key: key } = made.site;
  assert.equal(await waiting('affiliate.reward_requests'), 0);
  const asked = await server.request('PUT', `/api/affiliates/${site}/reward-api`, {
    headers: { Authorization: `Bearer ${key}` }, body: { postback_url: `${server.baseUrl}/sandbox/webhooks`, status: 'REQUESTED' },
  });
  assert.equal(asked.status, 200, asked.text);
  assert.equal(await waiting('affiliate.reward_requests'), 1);
  const those = async (status) => (await get(`/api/affiliates?reward=${status}`)).affiliates.map((each) => each.affiliate_id);
  assert.deepEqual(await those('REQUESTED'), [site]);
  await operated(server, 'PUT', `/api/affiliates/${site}/reward-api`, { status: 'APPROVED' });
  assert.equal(await waiting('affiliate.reward_requests'), 0);
  assert.deepEqual([await those('REQUESTED'), (await those('APPROVED')).includes(site)], [[], true]);
  // A page at a time.
  const others = [await makeAffiliate(server), await makeAffiliate(server)].map((each) => each.affiliate_id);
  const all = await those('NONE');
  const { affiliates: [one], next } = await get('/api/affiliates?reward=NONE&limit=1');
  const rest = await get(`/api/affiliates?reward=NONE&after=${next}`);
  assert.deepEqual([one, ...rest.affiliates].map((each) => each.affiliate_id), all);
  assert.deepEqual([rest.next, all.slice(-2)], [null, others]);
  assert.equal((await local(server, 'GET', '/api/affiliates?reward=MAYBE')).status, 400);
  assert.equal((await local(server, 'GET', '/api/merchants?lists=all')).status, 400);
});

check('a merchant whose list cannot be fetched is named until it can', async () => {
  const shop = await ListingMerchant.start();
  const { merchant_id: id } = await makeMerchant(server, { list_url: shop.url });
  shop.behave = (_, response) => response.writeHead(500).end();
  await advance(server, '1d');
  const lists = async () => (await get(`/api/merchants/${id}`)).lists;
  await eventually('it is asked', () => (shop.asked.length > 0 ? true : undefined));
  const { asked, done } = await lists();
  assert.ok(done < asked, `${done} ${asked}`);
  assert.equal(await waiting('affiliate.lists'), 1);
  assert.deepEqual((await get('/api/merchants?lists=behind')).merchants.map((each) => each.merchant_id), [id]);
  shop.behave = undefined;
  await advance(server, '1d');
  await eventually('it is made up for', async () => ((await lists()).done === (await lists()).asked ? true : undefined));
  assert.equal(await waiting('affiliate.lists'), 0);
  assert.deepEqual((await get('/api/merchants?lists=behind')).merchants, []);
  await operated(server, 'PUT', `/api/merchants/${id}`, { list_url: '' });
  assert.equal(await lists(), null);
  assert.equal((await get(`/api/merchants/${made.merchant.merchant_id}`)).lists, null);
});

check('a month waits until it is paid, and a payout until the bank has answered', async () => {
  const { affiliate_id: site } = made.site;
  const unpaid = async () => (await get('/api/statements/unpaid')).statements;
  assert.deepEqual([await unpaid(), await waiting('affiliate.statements'), await waiting('affiliate.payouts')], [[], 0, 0]);
  await advance(server, '75d');
  const [waits, ...others] = await unpaid();
  assert.deepEqual(others, []);
  assert.deepEqual(waits, { affiliate_id: site, name: 'Blog', month: waits.month, settled: 2, commission: 3600, payable: 3600, failed: false });
  assert.equal(await waiting('affiliate.statements'), 1);
  assert.deepEqual((await found(`${site}/${waits.month}`)).map(({ kind, id }) => [kind, id]), [['affiliate.statement', site]]);

  const pay = async () => (await operated(server, 'POST', '/api/payouts', { month: waits.month, affiliate_id: site }, 200)).payouts[0].id;
  const first = await pay();
  assert.deepEqual([await unpaid(), await waiting('affiliate.payouts')], [[], 1]);
  assert.ok((await found(String(first))).some(({ kind, id }) => kind === 'affiliate.payout' && id === String(first)));
  // The bank refuses it: the month waits again.
  await operated(server, 'POST', `/api/payouts/${first}/failed`, { reason: 'no such account' }, 200);
  assert.deepEqual([(await unpaid()).map(({ failed, payable }) => [failed, payable]), await waiting('affiliate.payouts')], [[[true, 3600]], 0]);
  assert.equal(await waiting('affiliate.statements'), 1);
  const second = await pay();
  await operated(server, 'POST', `/api/payouts/${second}/paid`, { reference: 'T-2' }, 200);
  assert.deepEqual([await unpaid(), await waiting('affiliate.statements'), await waiting('affiliate.payouts')], [[], 0, 0]);
  const { closed_at: closedAt, record, ...payout } = await get(`/api/payouts/${second}`);
  assert.deepEqual([payout.status, payout.note, payout.amount, payout.name], ['paid', 'T-2', 3600, 'Blog']);
  assert.ok(record > 0 && closedAt >= payout.made_at);
  // What corrections took is not waited for.
  await operated(server, 'POST', `/api/conversions/${made.conversions[0].trlog_id}/cancel`, {}, 200);
  assert.deepEqual(await unpaid(), []);
});

check('unpaid months are read page by page', async () => {
  const { merchant_id: merchant } = made.merchant;
  const sites = [await makeAffiliate(server), await makeAffiliate(server), await makeAffiliate(server)];
  for (const { affiliate_id: site } of sites) await sent(server, order(merchant, await clicked(server, merchant, site)));
  await advance(server, '75d');
  const pages = [];
  for (let cursor = ''; cursor !== null;) {
    const page = await get(`/api/statements/unpaid?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
    pages.push(...page.statements);
    cursor = page.next;
    assert.ok(pages.length < 10, 'a list that has no end');
  }
  assert.deepEqual(pages.map((each) => each.affiliate_id), sites.map((each) => each.affiliate_id));
  for (const query of ['cursor=x', 'cursor=202605', 'cursor=202605-', 'limit=0', 'page=2'])
    assert.equal((await local(server, 'GET', `/api/statements/unpaid?${query}`)).status, 400, query);
});

check('the book verifies', async () => {
  await server.stop();
  await assertVerifies(server.directory);
});
