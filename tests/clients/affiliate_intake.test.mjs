// The intake of the affiliate door as merchants' servers use it, and the operator's side of it.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { freshId, lpinfoOf, makeAffiliate, makeMerchant, operated, order, product, send, sent } from '../support/affiliate.mjs';
import { advance, operate } from '../support/hub.mjs';
import { assertVerifies, Server } from '../support/server.mjs';

let server;
before(async () => { server = await Server.start(); });
after(async () => {
  await server.stop();
  await assertVerifies(server.directory);
});

const trlogId = (id) => Number.isSafeInteger(id) && String(id).length === 14;

test('an order becomes conversions, and again it is the same', async () => {
  const { merchant_id: shop } = await makeMerchant(server, {}, { fee: '0.5%' });
  const { affiliate_id: site } = await makeAffiliate(server);
  const body = order(shop, lpinfoOf(site), { products: [product('p1'), product('p2', { quantity: 2, product_final_price: 100 })] });
  const items = await sent(server, body);
  assert.deepEqual(items.map(({ trlog_id: id, ...rest }) => (assert.ok(trlogId(id)), rest)), [
    { is_success: true, error_message: null, order_code: body.order.order_id, product_code: 'p1', sale: 20000, commission: 1800 },
    { is_success: true, error_message: null, order_code: body.order.order_id, product_code: 'p2', sale: 100, commission: 9 },
  ]);
  assert.deepEqual(await sent(server, body, { type: 'text/plain' }), items);

  const one = await operated(server, 'GET', `/api/conversions/${items[0].trlog_id}`);
  assert.equal(one.status, 100);
  assert.equal(one.merchant_id, shop);
  assert.equal(one.affiliate_id, site);
  assert.equal(one.base_commission, '8%');
  assert.equal(one.incentive_commission, '1%');
  assert.equal(one.commission, 1800);
  assert.equal(one.product_name, '상품 p1');
  assert.deepEqual(one.marks, ['click_lost'], 'nobody clicked');
  assert.equal(one.explanation[0].kind, 'affiliate.conversions_taken');
  assert.deepEqual(one.explanation[0].postings.map(({ account, amount }) => [account, amount]).sort(), [
    [`affiliate:${site}:pending`, '1809'], [`merchant:${shop}:adcost`, '-1909'], ['network:fee', '100'],
  ]);

  const list = async (query) => (await operated(server, 'GET', `/api/conversions?${query}`)).conversions.map(({ trlog_id: id }) => id);
  const ids = items.map(({ trlog_id: id }) => id).reverse();
  for (const query of [`merchant=${shop}`, `site=${site}`, `order_code=${body.order.order_id}`, `merchant=${shop}&site=${site}&status=100&from=2020-01-01`])
    assert.deepEqual(await list(query), ids, query);
  assert.deepEqual(await list(`merchant=${shop}&status=310`), []);
  assert.deepEqual(await list(`merchant=${shop}&to=2020-01-01`), []);
  const first = await operated(server, 'GET', `/api/conversions?merchant=${shop}&limit=1`);
  assert.deepEqual(first.conversions.map(({ trlog_id: id }) => id), [ids[0]]);
  const second = await operated(server, 'GET', `/api/conversions?merchant=${shop}&limit=1&before=${first.next}`);
  assert.deepEqual([second.conversions[0].trlog_id, second.next], [ids[1], null]);
});

test('both shapes of an answer', async () => {
  const { affiliate_id: site } = await makeAffiliate(server);
  const { merchant_id: shop } = await makeMerchant(server, { answer_shape: 'array' });
  const good = order(shop, lpinfoOf(site), { products: [product('p1'), product('p2')] });
  const code = good.order.order_id;
  assert.deepEqual((await send(server, good)).json(), ['p1', 'p2'].map((id) => (
    { is_success: true, error_message: '', order_code: code, product_code: id })));
  const bad = { ...good, linkprice: { ...good.linkprice, lpinfo: '' } };
  assert.deepEqual((await send(server, bad)).json(), ['p1', 'p2'].map((id) => (
    { is_success: false, error_message: 'linkprice.lpinfo parameter is empty.', order_code: code, product_code: id })));
  const { merchant_id: other } = await makeMerchant(server);
  const failed = (await send(server, { ...bad, linkprice: { ...bad.linkprice, merchant_id: other } })).json();
  assert.equal(failed.result, -999);
  assert.equal(failed.result_msg, 'linkprice.lpinfo parameter is empty.');
  assert.equal((await send(server, 'order=1')).json().result_msg, 'This is not a valid JSON string.');
});

