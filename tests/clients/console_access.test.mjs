// Who may use the operator's API, and what is recorded of them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { local, Operator } from '../support/operator.mjs';
import { assertVerifies, binary, run, Server } from '../support/server.mjs';

let server;
let people;
before(async () => {
  server = await Server.start();
  people = {};
  for (const role of ['owner', 'operator', 'auditor']) people[role] = await Operator.of(server, role);
});
after(() => server?.running && server.stop());

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

check('the sandbox’s operator is an owner', async () => {
  const someone = await Operator.signIn(server, server.sandbox.operator);
  assert.deepEqual(await someone.get('/api/session'), { id: '1', email: server.sandbox.operator.email, name: 'Sandbox', role: 'owner' });
  const { id, email, role } = (await local(server, 'GET', '/api/session')).json();
  assert.deepEqual([id, email, role], ['0', null, 'owner']);
});

// A route, what is sent, and the status that each role is answered with.
const routes = [
  ['GET', '/api/operators', undefined, [200, 200, 200]],
  ['GET', '/api/audit', undefined, [200, 200, 200]],
  ['GET', '/api/overview', undefined, [200, 200, 200]],
  ['GET', '/api/search?q=nothing', undefined, [200, 200, 200]],
  ['GET', '/api/hub/apps', undefined, [200, 200, 200]],
  ['GET', '/api/hub/orders', undefined, [200, 200, 200]],
  ['GET', '/api/hub/partners', undefined, [200, 200, 200]],
  ['GET', '/api/hub/access-requests', undefined, [200, 200, 200]],
  ['GET', '/api/hub/campaigns', undefined, [200, 200, 200]],
  ['GET', '/api/hub/reviews', undefined, [200, 200, 200]],
  ['GET', '/api/invoice/invoices', undefined, [200, 200, 200]],
  ['GET', '/api/invoice/orders', undefined, [200, 200, 200]],
  ['GET', '/api/invoice/cancels', undefined, [200, 200, 200]],
  ['GET', '/api/invoice/subscriptions', undefined, [200, 200, 200]],
  ['GET', '/api/invoice/bills', undefined, [200, 200, 200]],
  ['GET', '/api/purchase/shops', undefined, [200, 200, 200]],
  ['GET', '/api/purchase/blocks', undefined, [200, 200, 200]],
  ['GET', '/api/purchase/holders/1/purchases', undefined, [200, 200, 200]],
  ['GET', '/api/deliveries', undefined, [200, 200, 200]],
  ['GET', '/api/deliveries/feed?after=0', undefined, [200, 403, 403]],
  ['GET', '/api/ledger/accounts', undefined, [200, 200, 200]],
  ['GET', '/api/ledger/status', undefined, [200, 200, 200]],
  ['POST', '/api/operators', { email: 'nobody' }, [400, 403, 403]],
  ['PUT', '/api/operators/900', { role: 'owner' }, [404, 403, 403]],
  ['POST', '/api/operators/900/password', undefined, [404, 403, 403]],
  ['POST', '/api/hub/apps', {}, [400, 403, 403]],
  ['PUT', '/api/hub/apps/nobody', {}, [404, 403, 403]],
  ['POST', '/api/invoice/apps', {}, [400, 403, 403]],
  ['POST', '/api/purchase/holders', {}, [400, 403, 403]],
  ['POST', '/api/purchase/holders/900/keys', {}, [404, 403, 403]],
  ['POST', '/api/purchase/keys/revoke', {}, [400, 403, 403]],
  ['PUT', '/api/purchase/rates/krw', { pointsPerUnit: '1' }, [200, 200, 403]],
  ['POST', '/api/admin/campaigns/900/approve', undefined, [404, 404, 403]],
  ['POST', '/api/admin/orders/none/refund', { reason: 'x' }, [404, 404, 403]],
  ['POST', '/api/deliveries/resend', { filter: {} }, [200, 200, 403]],
  ['GET', '/api/merchants', undefined, [200, 200, 200]],
  ['GET', '/api/statements/unpaid', undefined, [200, 200, 200]],
  ['GET', '/api/payouts', undefined, [200, 200, 200]],
  ['GET', '/api/payouts.csv', undefined, [200, 200, 403]],
  ['POST', '/api/merchants', {}, [400, 400, 403]],
  ['PUT', '/api/merchants/nobody', {}, [404, 404, 403]],
  ['POST', '/api/programs', {}, [400, 400, 403]],
  ['PUT', '/api/programs/900', {}, [404, 404, 403]],
  ['POST', '/api/affiliates', {}, [400, 400, 403]],
  ['PUT', '/api/affiliates/A199999999', {}, [404, 404, 403]],
  ['POST', '/api/affiliates/A199999999/rotate', undefined, [404, 403, 403]],
  ['POST', '/api/payouts', {}, [400, 400, 403]],
  ['POST', '/api/payouts/900/paid', {}, [404, 404, 403]],
  ['POST', '/api/payouts/900/failed', {}, [404, 404, 403]],
];

