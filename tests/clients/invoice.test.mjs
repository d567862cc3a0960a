// The invoice door as sellers' servers see it: keys and tokens, invoices, the price, payment, refunds, the catalogue.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { advance, operate } from '../support/hub.mjs';
import { assertError, basic, fresh, guideProduct, invoiceBody, issueSeller, objectId, Seller } from '../support/invoice.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
let seller;
before(async () => {
  server = await Server.start({ clock: '2026-05-25T10:00:00+09:00' });
  seller = new Seller(server);
});
after(async () => {
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});
const check = (name, body) => test(name, { timeout: 120_000 }, Server.logged(() => server, body));

// ---- keys and tokens -----------------------------------------------------------------------------------------------------

check('keys buy a token, the same one when asked again, and both are taken', async () => {
  const ask = (body, headers) => server.request('POST', '/v1/request/token', { body, headers });
  const keys = basic(seller.credentials);
  const first = (await ask({}, { Authorization: keys })).json();
  assert.deepEqual(Object.keys(first), ['access_token', 'expire_in', 'expired_at']);
  assert.ok(first.expire_in > 1790 && first.expire_in <= 1800, `${first.expire_in}`);
  for (const again of [await ask('', { Authorization: keys }), await ask(seller.credentials), await ask({}, { Authorization: keys })])
    assert.equal(again.json().access_token, first.access_token, again.text);
  for (const Authorization of [keys, `Bearer ${first.access_token}`])
    assert.equal((await server.request('GET', '/v1/invoices', { headers: { Authorization, 'BOOTPAY-ROLE': 'manager' } })).status, 200);

  await server.restart();
  const headers = { Authorization: `Bearer ${first.access_token}` };
  assert.equal((await server.request('GET', '/v1/invoices', { headers })).status, 200, 'a restart takes it');
});

check('nobody else gets in', async () => {
  const { client_key: client, secret_key: secret } = seller.credentials;
  const token = (await server.request('POST', '/v1/request/token', { headers: { Authorization: basic(seller.credentials) } })).json().access_token;
  const flipped = token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
  for (const [Authorization, code] of [
    [undefined, 'TOKEN_MISSING'],
    ['Basic', 'TOKEN_MALFORMED'],
    ['Digest x', 'TOKEN_MALFORMED'],
    ['Basic !!!', 'TOKEN_MALFORMED'],
    [`Basic ${Buffer.from('no colon').toString('base64')}`, 'TOKEN_MALFORMED'],
    [basic({ client_key: client, secret_key: 'guess' }), 'NOT_AUTHENTICATED'],
    [basic({ client_key: 'nobody', secret_key: secret }), 'NOT_AUTHENTICATED'],
    ['Bearer x', 'TOKEN_INVALID'],
    [`Bearer ${flipped}`, 'TOKEN_INVALID'],
  ]) {
    const headers = Authorization === undefined ? {} : { Authorization };
    assertError(await server.request('GET', '/v1/invoices', { headers }), 401, code);
    if (Authorization !== undefined && !Authorization.startsWith('Bearer'))
      assertError(await server.request('POST', '/v1/request/token', { headers, body: {} }), 401, code === 'TOKEN_MALFORMED' && !Authorization.startsWith('Basic ') ? 'NOT_AUTHENTICATED' : code);
  }
  const buysItself = await server.request('POST', '/v1/request/token', { headers: { Authorization: `Bearer ${token}` }, body: {} });
  assertError(buysItself, 401, 'NOT_AUTHENTICATED');
});