test('an order that does not add up, and one that nearly does', async () => {
  const { merchant_id: shop } = await makeMerchant(server);
  const { affiliate_id: site } = await makeAffiliate(server);
  for (const [total, taken] of [[20009, true], [19991, true], [20010, false], [19990, false]]) {
    const answer = (await send(server, order(shop, lpinfoOf(site), { total }))).json();
    assert.equal(answer.result, taken ? 0 : -999, `${total}`);
    if (!taken)
      assert.equal(answer.result_msg, 'The amount of order.final_paid_price does not match the total amount of products.product_final_price.');
  }
});

test('the click must be within the window', async () => {
  const { merchant_id: shop } = await makeMerchant(server, {}, { window_days: 7 });
  const { affiliate_id: site } = await makeAffiliate(server);
  const days = (count) => new Date(Date.now() - count * 86_400_000);
  assert.equal((await sent(server, order(shop, lpinfoOf(site, days(6.9)))))[0].is_success, true);
  const [late] = await sent(server, order(shop, lpinfoOf(site, days(7.1))));
  assert.deepEqual([late.is_success, late.error_message], [false, 'There was a problem sending your performance.']);
  assert.equal(late.trlog_id, undefined);
});

test('a promotion code stands for the site that was given it', async () => {
  const { merchant_id: shop } = await makeMerchant(server);
  const { affiliate_id: site } = await makeAffiliate(server);
  await operated(server, 'PUT', '/api/affiliate/promos', { merchant_id: shop, event_code: 'spring', promo_code: 'BLOG10', affiliate_id: site });
  const withCodes = (linkprice) => {
    const body = order(shop, undefined);
    body.linkprice = { merchant_id: shop, user_agent: '', remote_addr: '', device_type: 'web-mobile', ...linkprice };
    return body;
  };
  const [item] = await sent(server, withCodes({ event_code: 'spring', promo_code: 'BLOG10' }));
  const found = await operated(server, 'GET', `/api/conversions/${item.trlog_id}`);
  assert.deepEqual([found.affiliate_id, found.source, found.device_type], [site, 'promo', 'web-mobile']);
  assert.equal((await send(server, withCodes({ event_code: 'autumn', promo_code: 'BLOG10' }))).json().result_msg, 'event is nothing.');
  assert.equal((await send(server, withCodes({ promo_code: 'BLOG10' }))).json().result_msg, 'linkprice.event_code parameter is empty.');
  const { promos } = await operated(server, 'GET', '/api/affiliate/promos?limit=500');
  assert.ok(promos.some((promo) => promo.promo_code === 'BLOG10' && promo.affiliate_id === site));
});

test('actions of a member are paid by the piece', async () => {
  const { merchant_id: shop } = await makeMerchant(server, {}, { kind: 'cpa', base: '500KRW', incentive: '0%' });
  await operated(server, 'POST', '/api/programs', {
    merchant_id: shop, code: '0001', name: 'Apply', kind: 'cpa', action_name: '신청', base: '700KRW',
  });
  const { affiliate_id: site } = await makeAffiliate(server);
  const action = (name) => ({
    action: { unique_id: freshId('u'), final_paid_price: 0, currency: 'KRW', member_id: 'kim', action_name: name, category_code: 'register' },
    linkprice: { merchant_id: shop, lpinfo: lpinfoOf(site), user_agent: null, remote_addr: '', device_type: 'app-android' },
  });
  const path = '/lppurchase_cpa_v4.php';
  const joined = action('무료 회원가입');
  const [item] = await sent(server, joined, { path });
  assert.deepEqual([item.order_code, item.product_code, item.sale, item.commission], [joined.action.unique_id, 'register', 0, 500]);
  assert.deepEqual(await sent(server, joined, { path }), [item]);
  assert.equal((await sent(server, action('신청'), { path }))[0].commission, 700);
  delete joined.action.member_id;
  assert.equal((await send(server, joined, { path })).json().result_msg, 'action.member_id parameter is empty.');
});

