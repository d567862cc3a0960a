// Shops' pages and the real server: what the server said is what is paid, whatever the page or its customer try.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Front } from '../support/front.mjs';
import { advance, operate } from '../support/hub.mjs';
import { fresh, guideProduct, invoiceBody, issueSeller, Seller } from '../support/invoice.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';
import { assertGood, Browser, keepScreenshot, looks, patienceMs } from './browser.mjs';

const cards = { good: '4242424242424242', declined: '4000000000000002', authenticates: '4000002760003184', late: '4000000000000119' };

let server;
let browser;
let shop;
let stranger; // a page of somebody else
let seller;

const page = (server_, key) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>The shop</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="${server_.baseUrl}/sdk/commerce.js" data-client-key="${key}"></script>
<script>
  window.outcomes = [];
  window.heard = [];
  addEventListener('message', ({ data, origin }) => heard.push({ data, origin }));
  window.call = (request) => BootpayCommerce.requestInvoice(request).then((value) => outcomes.push({ value }), ({ event, code, message }) => outcomes.push({ error: { event, code, message } }));
</script><main><h1>Shop</h1><p>Pro plan, 24 months</p><button id="buy">Buy</button></main></html>`;

before(async () => {
  [server, browser] = await Promise.all([Server.start({ clock: '2026-05-25T10:00:00+09:00' }), Browser.start()]);
  [shop, stranger] = await Promise.all([1, 2].map(() => Front.start(null, { answer: () => ({ body: page(server, seller.credentials.client_key) }) })));
  seller = new Seller(server, await issueSeller(server, operate, { name: '주식회사 에이비씨', origins: [shop.baseUrl, 'https://www.shop.example'] }));
});
after(async () => {
  await Promise.all([browser?.stop(), server?.stop()]);
  shop?.stop();
  stranger?.stop();
  if (server) await assertVerifies(server.directory);
});

/** A test on the shop's page; `complaints`: patterns of what the console must say, which else it may not. */
function check(name, { at = [looks[3]], on = () => shop, complaints = [] }, body) {
  test(name, { timeout: patienceMs * 6 }, Server.logged(() => server, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: on().baseUrl, ...look }, async (tab) => {
        const said = [];
        if (complaints.length > 0) tab.removeAllListeners('console');
        tab.on('console', (message) => message.type() === 'error' && said.push(message.text()));
        await tab.goto('/');
        await body(tab, look);
        for (const pattern of complaints) assert.ok(said.some((text) => pattern.test(text)), `${pattern} in ${JSON.stringify(said)}`);
      });
    }
  }));
}

const call = (tab, request) => tab.evaluate((what) => void globalThis.call(what), request);
const frameOf = (tab) => tab.frameLocator('dialog iframe');
const outcomes = (tab) => tab.evaluate(() => globalThis.outcomes);
const settled = (tab, count = 1) => tab.waitForFunction((wanted) => globalThis.outcomes.length >= wanted, count).then(() => outcomes(tab));
const invoiceOf = (id) => seller.ok(seller.get(`/v1/invoices/${id}`));

async function payIn(target, card = cards.good) {
  for (const [name, value] of [['number', card], ['expiry', '12/29'], ['cvc', '123'], ['holder', 'Hong Gildong']]) {
    await target.locator(`[name=${name}]`).fill(value);
  }
  await target.locator('[type=submit]').click();
}

/** 10,000 won a month, and 100 off in the first. */
const discounted = () => seller.invoice({ name: 'Pro', products: [{ name: 'Pro', price: 10000, quantity: 1, price_adjustments: [{ name: 'First purchase', cycles: [{ duration: 1, adjustment_type: 'discount_price', value: 100 }] }] }], metadata: { cart: '9' } });

/** Fails unless the promise told what the server knows. */
async function assertPaid(tab, made, price) {
  const [{ value, error }] = (await settled(tab)).slice(-1);
  assert.equal(error, undefined, JSON.stringify(error));
  const known = await eventually('the invoice is paid', async () => {
    const invoice = await invoiceOf(made.invoice_id);
    return invoice.status_name === 'paid' ? invoice : undefined;
  });
  assert.deepEqual({ receipt_id: value.receipt_id, order_id: value.order_id, price: value.price, request_id: value.request_id, event: value.event },
    { receipt_id: known.receipt_id, order_id: known.order_id, price, request_id: made.request_id, event: 'done' });
  assert.match(value.receipt_id, /^[0-9a-f]{24}$/);
  assert.match(value.order_id, /^[0-9a-f]{24}$/);
  assert.equal(value.payload.receipt_success_data.price, price);
}

check('the server’s price is paid, and the page hears of it', { at: looks }, async (tab, look) => {
  const made = await discounted();
  await call(tab, { request_id: made.request_id });
  const frame = frameOf(tab);
  await frame.locator('[name=number]').waitFor();
  assert.match(await frame.locator('.summary').innerText(), /주식회사 에이비씨[^]*₩9,900[^]*−₩100/);
  await assertGood(tab.frames().find((each) => each.url().includes('/checkout/')));
  await keepScreenshot(tab, 'real-sdk-open', look);
  await payIn(frame);
  await assertPaid(tab, made, 9900);
  assert.deepEqual((await outcomes(tab))[0].value.payload.metadata, { cart: '9' });
  for (const { origin, data } of await tab.evaluate(() => globalThis.heard)) {
    assert.equal(origin, server.baseUrl);
    assert.equal(JSON.parse(data).bootpay_event, true);
  }
});

check('the guide’s 24 months on the page', { at: looks }, async (tab, look) => {
  const made = await seller.invoice({ name: 'Pro plan', products: [guideProduct()] });
  await tab.goto(made.payment_url);
  await tab.locator('.schedule tbody tr').first().waitFor();
  assert.deepEqual(await tab.locator('.schedule').first().locator('tbody tr .number').allInnerTexts(), ['₩10,000', '₩9,900', '₩10,000']);
  await assertGood(tab);
  await keepScreenshot(tab, 'real-schedule', look);
});

check('a declined card says so, a code is asked for, an answer comes late', {}, async (tab) => {
  const made = await discounted();
  await call(tab, { request_id: made.request_id });
  await payIn(frameOf(tab), cards.declined);
  await frameOf(tab).getByRole('alert').filter({ hasText: /declined/ }).waitFor();
  assert.deepEqual(await outcomes(tab), []);
  assert.equal((await invoiceOf(made.invoice_id)).status_name, 'ready');
  await payIn(frameOf(tab), cards.authenticates);
  await frameOf(tab).locator('[name=code]').fill('123456');
  await frameOf(tab).locator('[name=code]').press('Enter');
  await assertPaid(tab, made, 9900);
  const late = await discounted();
  await call(tab, { request_id: late.request_id });
  await payIn(frameOf(tab), cards.late);
  await settled(tab, 2);
  await assertPaid(tab, late, 9900);
});

check('the customer leaves, and comes back to pay', {}, async (tab) => {
  const made = await discounted();
  await call(tab, { request_id: made.request_id });
  await frameOf(tab).locator('.close-button').click();
  assert.deepEqual((await settled(tab)).map(({ error }) => [error.event, error.code]), [['cancel', 'CANCELLED']]);
  await call(tab, { request_id: made.request_id });
  await payIn(frameOf(tab));
  await settled(tab, 2);
  await assertPaid(tab, made, 9900);
});

// ---- prices that a browser makes up --------------------------------------------------------------------------------------

const tries = [
  { price: 100 },
  { price: 9900 }, // even the right one
  { discount_percent: 90 },
  { discount_price: 9899 },
  { price_adjustments: [{ cycles: [{ duration: 1, adjustment_type: 'discount_percent', value: 90 }] }] },
  { products: [{ product_id: 'pro', price: 1 }] },
  { products: [{ product_id: 'pro', price_adjustments: [{ cycles: [{ adjustment_type: 'setup_fee', value: 0 }] }] }] },
  { extra: { setup_fee: 0 } },
];
for (const tampered of tries) {
  check(`tampered with in the console: ${JSON.stringify(tampered)}`, { complaints: [/PRICE_FROM_BROWSER/] }, async (tab, look) => {
    const made = await discounted();
    await call(tab, { request_id: made.request_id, ...tampered });
    const [{ error }] = await settled(tab);
    assert.deepEqual([error.event, error.code], ['error', 'PRICE_FROM_BROWSER']);
    await frameOf(tab).getByText('PRICE_FROM_BROWSER').waitFor();
    await keepScreenshot(tab, 'real-refused', look);
    assert.equal((await invoiceOf(made.invoice_id)).status_name, 'ready');
    assert.ok(server.log.includes(`(price_from_browser): client key ${seller.credentials.client_key}, request_id ${made.request_id}, origin ${shop.baseUrl}`), 'the operator finds it in the log');
    // The honest call is as good as before.
    await call(tab, { request_id: made.request_id });
    await payIn(frameOf(tab));
    await settled(tab, 2);
    await assertPaid(tab, made, 9900);
  });
}

check('tampered with on the way to the server', { complaints: [/PRICE_FROM_BROWSER/] }, async (tab) => {
  const made = await discounted();
  await tab.route('**/v1/invoices', (route) => {
    const posted = JSON.parse(new URLSearchParams(route.request().postData()).get('payload'));
    return route.continue({ postData: new URLSearchParams({ payload: JSON.stringify({ ...posted, price: 100 }) }).toString() });
  });
  await call(tab, { request_id: made.request_id });
  assert.equal((await settled(tab))[0].error.code, 'PRICE_FROM_BROWSER');
});

check('tampered with in the checkout: it takes no amounts', {}, async (tab) => {
  const made = await discounted();
  await tab.route('**/checkout/*/pay', (route) => route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), amount: 1, price: 1, discount_percent: 100 }) }));
  await call(tab, { request_id: made.request_id });
  await payIn(frameOf(tab));
  await assertPaid(tab, made, 9900);
});

check('tampered with on the checkout’s screen: what is shown is not what is paid', {}, async (tab) => {
  const made = await discounted();
  await tab.route('**/checkout/*/session', async (route) => {
    const answer = await route.fetch();
    return route.fulfill({ response: answer, json: { ...(await answer.json()), amount: 1 } });
  });
  await call(tab, { request_id: made.request_id });
  await frameOf(tab).getByRole('button', { name: 'Pay ₩1', exact: true }).waitFor();
  await payIn(frameOf(tab));
  await assertPaid(tab, made, 9900);
});

// ---- calls without a server -----------------------------------------------------------------------------------------------

check('a fixed price may be asked for by the page', {}, async (tab) => {
  const request = { request_id: fresh('direct'), name: 'A T-shirt', price: 12000, user: { name: 'Hong' } };
  await call(tab, request);
  await payIn(frameOf(tab));
  const [{ value }] = await settled(tab);
  assert.equal(value.price, 12000);
  const made = await invoiceOf(request.request_id);
  assert.deepEqual([made.made_by, made.payment_price, made.status_name], ['browser', 12000, 'paid']);
});

check('a discount may not', { complaints: [/PRICE_FROM_BROWSER/] }, async (tab) => {
  const request = { request_id: fresh('direct'), name: 'A T-shirt', price: 12000, discount_percent: 90 };
  await call(tab, request);
  assert.equal((await settled(tab))[0].error.code, 'PRICE_FROM_BROWSER');
  assert.equal((await seller.get(`/v1/invoices/${request.request_id}`)).status, 404);
});

check('what a page says wrongly is told', { complaints: [/INVALID_PARAMETERS/] }, async (tab) => {
  await call(tab, { request_id: fresh('direct'), price: 12000 });
  const [{ error }] = await settled(tab);
  assert.deepEqual([error.code, error.message], ['INVALID_PARAMETERS', 'name: the name is required']);
});

check('the server’s invoice takes the place of the page’s own', { complaints: [/INVOICE_CANCELLED/] }, async (tab) => {
  const request = { request_id: fresh('direct'), name: 'A T-shirt', price: 12000 };
  await call(tab, request);
  await frameOf(tab).getByRole('button', { name: 'Pay ₩12,000' }).waitFor();
  const made = await seller.ok(seller.post('/v1/invoices', invoiceBody({ request_id: request.request_id, name: 'A T-shirt', price: 11000 })));
  await payIn(frameOf(tab)); // the page still shows the one that was replaced
  await frameOf(tab).locator('.outcome h1').waitFor();
  assert.equal((await settled(tab))[0].error.code, 'INVOICE_CANCELLED');
  await call(tab, { request_id: request.request_id });
  await frameOf(tab).getByRole('button', { name: 'Pay ₩11,000' }).waitFor();
  await payIn(frameOf(tab));
  await settled(tab, 2);
  await assertPaid(tab, made, 11000);
});

check('an invoice that nobody made', { complaints: [/INVOICE_NOT_FOUND/] }, async (tab) => {
  await call(tab, { request_id: fresh('nobody') });
  assert.equal((await settled(tab))[0].error.code, 'INVOICE_NOT_FOUND');
});

// ---- who may open it ------------------------------------------------------------------------------------------------------

check('a page of another origin is refused', { on: () => stranger, complaints: [/ORIGIN_NOT_ALLOWED/] }, async (tab) => {
  const made = await discounted();
  await call(tab, { request_id: made.request_id });
  assert.equal((await settled(tab))[0].error.code, 'ORIGIN_NOT_ALLOWED');
});

check('and can neither frame the checkout nor hear from it', { on: () => stranger, complaints: [/frame-ancestors/] }, async (tab) => {
  const made = await discounted();
  const token = new URL(made.payment_url).pathname;
  const policy = (await server.request('GET', token)).headers['content-security-policy'];
  assert.match(policy, new RegExp(`frame-ancestors ${shop.baseUrl.replaceAll('.', '\\.')} https://www\\.shop\\.example$`));
  for (const url of [made.payment_url, `${made.payment_url}?frame=1&origin=${encodeURIComponent(stranger.baseUrl)}`, `${made.payment_url}?frame=1&origin=${encodeURIComponent(shop.baseUrl)}`]) {
    await tab.evaluate((address) => new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.src = address;
      frame.addEventListener('load', resolve);
      document.body.append(frame);
    }), url);
  }
  assert.ok(tab.frames().slice(1).every((frame) => frame.url().startsWith('chrome-error:')), tab.frames().map((frame) => frame.url()).join(' '));
  assert.equal((await seller.pay(made.invoice_id)).status, 200);
  assert.deepEqual(await tab.evaluate(() => globalThis.heard), []);
});