check('an app is suspended, given another key, and held to its rate', async () => {
  const app = await issueSeller(server, operate);
  const own = new Seller(server, app);
  const token = (await server.request('POST', '/v1/request/token', { headers: { Authorization: basic(app) } })).json().access_token;
  const bearer = { Authorization: `Bearer ${token}` };
  const change = (settings) => operate(server, 'PUT', `/api/invoice/apps/${app.client_key}`, settings);
  assert.equal((await change({ status: 'SUSPENDED' })).status, 200);
  assertError(await own.get('/v1/invoices'), 403, 'SERVICE_NOT_ALLOWED');
  assertError(await server.request('GET', '/v1/invoices', { headers: bearer }), 403, 'SERVICE_NOT_ALLOWED');
  assert.equal((await change({ status: 'ACTIVE' })).status, 200);
  assert.equal((await own.get('/v1/invoices')).status, 200);

  const renewed = (await operate(server, 'POST', `/api/invoice/apps/${app.client_key}/rotate`, { keep_old: '0s' })).json();
  assertError(await own.get('/v1/invoices'), 401, 'NOT_AUTHENTICATED');
  assertError(await server.request('GET', '/v1/invoices', { headers: bearer }), 401, 'TOKEN_INVALID');
  const now = new Seller(server, renewed);
  assert.equal((await now.get('/v1/invoices')).status, 200);

  assert.equal((await change({ rate: 1, burst: 3 })).status, 200);
  const answers = [];
  for (let i = 0; i < 6; i++) answers.push(await now.get('/v1/invoices'));
  const limited = answers.find(({ status }) => status === 429);
  assertError(limited, 429, 'RATE_LIMITED');
  assert.ok(Number(limited.headers['retry-after']) >= 1);
});

check('what has no handler is said in the same object', async () => {
  for (const [method, path, status, code] of [
    ['GET', '/v1/invoices/a/b/c', 404, 'NOT_FOUND'],
    ['PATCH', '/v1/invoices', 405, 'METHOD_NOT_ALLOWED'],
    ['DELETE', '/v1/orders', 405, 'METHOD_NOT_ALLOWED'],
  ])
    assertError(await seller.send(method, path), status, code);
  assertError(await seller.post('/v1/invoices', { name: 'x'.repeat(300_000) }), 413, 'BODY_TOO_LONG');
});

// ---- making invoices -----------------------------------------------------------------------------------------------------

check('the guide\'s 24 months', async () => {
  const invoice = await seller.invoice({ name: 'Pro 플랜', products: [guideProduct()], metadata: { quote: 'Q-17', n: 1.50 } });
  assert.match(invoice.invoice_id, objectId);
  assert.equal(invoice.status, 0);
  assert.equal(invoice.price, 10000);
  assert.equal(invoice.payment_price, 10000);
  assert.deepEqual(invoice.metadata, { quote: 'Q-17', n: 1.5 });
  assert.equal(invoice.payment_url.startsWith(`${server.baseUrl}/checkout/`), true);
  assert.deepEqual(invoice.billing_schedule.map(({ price }) => price), [10000, 9900, 9900, ...Array(21).fill(10000)]);
  assert.deepEqual(invoice.billing_schedule.map(({ month }) => month), Array.from({ length: 24 }, (_, i) => i + 1));
  assert.deepEqual(invoice.billing_schedule[0].lines.map(({ type, price }) => [type, price]),
    [['product', 10000], ['discount_percent', -500], ['setup_fee', 500]]);
  for (const { price, lines } of invoice.billing_schedule) assert.equal(lines.reduce((sum, line) => sum + line.price, 0), price);
});

check('the same request_id is the same invoice, or a conflict', async () => {
  const body = invoiceBody();
  const first = await seller.ok(seller.post('/v1/invoices', body));
  const reordered = Object.fromEntries(Object.entries({ ...body, price: '10000.0' }).reverse());
  const again = await seller.post('/v1/invoices', JSON.parse(JSON.stringify(body)));
  assert.deepEqual(again.json(), first);
  assert.equal(again.headers['idempotent-replayed'], 'true');
  assertError(await seller.post('/v1/invoices', reordered), 409, 'REQUEST_ID_CONFLICT');
  assertError(await seller.post('/v1/invoices', { ...body, price: 9999 }), 409, 'REQUEST_ID_CONFLICT');
  const other = new Seller(server, await issueSeller(server, operate));
  assert.notEqual((await other.ok(other.post('/v1/invoices', body))).invoice_id, first.invoice_id, 'another app has its own');
  const answers = await Promise.all(Array.from({ length: 20 }, () => seller.post('/v1/invoices', { ...body, request_id: `${body.request_id}-x` })));
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1, 'twenty at once make one');
});

