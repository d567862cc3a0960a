// `jangbu demo`: every list of every door has rows after it, a second run changes nothing, and one that was interrupted goes on.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { App, operate } from '../support/hub.mjs';
import { Seller } from '../support/invoice.mjs';
import { Operator } from '../support/operator.mjs';
import { Manager } from '../support/portal.mjs';
import { assertVerifies, run, Server, temporaryDirectory } from '../support/server.mjs';

let server;
before(async () => (server = await Server.start()));
after(async () => {
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});
const check = (name, body) => test(name, { timeout: 180_000 }, Server.logged(() => server, body));

async function demo() {
  const { code, stdout, stderr } = await run('demo', server.directory);
  assert.equal(code, 0, stderr);
  return { ...JSON.parse(stdout), stderr };
}

/** Each list with its rows: [name, caller, path, member]. */
const lists = () => {
  const [sales, seller] = [App.sales(server), new Seller(server)];
  const office = { get: (at) => operate(server, 'GET', at) };
  const shop = (key) => ({ get: (at) => server.request('GET', at, { headers: { Authorization: key } }) });
  const { access_key: open, closed } = server.sandbox.purchase;
  return [
    ['orders', sales, '/v1/pay/orders?page_size=100', 'orders'], ['all orders', office, '/api/hub/orders', 'orders'],
    ['campaigns', sales, '/v1/external/pybk/campaigns?page_size=100', 'campaigns'],
    ['invoices', seller, '/v1/invoices?limit=100', 'list'], ['paid orders', seller, '/v1/orders?limit=100', 'list'],
    ['cancellations', seller, '/v1/order/cancel', 'list'], ['products', seller, '/v1/products?limit=100', 'list'],
    ['subscriptions', seller, '/v1/order_subscriptions?limit=100', 'list'], ['bills', seller, '/v1/order_subscription_bills?limit=100', 'list'],
    ['merchants', office, '/api/merchants?limit=500', 'merchants'], ['programmes', office, '/api/programs?limit=500', 'programs'],
    ['affiliates', office, '/api/affiliates?limit=500', 'affiliates'], ['promotions', office, '/api/affiliate/promos?limit=500', 'promos'],
    ['clicks', office, '/api/clicks?limit=100', 'clicks'], ['conversions', office, '/api/conversions?limit=500', 'conversions'],
    ['purchases', shop(open), '/v1/tx/purchase', 'items'], ['purchases of the other shop', shop(closed.access_key), '/v1/tx/purchase', 'items'],
    ['what customers of subscriptions ask for', seller, '/v1/order-subscription-requests?limit=100', 'list'],
    ['operators', office, '/api/operators', 'operators'],
    ['holders', office, '/api/purchase/holders', 'holders'],
    ['deliveries', office, '/api/deliveries?limit=100', 'deliveries'], ['accounts', office, '/api/ledger/accounts?limit=100', 'accounts'],
  ];
};

/** The rows of each list; the newest come first where there are more than a page. */
async function listed() {
  const found = {};
  for (const [name, caller, at, member] of lists()) {
    const answer = await caller.get(at);
    assert.equal(answer.status, 200, `${at}: ${answer.text}`);
    const rows = answer.json()[member] ?? answer.json().data?.[member];
    assert.ok(Array.isArray(rows) && rows.length > 0, `${name}: ${answer.text.slice(0, 300)}`);
    found[name] = name === 'deliveries' ? rows.map(({ id }) => id) : rows; // they may be under way
  }
  return found;
}

const states = (rows, member) => new Set(rows.map((row) => row[member]));

check('every list has rows, and everything is there in each of its states', async () => {
  const { scenes, passed_over: passedOver } = await demo();
  assert.ok(scenes > 200);
  assert.equal(passedOver, 0);
  await listed();
  const { orders } = await App.sales(server).expect(200, 'GET', '/v1/pay/orders?page_size=100');
  for (const state of ['CREATED', 'EXPIRED', 'PAID', 'CONSUMED', 'CANCELLED', 'REFUNDED']) assert.ok(states(orders, 'status').has(state), state);
  const seller = new Seller(server);
  const { list: invoices } = (await seller.get('/v1/invoices?limit=100')).json();
  for (const state of ['ready', 'paid', 'refunded', 'cancelled', 'expired']) assert.ok(states(invoices, 'status_name').has(state), state);
  assert.ok(invoices.some(({ status_name: state, refunded_price: part }) => state === 'paid' && part > 0), 'a part of one went back');
  const { list: contracts } = (await seller.get('/v1/order_subscriptions?limit=100')).json();
  assert.ok(states(contracts, 'status').has(-2), 'one rests');
  const { list: bills } = (await seller.get('/v1/order_subscription_bills?limit=100')).json();
  assert.ok(bills.some(({ failures }) => failures > 0), 'one was declined');
  const { conversions } = (await operate(server, 'GET', '/api/conversions?limit=500')).json();
  for (const state of [100, 200, 210, 300, 310]) assert.ok(states(conversions, 'status').has(state), `${state}`);
  assert.ok(states(conversions, 'source').has('promo'));
  const { payouts } = (await operate(server, 'GET', '/api/payouts')).json();
  for (const state of ['held', 'paid', 'failed']) assert.ok(states(payouts, 'status').has(state), state);
  const { statements } = (await operate(server, 'GET', '/api/statements/unpaid')).json();
  assert.ok(statements.length > 0);
});

