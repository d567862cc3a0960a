// The click as shoppers' browsers make it, and as whoever would misuse it does.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { freshId, makeAffiliate, makeMerchant, operated, order, sent } from '../support/affiliate.mjs';
import { operate } from '../support/hub.mjs';
import { assertVerifies, Server } from '../support/server.mjs';

const browser = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1';

let server;
before(async () => { server = await Server.start(); });
after(async () => {
  await server.stop();
  await assertVerifies(server.directory);
});
const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** A click with these parameters; what is undefined is left out. */
const click = (parameters, { method = 'GET', headers = {}, raw = '' } = {}) => {
  const query = Object.entries(parameters).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return server.request(method, `/click.php?${query}${raw}`, { headers: { 'User-Agent': browser, ...headers } });
};

/** What a redirect says. */
function redirected(answer) {
  assert.equal(answer.status, 302, answer.text);
  assert.equal(answer.headers['cache-control'], 'no-store');
  const [cookie] = answer.headers['set-cookie'];
  const [, lpinfo] = /^LPINFO=([^;]+); Path=\//.exec(cookie) ?? assert.fail(cookie);
  const [affiliate, id, l, code1, code2] = lpinfo.split('|');
  assert.match(id, /^\d{8}[0-9A-Za-z]{6}$/);
  assert.ok(lpinfo.length <= 560);
  return { url: new URL(answer.headers.location), cookie, lpinfo, affiliate, id, l, codes: [code1, code2] };
}

/** A page that says that the link leads nowhere, and leads nowhere. */
function refused(answer) {
  assert.equal(answer.status, 400, `${answer.status} ${answer.headers.location}`);
  assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
  assert.equal(answer.headers.location, undefined);
  assert.equal(answer.headers['set-cookie'], undefined);
  assert.equal(answer.headers['cache-control'], 'no-store');
}

const found = (id) => operated(server, 'GET', `/api/clicks/${id}`);
const listed = async (query) => (await operated(server, 'GET', `/api/clicks?${query}`)).clicks;

/** A merchant that takes deep links, and an affiliate. */
async function makePair(changes = {}) {
  const host = `${freshId('h')}.example`;
  const { merchant_id: m } = await makeMerchant(server, {
    gateway_url: `https://${host}/gate?lpinfo={lpinfo}&url={url}&rd={rd}`, home_url: `https://${host}/?home=1&x=가`.replace('가', '%EA%B0%80'),
    hosts: [host, `m.${host}`, `${host}:8443`], deeplinks: true, return_days: 30, ...changes,
  });
  const { affiliate_id: a } = await makeAffiliate(server);
  return { m, a, host };
}

check('a click leads to the merchant with LPINFO, and is in the books', async () => {
  const { m, a, host } = await makePair();
  const before = Date.now();
  const answer = redirected(await click({ m, a, l_cd1: '2', l_cd2: '0', u_id: '회원 1+2' }));
  assert.equal(answer.url.origin, `https://${host}`);
  assert.equal(answer.url.pathname, '/gate');
  assert.equal(answer.url.searchParams.get('lpinfo'), answer.lpinfo);
  assert.equal(answer.url.searchParams.get('url'), `https://${host}/?home=1&x=%EA%B0%80`);
  assert.equal(answer.url.searchParams.get('rd'), '30');
  assert.deepEqual([answer.affiliate, answer.l, answer.codes], [a, '0000', ['2', '0']]);
  assert.ok(Math.abs(Number(answer.id.slice(0, 8)) - Math.floor(before / 60_000)) <= 1, 'eight digits of the minute');
  assert.equal(answer.cookie, `LPINFO=${answer.lpinfo}; Path=/; Max-Age=${30 * 86_400}`);

  const { at, visitor, ...row } = await found(answer.id);
  assert.deepEqual(row, {
    click_id: answer.id, affiliate_id: a, merchant_id: m, l: '0000', l_cd1: '2', l_cd2: '0', u_id: '회원 1+2', device: 'web-pc', marks: [],
  });
  assert.ok(Math.abs(Date.parse(at) - before) < 60_000);
  assert.match(visitor, /^[0-9a-f]{16}$/);
});