check('nor open it in a window and hear from it', { on: () => stranger }, async (tab) => {
  const made = await discounted();
  const opening = tab.context().waitForEvent('page');
  await tab.evaluate((url) => void globalThis.open(url), `${made.payment_url}?frame=1&origin=${encodeURIComponent(stranger.baseUrl)}`);
  const window = await opening;
  await payIn(window);
  await window.getByRole('heading', { name: 'Payment complete' }).waitFor();
  assert.equal(await window.locator('main a').count(), 0);
  assert.deepEqual(await tab.evaluate(() => globalThis.heard), []);
});

test('checkouts of other doors are framed by nobody', Server.logged(() => server, async () => {
  for (const token of ['none', 'aaaaaaaaaaaad6o2ffero6mt32mkgutw']) {
    assert.match((await server.request('GET', `/checkout/${token}`)).headers['content-security-policy'], /frame-ancestors 'none'$/);
  }
}));

// ---- pages of their own, tabs, endings ------------------------------------------------------------------------------------

for (const [name, look, extra] of [['on a phone', looks[1], {}], ['with a redirect on a desk', looks[3], { extra: { open_type: 'redirect' } }]]) {
  check(`a page of its own ${name}, and back`, { at: [look] }, async (tab) => {
    const made = await discounted();
    await call(tab, { request_id: made.request_id, redirect_url: `${shop.baseUrl}/done?cart=9`, ...extra });
    await tab.waitForURL('**/checkout/**');
    assert.equal(await tab.locator('.close-button').count(), 0);
    await payIn(tab);
    // Until it is paid, a link of the same beginning leaves without paying.
    await tab.getByRole('heading', { name: 'Payment complete' }).waitFor();
    await tab.getByRole('link', { name: /^Return to/ }).click();
    await tab.waitForURL('**/done?**');
    const query = Object.fromEntries(new URL(tab.url()).searchParams);
    assert.deepEqual([query.event, query.request_id, query.cart], ['done', made.request_id, '9']);
    assert.equal((await invoiceOf(made.invoice_id)).status_name, 'paid');
  });
}

