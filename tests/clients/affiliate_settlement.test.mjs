// Months end by the clock, what was earned is paid out, and a merchant's own lists make up for what was missed.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { freshId, lpinfoOf, makeAffiliate, makeMerchant, operated, order, product, sent } from '../support/affiliate.mjs';
import { advance, guideClock, operate } from '../support/hub.mjs';
import { closeMerchants, listedOrder, ListingMerchant } from '../support/merchant.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
before(async () => (server = await Server.start({ clock: guideClock })));
after(async () => {
  await closeMerchants();
  await server.stop();
  await assertVerifies(server.directory);
});
const check = (name, body) => test(name, { timeout: 120_000 }, Server.logged(() => server, body));

let now = Date.parse(guideClock);
/** Moves the clock to a moment in Seoul. */
async function goTo(moment) {
  const seconds = Math.round((Date.parse(`${moment}+09:00`) - now) / 1000);
  assert.ok(seconds > 0, moment);
  await advance(server, `${seconds}s`);
  now = Date.parse(`${moment}+09:00`);
}

async function rowsOf(site, month) {
  const answer = await server.request('GET', `/affiliate/translist.php?a_id=${site.affiliate_id}&auth_key=${site.auth_key}&yyyymmdd=${month}`);
  assert.equal(answer.json().result, '0', answer.text);
  return answer.json().order_list;
}
const statusOf = async (site, month, code) => (await rowsOf(site, month)).filter(({ o_cd: each }) => each === code).map(({ status }) => status);
const lpinfo = (site) => lpinfoOf(site.affiliate_id, new Date(now - 60_000));
const statements = async (site) => (await operated(server, 'GET', `/api/affiliates/${site.affiliate_id}/statements`)).statements;

check('a merchant\'s lists restore, confirm and cancel, and catch up', async () => {
  const shop = await ListingMerchant.start();
  const { merchant_id: id } = await makeMerchant(server, { list_url: shop.url });
  const site = await makeAffiliate(server);
  const known = freshId('o');
  await sent(server, order(id, lpinfo(site), { order: { order_id: known } }));
  const [missed, parted] = [freshId('o'), freshId('o')];
  const paidAt = '2026-05-25T11:30:00+09:00';
  shop.list('paid', 20260525, listedOrder(id, lpinfo(site), known));
  shop.list('paid', 20260525, listedOrder(id, lpinfo(site), missed, { paid_at: paidAt }));
  shop.list('paid', 20260525, listedOrder(id, lpinfo(site), parted, { paid_at: paidAt, quantity: 2 }));
  await goTo('2026-05-26T03:59:00');
  assert.deepEqual(shop.asked, [], 'before four');
  await goTo('2026-05-26T04:00:01');
  await eventually('the lists are fetched', () => (shop.asked.length >= 3 ? true : undefined));
  assert.deepEqual(shop.asked, ['/list?paid_ymd=20260525', '/list?confirmed_ymd=20260525&comfirmed_ymd=20260525', '/list?canceled_ymd=20260525']);
  await eventually('what was missed is there', async () => ((await rowsOf(site, '202605')).length === 3 ? true : undefined));
  assert.deepEqual(await statusOf(site, '20260525', missed), ['100']);

  // The merchant is out of order for a day; the next one makes up for it.
  const canceledAt = '2026-05-26T12:00:00+09:00';
  shop.list('canceled', 20260526, listedOrder(id, lpinfo(site), known, { canceled_at: canceledAt }));
  shop.list('canceled', 20260526, listedOrder(id, lpinfo(site), parted,
    { quantity: 2, canceled_at: canceledAt, canceled_quantity: 1, canceled_price: 10000 }));
  shop.behave = (_, response) => response.writeHead(500).end();
  await goTo('2026-05-27T04:00:01');
  await eventually('it is asked', () => (shop.asked.length >= 4 ? true : undefined));
  assert.deepEqual(await statusOf(site, '20260525', known), ['100']);
  shop.behave = undefined;
  await goTo('2026-05-28T04:00:01');
  await eventually('both days are fetched', () => (shop.asked.length >= 10 ? true : undefined));
  await eventually('the cancellation is applied', async () =>
    ((await statusOf(site, '20260525', known))[0] === '300' ? true : undefined));
  const part = await eventually('and that of a part', async () => {
    const row = (await rowsOf(site, '20260525')).find(({ o_cd: code }) => code === parted);
    return row.it_cnt === '1' ? row : undefined;
  });
  assert.deepEqual([part.status, part.sales, part.commission], ['100', 10000, 900]);
  // What a list says again changes nothing.
  for (const day of [20260528, 20260529]) shop.lists.canceled[day] = shop.lists.canceled[20260526];
  await goTo('2026-05-30T04:00:01');
  await eventually('they are fetched', () => (shop.asked.length >= 16 ? true : undefined));
  assert.equal((await rowsOf(site, '202605')).length, 3);
});