test('what is cancelled, in part and as a whole', async () => {
  const { merchant_id: shop } = await makeMerchant(server);
  const { affiliate_id: site } = await makeAffiliate(server);
  const body = order(shop, lpinfoOf(site), { products: [product('p1', { quantity: 4 })] });
  const [{ trlog_id: id }] = await sent(server, body);
  const canceled = { canceled_at: new Date().toISOString().replace(/\.\d+Z/, '+00:00') };
  const again = (changes) => sent(server, { ...body, products: [{ ...body.products[0], ...canceled, ...changes }] });
  const [part] = await again({ canceled_quantity: 1, canceled_price: 5000 });
  assert.deepEqual([part.trlog_id, part.sale, part.commission], [id, 15000, 1350]);
  await again({});
  const found = await operated(server, 'GET', `/api/conversions/${id}`);
  assert.equal(found.status, 300);
  assert.deepEqual(found.explanation.map(({ kind }) => kind), ['affiliate.conversions_taken', 'affiliate.conversions_taken']);
  const accounts = await operated(server, 'GET', `/api/ledger/accounts?prefix=affiliate:${site}`);
  assert.equal(accounts.accounts[0].posted, '1350', JSON.stringify(accounts));
});

test('foreign money at the rate of the day', async () => {
  const { merchant_id: shop } = await makeMerchant(server);
  const { affiliate_id: site } = await makeAffiliate(server);
  await operated(server, 'PUT', '/api/rates/USD/2020-07-01', { krw_per_unit: '1203.5' });
  const lpinfo = lpinfoOf(site, new Date('2020-07-01T00:00:00Z'));
  const dollars = (day) => order(shop, lpinfo, {
    order: { currency: 'USD' }, products: [product('p1', { product_final_price: 10.5, paid_at: `${day}T11:27:19+09:00` })],
  });
  assert.deepEqual((await sent(server, dollars('2020-07-01'))).map(({ sale, commission }) => [sale, commission]), [[12636, 1010 + 126]]);
  assert.equal((await sent(server, dollars('2020-07-02')))[0].is_success, false);
  assert.deepEqual((await operated(server, 'GET', '/api/rates?currency=USD')).rates.map(({ date, krw_per_unit: rate }) => [date, rate]), [['2020-07-01', '1203.5']]);
});

test('only from where the merchant is', async () => {
  const { affiliate_id: site } = await makeAffiliate(server);
  const { merchant_id: shop } = await makeMerchant(server, { networks: ['203.0.113.0/24'] });
  assert.equal((await send(server, order(shop, lpinfoOf(site)))).json().result_msg, 'There was a problem sending your performance.');
  await operated(server, 'PUT', `/api/merchants/${shop}`, { networks: ['203.0.113.0/24', '127.0.0.0/8', '::1'] });
  assert.equal((await sent(server, order(shop, lpinfoOf(site))))[0].is_success, true);
  await operated(server, 'PUT', `/api/merchants/${shop}`, { rate: 1, burst: 1 });
  const statuses = [];
  for (let i = 0; i < 20 && !statuses.includes(429); ++i) statuses.push((await send(server, order(shop, lpinfoOf(site)))).status);
  assert.ok(statuses.includes(429), `${statuses}`);
  const limited = await send(server, order(shop, lpinfoOf(site)));
  if (limited.status === 429) assert.equal(limited.json().result, -999);
});