check('a cookie of no days ends with the browser, and the last click overwrites', async () => {
  const { m, a } = await makePair({ return_days: 0 });
  const first = redirected(await click({ m, a }));
  assert.equal(first.cookie, `LPINFO=${first.lpinfo}; Path=/`);
  const { affiliate_id: other } = await makeAffiliate(server);
  const last = redirected(await click({ m, a: other }, { headers: { Cookie: `LPINFO=${first.lpinfo}` } }));
  assert.equal(last.affiliate, other);
  assert.notEqual(last.id, first.id);
});

check('u_id is any text of up to 500 bytes', async () => {
  const { m, a } = await makePair();
  const texts = ['a', 'u'.repeat(500), '가'.repeat(166) + 'ab', '"\\<script>', 'a\0b\r\nc', '%41', '&=?#+ ;', '😀', 'ÿ', '‮abc'];
  for (const text of texts) assert.equal((await found(redirected(await click({ m, a, u_id: text })).id)).u_id, text);
  assert.equal((await found(redirected(await click({ m, a, u: '별명' })).id)).u_id, '별명');
  for (const name of ['u_id', 'u']) {
    refused(await click({ m, a, [name]: 'u'.repeat(501) }));
    refused(await click({ m, a, [name]: '가'.repeat(167) }));
  }
  refused(await click({ m, a }, { raw: '&u_id=%B0%A1' }));
});

check('links that lead nowhere', async () => {
  const { m, a } = await makePair();
  const { merchant_id: closed } = await makeMerchant(server, { active: false });
  const { merchant_id: plain } = await makeMerchant(server);
  const { affiliate_id: gone } = await makeAffiliate(server, { active: false });
  const { affiliate_id: elsewhere } = await makeAffiliate(server, { merchants: [plain] });
  const rows = [
    {}, { m }, { a }, { m: 'nobody', a }, { m: closed, a }, { m: m.toUpperCase(), a }, { m: 'abcdefghijk', a }, { m: `${m}\0`, a },
    { m, a: 'A199999999' }, { m, a: gone }, { m, a: elsewhere }, { m, a: a.toLowerCase() }, { m, a: `${a}0` }, { m, a: 'A1' },
    { m, a, l: '00000' }, { m, a, l: '<b>' }, { m, a, l_cd1: 'a|b' }, { m, a, l_cd2: 'a; Domain=evil.example' }, { m, a, l_cd1: 'a\r\nX: y' },
    { m, a, l_cd1: 'c'.repeat(101) }, { m, a, l_cd1: '가' },
  ];
  for (const row of rows) {
    const answer = await click(row);
    refused(answer);
    assert.doesNotMatch(answer.text, /[<>]/, 'nothing of the request stands in the page');
  }
  redirected(await click({ m: plain, a: elsewhere }));
});