check('a merchant that lies, hangs or floods costs nobody anything', async () => {
  const [shop, healthy] = [await ListingMerchant.start(), await ListingMerchant.start()];
  const { merchant_id: id } = await makeMerchant(server, { list_url: shop.url });
  const { merchant_id: other } = await makeMerchant(server, { list_url: healthy.url });
  const site = await makeAffiliate(server);
  const stolen = freshId('o');
  // An order of somebody else's, one of no form, and what is no order at all.
  shop.list('paid', 20260530, listedOrder(other, lpinfo(site), stolen));
  shop.list('paid', 20260530, { order: {} });
  shop.list('paid', 20260530, 17);
  const mine = freshId('o');
  healthy.list('paid', 20260530, listedOrder(other, lpinfo(site), mine));
  await goTo('2026-05-31T04:00:01');
  await eventually('the healthy one is restored', async () => ((await rowsOf(site, '202605')).length === 1 ? true : undefined));
  assert.equal((await rowsOf(site, '202605'))[0].o_cd, mine);
  for (const behave of [
    (_, response) => response.writeHead(200).end('<html>'),
    (_, response) => response.writeHead(302, { Location: 'http://169.254.169.254/' }).end(),
    (_, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(1 << 20, ' ');
      for (let i = 0; i < 17; i++) response.write(chunk);
      response.end('[]');
    },
  ]) {
    shop.behave = behave;
    const before = healthy.asked.length;
    await advance(server, '1d');
    now += 86_400_000;
    await eventually('the healthy one is asked', () => (healthy.asked.length > before ? true : undefined));
  }
  await operated(server, 'PUT', `/api/merchants/${id}`, { list_url: '' });
});

check('days to make up for keep no other merchant waiting', async () => {
  const slow = await Promise.all(Array.from({ length: 4 }, () => ListingMerchant.start()));  // as many as are asked at a time
  const prompt = await ListingMerchant.start();
  const ids = [];
  for (const shop of [...slow, prompt]) ids.push((await makeMerchant(server, { list_url: shop.url })).merchant_id);
  const nextDay = async () => {
    const before = prompt.asked.length;
    await advance(server, '1d');
    now += 86_400_000;
    await eventually('the prompt one is asked', () => (prompt.asked.length >= before + 3 ? true : undefined));
  };
  for (const shop of slow) shop.behave = (_, response) => response.writeHead(500).end();
  await nextDay();
  await nextDay();
  for (const shop of slow) {
    shop.asked.length = 0;
    shop.behave = (_, response) => setTimeout(() => response.writeHead(200).end(), 200);
  }
  let most;
  prompt.behave = (_, response) => {
    most ??= Math.max(...slow.map((shop) => shop.asked.length));
    response.writeHead(200).end();
  };
  await nextDay();
  assert.ok(most <= 4, `another merchant was asked ${most} times before`);
  await eventually('all days are made up for', () => (slow.every((shop) => shop.asked.length >= 9) ? true : undefined));
  for (const id of ids) await operated(server, 'PUT', `/api/merchants/${id}`, { list_url: '' });
});

