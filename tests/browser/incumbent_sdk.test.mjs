// The incumbent's own browser SDK, @bootpay/bp-commerce-sdk as npm has it, when the name of its host leads to this server: pages
// that use it go on as they are.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test, { after, before } from 'node:test';

import { Front } from '../support/front.mjs';
import { operate } from '../support/hub.mjs';
import { fresh, issueSeller, Seller } from '../support/invoice.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';
import { Browser, keepScreenshot, looks, patienceMs } from './browser.mjs';

const host = 'api.bootapi.com';
const script = fs.readFileSync(new URL('../node_modules/@bootpay/bp-commerce-sdk/dist/index.mjs', import.meta.url), 'utf8');

let server;
let browser;
let front; // https://api.bootapi.com, as the browser sees it
let shop;
let seller;

before(async () => {
  server = await Server.start({ clock: '2026-05-25T10:00:00+09:00' });
  front = await Front.start(server.baseUrl, { names: [host] });
  // No request of this browser leaves the machine.
  browser = await Browser.start({ args: [`--host-resolver-rules=MAP ${host}:443 127.0.0.1:${front.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`, '--ignore-certificate-errors'] });
  shop = await Front.start(null, {
    answer: (request) => (request.url === '/sdk.mjs' ? { headers: { 'Content-Type': 'text/javascript' }, body: script } : {
      body: `<!doctype html><html lang="ko"><meta charset="utf-8"><title>The shop</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module">import commerce from '/sdk.mjs';
window.outcomes = [];
window.call = (method, what) => commerce[method](what).then((value) => outcomes.push({ value }), (error) => outcomes.push({ error }));</script><main><h1>Shop</h1></main></html>`,
    }),
  });
  seller = new Seller(server, await issueSeller(server, operate, { name: '주식회사 에이비씨', origins: [shop.baseUrl] }));
});
after(async () => {
  await Promise.all([browser?.stop(), server?.stop()]);
  front?.stop();
  shop?.stop();
  if (server) await assertVerifies(server.directory);
});

function check(name, { at = [looks[2]], userAgent } = {}, body) {
  test(name, { timeout: patienceMs * 6 }, Server.logged(() => server, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: shop.baseUrl, userAgent, ...look }, async (tab) => {
        await tab.goto('/');
        await tab.waitForFunction(() => globalThis.call);
        await body(tab, look);
      });
    }
  }));
}

const call = (tab, request, method = 'requestCheckout') => tab.evaluate(([name, what]) => void globalThis.call(name, what), [method, request]);
const settled = (tab) => tab.waitForFunction(() => globalThis.outcomes.length > 0).then(() => tab.evaluate(() => globalThis.outcomes));
const frameOf = (tab) => tab.frameLocator('#bootpay-commerce-checkout-iframe');

async function payIn(target) {
  for (const [name, value] of [['number', '4242424242424242'], ['expiry', '12/29'], ['cvc', '123'], ['holder', '홍길동']]) {
    await target.locator(`[name=${name}]`).fill(value);
  }
  await target.locator('[type=submit]').click();
}

const paid = (id) => eventually('the invoice is paid', async () => {
  const invoice = await seller.ok(seller.get(`/v1/invoices/${id}`));
  return invoice.status_name === 'paid' ? invoice : undefined;
});

check('a server’s invoice is paid', { at: looks }, async (tab, look) => {
  const made = await seller.invoice({ metadata: { cart: '9' } });
  await call(tab, { client_key: seller.credentials.client_key, request_id: made.request_id });
  await frameOf(tab).locator('[name=number]').waitFor();
  assert.ok(tab.frames().some((frame) => frame.url().startsWith(`https://${host}/checkout/`)));
  await keepScreenshot(tab, 'incumbent-open', look);
  await payIn(frameOf(tab));
  const [{ value }] = await settled(tab);
  const invoice = await paid(made.invoice_id);
  assert.equal(value.event, 'done');
  assert.equal(value.payload.receipt_success_data.receipt_id, invoice.receipt_id);
  assert.equal(value.payload.price, 10000);
  assert.deepEqual([value.payload.request_id, value.payload.metadata], [made.request_id, { cart: '9' }]);
  assert.ok(value.payload.order_number);
  assert.equal(await tab.locator('#bootpay-commerce-checkout-iframe').count(), 0, 'the SDK has taken its frame away');
});

check('a fixed price of the page is paid, as its README has it', {}, async (tab) => {
  const request = { client_key: seller.credentials.client_key, request_id: fresh('order'), name: '상품 주문서', memo: '고객 요청사항',
    user: { membership_type: 'member', user_id: 'user123', name: '홍길동', phone: '01012345678', email: 'user@example.com' },
    products: [{ name: '상품', price: 25000, quantity: 2 }], price: 50000, extra: { separately_confirmed: false, create_order_immediately: true } };
  await call(tab, request);
  await payIn(frameOf(tab));
  const [{ value }] = await settled(tab);
  assert.equal(value.payload.price, 50000);
  assert.equal((await paid(request.request_id)).made_by, 'browser');
});

check('a price beside a server’s invoice is refused', {}, async (tab) => {
  const made = await seller.invoice();
  await call(tab, { client_key: seller.credentials.client_key, request_id: made.request_id, price: 100 });
  const [{ error }] = await settled(tab);
  assert.deepEqual([error.event, error.error_code, error.payload], ['error', 'PRICE_FROM_BROWSER', { request_id: made.request_id }]);
});

check('the customer leaves', {}, async (tab) => {
  const made = await seller.invoice();
  await call(tab, { client_key: seller.credentials.client_key, request_id: made.request_id });
  await frameOf(tab).locator('.close-button').click();
  assert.equal((await settled(tab))[0].error.event, 'cancel');
});

check('by the address of the invoice', {}, async (tab) => {
  const made = await seller.invoice();
  const address = new URL(new URL(made.payment_url).pathname, `https://${host}`).href;
  await call(tab, address, 'requestCheckoutUrl');
  await payIn(frameOf(tab));
  assert.equal((await settled(tab))[0].value.payload.request_id, made.request_id);
});

check('with a redirect_url the SDK goes on to it', {}, async (tab) => {
  const made = await seller.invoice();
  await call(tab, { client_key: seller.credentials.client_key, request_id: made.request_id, redirect_url: `${shop.baseUrl}/done` });
  await payIn(frameOf(tab));
  await tab.waitForURL('**/done?**');
  const query = new URL(tab.url()).searchParams;
  assert.deepEqual([query.get('event'), query.get('request_id')], ['done', made.request_id]);
});

check('and on a phone it leaves the page', { at: [looks[0]], userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1' }, async (tab) => {
  const made = await seller.invoice();
  await call(tab, { client_key: seller.credentials.client_key, request_id: made.request_id, redirect_url: `${shop.baseUrl}/done` });
  await tab.waitForURL(`https://${host}/checkout/**`);
  await payIn(tab);
  await tab.getByRole('link', { name: /돌아가기/ }).click();
  await tab.waitForURL('**/done?**');
  assert.equal(new URL(tab.url()).searchParams.get('request_id'), made.request_id);
  await paid(made.invoice_id);
});