check('a redirect to a place that the seller did not register leads nowhere', { at: [looks[1]] }, async (tab) => {
  const made = await discounted();
  await call(tab, { request_id: made.request_id, redirect_url: 'https://evil.example/' });
  await tab.waitForURL('**/checkout/**');
  await payIn(tab);
  await tab.getByRole('heading', { name: 'Payment complete' }).waitFor();
  assert.equal(await tab.locator('main a').count(), 0);
});

check('two tabs of one invoice are one payment', {}, async (tab) => {
  const made = await discounted();
  const other = await tab.context().newPage();
  await other.goto('/');
  for (const each of [tab, other]) {
    await call(each, { request_id: made.request_id });
    await frameOf(each).locator('[name=number]').waitFor();
  }
  await payIn(frameOf(tab));
  await assertPaid(tab, made, 9900);
  await payIn(frameOf(other));
  await assertPaid(other, made, 9900);
  assert.deepEqual((await outcomes(other))[0].value, (await outcomes(tab))[0].value, 'the same receipt');
});

check('both at the same moment too', {}, async (tab) => {
  const made = await discounted();
  const other = await tab.context().newPage();
  await other.goto('/');
  for (const each of [tab, other]) {
    await call(each, { request_id: made.request_id });
    await frameOf(each).locator('[name=number]').waitFor();
  }
  await Promise.all([tab, other].map((each) => payIn(frameOf(each))));
  await assertPaid(tab, made, 9900);
  await assertPaid(other, made, 9900);
  assert.equal((await outcomes(other))[0].value.receipt_id, (await outcomes(tab))[0].value.receipt_id);
});

