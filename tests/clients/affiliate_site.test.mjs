// What an affiliate does every day, with its own key: clicks, merchants and their rates, links, codes.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { clicked, freshId, makeAffiliate, makeMerchant, operated } from '../support/affiliate.mjs';
import { advance, guideClock, operate } from '../support/hub.mjs';
import { eventually, Server } from '../support/server.mjs';

let server;
before(async () => {
  server = await Server.start({ clock: guideClock });
});
after(async () => {
  await server?.stop();
  if (server) assert.equal((await server.verify()).code, 0);
});
const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** An affiliate with its key. */
async function makeSite(changes) {
  const { affiliate_id: id, auth_key: key } = await makeAffiliate(server, changes);
  const send = (path) => server.request('GET', `/api/affiliates/${id}${path}`, { headers: { Authorization: `Bearer ${key}` } });
  const get = async (path) => {
    const answer = await send(path);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    return answer.json();
  };
  return { id, send, get };
}

check('a key counts in the header and not in the query, which servers log', async () => {
  const { affiliate_id: id, auth_key: key } = await makeAffiliate(server);
  const ask = (query, headers) => server.request('GET', `/api/affiliates/${id}/statements${query}`, { headers });
  assert.equal((await ask('', { Authorization: `Bearer ${key}` })).status, 200);
  assert.equal((await ask(`?auth_key=${key}`, {})).status, 401);
});

/** What it answers once the clicks so far are in the books: `count` of them. */
const clicksOf = (site, count, query = '') => eventually(`${count} clicks`, async () => {
  const page = await site.get(`/clicks?limit=100${query}`);
  return page.clicks.length === count ? page : undefined;
});

check('own clicks, the newest first, page by page, and what they come to by day', async () => {
  const [site, other] = [await makeSite(), await makeSite()];
  const [shop, second] = [(await makeMerchant(server)).merchant_id, (await makeMerchant(server)).merchant_id];
  await clicked(server, shop, other.id);
  for (const mark of ['a', 'b', 'c']) await clicked(server, shop, site.id, { u_id: mark });
  await advance(server, '1d');
  await clicked(server, second, site.id, { u_id: 'a' });
  const { clicks, next } = await clicksOf(site, 4);
  assert.equal(next, null);
  assert.deepEqual(clicks.map((click) => [click.merchant_id, click.u_id]), [[second, 'a'], [shop, 'c'], [shop, 'b'], [shop, 'a']]);
  assert.ok(clicks.every((click) => click.affiliate_id === site.id && !('visitor' in click)));
  assert.deepEqual((await clicksOf(site, 2, '&u_id=a')).clicks.map(({ merchant_id: merchant }) => merchant), [second, shop]);
  await clicksOf(site, 3, `&merchant_id=${shop}`);
  const [first, rest] = [await site.get('/clicks?limit=3'), null];
  assert.equal(rest, null);
  const after = await site.get(`/clicks?limit=3&cursor=${first.next}`);
  assert.deepEqual([...first.clicks, ...after.clicks], clicks);

  const { month, days } = await site.get('/clicks/daily?month=202605');
  assert.equal(month, '202605');
  assert.deepEqual(days.map(({ day, clicks: count, unique }) => [day, count, unique]), [['20260526', 1, 1], ['20260525', 3, 1]]);
  assert.deepEqual((await site.get('/clicks/daily?month=202604')).days, []);
  for (const wrong of ['/clicks?cursor=x', '/clicks?limit=0', '/clicks?nothing=1', `/clicks?affiliate_id=${other.id}`, '/clicks?merchant_id=nobody',
    '/clicks/daily', '/clicks/daily?month=202613', '/clicks/daily?month=x', '/clicks/daily?month=202605&day=1']) {
    assert.equal((await site.send(wrong)).status, 400, wrong);
  }
});

check('the merchants that may be promoted, and what each pays now', async () => {
  const { merchant_id: open } = await makeMerchant(server, { name: 'Open Shop' }, {
    by_category: [{ code: 'c1', base: '5%', incentive: '0%' }], by_product: [{ code: 'p1', base: '500KRW', incentive: '0%' }],
    tiers: [{ from_sales: 1000000, base: '9%', incentive: '1%' }],
  });
  const { merchant_id: closed } = await makeMerchant(server, { name: 'Closed Shop' });
  const { merchant_id: asleep } = await makeMerchant(server, { name: 'Asleep', active: false });
  const { merchant_id: bare } = await makeMerchant(server, { name: 'Bare' }, false);
  const site = await makeSite({ merchants: [open, asleep, bare] });
  const { merchants, next } = await site.get('/merchants');
  assert.deepEqual([merchants.map(({ merchant_id: id }) => id), next], [[open, bare], null]);
  assert.deepEqual(merchants[1].programs, []);
  const [program] = merchants[0].programs;
  assert.ok(!('fee' in program));
  assert.deepEqual([program.base, program.incentive, program.by_category, program.by_product, program.tiers], ['8%', '1%',
    [{ code: 'c1', base: '5%', incentive: '0%' }], [{ code: 'p1', base: '500KRW', incentive: '0%' }], [{ from_sales: 1000000, base: '9%', incentive: '1%' }]]);
  assert.deepEqual((await site.get('/merchants?q=OPEN')).merchants.map(({ merchant_id: id }) => id), [open]);
  const first = await site.get('/merchants?limit=1');
  assert.deepEqual((await site.get(`/merchants?limit=1&after=${first.next}`)).merchants.map(({ merchant_id: id }) => id), [bare]);
  for (const wrong of ['/merchants?limit=0', '/merchants?after=x', '/merchants?nothing=1']) assert.equal((await site.send(wrong)).status, 400, wrong);
  assert.equal((await site.send(`/link?merchant_id=${closed}`)).status, 400);
});