test('whoever is closed takes nothing', async () => {
  const { merchant_id: shop } = await makeMerchant(server);
  const { affiliate_id: site } = await makeAffiliate(server);
  const problem = async () => (await send(server, order(shop, lpinfoOf(site)))).json();
  await operated(server, 'PUT', `/api/affiliates/${site}`, { active: false });
  assert.equal((await problem()).result_msg, 'There was a problem sending your performance.');
  await operated(server, 'PUT', `/api/affiliates/${site}`, { active: true, merchants: [] });
  assert.equal((await problem()).result, -999, 'it may promote nobody');
  await operated(server, 'PUT', `/api/affiliates/${site}`, { merchants: [shop] });
  assert.equal((await problem()).result, 0);
  await operated(server, 'PUT', `/api/merchants/${shop}`, { active: false });
  assert.equal((await problem()).result, -999);
  await operated(server, 'PUT', `/api/merchants/${shop}`, { active: true });
  const { programs: [program] } = await operated(server, 'GET', `/api/programs?merchant=${shop}`);
  await operated(server, 'PUT', `/api/programs/${program.program}`, { active: false });
  const answer = await problem();
  assert.deepEqual([answer.result, answer.result_data[0].is_success], [0, false]);
});

test('the operator hears of everything that is wrong at once', async () => {
  const refused = async (method, path, body, status, ...names) => {
    const answer = await operate(server, method, path, body);
    assert.equal(answer.status, status, answer.text);
    const { code, message } = answer.json().error;
    for (const name of names) assert.ok(message.includes(name), `${name}: ${message}`);
    return code;
  };
  const { merchant_id: shop } = await makeMerchant(server);
  await refused('POST', '/api/merchants', {
    merchant_id: 'Too Long An Id', hosts: ['no host/'], gateway_url: 'ftp://x', home_url: 'http://10.0.0.1/', answer_shape: 'table',
    return_days: 366, networks: ['10.0.0.1/8'], rate: 0,
  }, 400, 'merchant_id', 'name', 'hosts', 'gateway_url', 'home_url', 'answer_shape', 'return_days', 'networks', 'rate');
  await refused('POST', '/api/programs', {
    merchant_id: 'nobody', kind: 'cpm', base: '101%', incentive: '1', fee: 'x', by_category: [{ code: '' }], tiers: [{ from_sales: -1 }],
    window_days: 0, starts_at: 'soon',
  }, 400, 'merchant_id', 'code', 'kind', 'name', 'base', 'incentive', 'fee', 'by_category', 'tiers', 'window_days', 'starts_at');
  await refused('POST', '/api/affiliates', { merchants: ['nobody'] }, 400, 'name', 'merchants');
  await refused('PUT', '/api/affiliate/promos', { affiliate_id: 'A1' }, 400, 'merchant_id', 'event_code', 'promo_code', 'affiliate_id');
  await refused('PUT', '/api/rates/KRW/2020-02-30', { krw_per_unit: 'x' }, 400, 'currency', 'date', 'krw_per_unit');
  await refused('GET', '/api/conversions?from=x&status=1&limit=0&before=y', undefined, 400, 'from', 'status', 'limit', 'before');
  for (const list of ['conversions', 'merchants', 'programs', 'affiliates', 'affiliate/promos', 'rates?currency=USD']) {
    const path = `/api/${list}${list.includes('?') ? '&' : '?'}`;
    await refused('GET', `${path}colour=red&limt=1`, undefined, 400, 'colour is no parameter of this list', 'limt is no parameter of this list');
  }
  for (const where of ['merchants?merchant=x', 'programs?lists=behind', 'affiliates?merchant=x', 'affiliate/promos?reward=NONE', 'rates?currency=USD&after=1'])
    await refused('GET', `/api/${where}`, undefined, 400, 'is no parameter of this list');
  assert.equal(await refused('POST', '/api/merchants', {
    merchant_id: shop, name: 'Again', gateway_url: 'https://a.example/?l={lpinfo}',
  }, 409), 'already_exists');
  assert.equal(await refused('POST', '/api/programs', { merchant_id: shop, code: '1', name: 'Two at a time' }, 409), 'already_exists');
  for (const [method, path] of [
    ['GET', '/api/merchants/nobody'], ['PUT', '/api/merchants/nobody'], ['PUT', '/api/programs/999999'], ['GET', '/api/affiliates/A999999999'],
    ['PUT', '/api/affiliates/A999999999'], ['POST', '/api/affiliates/x/rotate'], ['GET', '/api/conversions/10000000000000'],
    ['GET', '/api/conversions?merchant=nobody'], ['GET', '/api/conversions?site=A999999999'], ['GET', '/api/programs?merchant=nobody'],
  ]) assert.equal(await refused(method, path, method === 'GET' ? undefined : {}, 404), 'not_found', `${method} ${path}`);
  for (const path of ['/api/merchants', '/api/affiliates', '/api/conversions'])
    assert.equal((await server.request('GET', path)).status, 401);
});