/** The same path with a letter of each of its segments percent-encoded. */
const inOtherLetters = (where) => where.split('/').map((segment) => segment.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`)).join('/');

check('roles and routes', async () => {
  for (const [method, where, body, statuses] of routes) {
    const answers = [];
    for (const role of ['owner', 'operator', 'auditor']) answers.push(await people[role].send(method, where, body));
    assert.deepEqual(answers.map(({ status }) => status), statuses, `${method} ${where}: ${answers.map(({ text }) => text.slice(0, 200))}`);
    for (const refused of answers.filter(({ status }) => status === 403)) assert.equal(refused.json().error.code, 'role_not_allowed');
    for (const [i, role] of ['owner', 'operator', 'auditor'].entries()) {
      if (statuses[i] !== 403) continue;
      const answer = await people[role].send(method, inOtherLetters(where), body);
      assert.equal(answer.status, 403, `${method} ${inOtherLetters(where)}: ${answer.text}`);
    }
    for (const headers of [{}, { Authorization: 'Bearer 0' }, { Cookie: 'jangbu_console=0' }]) {
      assert.equal((await server.request(method, where, { headers, body })).status, 401, `${method} ${where}`);
    }
  }
});

check('no route under /api is open', async () => {
  const text = (await server.request('GET', '/openapi.yaml')).text;
  const paths = [...text.matchAll(/^ {2}(\/api\/[^:]+):\n((?: {4}.*\n|\n)+)/gm)];
  assert.ok(paths.length > 40);
  for (const [, where, described] of paths) {
    for (const [, method] of described.matchAll(/^ {4}(get|post|put|delete):/gm)) {
      if (where === '/api/session' && method === 'post') continue;
      const answer = await server.request(method.toUpperCase(), where.replaceAll(/\{\w+\}/g, '1'));
      assert.equal(answer.status, 401, `${method} ${where}: ${answer.text}`);
    }
  }
});

check('a cookie reads, and changes with the header alone', async () => {
  const { operator } = people;
  assert.equal((await operator.sendByCookie('GET', '/api/audit', { csrf: null })).status, 200);
  for (const csrf of [null, '', '0', 'true']) {
    const refused = await operator.sendByCookie('PUT', '/api/purchase/rates/krw', { body: { pointsPerUnit: '1' }, csrf });
    assert.deepEqual([refused.status, refused.json().error.code], [403, 'header_missing']);
  }
  assert.equal((await operator.sendByCookie('PUT', '/api/purchase/rates/krw', { body: { pointsPerUnit: '1' } })).status, 200);
});

check('the cookie is for this site and no script', async () => {
  const answer = await server.request('POST', '/api/session', { body: server.sandbox.operator });
  const [cookie] = answer.headers['set-cookie'];
  assert.match(cookie, /^jangbu_console=[0-9a-f]{160}; Path=\/api; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  assert.equal(answer.headers['cache-control'], 'no-store');
  // A form of another site can send this without being asked; it signs nobody in.
  const form = await server.request('POST', '/api/session', {
    headers: { Origin: 'https://elsewhere.example', 'Content-Type': 'text/plain' }, body: JSON.stringify(server.sandbox.operator),
  });
  assert.deepEqual([form.status, form.headers['set-cookie']], [400, undefined]);
});

check('a page of another site moves nothing of the sandbox', async () => {
  const form = (where, body) => server.request('POST', where, { headers: { Origin: 'https://elsewhere.example', 'Content-Type': 'text/plain' }, body });
  const { now } = (await server.request('GET', '/sandbox/clock')).json();
  for (const where of ['/sandbox/clock', '/sandbox/orders/HUBPAY-1/pay', '/sandbox/invoices/1/pay']) {
    assert.equal((await form(where, JSON.stringify({ advance: '30d' }))).status, 400, where);
  }
  const after = (await server.request('GET', '/sandbox/clock')).json().now;
  assert.ok(Date.parse(after) - Date.parse(now) < 86_400_000, `${now} ${after}`);
  assert.equal((await server.request('POST', '/sandbox/clock', { headers: { Origin: server.baseUrl ?? 'http://localhost' }, body: { advance: '1s' } })).status, 200, 'JSON, which other sites may not send');
});

check('answers are kept by nobody, and are what they say', async () => {
  const { owner } = people;
  for (const where of ['/api/overview', '/api/hub/orders', '/api/deliveries', '/api/ledger/accounts', '/api/operators', '/api/session', '/api/nothing']) {
    const { headers } = await owner.send('GET', where);
    assert.deepEqual([headers['cache-control'], headers['x-content-type-options']], ['no-store', 'nosniff'], where);
  }
  const { headers } = await server.request('GET', '/partner/api/me');
  assert.deepEqual([headers['cache-control'], headers['x-content-type-options']], ['no-store', 'nosniff']);
  assert.equal((await server.request('GET', '/healthz')).headers['cache-control'], undefined);
});

check('a password that everybody tries first is none', async () => {
  for (const password of ['1234567890', 'Password123!', '1q2w3e4r5t']) {
    const answer = await people.owner.send('POST', '/api/operators', { email: 'easy@example.com', role: 'auditor', password });
    assert.deepEqual([answer.status, answer.json().error.message], [400, 'password must not be one of those that everybody tries first']);
  }
});

check('a name that deceives is refused', async () => {
  for (const name of ['Kim\u202eGana', 'Kim\nGana', 'Kim\u0000']) {
    for (const [method, where] of [['POST', '/api/operators'], ['PUT', `/api/operators/${people.auditor.id}`]]) {
      const answer = await people.owner.send(method, where, { email: 'deceiver@example.com', role: 'auditor', name });
      assert.deepEqual([answer.status, answer.json().error.code], [400, 'invalid_parameters'], JSON.stringify(name));
    }
  }
});

check('a token that was changed opens nothing', async () => {
  const { token } = people.auditor;
  for (const wrong of [token.slice(1), `${token}0`, token.replace(/.$/, (last) => (last === '0' ? '1' : '0')), token.toUpperCase(), '']) {
    assert.equal((await server.request('GET', '/api/session', { headers: { Authorization: `Bearer ${wrong}` } })).status, 401);
  }
});

check('signing out ends that session and no other', async () => {
  const one = await Operator.of(server, 'auditor');
  const other = await Operator.signIn(server, one);
  const left = await one.send('DELETE', '/api/session');
  assert.equal(left.status, 200, left.text);
  assert.match(left.headers['set-cookie'][0], /^jangbu_console=; Path=\/api; Max-Age=0/);
  assert.equal((await one.send('GET', '/api/session')).status, 401);
  assert.equal((await one.sendByCookie('GET', '/api/session')).status, 401);
  assert.equal((await other.send('GET', '/api/session')).status, 200);
});

check('another password ends every session but the one that it opens', async () => {
  const one = await Operator.of(server, 'operator');
  const other = await Operator.signIn(server, one);
  const put = (body) => one.send('PUT', '/api/session/password', body);
  for (const [body, message] of [
    [{ current: 'wrong', password: 'chestnut-42-Harbor' }, /current is not your password/],
    [{ current: one.password, password: 'short' }, /at least 10 characters/],
    [{ current: one.password, password: 'aaaaaaaaaaaa' }, /different/],
    [{ current: one.password, password: `x-${one.email}` }, /must not contain/],
    [{ current: one.password }, /password must be a text/],
  ]) {
    const refused = await put(body);
    assert.equal(refused.status, 400, refused.text);
    assert.match(refused.json().error.message, message);
  }
  assert.equal((await other.send('GET', '/api/session')).status, 200);
  const changed = await put({ current: one.password, password: 'chestnut-42-Harbor' });
  assert.equal(changed.status, 200, changed.text);
  for (const ended of [one, other]) assert.equal((await ended.send('GET', '/api/session')).status, 401);
  const headers = { Authorization: `Bearer ${changed.json().token}` };
  assert.equal((await server.request('GET', '/api/session', { headers })).status, 200);
  const old = await server.request('POST', '/api/session', { body: { email: one.email, password: one.password } });
  assert.equal(old.status, 401);
});

check('a disabled account is out at once, and comes back without its sessions', async () => {
  const one = await Operator.of(server, 'operator');
  const set = (status) => people.owner.send('PUT', `/api/operators/${one.id}`, { status });
  assert.equal((await set('DISABLED')).json().status, 'DISABLED');
  assert.equal((await one.send('GET', '/api/session')).status, 401);
  assert.equal((await server.request('POST', '/api/session', { body: one && { email: one.email, password: one.password } })).status, 401);
  assert.equal((await set('ACTIVE')).status, 200);
  assert.equal((await one.send('GET', '/api/session')).status, 401, 'what was ended stays ended');
  await Operator.signIn(server, one);
});

check('another role counts at once', async () => {
  const one = await Operator.of(server, 'auditor');
  const act = () => one.send('PUT', '/api/purchase/rates/krw', { pointsPerUnit: '1' });
  assert.equal((await act()).status, 403);
  await people.owner.send('PUT', `/api/operators/${one.id}`, { role: 'operator' });
  assert.equal((await act()).status, 200);
});

check('an address has one account, in any case', async () => {
  const twice = await local(server, 'POST', '/api/operators', { email: people.owner.email.toUpperCase(), role: 'auditor' });
  assert.deepEqual([twice.status, twice.json().error.code], [409, 'already_exists']);
});

check('what was done is told, and no secret is', async () => {
  const one = await Operator.of(server, 'owner');
  const code = `site-${Date.now()}`;
  const issued = (await one.send('POST', '/api/hub/apps', { code, scope: 'sales' })).json();
  await one.send('PUT', `/api/hub/apps/${code}`, { status: 'SUSPENDED' });
  await one.send('POST', '/api/hub/apps', { code, scope: 'sales' });
  await one.send('GET', '/api/payouts.csv?month=202605');
  await one.send('GET', '/api/payouts?month=202605');
  await one.send('PUT', '/api/session/password', { current: one.password, password: 'chestnut-42-Harbor' });
  const { actions } = await people.auditor.get(`/api/audit?actor=${encodeURIComponent(one.email)}`);
  assert.deepEqual(actions.map(({ method, path: where, document, status, address, actor }) => [method, where, document, status, address, actor.email]).reverse(), [
    ['POST', '/api/session', '', 200, '127.0.0.1', one.email],
    ['POST', '/api/hub/apps', '', 201, '127.0.0.1', one.email],
    ['PUT', `/api/hub/apps/${code}`, code, 200, '127.0.0.1', one.email],
    ['POST', '/api/hub/apps', '', 409, '127.0.0.1', one.email],
    ['GET', '/api/payouts.csv', '', 200, '127.0.0.1', one.email],
    ['PUT', '/api/session/password', '', 200, '127.0.0.1', one.email],
  ]);
  const { actions: byLocal } = await people.auditor.get('/api/audit?actor=0&q=operators');
  assert.ok(byLocal.length > 0 && byLocal.every(({ actor }) => actor.id === '0' && actor.email === null));
  const kept = fs.readFileSync(path.join(server.directory, 'jangbu.db')).toString('latin1') + readIfThere(path.join(server.directory, 'jangbu.db-wal'));
  for (const secret of [issued.shared_secret, one.password, 'chestnut-42-Harbor', one.token])
    assert.equal(kept.includes(secret), false, 'a secret stands in the database');
  assert.equal(server.log.includes(one.password), false);
});

const readIfThere = (file) => (fs.existsSync(file) ? fs.readFileSync(file).toString('latin1') : '');

check('the action stands in the chain before the change', async () => {
  const { record: before } = await people.owner.get('/api/ledger/status');
  await people.owner.send('PUT', '/api/purchase/rates/krw', { pointsPerUnit: '1' });
  const kinds = [];
  for (let number = before + 1; number <= before + 3; number++) kinds.push((await people.owner.get(`/api/ledger/explain?entry=${number}`)).path[0].kind);
  assert.deepEqual(kinds, ['console.action', 'purchase.rate_set', 'console.action_ended']);
});

check('sign-ins are counted and logged, and nothing secret with them', async () => {
  const other = await Server.start({ args: ['--trusted-proxy', '127.0.0.1'] });
  try {
    const { email, password } = other.sandbox.operator;
    const attempt = (address, body) => other.request('POST', '/api/session', { headers: { 'X-Forwarded-For': address }, body });
    assert.equal((await attempt('192.0.2.1', { email, password })).status, 200);
    assert.equal((await attempt('2001:db8:1:2::3', { email, password: 'wrong-Secret-1' })).status, 401);
    assert.equal((await attempt('192.0.2.2', { email: 'typed-Secret-2', password: 'wrong-Secret-1' })).status, 401);
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push((await attempt('192.0.2.3', { email, password: 'wrong-Secret-1' })).status);
    assert.deepEqual(statuses, [...Array(10).fill(401), 429, 429]);
    const metrics = (await other.request('GET', '/metrics')).text;
    for (const [outcome, count] of [['signed_in', 1], ['refused', 12], ['limited', 2]])
      assert.match(metrics, new RegExp(`^jangbu_sign_ins_total\\{door="console",outcome="${outcome}"\\} ${count}$`, 'm'));
    assert.match(metrics, /^jangbu_sign_ins_total\{door="portal",outcome="signed_in"\} 0$/m);
    const lines = other.log.split('\n').filter((line) => / console: /.test(line)).map((line) => line.replace(/^\S+ | trace_id=[0-9a-f]{32}$/g, ''));
    assert.deepEqual(lines, [
      `info console: ${email} signed in from 192.0.2.1`,
      `warning console: a sign-in of ${email} from 2001:db8:1:2::/64 was refused`,
      'warning console: a sign-in of nobody known from 192.0.2.2 was refused',
      ...Array(10).fill(`warning console: a sign-in of ${email} from 192.0.2.3 was refused`),
      'warning console: too many sign-ins are tried from 192.0.2.3',
    ]);
    assert.doesNotMatch(other.log, /Secret/);
  } finally {
    await other.stop();
  }
});

check('too many tries, of an address and of an account', async () => {
  const other = await Server.start({ args: ['--trusted-proxy', '127.0.0.1'] });
  try {
    const attempt = (address, email) => other.request('POST', '/api/session', { headers: { 'X-Forwarded-For': address }, body: { email, password: 'wrong' } });
    for (let i = 0; i < 20; i++) assert.equal((await attempt('192.0.2.1', `a${i}@example.com`)).status, 401);
    const refused = await attempt('192.0.2.1', 'b@example.com');
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '60']);
    for (let i = 0; i < 10; i++) assert.equal((await attempt('192.0.2.2', 'c@example.com')).status, 401);
    assert.equal((await attempt('192.0.2.2', 'C@example.com')).status, 429);
    assert.equal((await attempt('192.0.2.2', 'd@example.com')).status, 401);
    assert.equal((await attempt('192.0.2.3', 'c@example.com')).status, 401, 'nobody locks an account for other addresses alone');
  } finally {
    await other.stop();
  }
});

check('addresses of one IPv6 network try as one', async () => {
  const other = await Server.start({ args: ['--trusted-proxy', '127.0.0.1'] });
  try {
    const attempt = (address, email) => other.request('POST', '/api/session', { headers: { 'X-Forwarded-For': address }, body: { email, password: 'wrong' } });
    for (let i = 0; i < 20; i++) assert.equal((await attempt(`2001:db8:1:2::${i}`, `a${i}@example.com`)).status, 401);
    assert.equal((await attempt('2001:db8:1:2:ffff::1', 'b@example.com')).status, 429);
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, i) => attempt(`2001:db8:1:3::${i}`, `c${i}@example.com`)));
    const statuses = crowd.map(({ status }) => status);
    assert.ok(statuses.includes(503) && statuses.filter((status) => status === 401).length >= 4, `a few wait for their check: ${statuses}`);
    assert.ok(statuses.every((status) => status === 401 || status === 503), `${statuses}`);
    const left = 20 - statuses.filter((status) => status === 401).length;
    for (let i = 0; i < left; i++) assert.equal((await attempt(`2001:db8:1:3::${i}`, `d${i}@example.com`)).status, 401, 'what was not checked does not count');
    assert.equal((await attempt('2001:db8:1:3::1', 'e@example.com')).status, 429);
  } finally {
    await other.stop();
  }
});

check('guesses of others keep no owner out', async () => {
  const other = await Server.start({ args: ['--trusted-proxy', '127.0.0.1'] });
  try {
    const owner = await Operator.of(other, 'owner');
    const attempt = (address, password) => other.request('POST', '/api/session', { headers: { 'X-Forwarded-For': address }, body: { email: owner.email, password } });
    assert.equal((await attempt('192.0.2.1', owner.password)).status, 200);
    for (let i = 0; i < 100; i++) assert.equal((await attempt(`198.51.100.${i}`, 'wrong')).status, 401, i);
    const locked = await attempt('192.0.2.2', owner.password);
    assert.deepEqual([locked.status, locked.headers['retry-after']], [429, '3600']);
    assert.equal((await attempt('192.0.2.1', owner.password)).status, 200, 'from where it was signed in before');
    const changed = await owner.send('PUT', '/api/session/password', { current: owner.password, password: 'walnut-and-birch-7' });
    assert.equal(changed.status, 200, changed.text);
  } finally {
    await other.stop();
  }
});

check('sign-ins and sign-outs are told, and guessing fills no log', async () => {
  const other = await Server.start({ args: ['--trusted-proxy', '127.0.0.1'] });
  try {
    const owner = await Operator.of(other, 'owner');
    const one = await Operator.of(other, 'auditor');
    const attempt = (email, password, address) => other.request('POST', '/api/session', { headers: { 'X-Forwarded-For': address }, body: { email, password } });
    assert.equal((await attempt(one.email.toUpperCase(), one.password, '192.0.2.7')).status, 200);
    await one.send('DELETE', '/api/session');
    const guesses = [];
    for (let i = 0; i < 20; i++) guesses.push((await attempt(one.email, `guess ${i}`, '192.0.2.100')).status);
    assert.deepEqual([guesses.filter((status) => status === 401).length, guesses.filter((status) => status === 429).length], [10, 10]);
    for (let i = 0; i < 20; i++) assert.equal((await attempt(`nobody${i}@example.com`, 'guess', `192.0.2.${200 + i}`)).status, 401);
    const lines = (actor) => owner.get(`/api/audit?q=/api/session&limit=100&actor=${encodeURIComponent(actor)}`);
    const told = async (actor) => (await lines(actor)).actions.map(({ method, path: where, status, address }) => [method, where, status, address]).reverse();
    assert.deepEqual(await told(one.email), [
      ['POST', '/api/session', 200, '127.0.0.1'],
      ['POST', '/api/session', 200, '192.0.2.7'],
      ['DELETE', '/api/session', 200, '127.0.0.1'],
      ['POST', '/api/session', 401, '192.0.2.100'],
      ['POST', '/api/session', 429, '192.0.2.100'],
    ]);
    assert.deepEqual(await told('0'), [['POST', '/api/session', 401, '192.0.2.200']]);
    const { actions: [line] } = await lines('0');
    assert.deepEqual(line.actor, { id: '0', email: null });
    assert.equal((await owner.get(`/api/ledger/explain?entry=${line.number}`)).path[0].kind, 'console.sign_in');
    const kept = fs.readFileSync(path.join(other.directory, 'jangbu.db')).toString('latin1') + readIfThere(path.join(other.directory, 'jangbu.db-wal'));
    assert.equal(kept.includes('nobody0@example.com'), false, 'what was typed stands in the database');
  } finally {
    await other.stop();
  }
  await assertVerifies(other.directory);
});

check('the command line makes accounts', async () => {
  const cli = async (...args) => {
    const { code, stdout, stderr } = await run('operator', ...args, '--data', server.directory);
    return { code, out: stdout.trim() === '' ? null : JSON.parse(stdout), stderr };
  };
  const made = await cli('add', '--email', 'First@example.com', '--role', 'owner', '--name', '김소유');
  assert.deepEqual([made.code, made.out.email, made.out.role, made.out.name], [0, 'first@example.com', 'owner', '김소유']);
  await Operator.signIn(server, made.out);
  const typed = execFileSync(binary, ['operator', 'add', '--email', 'typed@example.com', '--role', 'auditor', '--password-stdin', '--data', server.directory], { input: 'chestnut-42-Harbor\n', encoding: 'utf8' });
  assert.equal(JSON.parse(typed).password, undefined);
  await Operator.signIn(server, { email: 'typed@example.com', password: 'chestnut-42-Harbor' });
  const renewed = await cli('password', '--email', 'typed@example.com');
  await Operator.signIn(server, renewed.out);
  assert.equal((await cli('role', '--email', 'typed@example.com', '--role', 'operator')).out.role, 'operator');
  assert.equal((await cli('disable', '--email', 'typed@example.com')).out.status, 'DISABLED');
  assert.equal((await cli('enable', '--email', 'typed@example.com')).out.status, 'ACTIVE');
  assert.ok((await cli('list')).out.operators.some(({ email }) => email === 'first@example.com'));
  assert.equal((await cli('disable', '--email', 'nobody@example.com')).code, 1);
});

check('sessions outlive a restart, and the book verifies', async () => {
  await server.restart();
  assert.equal((await people.auditor.send('GET', '/api/session')).status, 200);
  const { actions } = await people.auditor.get('/api/audit?limit=1');
  assert.equal(actions.length, 1);
  await server.stop();
  await assertVerifies(server.directory);
});