check('an Idempotency-Key makes a write happen once', async () => {
  const body = invoiceBody({ request_id: undefined });
  const key = { 'Idempotency-Key': fresh('key') };
  const first = await seller.ok(seller.post('/v1/invoices', body, key));
  assert.equal(first.request_id, first.invoice_id, 'without a request_id the id stands for it');
  assert.deepEqual((await seller.post('/v1/invoices', body, key)).json(), first);
  assertError(await seller.post('/v1/invoices', { ...body, price: 1 }, key), 409, 'IDEMPOTENCY_CONFLICT');
  assert.notEqual((await seller.ok(seller.post('/v1/invoices', body))).invoice_id, first.invoice_id);
  const encoded = await seller.post('/v1/invoice%73', body, key);
  assert.deepEqual(encoded.json(), first, 'the path is the same, however it is written');
  assert.equal(encoded.headers['idempotent-replayed'], 'true');
});

check('every fault is told at once, with its path', async () => {
  const cycle = (changes) => ({ duration: 1, adjustment_type: 'discount_percent', value: 10, ...changes });
  const paths = assertError(await seller.post('/v1/invoices', {
    price: 0.5, tax_free_price: -1, metadata: [], webhook_url: 'ftp://x', redirect_url: 'javascript:alert(1)', send_types: [1, 9],
    expired_at: 'tomorrow',
    products: [
      { quantity: 0, duration: 0 },
      { duration: 601, price: 'free' },
      7,
      { price_adjustments: [{ start_at: '2026-06-01', end_at: '2026-05-01', cycles: [
        cycle({ value: 100.001 }), cycle({ value: 100.01 }), cycle({ value: -1 }), cycle({ adjustment_type: 'gift' }),
        cycle({ min_value: 2, max_value: 1 }), { duration: -2, adjustment_type: 'discount_price' },
      ] }] },
    ],
  }), 400, 'INVALID_PARAMETERS');
  const at = 'products[3].price_adjustments[0]';
  assert.deepEqual(paths.sort(), [
    'name', 'price', 'tax_free_price', 'metadata', 'webhook_url', 'redirect_url', 'send_types[1]', 'expired_at',
    'products[0].quantity', 'products[0].duration', 'products[1].duration', 'products[1].price', 'products[2]',
    `${at}.end_at`, `${at}.cycles[0].value`, `${at}.cycles[1].value`, `${at}.cycles[2].value`, `${at}.cycles[3].adjustment_type`,
    `${at}.cycles[4].min_value`, `${at}.cycles[5].duration`, `${at}.cycles[5].value`,
  ].sort());
  for (const [body, code] of [['{', 'MALFORMED_JSON'], ['[]', 'INVALID_PARAMETERS'], ['', 'INVALID_PARAMETERS']]) {
    const answer = await server.request('POST', '/v1/invoices', { headers: { Authorization: basic(seller.credentials) }, body });
    assertError(answer, 400, code);
  }
});

