// From a reward or a point back to the charge that paid for it, and the accounts on the way.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { App, campaignBody, ensureBody, fresh, goodCard, guideClock, operate } from '../support/hub.mjs';
import { Server } from '../support/server.mjs';

let server;
let site;
let reviewers;
before(async () => {
  server = await Server.start({ clock: guideClock });
  site = App.sales(server);
  reviewers = App.reviewer(server);
});
after(() => server?.stop());
const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

async function get(path, status = 200) {
  const answer = await operate(server, 'GET', `/api/ledger${path}`);
  assert.equal(answer.status, status, answer.text);
  return answer.json();
}

/** The newest record of a kind, found by walking back from the newest record there is. */
async function newest(kind) {
  const { text } = await server.request('GET', '/metrics');
  for (let record = Number(/^jangbu_last_record (\d+)/m.exec(text)[1]); record > 0; record--) {
    const { path: [step] } = await get(`/explain?entry=${record}`);
    if (step.kind === kind) return record;
  }
  return assert.fail(`there is no ${kind}`);
}

check('a reward leads to the card that paid for it', async () => {
  const { campaign, partner } = await site.onboarded();
  const reviewer = fresh('reviewer');
  await reviewers.judge(await reviewers.reviewed(campaign.campaignId, reviewer), '1214');
  const entry = await newest('hub.review_judged');
  const { path, cut } = await get(`/explain?entry=${entry}`);
  assert.equal(cut, false);
  const at = Object.fromEntries(path.map((step) => [step.kind, step]));
  assert.deepEqual(Object.keys(at).sort(), ['hub.applied', 'hub.onboarded', 'hub.order_created', 'hub.review_judged',
    'hub.review_written', 'payment.attempt_ended', 'payment.charge_started']);

  const deposit = `partner:${partner.partnerId}:deposit`;
  assert.deepEqual(path[0].postings, [
    { account: deposit, currency: 'KRW', amount: '-20600' },
    { account: `reviewer:${reviewer}:points`, currency: 'KRW', amount: '20600' },
  ]);
  assert.deepEqual(path[0].holds, [{ account: deposit, currency: 'KRW', amount: '-20600' }]);
  assert.deepEqual(at['hub.onboarded'].holds, [{ account: deposit, currency: 'KRW', amount: '206000' }]);
  const paid = at['payment.attempt_ended'];
  assert.match(paid.what, new RegExp(`^sandbox took 206000 KRW for HUBPAY-.* with the .* card ending in ${goodCard.slice(-4)}, reference .+\\.$`));
  assert.equal(paid.postings.find(({ account }) => account === 'acquirer:sandbox:clearing').amount, '-206000');
  assert.ok(at['hub.onboarded'].from.includes(paid.record));
  assert.ok(paid.from.includes(at['payment.charge_started'].record));
  assert.ok(at['payment.charge_started'].from.includes(at['hub.order_created'].record));
  for (const step of path) for (const source of step.from) assert.ok(source < step.record);
  assert.ok(!JSON.stringify(path).includes(goodCard), 'no card number');
});

check('a campaign of the older calls leads to what topped its deposit up', async () => {
  const { partnerId } = (await site.post('/v1/partners/ensure', ensureBody())).json();
  await site.paidOrder(100_000, { partnerId });
  await site.paidOrder(200_000, { partnerId });
  const made = await site.post('/v1/campaigns/pybk', campaignBody(partnerId));
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json().activated, true, made.text);
  const { path } = await get(`/explain?entry=${await newest('hub.campaign_created')}`);
  const paid = path.filter(({ kind }) => kind === 'payment.attempt_ended').map(({ what }) => /took (\d+) KRW/.exec(what)[1]);
  assert.deepEqual(paid, ['200000', '100000']);
});

check('what is no record is not found, what is no number is refused', async () => {
  assert.equal((await get('/explain?entry=900000000000', 404)).error.code, 'not_found');
  for (const query of ['', '?entry=', '?entry=0', '?entry=x']) await get(`/explain${query}`, 400);
  assert.equal((await operate(server, 'GET', '/api/ledger/explain?entry=1')).status, 200);
  assert.equal((await server.request('GET', '/api/ledger/explain?entry=1')).status, 401);
});

check('every record can be explained, in both languages', async () => {
  const { text } = await server.request('GET', '/metrics');
  for (let record = Number(/^jangbu_last_record (\d+)/m.exec(text)[1]); record > 0; record--) {
    const { path: [step] } = await get(`/explain?entry=${record}`);
    assert.equal(step.record, record);
    assert.match(step.what, /^.+\.$/);
    assert.doesNotMatch(step.kind, /^record\./, step.what);
    const { path: [korean] } = await get(`/explain?entry=${record}&lang=ko`);
    assert.match(korean.what, /[가-힣].*\.$/, step.kind);
    assert.doesNotMatch(korean.what, / {2}|\(\)|: \./, step.kind);
    assert.deepEqual({ ...korean, what: step.what }, step);
  }
});

check('what a record says is said in the language that is asked for', async () => {
  const code = await site.paidOrder(9000);
  const { record } = (await operate(server, 'GET', `/api/hub/orders/${code}`)).json();
  const what = async (lang) => (await get(`/explain?entry=${record}${lang}`)).path[0].what;
  assert.match(await what(''), new RegExp(`^The order ${code} was made: 9000 KRW for `));
  assert.equal(await what('&lang=en'), await what(''));
  assert.match(await what('&lang=ko'), new RegExp(`^${code} 주문을 만들었습니다: .+, 9,000원\\.$`));
  const { accounts: [account] } = await get('/accounts?prefix=hub:');
  const entry = async (lang) => (await get(`/accounts/${account.ref}/entries?limit=1${lang}`)).entries[0].what;
  assert.match(await entry(''), /^sandbox took 9000 KRW for /);
  assert.match(await entry('&lang=ko'), /^결제사 sandbox, .+: 9,000원을 결제했습니다 \(.+\)\.$/);
  for (const where of [`/explain?entry=${record}&lang=fr`, `/accounts/${account.ref}/entries?lang=fr`])
    assert.equal((await get(where, 400)).error.message, 'lang must be ko or en');
});

check('accounts by prefix, in pages', async () => {
  const all = [];
  let cursor = '';
  do {
    const page = await get(`/accounts?limit=2${cursor}`);
    all.push(...page.accounts);
    cursor = page.next && `&cursor=${page.next}`;
  } while (cursor);
  const names = all.map(({ name, currency }) => `${name} ${currency}`);
  assert.deepEqual(names, [...names].sort());
  assert.equal(new Set(names).size, names.length);
  const partners = (await get('/accounts?prefix=partner:&limit=100')).accounts;
  assert.deepEqual(partners, all.filter(({ name }) => name.startsWith('partner:')));
  assert.ok(partners.length >= 2);
  for (const each of partners) {
    assert.equal(each.floor, 'zero');
    assert.equal(BigInt(each.available), BigInt(each.posted) - BigInt(each.held));
    assert.deepEqual(await get(`/accounts/${each.ref}`), each);
  }
  assert.equal(all.filter(({ currency }) => currency === 'KRW').reduce((sum, { posted }) => sum + BigInt(posted), 0n), 0n);
  await get('/accounts/900000000000', 404);
  await get('/accounts/x', 404);
  await get('/accounts?limit=0', 400);
  await get('/accounts?cursor=900000000000', 404);
  await get('/accounts?side=left', 400);
});