check('`make run` begins the story so that it ends today', async () => {
  const { now } = (await server.request('GET', '/sandbox/clock')).json();
  const { start } = JSON.parse(fs.readFileSync(path.join(server.directory, 'demo.jsonl'), 'utf8').split('\n')[0]);
  const makefile = fs.readFileSync(new URL('../../Makefile', import.meta.url), 'utf8');
  assert.equal(Number(/^STORY_HOURS := (\d+)$/m.exec(makefile)[1]), Math.floor((Date.parse(now) - Date.parse(start)) / 3_600_000));
});

check('work of every kind waits on the console\'s first page', async () => {
  const { waiting } = (await operate(server, 'GET', '/api/overview')).json();
  for (const kind of ['hub.campaigns', 'hub.access_requests', 'invoice.cancels', 'invoice.changes', 'invoice.bills', 'affiliate.reward_requests', 'deliveries.failed'])
    assert.ok(waiting.some((each) => each.kind === kind && each.count > 0), `${kind}: ${JSON.stringify(waiting)}`);
});

check('whoever is named at its end signs in, with the sandbox\'s password, and finds something', async () => {
  const { password } = server.sandbox.operator;
  const { stderr } = await demo();
  const [manager, auditor] = ['mone@brand.example', 'auditor@sandbox.jangbu'];
  const told = { '/console': [server.sandbox.operator.email, auditor], '/partner': [manager], '/affiliate': [server.sandbox.affiliate.affiliate_id] };
  for (const [page, names] of Object.entries(told)) {
    const line = stderr.split('\n').find((each) => each.includes(`${server.baseUrl}${page} `));
    for (const name of names) {
      assert.ok(line?.includes(name), `${page}: ${stderr}`);
      for (const readme of ['README.md', 'README.ko.md']) {
        const text = fs.readFileSync(new URL(`../../${readme}`, import.meta.url), 'utf8');
        assert.ok(text.split('\n').some((each) => each.startsWith('|') && each.includes(`\`${page}\``) && each.includes(name)), `${readme} does not name ${name} of ${page}`);
      }
    }
  }
  const reader = await Operator.signIn(server, { email: auditor, password });
  assert.ok((await reader.get('/api/overview')).waiting.length > 0);
  assert.equal((await reader.send('PUT', '/api/purchase/phones', {})).status, 403);
  const { operators } = await reader.get('/api/operators');
  assert.ok(operators.length > 1);

  const brand = new Manager(server);
  assert.equal((await brand.signIn(manager, password)).status, 200);
  assert.equal((await brand.get('/me')).companyName, '주식회사 모네');
  assert.ok((await brand.get('/campaigns')).campaigns.length > 1);
  assert.equal((await brand.get('/access-requests')).accessRequests.length, 1);
  assert.ok((await brand.get('/deposit')).history.length > 0);
});

/** The months since the story began, 202605 and so on. */
async function months() {
  const { now } = (await server.request('GET', '/sandbox/clock')).json();
  const [from, to] = [Date.parse(JSON.parse(fs.readFileSync(path.join(server.directory, 'demo.jsonl'), 'utf8').split('\n')[0]).start), Date.parse(now)];
  const found = new Set();
  for (let at = from; at <= to; at += 86_400_000) found.add(new Date(at + 9 * 3_600_000).toISOString().slice(0, 7).replace('-', ''));
  return [...found];
}

check('the site of sandbox.json has something on every part of its page', async () => {
  const { affiliate_id: id, auth_key: key } = server.sandbox.affiliate;
  const own = async (where) => {
    const answer = await server.request('GET', `/api/affiliates/${id}${where}`, { headers: { Authorization: `Bearer ${key}` } });
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  };
  const { status, postback_url: url } = await own('/reward-api');
  assert.deepEqual([status, url], ['APPROVED', `${server.baseUrl}/sandbox/webhooks`]);
  const { deliveries } = await own('/deliveries');
  assert.ok(deliveries.length > 3);
  assert.ok((await own('/bank-account')).bank);
  assert.ok((await operate(server, 'GET', `/api/clicks?affiliate_id=${id}`)).json().clicks.length > 3);
  const rows = [];
  for (const month of await months())
    rows.push(...(await server.request('GET', `/affiliate/translist.php?a_id=${id}&auth_key=${key}&yyyymmdd=${month}`)).json().order_list);
  assert.ok(rows.length > 3);
  assert.ok(states(rows, 'm_id').size > 1, 'for each merchant');
  const { statements } = await own('/statements');
  assert.ok(statements.length > 0);
});

check('a second run changes nothing', async () => {
  const first = await listed();
  assert.equal((await demo()).scenes, 0);
  assert.deepEqual(await listed(), first);
});

check('scenes that were played but not noted change nothing when they are played again', async () => {
  const first = await listed();
  const file = path.join(server.directory, 'demo.jsonl');
  const lines = fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
  // A click has no id of its own: whoever follows the link again has clicked again.
  const kept = lines.map((line) => line.includes('"clicks of')).lastIndexOf(true);
  assert.ok(lines.length - kept > 10);
  fs.writeFileSync(file, `${lines.slice(0, kept + 1).join('\n')}\n${lines[kept + 1].slice(0, 20)}`);
  assert.equal((await demo()).scenes, lines.length - 1 - kept);
  assert.deepEqual(await listed(), first);
});

check('it says where it stands without a server', async () => {
  const { code, stderr } = await run('demo', temporaryDirectory());
  assert.equal(code, 1);
  assert.match(stderr, /no server runs on/);
});