check('the price: catalogue, then product, then invoice, and they must agree', async () => {
  const uid = fresh('plan');
  const plan = await seller.ok(seller.post('/v1/products', {
    ex_uid: uid, name: 'Plan', display_price: 5000, options: [{ option_id: 'big', name: 'Big', price: 7000 }],
  }));
  const price = async (changes) => (await seller.invoice({ price: undefined, ...changes })).billing_schedule[0].price;
  assert.equal(await price({ products: [{ product_id: uid }] }), 5000);
  assert.equal(await price({ products: [{ product_id: plan.product_id, quantity: 2 }] }), 10000);
  assert.equal(await price({ products: [{ product_id: uid, product_option_id: 'big' }] }), 7000);
  assert.equal(await price({ products: [{ price: 300 }, { product_id: uid }], price: 5300 }), 5300);
  assert.equal(await price({ products: [{ product_id: 'unknown', quantity: 4 }], price: 1000 }), 1000);
  assert.equal(await price({ product_ids: [uid] }), 5000);
  assert.equal(await price({ invoice_items: [{ name: 'a', price: 100, qty: 3 }, { name: 'b', price: 1 }] }), 301);
  assert.equal(await price({ price: '1000.0' }), 1000);

  const refused = async (changes, ...paths) => {
    const answer = await seller.post('/v1/invoices', invoiceBody({ price: undefined, ...changes }));
    assert.deepEqual(assertError(answer, 400, 'INVALID_PARAMETERS'), paths, answer.text);
  };
  await refused({}, 'price');
  await refused({ products: [{ product_id: uid }], price: 4999 }, 'price');
  await refused({ products: [{ product_id: uid, price: 4999 }] }, 'products[0].price');
  await refused({ products: [{ product_id: uid, product_option_id: 'small' }] }, 'products[0].product_option_id');
  await refused({ products: [{ product_id: 'unknown' }, { product_id: uid }] }, 'products[0].price');
  await refused({ products: [{ product_id: 'unknown', quantity: 3 }], price: 1000 }, 'price');
  await refused({ products: [{ price: 1e12, quantity: 2 }] }, 'price');
  await refused({ price: 100, tax_free_price: 101 }, 'tax_free_price');

  await seller.ok(seller.put(`/v1/products/${uid}`, { display_price: 6000 }));
  assert.equal(await price({ products: [{ product_id: uid }] }), 6000);
  await seller.ok(seller.put(`/v1/products/${uid}/status`, { status_sale: false }));
  await refused({ products: [{ product_id: uid }] }, 'products[0].product_id');
  await seller.ok(seller.send('DELETE', `/v1/products/${uid}`));
  assertError(await seller.get(`/v1/products/${plan.product_id}`), 404, 'PRODUCT_NOT_FOUND');
  assert.equal(await price({ products: [{ product_id: uid }], price: 1 }), 1, 'what is not in the catalogue costs what the seller says');
});

check('an invoice that costs nothing is paid as it is made', async () => {
  const free = await seller.invoice({ products: [guideProduct({ duration: 1, price_adjustments: [{ cycles: [{ duration: 1, adjustment_type: 'discount_price', value: 20000 }] }] })] });
  assert.equal(free.billing_schedule[0].price, 0);
  assert.equal(free.status, 2);
  assert.equal(free.payment_url, null);
  assert.deepEqual((await seller.get(`/v1/invoices/${free.invoice_id}`)).json(), free);
  assertError(await seller.pay(free.invoice_id), 409, 'ALREADY_PAID');
});

// ---- lists ---------------------------------------------------------------------------------------------------------------

check('a list has its pages and its filters', async () => {
  const own = new Seller(server, await issueSeller(server, operate));
  const made = [];
  for (let i = 0; i < 7; i++)
    made.unshift((await own.invoice({ name: i % 2 ? 'Odd shirt' : 'Even SHOE', user: { user_id: `user-${i % 3}` } })).invoice_id);
  const list = async (query = '') => (await own.ok(own.get(`/v1/invoices${query}`)));
  const ids = async (query) => (await list(query)).list.map(({ invoice_id: id }) => id);
  assert.equal((await list()).count, 7);
  assert.deepEqual(await ids(), made);
  assert.deepEqual(await ids('?page=2&limit=3'), made.slice(3, 6));
  assert.deepEqual(await ids('?page=3&limit=3'), made.slice(6));
  assert.deepEqual(await ids('?page=4&limit=3'), []);
  assert.equal((await list('?keyword=shirt')).count, 3);
  assert.deepEqual(await ids('?keyword=shoe&limit=2&page=2'), [made[4], made[6]]);
  assert.deepEqual(await ids('?user_id=user-0'), [made[0], made[3], made[6]]);
  assert.equal((await list('?product_type=2')).count, 0);
  assert.equal((await list('?css_at=2026-05-25&cse_at=2026-05-25')).count, 7);
  assert.equal((await list('?css_at=2026-05-26')).count, 0);
  assert.equal((await list('?cse_at=2026-05-24')).count, 0);
  await own.ok(own.pay(made[2]));
  assert.deepEqual(await ids('?cs_type=paid_at&css_at=2026-05-25'), [made[2]]);
  for (const query of ['?page=0', '?limit=x', '?css_at=yesterday'])
    assertError(await own.get(`/v1/invoices${query}`), 400, 'INVALID_PARAMETERS');
  const [{ billing_schedule: schedule }] = (await list()).list;
  assert.equal(schedule, undefined, 'lists leave the schedules out');
});

