// What a shop's page may do, and may not: nothing of a price is taken from a browser.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import test, { after, before } from 'node:test';

import { operate } from '../support/hub.mjs';
import { fresh, guideProduct, issueSeller, Seller } from '../support/invoice.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const origin = 'https://shop.example';
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
const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** Posts the form of a page: our SDK's, or with `sealed` the incumbent's. */
function post(call, { sealed = false, from = origin } = {}) {
  const json = JSON.stringify({ client_key: seller.credentials.client_key, ...call });
  const form = new URLSearchParams();
  if (sealed) {
    const [key, iv] = [randomBytes(32), randomBytes(16)];
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    form.set('payload', Buffer.concat([cipher.update(json), cipher.final()]).toString('base64'));
    form.set('token', `${key.toString('base64')}##${iv.toString('base64')}`);
  } else {
    form.set('payload', json);
  }
  return server.request('POST', '/v1/invoices', { headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: from }, body: `${form}` });
}

/** What the PDF of a checkout says. */
async function pdfText(path) {
  const answer = await fetch(`${server.baseUrl}${path}/invoice.pdf`);
  assert.equal(answer.status, 200);
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: Buffer.from(await answer.arrayBuffer()), encoding: 'utf8' });
}

/** The invoice that an accepted call leads to. */
async function opened(answer) {
  assert.equal(answer.status, 303, answer.text);
  const { pathname, searchParams } = new URL(answer.headers.location, server.baseUrl);
  assert.equal(searchParams.get('frame'), '1');
  return (await server.request('GET', `${pathname}/invoice`)).json();
}

function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^text\/html/);
  assert.ok(answer.text.includes(code), answer.text);
}

check('a page opens the server\'s invoice by its request_id', async () => {
  const invoice = await seller.invoice({ products: [guideProduct()] });
  for (const sealed of [false, true]) {
    const shown = await opened(await post({ request_id: invoice.request_id }, { sealed }));
    assert.deepEqual([shown.invoice_id, shown.payment_price], [invoice.invoice_id, 10000]);
  }
  refused(await post({ request_id: fresh('unknown') }), 404, 'INVOICE_NOT_FOUND');
});

check('whoever changes the price in the browser is refused, and the operator reads of it', async () => {
  const invoice = await seller.invoice({ products: [guideProduct()] });
  const tampered = [
    { price: 100 }, { price: 10000 }, { products: [{ product_id: 'pro', price: 1 }] }, { discount_percent: 90 }, { setup_fee: 0 },
    { products: [{ price_adjustments: [{ cycles: [{ adjustment_type: 'discount_percent', value: 90 }] }] }] },
  ];
  for (const call of tampered) {
    refused(await post({ request_id: invoice.request_id, ...call }), 403, 'PRICE_FROM_BROWSER');
    await eventually('the log', () => (server.log.includes(`request_id ${invoice.request_id}, origin ${origin}`) ? true : undefined));
  }
  const kept = await seller.ok(seller.get(`/v1/invoices/${invoice.request_id}`));
  assert.deepEqual([kept.status, kept.payment_price], [0, 10000]);
});

check('a call of many prices is refused in a short line', async () => {
  const { request_id: id } = await seller.invoice();
  const call = { [`x${'y'.repeat(50_000)}`]: Array.from({ length: 2_000 }, () => ({ price: 1 })) };
  refused(await post({ client_key: 'nobody', request_id: id, ...call }), 403, 'SERVICE_NOT_ALLOWED');
  refused(await post({ request_id: id, ...call }), 403, 'PRICE_FROM_BROWSER');
  const line = await eventually('the log', () => server.log.split('\n').find((each) => each.includes(`request_id ${id},`)));
  assert.ok(line.length < 1000, `${line.length}`);
  assert.match(line, /; 1990 more\b/);
});

check('a page without a server sells at a fixed price, without discounts', async () => {
  const call = { request_id: fresh('page'), name: 'Sticker', price: 500, redirect_url: `${origin}/thanks`, metadata: { colour: 'red' } };
  const first = await opened(await post(call));
  assert.deepEqual([first.payment_price, first.redirect_url], [500, null], 'where the customer goes is the page\'s affair');
  assert.equal((await opened(await post(call, { sealed: true }))).invoice_id, first.invoice_id);
  refused(await post({ ...call, price: 400 }), 409, 'REQUEST_ID_CONFLICT');
  refused(await post({ ...call, request_id: fresh('page'), discount_price: 100 }), 403, 'PRICE_FROM_BROWSER');
  refused(await post({ request_id: fresh('page'), price: 500 }), 400, 'INVALID_PARAMETERS');
  assert.equal((await seller.ok(seller.get(`/v1/invoices/${call.request_id}`))).made_by, 'browser');

  const invoice = await seller.invoice({ request_id: call.request_id, price: 700 });
  const shown = await opened(await post({ request_id: call.request_id }));
  assert.deepEqual([shown.invoice_id, shown.payment_price], [invoice.invoice_id, 700], 'the server\'s takes its place');
  assert.equal((await seller.ok(seller.get(`/v1/invoices/${first.invoice_id}`))).status_name, 'cancelled');
});

