// What leaves the house for a seller of the invoice door: webhooks with both signatures, messages, and invoices as PDFs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import http from 'node:http';
import test, { after, before } from 'node:test';

import { BootpayCommerce } from '@bootpay/backend-js';

import { advance, operate } from '../support/hub.mjs';
import { assertError, fresh, guideProduct, issueSeller, Seller } from '../support/invoice.mjs';
import { assertGenuine, closeReceivers, Receiver } from '../support/receivers.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';

const clock = '2026-05-25T10:00:00+09:00';
let server;
let seller;

before(async () => {
  server = await Server.start({ clock });
  seller = new Seller(server);
});
after(async () => {
  await server?.stop();
  await closeReceivers();
  if (server) await assertVerifies(server.directory);
});

let current;
const check = (name, body) => test(name, { timeout: 120_000 }, Server.logged(() => current ?? server, body));

/** A receiver that takes everything, as the incumbent's clients say it. */
const taker = () => Receiver.start((_, response) => receiverSays(response, '{"success":true}'));
const receiverSays = (response, body, status = 200) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);

/** Waits for so many requests about an invoice. */
const told = (receiver, id, count = 1) => eventually(`${count} webhooks about ${id}`, () => {
  const requests = receiver.requests.filter(({ json }) => json.invoice_id === id);
  return requests.length >= count ? requests : undefined;
});

/** Fails unless both signatures are the secret's. */
function assertSigned(request, secret = server.sandbox.invoice.webhook_secret) {
  assertGenuine(secret, request);
  const timestamp = request.headers['x-bootpay-timestamp'];
  assert.equal(timestamp, request.headers['webhook-timestamp']);
  const mac = createHmac('sha256', secret).update(`${timestamp}.${request.text}`).digest('hex');
  assert.equal(request.headers['x-bootpay-signature'], `sha256=${mac}`);
}

check('a payment is told under both signatures', async () => {
  const receiver = await taker();
  const invoice = await seller.paid({ webhook_url: receiver.url('/bootpay'), metadata: { plan: '베이직' } });
  const [request] = await told(receiver, invoice.invoice_id);
  assertSigned(request);
  assert.equal(request.json.webhook_type, 'PAYMENT_COMPLETED');
  assert.equal(request.json.request_id, invoice.request_id);
  assert.equal(request.json.price, 10000);
  assert.deepEqual(request.json.metadata, { plan: '베이직' });
});

check('told is who says {"success":true}; who does not is told ten times in all', async () => {
  const answers = ['OK', '{"success":false}', '{"success":"true"}', ''];
  const receiver = await Receiver.start((_, response) => receiverSays(response, answers[receiver.requests.length % answers.length]));
  const { invoice_id: id } = await seller.paid({ webhook_url: receiver.url() });
  const delivery = async () => (await operate(server, 'GET', `/api/deliveries?order_code=${id}`)).json().deliveries[0];
  for (let attempt = 1; attempt <= 10; attempt++) {
    await eventually(`attempt ${attempt}`, async () => ((await delivery()).attempts === attempt ? true : undefined));
    assert.equal((await delivery()).status, attempt < 10 ? 'pending' : 'failed');
    await advance(server, '7h');
  }
  assert.equal((await delivery()).last_error, 'the answer is not {"success":true}');
  assert.equal(new Set(receiver.requests.map(({ id: each }) => each)).size, 1);
  receiver.answer = (_, response) => receiverSays(response, '{"success":true}');
  assert.equal((await operate(server, 'POST', `/api/deliveries/${(await delivery()).id}/resend`)).status, 200);
  await eventually('it is taken', async () => ((await delivery()).status === 'delivered' ? true : undefined));
  assertSigned(receiver.requests.at(-1));
});

check("the incumbent's SDK tries the app's webhook", async () => {
  const receiver = await taker();
  const keys = await issueSeller(server, operate, { webhook_url: receiver.url('/test') });
  const bootpay = new BootpayCommerce({ client_key: keys.client_key, secret_key: keys.secret_key });
  bootpay.API_ENTRYPOINTS.production = `${server.baseUrl}/v1`;
  assert.deepEqual(await bootpay.webhook.sendTest({ header_content_type: 1 }),
    { success: true, webhook_type: 'WEBHOOK_TEST', webhook_url: receiver.url('/test') });
  const request = await eventually('the test', () => receiver.requests[0]);
  assertSigned(request, keys.webhook_key);
  assert.equal(request.json.webhook_type, 'WEBHOOK_TEST');
  assert.equal(request.json.invoice_id, null);
  await bootpay.webhook.sendTest({ idempotency_key: 'one' });
  await bootpay.webhook.sendTest({ idempotency_key: 'one' });
  await eventually('the second', () => receiver.requests[1]);
  assert.deepEqual(assertError(await seller.post('/v1/webhook/test', {}), 400, 'INVALID_PARAMETERS'), ['webhook_url']);
  assert.equal(receiver.requests.length, 2, 'a key is one test');
});