check('a deep link leads to the merchant and nowhere else', async () => {
  const { m, a, host } = await makePair();
  const good = [`https://${host}/p/1?x=1#y`, `http://${host}/`, `https://${host}`, `https://m.${host}/상품`, `https://${host}:8443/`, `HTTPS://${host.toUpperCase()}/`,
    `https://${host}//evil.example/`, `https://${host}/?to=https://evil.example/`];
  for (const tu of good) {
    const answer = redirected(await click({ m, a, l: '9999', tu }));
    assert.equal(answer.url.hostname, host);
    assert.equal(answer.url.searchParams.get('url'), tu);
    assert.equal(answer.l, '9999');
  }
  const bad = [
    'https://evil.example/', `https://${host}.evil.example/`, `https://evil${host}/`, `https://www.${host}/`, `https://${host}@evil.example/`,
    `https://${host}:pass@evil.example/`, `https://x@${host}/`, `https://${host}%40evil.example/`, `https://${host}%2f@evil.example/`,
    `https:\\\\evil.example`, `https://evil.example\\@${host}/`, `https://evil.example\\.${host}/`, `https://${host}\\.evil.example`, `https:///${host}/`,
    `https:/${host}/`, `https:${host}`, `//${host}/`, '//evil.example/', `/\\evil.example`, '/p/1', host, `https://${host}./`, `https://${host}:444/`,
    `https://${host}:/`, `https://${host}:08443/`, `http://${host}:443/`, `javascript:alert(1)`, `javascript://${host}/%0aalert(1)`, `JaVaScRiPt:alert(1)`,
    'data:text/html,x', `ftp://${host}/`, `\thttps://${host}/`, ` https://${host}/`, `ht\ntps://${host}/`, `https://${host}/\r\nSet-Cookie: a=b`, `https://${host}/%0d%0aX:y`,
    `https://${host}\0.evil.example/`, `https://${host}/%00`, `https://ｅvil.example/`, `https://${host}。evil.example/`, `https://xn--evl-tma.example/`,
    'https://127.0.0.1/', 'https://2130706433/', 'https://[::1]/', encodeURIComponent(`https://${host}/`), `https://${host}/${'p'.repeat(2000)}`,
  ];
  for (const tu of bad) refused(await click({ m, a, l: '9999', tu }));
  refused(await click({ m, a, l: '0000', tu: good[0] }));
  refused(await click({ m, a, l: '9999' }, { raw: `&tu=https://${host}/&tu=https://evil.example/` }));

  const { m: shy } = await makePair({ deeplinks: false });
  refused(await click({ m: shy, a, l: '9999', tu: good[0] }));
  assert.notEqual(redirected(await click({ m, a, l: '9999' })).url.searchParams.get('url'), '');
});

check('what nobody has clicked is sent on, and not counted', async () => {
  const { m, a } = await makePair();
  const rows = [
    { method: 'HEAD' }, { headers: { Purpose: 'prefetch' } }, { headers: { 'Sec-Purpose': 'prefetch;prerender' } },
    { headers: { 'X-Moz': 'prefetch' } }, { headers: { 'X-Purpose': 'preview' } },
  ];
  const ids = [];
  for (const row of rows) ids.push(redirected(await click({ m, a, u_id: 'u' }, row)).id);
  assert.deepEqual(await listed(`merchant_id=${m}`), []);
  assert.deepEqual((await operated(server, 'GET', `/api/clicks/daily?merchant_id=${m}`)).days, []);
  // A browser that shows what it prefetched has the LPINFO of that answer: the sale and its u_id are the affiliate's.
  assert.deepEqual((await listed(`merchant_id=${m}&mark=look_ahead`)).map(({ click_id: id }) => id), ids.reverse());
  assert.equal((await found(ids[0])).u_id, 'u');
});

check('a purchase in the same moment finds its click', async () => {
  const { m, a } = await makePair();
  for (let i = 0; i < 5; i++) {
    const { lpinfo } = redirected(await click({ m, a, u_id: `회원 ${i}` }));
    const [item] = await sent(server, order(m, i % 2 ? lpinfo : lpinfo.replaceAll('|', '%7C')));
    const conversion = await operated(server, 'GET', `/api/conversions/${item.trlog_id}`);
    assert.deepEqual([conversion.affiliate_id, conversion.u_id, conversion.marks], [a, `회원 ${i}`, []]);
  }
});