check('what is another seller\'s is not there', async () => {
  const other = new Seller(server, await issueSeller(server, operate));
  const invoice = await seller.paid();
  const missing = [
    ['GET', `/v1/invoices/${invoice.invoice_id}`, 'INVOICE_NOT_FOUND'], ['GET', `/v1/invoices/${invoice.request_id}`, 'INVOICE_NOT_FOUND'],
    ['POST', `/v1/invoices/${invoice.invoice_id}/notify`, 'INVOICE_NOT_FOUND'], ['POST', `/v1/invoices/${invoice.invoice_id}/cancel`, 'INVOICE_NOT_FOUND'],
    ['POST', `/sandbox/invoices/${invoice.invoice_id}/pay`, 'INVOICE_NOT_FOUND'], ['GET', `/v1/orders/${invoice.order_id}`, 'ORDER_NOT_FOUND'],
    ['GET', `/v1/orders/${invoice.order_number}`, 'ORDER_NOT_FOUND'], ['GET', `/v1/order/cancel?order_id=${invoice.order_id}`, 'ORDER_NOT_FOUND'],
    ['GET', '/v1/invoices/000000000100000000000001', 'INVOICE_NOT_FOUND'],
  ];
  for (const [method, path, code] of missing) assertError(await other.send(method, path, method === 'POST' ? { body: {} } : {}), 404, code);
});

// ---- paid, expired, cancelled --------------------------------------------------------------------------------------------

check('an invoice is paid, once', async () => {
  const invoice = await seller.invoice();
  const declined = await seller.pay(invoice.invoice_id, '4000000000000002');
  assertError(declined, 402, 'CARD_REFUSED');
  const done = await seller.ok(seller.pay(invoice.request_id));
  assert.match(done.receipt_id, objectId);
  assert.match(done.order_id, objectId);
  assert.equal(done.status, 2);
  assert.equal(done.price, 10000);
  assert.match(done.order_number, /^20260525\d{6}$/);
  assertError(await seller.pay(invoice.invoice_id), 409, 'ALREADY_PAID');
  const paid = await seller.ok(seller.get(`/v1/invoices/${invoice.request_id}`));
  assert.deepEqual([paid.status, paid.status_name, paid.receipt_id, paid.order_id, paid.method], [2, 'paid', done.receipt_id, done.order_id, 'card']);
  for (const id of [done.order_id, done.order_number]) {
    const order = await seller.ok(seller.get(`/v1/orders/${id}`));
    assert.deepEqual([order.invoice_id, order.price, order.status, order.receipt_id], [invoice.invoice_id, 10000, 2, done.receipt_id]);
  }
  const orders = await seller.ok(seller.get(`/v1/orders?status=2&keyword=${invoice.request_id}`));
  assert.deepEqual([orders.count, orders.list[0].order_id], [1, done.order_id]);
});

check('the checkout page is told of the invoice', async () => {
  const invoice = await seller.invoice({ products: [guideProduct()], name: 'Pro' });
  const path = `${new URL(invoice.payment_url).pathname}/invoice`;
  const shown = (await server.request('GET', path)).json();
  assert.deepEqual([shown.invoice_id, shown.seller, shown.status, shown.subscription, shown.done], [invoice.invoice_id, { name: 'Sandbox' }, 0, true, null]);
  assert.deepEqual(shown.billing_schedule, invoice.billing_schedule);
  const { order_id: order } = await seller.ok(seller.pay(invoice.invoice_id));
  const { done } = (await server.request('GET', path)).json();
  assert.deepEqual([done.order_id, done.price, done.receipt_success_data.order_id], [order, 10000, order]);
  assert.equal((await server.request('GET', `/checkout/${'a'.repeat(32)}/invoice`)).status, 404);
});