check('notices by SMS, Kakao and push are shown in the sandbox', async () => {
  const invoice = await seller.invoice({
    name: '구독 <b>1</b>', user: { name: '홍길동', phone: '010-9876-5432', email: 'hong@example.com', push_token: 'token-1' },
  });
  await seller.ok(seller.post(`/v1/invoices/${invoice.invoice_id}/notify`, { send_types: [1, 2, 4] }));
  const messages = await eventually('three messages', async () => {
    const all = (await server.request('GET', '/sandbox/messages')).json().messages.filter(({ text }) => text.includes(invoice.payment_url));
    return all.length >= 2 ? all : undefined;
  });
  const kakao = messages.find(({ kind }) => kind === 'kakao');
  assert.equal(kakao.to, '+821098765432');
  assert.match(kakao.template, /^invoice\./);
  assert.ok(kakao.text.includes('10,000원'), kakao.text);
  const page = await server.request('GET', '/sandbox/messages', { headers: { Accept: 'text/html' } });
  assert.match(page.headers['content-type'], /^text\/html/);
  for (const rule of ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]) {
    assert.ok(page.headers['content-security-policy'].split('; ').includes(rule), rule);
  }
  assert.deepEqual([page.headers['cache-control'], page.headers['x-content-type-options']], ['no-store', 'nosniff']);
  assert.ok(!page.text.includes('<b>1</b>'));
  const one = await server.request('GET', `/sandbox/messages/${kakao.id}`);
  assert.deepEqual(one.json(), kakao);
  assert.deepEqual([one.headers['cache-control'], one.headers['x-content-type-options']], ['no-store', 'nosniff']);
  // The operator sees that something was sent, and not to which number.
  const { deliveries } = (await operate(server, 'GET', '/api/deliveries?kind=kakao')).json();
  const delivery = deliveries.find(({ id }) => id === kakao.id);
  assert.equal(delivery.target, '+821****5432');
  const whole = await operate(server, 'GET', `/api/deliveries/${kakao.id}`);
  assert.ok(!whole.text.includes('98765432'), whole.text);
});

check('outside of it they go to the provider, and are tried again while they are news', async () => {
  const requests = [];
  const provider = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece) => (text += piece)).on('end', () => {
      requests.push({ headers: request.headers, json: JSON.parse(text) });
      response.writeHead(requests.length < 3 ? 500 : 202).end('for 010-1111-2222 and 01011112222');
    });
  });
  await new Promise((resolve) => provider.listen(0, '127.0.0.1', resolve));
  current = await Server.start({
    clock, args: ['--message-url', `http://127.0.0.1:${provider.address().port}/send`], environment: { JANGBU_MESSAGE_KEY: 'key-of-the-provider' },
  });
  try {
    const shop = new Seller(current);
    const invoice = await shop.invoice({ user: { name: '홍길동', phone: '010-1111-2222' } });
    await shop.ok(shop.post(`/v1/invoices/${invoice.invoice_id}/notify`, { send_types: [1] }));
    for (let attempt = 1; attempt <= 2; attempt++) {
      await eventually(`attempt ${attempt}`, async () => {
        const { deliveries } = (await operate(current, 'GET', '/api/deliveries?kind=sms')).json();
        return deliveries[0]?.attempts === attempt ? true : undefined;
      });
      await advance(current, '2m');
    }
    const delivery = await eventually('it is taken', async () => {
      const { deliveries } = (await operate(current, 'GET', '/api/deliveries?kind=sms&status=delivered')).json();
      return deliveries[0];
    });
    assert.equal(requests.length, 3);
    const { headers, json } = requests[2];
    assert.equal(headers.authorization, 'Bearer key-of-the-provider');
    assert.equal(headers['webhook-id'], json.id);
    assert.equal(json.id, delivery.message_id);
    assert.equal(new Set(requests.map((each) => each.json.id)).size, 1);
    assert.deepEqual([json.kind, json.to], ['sms', '+821011112222']);
    assert.ok(json.text.includes(invoice.payment_url), json.text);
    assert.ok(!('title' in json));
    const { log } = (await operate(current, 'GET', `/api/deliveries/${delivery.id}`)).json();
    assert.ok(log.every(({ answer }) => !answer.includes('01011112222')), JSON.stringify(log));
    assert.ok(!current.log.includes('11112222') && !current.log.includes('key-of-the-provider'));
  } finally {
    await current.stop();
    await assertVerifies(current.directory);
    current = undefined;
    provider.close();
  }
});

/** What a PDF says. */
const textOf = (pdf) => execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });

/** Fetches bytes. */
const fetchPdf = (path, headers = {}) => new Promise((resolve, reject) => {
  http.get(`${server.baseUrl}${path}`, { headers }, (response) => {
    const pieces = [];
    response.on('data', (piece) => pieces.push(piece)).on('end', () => resolve({ response, bytes: Buffer.concat(pieces) }));
  }).on('error', reject);
});

check('an invoice can be had as a PDF, by its seller and by whoever has the link', async () => {
  const invoice = await seller.invoice({
    name: '장부 클라우드', price: 10000, products: [guideProduct({ name: '기본 요금제', price: 10000 })], memo: '문의는 메일로',
  });
  const token = new URL(invoice.payment_url).pathname.split('/').at(-1);
  const { pdf_url: pdfUrl } = (await server.request('GET', `/checkout/${token}/invoice`)).json();
  assert.equal(pdfUrl, `${invoice.payment_url}/invoice.pdf`);
  const mine = await seller.get(`/v1/invoices/${invoice.invoice_id}/pdf`);
  assert.equal(mine.status, 200);
  const open = await fetchPdf(new URL(pdfUrl).pathname);
  assert.equal(open.response.headers['content-type'], 'application/pdf');
  assert.equal(open.response.headers['content-disposition'], `inline; filename="invoice-${invoice.invoice_id}.pdf"`);
  const text = textOf(open.bytes);
  for (const part of ['청구서', '장부 클라우드', invoice.invoice_id, '홍길동', '기본 요금제', '결제 대기', '월별 청구 내역', '문의는 메일로', invoice.payment_url])
    assert.ok(text.includes(part), `${part}\n${text}`);
  assert.equal(invoice.billing_schedule.length, 24);
  for (const { month, price } of invoice.billing_schedule)
    assert.match(text, new RegExp(`^\\f?\\s*${month} +2\\d{3}년 .*${price.toLocaleString('en-US')}원$`, 'm'), `month ${month}\n${text}`);
  const again = await fetchPdf(new URL(pdfUrl).pathname);
  assert.ok(open.bytes.equals(again.bytes), 'the same invoice is the same bytes');

  await seller.ok(seller.pay(invoice.invoice_id));
  const paid = textOf((await fetchPdf(`${new URL(pdfUrl).pathname}?lang=en`)).bytes);
  for (const part of ['Invoice', 'Paid', 'Amount paid', '₩10,000', 'Card']) assert.ok(paid.includes(part), `${part}\n${paid}`);
  assert.ok(!paid.includes('/checkout/'), 'nobody is asked to pay it again');

  const who = { registration_number: '123-45-67890', representative: '김장부', address: '서울시 중구 1', email: 'hello@shop.example', phone: '02-123-4567' };
  const path = `/api/invoice/apps/${seller.credentials.client_key}/seller`;
  const set = await operate(server, 'PUT', path, who);
  assert.deepEqual([set.status, set.json()], [200, who]);
  const known = textOf((await fetchPdf(new URL(pdfUrl).pathname)).bytes);
  for (const part of ['사업자등록번호 123-45-67890', '대표 김장부', '서울시 중구 1', 'hello@shop.example', '02-123-4567']) assert.ok(known.includes(part), `${part}\n${known}`);
  assert.equal((await operate(server, 'PUT', path, { address: 'x'.repeat(201) })).status, 400);
  assert.equal((await operate(server, 'PUT', '/api/invoice/apps/nobody/seller', who)).status, 404);
});

check('nobody has an invoice without its link or its keys', async () => {
  const { invoice_id: id } = await seller.invoice();
  assertError(await seller.get('/v1/invoices/nothing/pdf'), 404, 'INVOICE_NOT_FOUND');
  const stranger = new Seller(server, await issueSeller(server, operate));
  assertError(await stranger.get(`/v1/invoices/${id}/pdf`), 404, 'INVOICE_NOT_FOUND');
  assert.equal((await server.request('GET', `/v1/invoices/${id}/pdf`)).status, 401);
  assert.equal((await server.request('GET', `/checkout/${fresh('token')}/invoice.pdf`)).status, 404);
});

check('a flood of PDFs is bounded, and delays no one else', async () => {
  const invoice = await seller.invoice({ products: [guideProduct({ price: 10000 })] });
  const path = `/v1/invoices/${invoice.invoice_id}/pdf`;
  const flood = Promise.all(Array.from({ length: 200 }, () => seller.get(path).then(({ status }) => status)));
  const begun = Date.now();
  await seller.invoice();
  assert.ok(Date.now() - begun < 3_000, 'others are answered');
  const statuses = await flood;
  assert.ok(statuses.every((status) => status === 200 || status === 503), statuses.join());
  assert.ok(statuses.includes(200));
});