check('odd clicks are marked, and sent on', async () => {
  const { m, a } = await makePair();
  const marks = async (headers) => (await found(redirected(await click({ m, a }, { headers })).id)).marks;
  const visitor = `${browser} ${freshId()}`;
  assert.deepEqual(await marks({ 'User-Agent': visitor }), []);
  assert.deepEqual(await marks({ 'User-Agent': visitor }), ['repeat']);
  assert.deepEqual(await marks({ 'User-Agent': `${phone} ${freshId()}` }), []);
  assert.deepEqual(await marks({ 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }), ['bot']);
  assert.deepEqual(await marks({ 'User-Agent': `curl/8.0 ${freshId()}` }), ['program']);
  const { days: [day] } = await operated(server, 'GET', `/api/clicks/daily?merchant_id=${m}&affiliate_id=${a}`);
  assert.deepEqual([day.clicks, day.unique, day.marked], [5, 4, 3]);
  assert.equal((await listed(`merchant_id=${m}&mark=none`)).length, 2);
  const many = `${browser} ${freshId()}`;
  for (let i = 0; i < 30; i++) await click({ m, a }, { headers: { 'User-Agent': many } });
  assert.deepEqual(await marks({ 'User-Agent': many }), ['repeat', 'burst']);
});

check('clicks come in pages, the newest first', async () => {
  const { m, a } = await makePair();
  const { affiliate_id: other } = await makeAffiliate(server);
  const users = [];
  for (let i = 0; i < 25; i++) {
    users.unshift(String(i));
    redirected(await click({ m, a: i % 5 === 0 ? other : a, u_id: String(i) }, { headers: { 'User-Agent': `${browser} ${i}` } }));
    if (i % 10 === 9) await listed(`merchant_id=${m}`); // so that there are several records
  }
  const paged = async (query) => {
    const all = [];
    for (let cursor; ;) {
      const page = await operated(server, 'GET', `/api/clicks?${query}${cursor ? `&cursor=${cursor}` : ''}`);
      all.push(...page.clicks.map(({ u_id: user }) => user));
      if (page.next === null) return all;
      cursor = page.next;
    }
  };
  assert.deepEqual(await paged(`merchant_id=${m}&limit=7`), users);
  assert.deepEqual(await paged(`merchant_id=${m}&affiliate_id=${other}&limit=2`), users.filter((user) => user % 5 === 0));
  assert.deepEqual(await paged(`merchant_id=${m}&u_id=13`), ['13']);
  assert.deepEqual(await paged(`merchant_id=${m}&to=2020-01-01T00:00:00Z`), []);
  for (const query of ['merchant_id=nobody', 'affiliate_id=A1', 'mark=odd', 'from=yesterday', 'cursor=1.2', 'cursor=x', 'limit=0', 'limit=101', 'x=1'])
    assert.equal((await operate(server, 'GET', `/api/clicks?${query}`)).status, 400, query);
  for (const query of ['from=2026-01-01', 'to=20261301', 'mark=bot'])
    assert.equal((await operate(server, 'GET', `/api/clicks/daily?${query}`)).status, 400, query);
});

check('other methods, other callers', async () => {
  const { m, a } = await makePair();
  const posted = await click({ m, a }, { method: 'POST' });
  assert.deepEqual([posted.status, posted.headers.allow], [405, 'GET']);
  assert.equal(posted.headers['content-type'], 'text/plain; charset=utf-8');
  for (const route of ['/api/clicks', '/api/clicks/daily', '/api/clicks/29701234abc123'])
    assert.equal((await server.request('GET', route)).status, 401);
  assert.equal((await operate(server, 'GET', '/api/clicks/29701234abc123')).status, 404);
  assert.equal((await operate(server, 'GET', '/api/clicks/29701234')).status, 404);
  const { text } = await server.request('GET', '/metrics');
  for (const series of ['jangbu_clicks_total{result="redirected"}', 'jangbu_clicks_total{result="refused"}', 'jangbu_clicks_marked_total{mark="repeat"}',
    'jangbu_clicks_waiting', 'jangbu_clicks_lost_total', 'jangbu_click_flush_failures_total'])
    assert.ok(text.includes(`\n${series} `), series);
});

check('what was answered is there after a stop', async () => {
  const { m, a } = await makePair();
  const { id } = redirected(await click({ m, a, u_id: 'last' }));
  await server.restart();
  assert.equal((await found(id)).u_id, 'last');
});