test('lists come in pages, and a key is shown once', async () => {
  const made = [await makeAffiliate(server), await makeAffiliate(server)];
  assert.match(made[0].auth_key, /^[0-9a-f]{32}$/);
  assert.notEqual(made[0].auth_key, made[1].auth_key);
  const rotated = await operated(server, 'POST', `/api/affiliates/${made[0].affiliate_id}/rotate`, {}, 200);
  assert.match(rotated.auth_key, /^[0-9a-f]{32}$/);
  assert.notEqual(rotated.auth_key, made[0].auth_key);
  const shown = await operated(server, 'GET', `/api/affiliates/${made[0].affiliate_id}`);
  assert.equal(shown.auth_key, undefined);
  assert.deepEqual(shown.reward, { status: 'NONE', postback_url: null, uniq_id: false, approved_at: null });
  const seen = [];
  for (let after = 0; after !== null;) {
    const page = await operated(server, 'GET', `/api/affiliates?limit=2&after=${after}`);
    assert.ok(page.affiliates.length <= 2);
    seen.push(...page.affiliates.map(({ affiliate_id: id }) => id));
    after = page.next;
  }
  assert.deepEqual([...seen].sort(), seen);
  for (const { affiliate_id: id } of made) assert.equal(seen.filter((other) => other === id).length, 1);
  const { merchants } = await operated(server, 'GET', '/api/merchants?limit=500');
  assert.ok(merchants.some(({ merchant_id: id }) => id === server.sandbox.affiliate.merchant_id));
});

test('the sandbox has a merchant and a site that are ready', async () => {
  const { merchant_id: shop, affiliate_id: site, auth_key: key } = server.sandbox.affiliate;
  assert.equal(shop, 'sandshop');
  assert.match(key, /^[0-9a-f]{32}$/);
  const [item] = await sent(server, order(shop, lpinfoOf(site)));
  assert.equal(item.commission, 1800);
});

test('strange texts come back as they are', async () => {
  const { merchant_id: shop } = await makeMerchant(server);
  const { affiliate_id: site } = await makeAffiliate(server);
  const body = order(shop, lpinfoOf(site), { order: { order_id: 'a\u0000b\u202e😀\n"' }, products: [product('제품\t1'), product('제품\n')] });
  const items = await sent(server, body);
  assert.deepEqual(items.map(({ order_code: code, product_code: id }) => [code, id]), [[body.order.order_id, '제품\t1'], [body.order.order_id, '제품\n']]);
  assert.deepEqual(await sent(server, body), items);
});

test('business time is what a click is measured by', async () => {
  const { merchant_id: shop } = await makeMerchant(server, {}, { window_days: 1 });
  const { affiliate_id: site } = await makeAffiliate(server);
  const lpinfo = lpinfoOf(site);
  assert.equal((await sent(server, order(shop, lpinfo)))[0].is_success, true);
  await advance(server, '25h');
  assert.equal((await sent(server, order(shop, lpinfo)))[0].is_success, false);
});