check('an unpaid invoice is cancelled, or expires', async () => {
  const cancelled = await seller.invoice();
  assertError(await seller.post(`/v1/invoices/${cancelled.invoice_id}/cancel`, { price: 1 }), 400, 'INVALID_PARAMETERS');
  assert.equal((await seller.ok(seller.post(`/v1/invoices/${cancelled.invoice_id}/cancel`, {}))).status_name, 'cancelled');
  assertError(await seller.pay(cancelled.invoice_id), 409, 'INVOICE_CANCELLED');
  assertError(await seller.post(`/v1/invoices/${cancelled.invoice_id}/cancel`, {}), 409, 'INVOICE_CANCELLED');

  const expiring = await seller.invoice({ expire_in: 60 });
  assertError(await seller.post('/v1/invoices', invoiceBody({ expired_at: '2026-05-24' })), 400, 'INVALID_PARAMETERS');
  await advance(server, '1m');
  assertError(await seller.pay(expiring.invoice_id), 410, 'INVOICE_EXPIRED');
  assertError(await seller.post(`/v1/invoices/${expiring.invoice_id}/cancel`, {}), 410, 'INVOICE_EXPIRED');
  assert.equal((await seller.ok(seller.get(`/v1/invoices/${expiring.invoice_id}`))).status_name, 'expired');
});

const settled = (id) => eventually('the refund', async () => {
  const invoice = await seller.ok(seller.get(`/v1/invoices/${id}`));
  return invoice.status_name === 'refunding' ? undefined : invoice;
});

check('a part goes back, and then the rest, never more', async () => {
  const { invoice_id: id } = await seller.paid();
  const back = (price) => seller.post(`/v1/invoices/${id}/cancel`, { price, reason: 'too large' });
  assertError(await back(10001), 409, 'REFUND_EXCEEDS_PAYMENT');
  assert.equal((await seller.ok(back(4000))).status_name, 'refunding');
  const part = await settled(id);
  assert.deepEqual([part.status, part.status_name, part.refunded_price], [2, 'paid', 4000]);
  assertError(await back(6001), 409, 'REFUND_EXCEEDS_PAYMENT');
  await seller.ok(back(undefined));
  const whole = await settled(id);
  assert.deepEqual([whole.status, whole.status_name, whole.refunded_price], [10, 'refunded', 10000]);
  const order = await seller.ok(seller.get(`/v1/orders/${whole.order_id}`));
  assert.deepEqual([order.status, order.cancelled_price], [10, 10000]);
  const { list } = await seller.ok(seller.get(`/v1/order/cancel?order_number=${whole.order_number}`));
  assert.deepEqual(list.map(({ status_name: name, refund_price: price }) => [name, price]), [['done', 6000], ['done', 4000]]);
});

check('a request to cancel is granted, rejected or withdrawn', async () => {
  const { order_number: order, invoice_id: id } = await seller.paid();
  const ask = (price, extra = {}) => seller.ok(seller.post('/v1/order/cancel', {
    order_number: order, request_cancel_parameters: { cancel_reason: 'size', refund_price: price }, ...extra,
  }));
  const decide = (request, how, body = {}, role = 'supervisor') =>
    seller.put(`/v1/order/cancel/${request.order_cancellation_request_id}/${how}`, body, role === null ? {} : { 'BOOTPAY-ROLE': role });
  const rejected = await ask(1000);
  assert.equal(rejected.status_name, 'requested');
  for (const how of ['approve', 'reject'])
    for (const role of ['user', null]) assertError(await decide(rejected, how, {}, role), 403, 'ROLE_REQUIRED');
  assert.equal((await seller.ok(decide(rejected, 'reject', { message: 'sent' }))).status_name, 'rejected');
  assertError(await decide(rejected, 'approve'), 409, 'CANCEL_CLOSED');
  assert.equal((await seller.ok(decide(await ask(1000), 'withdraw', {}, 'user'))).status_name, 'withdrawn');
  assert.equal((await seller.ok(decide(await ask(1000), 'approve', { refund_price: 500 }))).refund_price, 500);
  assert.equal((await settled(id)).refunded_price, 500);
  assert.equal((await ask(2000, { is_supervisor: true })).status_name, 'refunding');
  assert.equal((await settled(id)).refunded_price, 2500);
  assertError(await seller.put('/v1/order/cancel/000000000500000000000001/approve', {}, { 'BOOTPAY-ROLE': 'supervisor' }), 404, 'CANCEL_NOT_FOUND');
  assertError(await seller.post('/v1/order/cancel', {}), 400, 'INVALID_PARAMETERS');
});

