// The incumbent's own server SDK, unmodified: its base URL is all that changes.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { BootpayCommerce } from '@bootpay/backend-js';

import { fresh, guideProduct, objectId, Seller } from '../support/invoice.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

let server;
let bootpay;
let seller;
before(async () => {
  server = await Server.start({ clock: '2026-05-25T10:00:00+09:00' });
  seller = new Seller(server);
  bootpay = new BootpayCommerce({ ...server.sandbox.invoice });
  bootpay.API_ENTRYPOINTS.production = `${server.baseUrl}/v1`;
});
after(async () => {
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});
const check = (name, body) => test(name, { timeout: 120_000 }, Server.logged(() => server, body));

check('it gets a token', async () => {
  const token = await bootpay.getAccessToken();
  assert.equal(bootpay.getToken(), token.access_token);
  assert.equal((await bootpay.getAccessToken()).access_token, token.access_token);
});

check('it makes, lists, reads and notifies invoices', async () => {
  const body = {
    request_id: fresh('sdk'), title: 'Pro 플랜', name: 'Pro 플랜', price: 10000, products: [guideProduct()], send_types: [3],
    user: { user_id: 'sdk-user', name: '홍길동', email: 'hong@example.com' }, metadata: { from: 'sdk' },
  };
  const made = await bootpay.invoice.create(body);
  assert.match(made.invoice_id, objectId);
  assert.equal(made.billing_schedule.length, 24);
  assert.deepEqual(await bootpay.invoice.create(body), made);
  assert.deepEqual(await bootpay.invoice.detail(made.invoice_id), made);
  assert.deepEqual(await bootpay.invoice.detail(body.request_id), made);
  const { list, count } = await bootpay.invoice.list({ keyword: body.request_id, user_id: 'sdk-user', css_at: '2026-05-25', cse_at: '2026-05-25' });
  assert.deepEqual([count, list[0].invoice_id], [1, made.invoice_id]);
  const notice = await bootpay.invoice.notify(made.invoice_id);
  assert.deepEqual(notice.results, [{ send_type: 3, channel: 'email', status: 'queued' }]);
  const mail = await eventually('the mail', async () => {
    const listed = (await server.request('GET', '/sandbox/mail')).json();
    return Object.values(listed).flat().find((each) => JSON.stringify(each?.to ?? '').includes('hong@example.com'));
  });
  assert.ok(mail);
});

check('an invoice needs neither request_id nor products', async () => {
  const made = await bootpay.invoice.create({ title: '청구서', price: 1000.0 });
  assert.deepEqual([made.name, made.price, made.request_id], ['청구서', 1000, made.invoice_id]);
});

check('it rejects with the error object', async () => {
  await assert.rejects(bootpay.invoice.detail('nothing'), (error) => {
    assert.deepEqual(error, { status: 404, code: 3700, error_code: 'INVOICE_NOT_FOUND', message: 'there is no such invoice', data: null });
    return true;
  });
  const stranger = new BootpayCommerce({ client_key: 'nobody', secret_key: 'nothing' });
  stranger.API_ENTRYPOINTS.production = `${server.baseUrl}/v1`;
  await assert.rejects(stranger.getAccessToken(), ({ status }) => status === 401);
});

check('it reads orders, and cancels them', async () => {
  const invoice = await bootpay.invoice.create({ request_id: fresh('sdk'), name: 'shirt', price: 3000, user: { user_id: 'buyer' } });
  const { order_id: id } = await seller.ok(seller.pay(invoice.invoice_id));
  const order = await bootpay.order.detail(id);
  assert.deepEqual([order.status, order.total_price], [2, 3000]);
  const { list } = await bootpay.order.list({ page: 1, limit: 10, user_id: 'buyer', status: [2], search_date_from: '2026-05-25' });
  assert.deepEqual(list.map((each) => each.order_id), [id]);
  const month = order.created_at.slice(0, 7);
  assert.deepEqual((await bootpay.order.month('buyer', month)).list.map((each) => each.order_id), [id]);
  assert.equal((await bootpay.order.month('buyer', '2001-01')).count, 0);
  assert.equal((await bootpay.order.month('somebody', month)).count, 0);
  await assert.rejects(bootpay.order.month('buyer', 'May'), ({ status, error_code: code }) => status === 400 && code === 'INVALID_PARAMETERS');
  await bootpay.orderCancel.request({ order_number: order.order_number, request_cancel_parameters: { cancel_reason: 'size', refund_price: 1000 } });
  const [request] = (await bootpay.orderCancel.list({ order_number: order.order_number })).list;
  assert.equal(request.status, 0);
  await bootpay.orderCancel.approve({ order_cancellation_request_id: request.order_cancellation_request_id, message: 'fine' });
  await eventually('the refund', async () => ((await bootpay.order.detail(id)).cancelled_price === 1000 ? true : undefined));
});

check('it keeps a catalogue', async () => {
  const product = await bootpay.product.create({ name: 'Plan', ex_uid: fresh('plan'), display_price: 7000, type: 1 });
  assert.equal((await bootpay.product.detail(product.product_id)).display_price, 7000);
  await bootpay.product.update({ product_id: product.product_id, display_price: 8000 });
  const { list } = await bootpay.product.list({ ex_uid: product.ex_uid });
  assert.deepEqual(list.map(({ display_price: price }) => price), [8000]);
  const invoice = await bootpay.invoice.create({ name: 'plan', products: [{ product_id: product.product_id, quantity: 2 }] });
  assert.equal(invoice.price, 16000);
  await bootpay.product.status({ product_id: product.product_id, status_sale: false });
  await bootpay.product.delete(product.product_id);
  await assert.rejects(bootpay.product.detail(product.product_id), ({ error_code: code }) => code === 'PRODUCT_NOT_FOUND');
});
