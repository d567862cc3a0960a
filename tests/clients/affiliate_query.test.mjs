// GET /affiliate/translist.php and the list of merchants, as affiliates' servers ask.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { lpinfoOf, makeAffiliate, makeMerchant, operated, order, product, sent } from '../support/affiliate.mjs';
import { guideClock } from '../support/hub.mjs';
import { assertVerifies, Server } from '../support/server.mjs';

let server;
let affiliate;
let merchants;
let items;
const clickedAt = new Date(Date.parse(guideClock) - 60_000);

before(async () => {
  server = await Server.start({ clock: guideClock });
  affiliate = await makeAffiliate(server);
  merchants = [await makeMerchant(server), await makeMerchant(server, {}, { base: '500KRW', incentive: '0%' })];
  items = [];
  for (const { merchant_id: id } of merchants) {
    const lpinfo = lpinfoOf(affiliate.affiliate_id, clickedAt);
    items.push(...await sent(server, order(id, lpinfo, { products: [product('p1'), product('p2', { product_final_price: 13000, quantity: 3 })] })));
    items.push(...await sent(server, order(id, lpinfo, { products: [product('p1', { canceled_at: '2026-05-25T09:59:00+09:00' })] })));
  }
});
after(async () => {
  await server.stop();
  await assertVerifies(server.directory);
});
const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

async function ask(changes = {}, key = affiliate.auth_key) {
  const query = new URLSearchParams({ a_id: affiliate.affiliate_id, auth_key: key, yyyymmdd: '20260525', ...changes });
  for (const [name, value] of [...query]) if (value === 'undefined') query.delete(name);
  const answer = await server.request('GET', `/affiliate/translist.php?${query}`);
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers['content-type'], /^application\/json/);
  return answer.json();
}
const failure = (result) => ({ result, list_count: 0, order_list: [] });

check('every result code', async () => {
  for (const [what, changes, result] of [
    ['no a_id', { a_id: undefined }, '100'],
    ['page 0', { page: '0' }, '101'],
    ['no page', { page: 'x' }, '101'],
    ['no day', { yyyymmdd: undefined }, '200'],
    ['seven digits', { yyyymmdd: '2026052' }, '210'],
    ['no such day', { yyyymmdd: '20260532' }, '210'],
    ['no key', { auth_key: undefined }, '300'],
    ['another key', { auth_key: 'x'.repeat(32) }, '300'],
    ['another affiliate', { a_id: 'A199999999' }, '300'],
    ['no affiliate\'s id', { a_id: 'x' }, '300'],
    ['a currency that is none', { currency: 'XXX' }, '400'],
    ['the key is asked for before the currency', { currency: 'XXX', auth_key: 'x' }, '300'],
    ['a currency without a rate', { currency: 'EUR' }, '400'],
  ]) assert.deepEqual(await ask(changes), failure(result), what);
});

check('rows are as the incumbent has them', async () => {
  const { result, list_count: count, order_list: rows } = await ask();
  assert.equal(result, '0');
  assert.equal(count, 6);
  assert.equal(rows.length, 6);
  const [first] = rows;
  assert.deepEqual({ ...first, o_cd: '', hhmiss: '' }, {
    trlog_id: String(items[0].trlog_id), m_id: merchants[0].merchant_id, o_cd: '', p_cd: 'p1', p_nm: '상품 p1', it_cnt: '1', user_id: '', status: '100',
    c_cd: 'c1', create_time_stamp: '20260525', applied_pgm_id: '0000', yyyymmdd: '20260525', hhmiss: '', trans_comment: '', sales: 20000,
    commission: 1800, pgm_name: 'Sales', is_pc: 'pc', pur_rate: '9%',
  });
  assert.match(first.hhmiss, /^\d{6}$/);
  assert.equal(rows[4].pur_rate, '500원');
  assert.equal(rows[4].commission, 1500, 'for each item');
  assert.deepEqual(rows.map(({ status }) => status), ['100', '100', '300', '100', '100', '300']);
});