check('a part of an order is cancelled by what it names', async () => {
  const shop = await seller.paid({ price: undefined, products: [{ product_id: 'A', price: 1000 }, { product_id: 'B', price: 4500, quantity: 2 }] });
  const ask = (order, parameters) => seller.post('/v1/order/cancel', { order_number: order, request_cancel_parameters: parameters });
  const price = async (order, parameters) => (await seller.ok(ask(order, parameters))).refund_price;
  assert.equal(await price(shop.order_number, { cancel_products: [{ product_id: 'A', quantity: 1 }] }), 1000);
  assert.equal(await price(shop.order_number, { cancel_products: [{ product_id: 'B', qty: 1 }] }), 4500);
  assert.equal(await price(shop.order_number, { cancel_products: [{ product_id: 'B', cancel_price: 300 }] }), 300);
  const nowhere = await ask(shop.order_number, { cancel_products: [{ product_id: 'C', cancel_price: 300 }] });
  assert.deepEqual(assertError(nowhere, 400, 'INVALID_PARAMETERS'), ['request_cancel_parameters.cancel_products[0].product_id']);

  const plan = await seller.paid({ price: undefined, products: [{ name: 'plan', price: 3000, duration: 12 }] });
  const { list: [{ order_subscription_id: subscription }] } = await seller.ok(seller.get(`/v1/order_subscriptions?order_number=${plan.order_number}`));
  const { list } = await seller.ok(seller.get(`/v1/order_subscription_bills?order_subscription_id=${subscription}`));
  const [first, second] = [1, 2].map((month) => list.find(({ duration }) => duration === month).order_subscription_bill_id);
  const bills = (order, id) => ask(order, { cancel_order_subscription_bills: [{ order_subscription_bill_id: id, cancel_price: 700 }] });
  const path = 'request_cancel_parameters.cancel_order_subscription_bills[0].order_subscription_bill_id';
  assert.deepEqual(assertError(await bills(plan.order_number, second), 400, 'INVALID_PARAMETERS'), [path], 'it is a payment of its own');
  assert.deepEqual(assertError(await bills(shop.order_number, first), 400, 'INVALID_PARAMETERS'), [path], 'of another order');
  assert.deepEqual(assertError(await bills(shop.order_number, 'nothing'), 400, 'INVALID_PARAMETERS'), [path]);
  assert.equal((await seller.ok(bills(plan.order_number, first))).refund_price, 700);
});

check('the book says what is owed to the seller, and from where', async () => {
  const own = new Seller(server, await issueSeller(server, operate));
  const accounts = async () => (await operate(server, 'GET', '/api/ledger/accounts?limit=100')).json().accounts;
  const before = (await accounts()).map(({ name }) => name);
  const invoice = await own.paid();
  const [owed] = (await accounts()).filter(({ name }) => name.startsWith('seller:') && !before.includes(name));
  assert.match(owed.name, /^seller:\d+:payable$/);
  assert.deepEqual([owed.posted, owed.held], ['10000', '0']);
  await own.ok(own.post(`/v1/invoices/${invoice.invoice_id}/cancel`, { price: 4000 }));
  await eventually('the refund', async () => (await own.get(`/v1/invoices/${invoice.invoice_id}`)).json().refunded_price === 4000 || undefined);
  const now = (await accounts()).find(({ name }) => name === owed.name);
  assert.deepEqual([now.posted, now.held], ['6000', '0']);

  // The newest record is the refund's end; it leads back to the charge and to the invoice.
  const { text } = await server.request('GET', '/metrics');
  const last = Number(/^jangbu_last_record (\d+)/m.exec(text)[1]);
  const kinds = new Set();
  for (let record = last; record > last - 6; record--) {
    const { path } = (await operate(server, 'GET', `/api/ledger/explain?entry=${record}`)).json();
    if (path[0].kind === 'invoice.refund_started') for (const { kind } of path) kinds.add(kind);
  }
  assert.deepEqual([...kinds].sort(), ['invoice.created', 'invoice.refund_started', 'payment.attempt_ended', 'payment.charge_started']);
});