check('what a page says is bounded as a server\'s call is', async () => {
  const call = { request_id: fresh('page'), name: 'Sticker', price: 500 };
  const metadata = (size) => ({ note: 'x'.repeat(size - '{"note":""}'.length) });
  await opened(await post({ ...call, metadata: metadata(16 * 1024) }));
  for (const sealed of [false, true])
    refused(await post({ ...call, request_id: fresh('page'), metadata: metadata(16 * 1024 + 1) }, { sealed }), 400, 'INVALID_PARAMETERS');
  assert.equal((await post({ ...call, memo: 'x'.repeat(256 * 1024) })).status, 413);
});

check('a page is not told who the customer is', async () => {
  const invoice = await seller.invoice({ products: [guideProduct()] });
  const own = new URL(invoice.payment_url).pathname;
  const { pathname: page } = new URL((await post({ request_id: invoice.request_id })).headers.location, server.baseUrl);
  const session = async (path) => (await server.request('GET', `${path}/session`)).json();
  assert.deepEqual((await session(own)).buyer, { name: '홍길동', email: 'hong@example.com' });
  assert.deepEqual((await session(page)).buyer, { name: '홍***', email: 'h***@e***.com', masked: true });

  const shown = await server.request('GET', `${page}/invoice`);
  const [ownPdf, pagePdf] = [await pdfText(own), await pdfText(new URL(shown.json().pdf_url).pathname.replace(/\/invoice\.pdf$/, ''))];
  for (const said of ['홍길동', 'hong@example.com', '010-1234-5678', own]) {
    assert.ok(ownPdf.includes(said), `${said}\n${ownPdf}`);
    for (const told of [pagePdf, shown.text]) assert.ok(!told.includes(said), `${said}\n${told}`);
  }
  assert.ok(pagePdf.includes(page), 'it leads to the page\'s own link');
  assert.equal((await seller.ok(seller.pay(invoice.invoice_id))).invoice_id, invoice.invoice_id);
  assert.deepEqual([(await session(page)).status, (await session(own)).status], ['paid', 'paid']);
});

check('the catalogue decides what a page may sell for', async () => {
  const uid = fresh('plan');
  await seller.ok(seller.post('/v1/products', { ex_uid: uid, name: 'Plan', display_price: 900 }));
  const shown = await opened(await post({ request_id: fresh('page'), name: 'Plan', products: [{ product_id: uid, quantity: 2 }] }));
  assert.equal(shown.payment_price, 1800);
  refused(await post({ request_id: fresh('page'), name: 'Plan', products: [{ product_id: uid, price: 1 }] }), 400, 'INVALID_PARAMETERS');
});

check('pages of other origins open nothing, and frame nothing', async () => {
  const app = await issueSeller(server, operate, { origins: [origin] });
  const own = new Seller(server, app);
  const { request_id: id, payment_url: url } = await own.invoice();
  const call = { client_key: app.client_key, request_id: id };
  await opened(await post(call));
  refused(await post(call, { from: 'https://evil.example' }), 403, 'ORIGIN_NOT_ALLOWED');
  refused(await post({ ...call, client_key: 'nobody' }), 403, 'SERVICE_NOT_ALLOWED');
  const page = await server.request('GET', new URL(url).pathname);
  assert.match(page.headers['content-security-policy'], new RegExp(`frame-ancestors ${origin}(;|$)`));
  await operate(server, 'PUT', `/api/invoice/apps/${app.client_key}`, { status: 'SUSPENDED' });
  refused(await post(call), 403, 'SERVICE_NOT_ALLOWED');
});

check('pages of other origins spend nothing of what the seller\'s own may ask', async () => {
  const app = await issueSeller(server, operate, { origins: [origin], rate: 1, burst: 2 });
  const { request_id: id } = await new Seller(server, app).invoice();
  const call = { client_key: app.client_key, request_id: id };
  for (let i = 0; i < 5; ++i) refused(await post(call, { from: 'https://evil.example' }), 403, 'ORIGIN_NOT_ALLOWED');
  await opened(await post(call));
  const many = await Promise.all(Array.from({ length: 8 }, () => post(call)));
  assert.ok(many.some(({ status }) => status === 429), 'its own are counted');
});

check('a form that is none is refused as a page', async () => {
  const form = (body) => server.request('POST', '/v1/invoices', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body });
  for (const body of ['', 'payload=', 'payload=%7B', 'payload=%5B%5D', 'payload=%7B%7D', 'payload=AAAA&token=x']) {
    const answer = await form(body);
    assert.equal(answer.status, 400, `${body}: ${answer.status} ${answer.text}`);
    assert.match(answer.headers['content-type'], /^text\/html/);
  }
});

check('the invoice is printed, for the seller and for the customer', async () => {
  const invoice = await seller.invoice({ products: [guideProduct()] });
  const { pdf_url: url } = (await server.request('GET', `${new URL(invoice.payment_url).pathname}/invoice`)).json();
  for (const answer of [await seller.get(`/v1/invoices/${invoice.invoice_id}/pdf`), await server.request('GET', new URL(url).pathname)]) {
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['content-type'], 'application/pdf');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.ok(answer.text.startsWith('%PDF-'));
  }
});