check('a link that is made works, and one that would not is not made', async () => {
  const shop = (await makeMerchant(server, { deeplinks: true, hosts: ['shop.example'], home_url: 'https://shop.example/' })).merchant_id;
  const plain = (await makeMerchant(server)).merchant_id;
  const site = await makeSite();
  const target = 'https://shop.example/p?id=7&color=빨강';
  const made = async (query) => (await site.get(`/link?${new URLSearchParams(query)}`)).click_url;
  for (const [query, leads] of [
    [{ merchant_id: shop }, 'https://shop.example/'],
    [{ merchant_id: shop, u_id: 'news & 7' }, 'https://shop.example/'],
    [{ merchant_id: shop, target: encodeURI(target), u_id: 'm' }, encodeURI(target)],
  ]) {
    const url = new URL(await made(query));
    assert.equal(url.origin, server.baseUrl);
    assert.equal(url.searchParams.get('u_id'), query.u_id ?? null);
    const answer = await server.request('GET', `${url.pathname}${url.search}`);
    assert.equal(answer.status, 302, answer.text);
    assert.equal(new URL(answer.headers.location).searchParams.get('url'), leads);
  }
  const { clicks } = await clicksOf(site, 3);
  assert.deepEqual(clicks.map(({ u_id: mark }) => mark).sort(), ['', 'm', 'news & 7']);
  for (const [query, why] of [
    [{ merchant_id: shop, target: 'https://evil.example/' }, /host/], [{ merchant_id: shop, target: 'javascript:alert(1)' }, /./],
    [{ merchant_id: plain, target: 'https://shop.example/' }, /deep links/], [{ merchant_id: 'nobody' }, /no such merchant/], [{}, /merchant/],
    [{ merchant_id: shop, u_id: 'x'.repeat(501) }, /u_id/], [{ merchant_id: shop, other: '1' }, /other/],
  ]) {
    const answer = await site.send(`/link?${new URLSearchParams(query)}`);
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.json().error.message, why);
  }
});

check('own promotion codes, and no more when a code is somebody else\'s', async () => {
  const shop = (await makeMerchant(server)).merchant_id;
  const [site, other] = [await makeSite(), await makeSite()];
  const give = (code, to) => operated(server, 'PUT', '/api/affiliate/promos', { merchant_id: shop, event_code: 'spring', promo_code: code, affiliate_id: to.id });
  for (const code of ['ONE', 'TWO', 'THREE']) await give(code, site);
  await give('OTHER', other);
  const codes = async (query = '') => (await site.get(`/promos${query}`)).promos.map(({ promo_code: code }) => code);
  assert.deepEqual(await codes(), ['ONE', 'TWO', 'THREE']);
  const first = await site.get('/promos?limit=2');
  assert.deepEqual(await codes(`?after=${first.next}`), ['THREE']);
  await give('TWO', other);
  assert.deepEqual(await codes(), ['ONE', 'THREE']);
  assert.deepEqual((await other.get('/promos')).promos.map(({ promo_code: code }) => code), ['TWO', 'OTHER']);
  assert.equal((await site.send('/promos?limit=x')).status, 400);
  assert.equal((await operate(server, 'GET', `/api/affiliates/${site.id}/promos`)).status, 200, 'the operator may look');
});

check('who changes where payouts go is told by mail; the operator\'s change tells nobody', async () => {
  const email = `${freshId('w')}@blog.example`;
  const [{ affiliate_id: id, auth_key: key }, silent] = [await makeAffiliate(server, { email }), await makeAffiliate(server)];
  const set = (to, own, account) => server.request('PUT', `/api/affiliates/${to}/bank-account`,
    { headers: { Authorization: `Bearer ${own}` }, body: { bank: '국민은행', account, holder: '김가나' } });
  const mails = async () => (await server.request('GET', '/sandbox/mail')).json().mails.filter(({ to }) => to.includes(email));
  await operated(server, 'PUT', `/api/affiliates/${id}/bank-account`, { bank: '하나은행', account: '99-9999', holder: '김가나' });
  assert.equal((await set(silent.affiliate_id, silent.auth_key, '11-1111')).status, 200, 'it has no address');
  assert.equal((await set(id, key, '123-45-6789')).status, 200);
  const [mail] = await eventually('the mail', async () => ((await mails()).length > 0 ? mails() : undefined));
  assert.match(mail.subject, new RegExp(`${id}.*지급 계좌가 변경`));
  const letter = (await server.request('GET', `/sandbox/mail/${mail.id}`)).text;
  assert.match(letter, /국민은행 \*{7}6789/);
  assert.ok(!letter.includes('123-45') && !letter.includes('99-9999'), letter);
  assert.equal((await mails()).length, 1);
});
