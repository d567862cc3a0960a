// The reward API as an affiliate and the operator use it: asked for, approved, tried out, and every conversion told.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { freshId, lpinfoOf, makeAffiliate, makeMerchant, order, product, sent } from '../support/affiliate.mjs';
import { advance, guideClock, operate } from '../support/hub.mjs';
import { closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
before(async () => (server = await Server.start({ clock: guideClock })));
after(async () => {
  await closeReceivers();
  await server.stop();
  await assertVerifies(server.directory);
});
const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

const clickedAt = new Date(Date.parse(guideClock) - 60_000);
/** An affiliate with its key, as it calls its own routes. */
class Site {
  constructor(affiliate) {
    this.id = affiliate.affiliate_id;
    this.key = affiliate.auth_key;
  }

  static async make(changes) {
    return new Site(await makeAffiliate(server, changes));
  }

  send(method, path, body, key = this.key) {
    return server.request(method, `/api/affiliates/${this.id}${path}`, { headers: { Authorization: `Bearer ${key}` }, body });
  }

  async sent(method, path, body) {
    const answer = await this.send(method, path, body);
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
    return answer.json();
  }

  lpinfo() {
    return lpinfoOf(this.id, clickedAt);
  }

  office(method, path, body) {
    return operate(server, method, `/api/affiliates/${this.id}${path}`, body);
  }

  /** Approved, with this receiver. */
  async approved(receiver, changes = {}) {
    await this.sent('PUT', '/reward-api', { postback_url: receiver.url('/reward'), ...changes });
    const answer = await this.office('PUT', '/reward-api', { status: 'APPROVED' });
    assert.equal(answer.status, 200, answer.text);
    return this;
  }
}

const seedMembers = ['day', 'time', 'merchant_id', 'order_code', 'product_code', 'product_name', 'category_code', 'item_count', 'price',
  'commision', 'affiliate_id', 'affiliate_user_id', 'trlog_id', 'base_commission', 'incentive_commission'];

check('an affiliate asks, the operator approves, and what comes then is told', async () => {
  const merchant = await makeMerchant(server);
  const receiver = await Receiver.start();
  const site = await Site.make();
  assert.deepEqual(await site.sent('GET', '/reward-api'),
    { affiliate_id: site.id, status: 'NONE', postback_url: null, uniq_id: false, approved_at: null });
  const asked = await site.sent('PUT', '/reward-api', { postback_url: receiver.url('/reward'), status: 'REQUESTED' });
  assert.equal(asked.status, 'REQUESTED');
  const self = await site.send('PUT', '/reward-api', { status: 'APPROVED' });
  assert.equal(self.status, 400, 'it does not approve itself');

  await sent(server, order(merchant.merchant_id, site.lpinfo()));
  const approved = await site.office('PUT', '/reward-api', { status: 'APPROVED' });
  assert.equal(approved.json().status, 'APPROVED');
  assert.notEqual(approved.json().approved_at, null);

  const body = order(merchant.merchant_id, site.lpinfo(), {
    products: [product('p1', { product_name: `한글 상품 ${'가'.repeat(400)}`, quantity: 2 }), product('p2', { product_final_price: 5000 })],
  });
  const items = await sent(server, body);
  const requests = await eventually('two postbacks', () => (receiver.requests.length >= 2 ? receiver.requests : undefined));
  assert.equal(requests.length, 2, 'nothing of what came before the approval');
  for (const [i, item] of items.entries()) {
    const request = requests.find(({ json }) => json.trlog_id === item.trlog_id);
    assert.ok(request, `no postback of ${item.product_code}`);
    assert.equal(request.method, 'POST');
    assert.equal(request.path, '/reward');
    assert.match(request.headers['content-type'], /^application\/json/);
    assert.deepEqual(Object.keys(request.json), seedMembers, 'the order of the contract');
    const { product_final_price: price, quantity } = body.products[i];
    assert.deepEqual({ ...request.json, product_name: undefined }, {
      day: '20260525', time: request.json.time, merchant_id: merchant.merchant_id, order_code: body.order.order_id, product_code: item.product_code,
      product_name: undefined, category_code: 'c1', item_count: quantity, price, commision: price * 0.09, affiliate_id: site.id,
      affiliate_user_id: '', trlog_id: item.trlog_id, base_commission: '8%', incentive_commission: '1%',
    });
    assert.match(request.json.time, /^\d{6}$/);
    assert.equal(request.json.product_name, encodeURIComponent([...body.products[i].product_name].slice(0, 300).join('')));
  }
  await sent(server, body);
  await site.office('PUT', '/reward-api', { status: 'REJECTED' });
  await sent(server, order(merchant.merchant_id, site.lpinfo()));
  await advance(server, '1h');
  assert.equal(receiver.requests.length, 2, 'a repeated order is told once, and a refused receiver hears nothing');
});

check('uniq_id groups a purchase, for those who want it', async () => {
  const merchant = await makeMerchant(server);
  const receiver = await Receiver.start();
  const site = await (await Site.make()).approved(receiver, { uniq_id: true });
  await sent(server, order(merchant.merchant_id, site.lpinfo(), { products: [product('p1'), product('p2')] }));
  await sent(server, order(merchant.merchant_id, site.lpinfo()));
  const told = await eventually('three postbacks', () => (receiver.requests.length >= 3 ? receiver.requests.map(({ json }) => json) : undefined));
  for (const json of told) assert.match(json.uniq_id, /^[0-9a-f]{13}$/);
  assert.equal(new Set(told.map(({ uniq_id: id }) => id)).size, 2);
});

check('an unsafe URL is refused when it is set', async () => {
  const site = await Site.make();
  for (const url of ['ftp://blog.example/', 'https://user:pass@blog.example/', 'https://10.0.0.1/', 'https://169.254.169.254/latest',
    'https://[::ffff:10.0.0.1]/', 'https://2130706433.example:99999/', 'https://192.168.1.1/', 'not a url', 'https://blog.example/#fragment',
    `https://blog.example/${'a'.repeat(2000)}`]) {
    const answer = await site.send('PUT', '/reward-api', { postback_url: url });
    assert.equal(answer.status, 400, `${url}: ${answer.text}`);
    assert.equal(answer.json().error.code, 'invalid_parameters');
  }
  assert.equal((await site.sent('GET', '/reward-api')).status, 'NONE', 'nothing was stored');
  for (const body of [{ status: 'YES' }, { status: 'NONE' }, { uniq_id: 'yes' }, { status: 'REQUESTED' }, '{'])
    assert.equal((await site.send('PUT', '/reward-api', body)).status, 400, JSON.stringify(body));
});

check('nobody sees or changes what is another affiliate\'s', async () => {
  const [site, other] = [await Site.make(), await Site.make()];
  for (const [method, path] of [['GET', '/reward-api'], ['PUT', '/reward-api'], ['POST', '/reward-api/test'], ['GET', '/deliveries'],
    ['POST', '/deliveries/resend'], ['GET', '/statements'], ['GET', '/clicks'], ['GET', '/clicks/daily?month=202605'],
    ['GET', '/merchants'], ['GET', '/link?merchant_id=sandshop'], ['GET', '/promos'], ['GET', '/bank-account'], ['PUT', '/bank-account']]) {
    for (const key of [other.key, '', 'x'.repeat(32), site.key.toUpperCase()])
      assert.equal((await site.send(method, path, {}, key)).status, 401, `${method} ${path} with ${key}`);
  }
  assert.equal((await operate(server, 'GET', '/api/affiliates/A199999999/reward-api')).status, 404);
});

check('the test button sends one fixed sample and shows the answer', async () => {
  const receiver = await Receiver.start((_, response) => receiver.say(response, 418, {}, 'no coffee'));
  const site = await Site.make();
  assert.equal((await site.send('POST', '/reward-api/test')).status, 400, 'there is no URL');
  await site.sent('PUT', '/reward-api', { postback_url: receiver.url('/reward') });
  const refused = await site.sent('POST', '/reward-api/test');
  assert.deepEqual({ ...refused, delivery: 0, duration_ms: 0 },
    { delivery: 0, delivered: false, tried: true, status: 418, duration_ms: 0, error: 'status 418', answer: 'no coffee' });
  receiver.answer = (_, response) => receiver.say(response, 202, {}, 'ok');
  const taken = await site.sent('POST', '/reward-api/test');
  assert.deepEqual([taken.delivered, taken.status, taken.answer, taken.error], [true, 202, 'ok', null]);
  assert.equal(receiver.requests.length, 2, 'each was tried once');
  assert.deepEqual(receiver.requests[0].json, receiver.requests[1].json, 'one fixed sample');
  assert.deepEqual(Object.keys(receiver.requests[0].json), seedMembers);
  assert.equal(receiver.requests[0].json.trlog_id, 0, 'no conversion\'s');
  await advance(server, '1h');
  assert.equal(receiver.requests.length, 2, 'a test is not tried again');
});

check('the log can be searched, and what failed is sent again', async () => {
  const merchants = [await makeMerchant(server), await makeMerchant(server)];
  const receiver = await Receiver.start((_, response) => receiver.say(response, 500, {}, 'broken'));
  const site = await (await Site.make()).approved(receiver);
  const stranger = await (await Site.make()).approved(await Receiver.start());
  await sent(server, order(merchants[0].merchant_id, stranger.lpinfo()));
  const bodies = merchants.map(({ merchant_id: id }) => order(id, site.lpinfo()));
  for (const body of bodies) await sent(server, body);
  const failed = await eventually('both are given up', async () => {
    const { deliveries } = await site.sent('GET', '/deliveries?status=failed');
    if (deliveries.length === 2) return deliveries;
    await advance(server, '6h');
    return undefined;
  }, 40_000);
  for (const row of failed) {
    assert.equal(row.kind, 'reward');
    assert.equal(row.destination, `reward:${site.id}`);
    assert.equal(row.attempts, 10);
    assert.equal(row.last_status, 500);
  }
  const count = async (query) => (await site.sent('GET', `/deliveries?${query}`)).deliveries.length;
  assert.equal(await count(`merchant=${merchants[0].merchant_id}`), 1);
  assert.equal(await count(`order_code=${bodies[1].order.order_id}`), 1);
  assert.equal(await count(`u_id=nobody`), 0);
  assert.equal(await count('status=delivered'), 0);
  assert.equal(await count('from=2026-05-25T00:00:00%2B09:00&to=2026-05-26T00:00:00%2B09:00'), 2);
  assert.equal(await count('to=2026-05-25T00:00:00%2B09:00'), 0);
  const bySite = await operate(server, 'GET', `/api/deliveries?site=${site.id}&status=failed`);
  assert.equal(bySite.json().deliveries.length, 2);

  const one = await site.sent('GET', `/deliveries/${failed[0].id}`);
  assert.equal(one.log.length, 10);
  assert.equal(one.log[0].answer, 'broken');
  assert.equal(JSON.parse(one.payload.body).trlog_id, receiver.requests.find(({ json }) => one.document === `trlog:${json.trlog_id}`).json.trlog_id);
  assert.equal((await stranger.send('GET', `/deliveries/${failed[0].id}`)).status, 404, 'a stranger does not see it');
  assert.equal((await stranger.send('POST', `/deliveries/${failed[0].id}/resend`)).status, 404, 'nor send it again');

  receiver.answer = (_, response) => receiver.say(response, 200);
  const again = await site.sent('POST', `/deliveries/${failed[0].id}/resend`);
  assert.equal(again.resent, 1);
  assert.match(again.warning, /twice/);
  const rest = await site.sent('POST', '/deliveries/resend', { filter: {} });
  assert.equal(rest.resent, 1, 'the one that still has failed');
  await eventually('both are delivered', async () => ((await count('status=delivered')) === 2 ? true : undefined));
  const delivered = receiver.requests.filter(({ status }) => status === 200);
  for (const request of delivered) {
    const earlier = receiver.requests.find(({ json, status }) => status === 500 && json.trlog_id === request.json.trlog_id);
    assert.equal(request.id, earlier.id, 'under the same id');
    assert.equal(request.text, earlier.text, 'and with the same bytes');
  }
  const anew = await site.sent('POST', `/deliveries/${failed[0].id}/resend`);
  assert.equal(anew.resent, 1, 'what was delivered can be sent again, too');
});

check('the test button may be pressed five times a minute, by each affiliate', async () => {
  const receiver = await Receiver.start();
  const [site, other] = [await (await Site.make()).approved(receiver), await (await Site.make()).approved(receiver)];
  for (let i = 0; i < 5; i++) await site.sent('POST', '/reward-api/test');
  const refused = await site.send('POST', '/reward-api/test');
  assert.deepEqual([refused.status, refused.headers['retry-after'], refused.json().error.code], [429, '60', 'overloaded']);
  assert.equal((await site.office('POST', '/reward-api/test')).status, 429, 'whoever presses it');
  const { deliveries: tests } = await site.sent('GET', '/deliveries');
  const again = await site.send('POST', `/deliveries/${tests[0].id}/resend`);
  assert.deepEqual([again.status, again.json().error.message], [409, 'a test is not sent again: make another one']);
  assert.equal((await site.sent('POST', '/deliveries/resend', { filter: { status: 'delivered' } })).resent, 0, 'nor with others');
  assert.equal(receiver.requests.length, 5);
  assert.equal((await other.sent('POST', '/reward-api/test')).delivered, true);
});

check('a receiver that is refused hears nothing more, not even what waits to be tried again', async () => {
  const merchant = await makeMerchant(server);
  const receiver = await Receiver.start((_, response) => receiver.say(response, 500));
  const site = await (await Site.make()).approved(receiver);
  await sent(server, order(merchant.merchant_id, site.lpinfo()));
  await eventually('it has failed once', async () => ((await site.sent('GET', '/deliveries')).deliveries[0].attempts === 1 ? true : undefined));
  await site.office('PUT', '/reward-api', { status: 'REJECTED' });
  const reason = `not sent: the rewards of ${site.id} are not approved`;
  const over = () => eventually('it ends', async () => {
    const { deliveries: [row] } = await site.sent('GET', '/deliveries');
    if (row.status === 'failed') return row;
    await advance(server, '1h');
    return undefined;
  });
  const ended = await over();
  assert.deepEqual([ended.attempts, ended.last_status, ended.last_error], [2, null, reason]);
  const { log: [last, first] } = await site.sent('GET', `/deliveries/${ended.id}`);
  assert.deepEqual([first.error, last.error, last.answer], ['status 500', reason, '']);
  receiver.answer = (_, response) => receiver.say(response, 200);
  const resend = () => site.sent('POST', `/deliveries/${ended.id}/resend`);
  await resend();
  assert.equal((await over()).last_error, reason, 'without an approval it ends at once');
  assert.equal(receiver.requests.length, 1);
  assert.equal((await site.sent('POST', '/reward-api/test')).delivered, true, 'a test is no reward');
  await site.office('PUT', '/reward-api', { status: 'APPROVED' });
  await resend();
  await eventually('it is delivered', async () => ((await site.sent('GET', '/deliveries')).deliveries.some(({ id, status }) => id === ended.id && status === 'delivered') ? true : undefined));
  assert.equal(receiver.requests.length, 3);
});

check('a hostile receiver holds up nobody else', async () => {
  const merchant = await makeMerchant(server);
  const hostile = {
    hangs: () => {},
    drips: (_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(drip));
    },
    floods: (_, response) => {
      response.writeHead(500);
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const pump = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pump);
      pump();
    },
    bombs: (_, response) => response.writeHead(500, { 'Content-Encoding': 'gzip' }).end(Buffer.from('1f8b0800000000000003', 'hex')),
    redirects: (_, response) => response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data' }).end(),
  };
  const sites = {};
  for (const [name, answer] of Object.entries(hostile)) sites[name] = await (await Site.make()).approved(await Receiver.start(answer));
  const healthy = await Receiver.start();
  const good = await (await Site.make()).approved(healthy);
  for (const site of Object.values(sites)) await sent(server, order(merchant.merchant_id, site.lpinfo()));
  const began = Date.now();
  await sent(server, order(merchant.merchant_id, good.lpinfo()));
  await eventually('the healthy one is told', () => (healthy.requests.length === 1 ? true : undefined), 5_000);
  assert.ok(Date.now() - began < 5_000, 'while the others are still at it');
  for (const name of ['floods', 'bombs', 'redirects']) {
    const row = await eventually(`${name} has failed once`, async () => {
      const { deliveries: [delivery] } = await sites[name].sent('GET', '/deliveries');
      return delivery.attempts > 0 ? delivery : undefined;
    });
    assert.equal(row.status, 'pending', name);
    const { log } = await sites[name].sent('GET', `/deliveries/${row.id}`);
    assert.ok(log[0].answer.length <= 1024, name);
  }
  for (const name of ['hangs', 'drips']) {
    const row = await eventually(`${name} was given ten seconds`, async () => {
      const { deliveries: [delivery] } = await sites[name].sent('GET', '/deliveries');
      return delivery.attempts > 0 ? delivery : undefined;
    }, 20_000);
    assert.match(row.last_error, /imed out/, name);
  }
});