check('filters and pages', async () => {
  const ids = async (changes) => (await ask(changes)).order_list.map(({ trlog_id: id }) => id);
  const all = await ids({});
  assert.deepEqual(await ids({ yyyymmdd: '202605' }), all);
  assert.deepEqual(await ask({ yyyymmdd: '20260524' }), { result: '0', list_count: 0, order_list: [] });
  assert.deepEqual(await ids({ cancel_flag: 'Y' }), [all[2], all[5]]);
  assert.deepEqual(await ids({ cancel_flag: 'N' }), [all[0], all[1], all[3], all[4]]);
  assert.deepEqual(await ids({ merchant_id: merchants[1].merchant_id }), all.slice(3));
  assert.deepEqual(await ids({ merchant_id: 'nobody' }), []);
  assert.deepEqual(await ids({ per_page: '4' }), all.slice(0, 4));
  assert.deepEqual(await ids({ per_page: '4', page: '2' }), all.slice(4));
  const beyond = await ask({ per_page: '4', page: '3' });
  assert.deepEqual([beyond.result, beyond.list_count, beyond.order_list], ['0', 6, []], 'list_count counts all pages');
});

check('currencies at the rate of the purchase\'s day', async () => {
  await operated(server, 'PUT', '/api/rates/USD/2026-05-22', { krw_per_unit: '1300' });
  const usd = (await ask({ currency: 'USD' })).order_list;
  assert.deepEqual([usd[0].sales, usd[0].commission], [15.38, 1.38], 'the last rate before a day without one, rounded down');
  assert.deepEqual([usd[1].sales], [10], 'without .0');
  await operated(server, 'PUT', '/api/rates/USD/2026-05-25', { krw_per_unit: '1000.5' });
  assert.equal((await ask({ currency: 'usd' })).order_list[0].sales, 19.99);
  assert.equal((await ask({ currency: 'KRW' })).order_list[0].sales, 20000);
});

check('test rows', async () => {
  const { result, list_count: count, order_list: rows } = await ask({ test: 'Y', test_uid: 'me' });
  assert.deepEqual([result, count, rows.length], ['0', 10, 10]);
  assert.ok(rows.every(({ user_id: user }) => user === 'me'));
  assert.deepEqual([...new Set(rows.map(({ status }) => status))].sort(), ['100', '200', '210', '300', '310']);
  assert.equal((await ask({ test: 'Y', cancel_flag: 'Y' })).list_count, 4);
  assert.equal((await ask({ test: 'Y', auth_key: 'x' })).result, '300');
});

check('merchants and what they pay', async () => {
  const answer = await server.request('GET', `/ci/service/all_merchant/${affiliate.affiliate_id}/all/cps`);
  assert.equal(answer.status, 200);
  const mine = answer.json().filter(({ merchant_id: id }) => merchants.some((each) => each.merchant_id === id));
  assert.deepEqual(mine.map((each) => [each.merchant_id, each.max_commission_pc, each.subscript]),
    [[merchants[0].merchant_id, '9%', 'APR'], [merchants[1].merchant_id, '500원', 'APR']]);
  assert.ok(mine[0].click_url.includes(`/click.php?m=${mine[0].merchant_id}&a=${affiliate.affiliate_id}&l=0000`));
  assert.equal('when_trans' in mine[0], false);
  const detail = (await server.request('GET', `/ci/service/all_merchant/${affiliate.affiliate_id}/apr/cps/detail`)).json();
  assert.ok(detail.every((each) => 'when_trans' in each && 'trans_reposition' in each));
  assert.deepEqual((await server.request('GET', `/ci/service/all_merchant/${affiliate.affiliate_id}/apr/cpa`)).json(), []);
  for (const path of ['A199999999/all/cps', `${affiliate.affiliate_id}/some/cps`, `${affiliate.affiliate_id}/all/cpx`])
    assert.equal((await server.request('GET', `/ci/service/all_merchant/${path}`)).status, 404, path);
});
