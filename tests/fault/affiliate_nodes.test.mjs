// What affiliates and the operator read of the affiliate door is the same on every node over one PostgreSQL, whichever of them
// writes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test, { after } from 'node:test';

import { lpinfoOf, makeAffiliate, makeMerchant, operated, order, sent } from '../support/affiliate.mjs';
import { operate } from '../support/hub.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const postgres = process.env.JANGBU_TEST_POSTGRES;
const name = `jangbu_affiliates_${process.pid}`;

const psql = (statement) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', postgres, '-c', statement], { stdio: 'pipe' });

let first;
let second;
let created = false;
after(async () => {
  for (const node of [first, second]) if (node?.running) await node.kill();
  if (created) psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

const logs = { get log() { return `first:\n${first?.log}\nsecond:\n${second?.log}`; } };

test('an affiliate may ask either node', {
  timeout: 120_000, skip: postgres ? false : 'JANGBU_TEST_POSTGRES names no database',
}, Server.logged(() => logs, async () => {
  psql(`CREATE DATABASE ${name}`);
  created = true;
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  const options = { database: url.href, clock: '2026-06-10T10:00:00+09:00' };
  first = await Server.start(options);
  second = await Server.start(options);

  const { merchant_id: m } = await makeMerchant(second);
  const site = await makeAffiliate(second, { name: 'Either' });
  const { affiliate_id: a, auth_key: key } = site;
  const bearer = { headers: { Authorization: `Bearer ${key}` } };
  assert.equal((await second.request('PUT', `/api/affiliates/${a}/bank-account`,
    { ...bearer, body: { bank: '국민은행', account: '123-45-6789', holder: '김가나' } })).status, 200);
  assert.equal((await second.request('PUT', `/api/affiliates/${a}/reward-api`,
    { ...bearer, body: { postback_url: 'http://127.0.0.1:1/reward' } })).status, 200);
  await sent(second, order(m, lpinfoOf(a, new Date('2026-06-10T09:59:00+09:00'))));
  assert.equal((await second.request('POST', '/sandbox/clock', { body: { advance: '60d' } })).status, 200);
  const { payouts: [payout] } = await operated(second, 'POST', '/api/payouts', { month: '202606' }, 200);
  assert.equal(payout.affiliate_id, a);

  const reads = [
    [`/affiliate/translist.php?a_id=${a}&auth_key=${key}&yyyymmdd=202606`, {}, m],
    [`/affiliate/translist.php?a_id=${a}&yyyymmdd=202606`, bearer, m],
    [`/ci/service/all_merchant/${a}/all/cps`, {}, m],
    [`/ci/service/all_merchant/${a}/all/cps/detail`, {}, m],
    [`/api/affiliates/${a}/reward-api`, bearer, 'http://127.0.0.1:1/reward'],
    [`/api/affiliates/${a}/deliveries`, bearer, ''],
    [`/api/affiliates/${a}/statements`, bearer, '202606'],
    [`/api/affiliates/${a}/bank-account`, bearer, '국민은행'],
  ];
  const answersOf = async (node) => {
    for (const [path, how, told] of reads) {
      await eventually(path, async () => {
        const answer = await node.request('GET', path, how);
        assert.equal(answer.status, 200, `${path}: ${answer.text}`);
        return answer.text.includes(told) ? true : undefined;
      });
    }
    const csv = await operate(node, 'GET', '/api/payouts.csv?month=202606');
    assert.match(csv.text, new RegExp(`${payout.id},202606,"${a}","Either","국민은행","123-45-6789","김가나"`));
    assert.equal((await operate(node, 'GET', `/api/affiliates/${a}/statements`)).status, 200, 'the operator may ask, too');
    const foreign = { headers: { Authorization: 'Bearer wrong' } };
    assert.equal((await node.request('GET', `/api/affiliates/${a}/statements`, foreign)).status, 401);
    assert.equal((await operate(node, 'GET', '/api/affiliates/A1/statements')).status, 404);
    assert.notEqual((await node.request('GET', `/affiliate/translist.php?a_id=${a}&auth_key=wrong&yyyymmdd=202606`)).json().result, '0');
    assert.equal((await node.request('GET', '/ci/service/all_merchant/A1/all/cps')).status, 404);
  };
  await answersOf(first);
  await answersOf(second);
  await first.kill('SIGKILL');
  await eventually('the second node takes over', async () => {
    const answer = await second.request('POST', '/sandbox/clock', { body: { advance: '1s' } });
    return answer.status === 200 ? true : undefined;
  }, 30_000);
  await answersOf(second);
  await second.stop();
  await assertVerifies(url.href);
}));