check('cancelled by the seller while it is open', { complaints: [/INVOICE_CANCELLED/] }, async (tab, look) => {
  const made = await discounted();
  await call(tab, { request_id: made.request_id });
  await frameOf(tab).locator('[name=number]').waitFor();
  await seller.ok(seller.post(`/v1/invoices/${made.invoice_id}/cancel`, { reason: 'sold out' }));
  await payIn(frameOf(tab));
  assert.equal((await settled(tab))[0].error.code, 'INVOICE_CANCELLED');
  await frameOf(tab).locator('.outcome h1').waitFor();
  await keepScreenshot(tab, 'real-cancelled', look);
});

check('refunded', { complaints: [/INVOICE_REFUNDED/] }, async (tab) => {
  const made = await discounted();
  assert.equal((await seller.pay(made.invoice_id)).status, 200);
  await seller.ok(seller.post(`/v1/invoices/${made.invoice_id}/cancel`, { reason: 'sent back' }));
  await eventually('it is refunded', async () => ((await invoiceOf(made.invoice_id)).status_name === 'refunded' ? true : undefined));
  await call(tab, { request_id: made.request_id });
  assert.equal((await settled(tab))[0].error.code, 'INVOICE_REFUNDED');
});

check('expired', { complaints: [/INVOICE_EXPIRED/] }, async (tab) => {
  const made = await seller.invoice({ expire_in: 60 });
  await advance(server, '2h');
  await call(tab, { request_id: made.request_id });
  assert.equal((await settled(tab))[0].error.code, 'INVOICE_EXPIRED');
});