check('a month by the clock: settled, paid, corrected', async () => {
  const { merchant_id: id } = await makeMerchant(server);
  const { merchant_id: travel } = await makeMerchant(server, { batch: true });
  const site = await makeAffiliate(server, { name: '=cmd|calc' });
  await goTo('2026-06-10T10:00:00');
  const codes = Object.fromEntries(['kept', 'asked', 'dropped', 'confirmed', 'unconfirmed'].map((name) => [name, freshId('o')]));
  const sell = async (merchant, code, changes = {}) =>
    (await sent(server, order(merchant, lpinfo(site), { order: { order_id: code }, products: [product('p1', changes)] })))[0];
  const kept = await sell(id, codes.kept);
  await sell(id, codes.asked, { canceled_at: '2026-06-10T09:59:00+09:00' });
  const dropped = await sell(id, codes.dropped);
  await sell(travel, codes.confirmed, { confirmed_at: '2026-06-10T09:59:00+09:00' });
  await sell(travel, codes.unconfirmed);
  const poor = await makeAffiliate(server);
  await sent(server, order(id, lpinfo(poor), { order: { order_id: freshId('o') }, products: [product('p1', { product_final_price: 1 })] }));
  const cancelled = await operate(server, 'POST', `/api/conversions/${dropped.trlog_id}/cancel`, { reason: '반품' });
  assert.deepEqual(cancelled.json(), { trlog_id: dropped.trlog_id, status: 310, correction: null });
  assert.equal((await operate(server, 'POST', `/api/conversions/${dropped.trlog_id}/confirm`, {})).status, 409);
  assert.equal((await rowsOf(site, '202606')).find(({ status }) => status === '310').trans_comment, '반품');
  assert.equal((await operate(server, 'POST', '/api/payouts', { month: '202606', affiliate_id: site.affiliate_id })).json().refused[0].code, 'not_found');

  await goTo('2026-07-20T00:00:00');
  assert.deepEqual(await statusOf(site, '202606', codes.kept), ['200']);
  assert.deepEqual(await statusOf(site, '202606', codes.asked), ['300']);
  await goTo('2026-08-06T00:00:00');
  assert.deepEqual(await statusOf(site, '202606', codes.kept), ['210']);
  assert.deepEqual(await statusOf(site, '202606', codes.asked), ['310']);
  assert.deepEqual((await statusOf(site, '202606', codes.confirmed)).sort(), ['210', '310'], 'made again under another number');
  assert.deepEqual(await statusOf(site, '202606', codes.unconfirmed), ['310']);
  assert.deepEqual(await statements(site), [{ month: '202606', settled: 2, cancelled: 3, sales: 40000, commission: 3600, payout: null }]);

  const account = { bank: '국민은행', account: '123-45-6789', holder: '+82 김가나' };
  const shown = await server.request('PUT', `/api/affiliates/${site.affiliate_id}/bank-account`,
    { headers: { Authorization: `Bearer ${site.auth_key}` }, body: account });
  assert.deepEqual(shown.json(), { bank: '국민은행', account: '*******6789', holder: '+82 김가나' });
  const setAccount = (changed) => server.request('PUT', `/api/affiliates/${site.affiliate_id}/bank-account`,
    { headers: { Authorization: `Bearer ${site.auth_key}` }, body: { ...account, ...changed } });
  assert.equal((await setAccount({ account: '1234' })).json().account, '****');
  assert.equal((await setAccount({ account: '1234567' })).json().account, '*******');
  assert.equal((await setAccount({ account: '12345678' })).json().account, '****5678');
  for (const changed of [{ holder: '김\u202e가나' }, { bank: '국민\u0007은행' }, { account: '12\u202e34' }]) {
    assert.equal((await setAccount(changed)).status, 400, JSON.stringify(changed));
  }
  assert.equal((await setAccount({})).status, 200);
  const asked = await Promise.all(Array.from({ length: 8 }, () => operate(server, 'POST', '/api/payouts', { month: '202606' })));
  for (const answer of asked) assert.equal(answer.status, 200, answer.text);
  const refused = asked.flatMap((answer) => answer.json().refused.map(({ affiliate_id: each }) => each));
  assert.deepEqual([(await statements(poor)).map(({ settled, commission }) => [settled, commission]), refused.includes(poor.affiliate_id)], [[[1, 0]], false], 'who earned nothing is not asked for');
  const made = asked.flatMap((answer) => answer.json().payouts.filter(({ affiliate_id: each }) => each === site.affiliate_id));
  assert.equal(new Set(made.map(({ id: number }) => number)).size, 1, 'one payout, however often it is asked');
  const [payout] = made;
  assert.deepEqual([payout.amount, payout.status, payout.month], [3600, 'held', '202606']);
  const csv = await operate(server, 'GET', '/api/payouts.csv?month=202606');
  assert.match(csv.headers['content-type'], /^text\/csv/);
  const line = csv.text.split('\r\n').find((each) => each.includes(site.affiliate_id));
  assert.equal(line, `${payout.id},202606,"${site.affiliate_id}","'=cmd|calc","국민은행","123-45-6789","'+82 김가나",3600`);
  const paid = await operate(server, 'POST', `/api/payouts/${payout.id}/paid`, { reference: 'T-1' });
  assert.equal(paid.json().status, 'paid');
  assert.equal((await operate(server, 'POST', `/api/payouts/${payout.id}/failed`, {})).status, 409);
  assert.equal((await operate(server, 'GET', '/api/payouts?month=202606&status=paid')).json().payouts[0].note, 'T-1');

  // The customer sends it back after all: a negative row, which comes off the next payout.
  const corrected = await operate(server, 'POST', `/api/conversions/${kept.trlog_id}/cancel`, {});
  assert.notEqual(corrected.json().correction, null);
  assert.equal((await operate(server, 'POST', `/api/conversions/${kept.trlog_id}/cancel`, {})).json().correction, null, 'once');
  const [negative] = (await rowsOf(site, '202608'));
  assert.deepEqual([negative.o_cd, negative.sales, negative.commission, negative.it_cnt], [codes.kept, -20000, -1800, '-1']);
  await sell(id, freshId('o'), { product_final_price: 50000 });
  await goTo('2026-10-06T00:00:00');
  const again = await operate(server, 'POST', '/api/payouts', { month: '202608', affiliate_id: site.affiliate_id });
  assert.deepEqual(again.json().payouts.map(({ amount }) => amount), [4500 - 1800]);
  const failed = await operate(server, 'POST', `/api/payouts/${again.json().payouts[0].id}/failed`, { reason: 'no such account' });
  assert.equal(failed.json().status, 'failed');
  const third = await operate(server, 'POST', '/api/payouts', { month: '202608', affiliate_id: site.affiliate_id });
  assert.notEqual(third.json().payouts[0].id, again.json().payouts[0].id, 'what failed is made again');
  assert.deepEqual((await statements(site)).map(({ month, commission, payout: each }) => [month, commission, each.status]),
    [['202608', 2700, 'held'], ['202606', 3600, 'paid']]);
});
