// The browser SDK on a shop's page of another origin, before a checkout whose answers are made up; the script and the checkout's
// page are the server's own.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Front } from '../support/front.mjs';
import { Server } from '../support/server.mjs';
import { assertGood, Browser, keepScreenshot, looks, patienceMs, sizes } from './browser.mjs';
import { donePayload, invoice, invoiceSession } from './mock.mjs';

const token = '/checkout/7kq2mzr4';

let server;
let browser;
let pay; // where the SDK and the checkout are
let shop;
/** What the made-up side answers; each test starts with these. */
let world;

const freshWorld = () => ({
  posted: [],
  status: 'open',
  origins: [shop.baseUrl],
  framedBy: '*',
  call: (posted) => {
    const query = new URLSearchParams({ frame: '1', origin: posted.origin, ...(posted.redirect_url ? { redirect_url: posted.redirect_url } : {}) });
    return { status: 303, headers: { Location: `${token}?${query}` } };
  },
  paid: [200, { status: 'paid', returnUrl: null }],
});

const json = (body, status = 200) => ({ status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

function madeUp(request, body) {
  const where = request.url.split('?')[0];
  if (where === '/v1/invoices') {
    assert.equal(request.headers['content-type'], 'application/x-www-form-urlencoded');
    const form = new URLSearchParams(body);
    assert.deepEqual([...form.keys()], ['payload']);
    const posted = JSON.parse(form.get('payload'));
    world.posted.push(posted);
    return world.call(posted);
  }
  if (where === `${token}/session`) return json({ ...invoiceSession, purpose: 'pay', status: world.status });
  if (where === `${token}/invoice`) return json({ ...invoice, subscription: false, embed: { origins: world.origins, any: world.origins.length === 0 }, done: world.status === 'paid' ? donePayload : null });
  if (where === `${token}/pay`) {
    if (world.paid[0] === 200) world.status = 'paid';
    return json(world.paid[1], world.paid[0]);
  }
  return null;
}

/** The checkout's page as the server sends it; who may frame it is not known to this server, since it has no such invoice. */
const framed = (request, headers) => {
  const policy = headers['content-security-policy'];
  if (!policy || !request.url.startsWith(token)) return headers;
  return { ...headers, 'content-security-policy': policy.replace("frame-ancestors 'none'", `frame-ancestors ${world.framedBy}`) };
};

const shopPage = () => `<!doctype html><html lang="ko"><meta charset="utf-8"><title>The shop</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<script src="${pay.baseUrl}/sdk/commerce.js" data-client-key="ck_test"></script><script src="/shop.js"></script>
<style nonce="s">body{font:16px sans-serif;margin:2rem} *{box-sizing:content-box} iframe{width:50px!important;height:50px!important;display:block!important} button{background:red!important}</style>
<main><h1>Shop</h1><p>A page of a shop, with rules for frames and buttons that are none of the SDK's business.</p><button id="buy">구매하기</button></main></html>`;

/** What a shop would write; the outcome is kept for the test. */
const shopScript = `
window.outcomes = [];
window.call = (request, options) => BootpayCommerce.requestInvoice(request, options).then(
  (value) => outcomes.push({ value }), (error) => outcomes.push({ error: { event: error.event, code: error.code, error_code: error.error_code, request_id: error.request_id, message: error.message, isOne: error instanceof JangbuCommerce.CommerceError } }));
addEventListener('DOMContentLoaded', () => document.getElementById('buy').addEventListener('click', () => call({ request_id: 'order-7' })));`;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
  pay = await Front.start(server.baseUrl, { answer: madeUp, change: framed });
  shop = await Front.start(null, {
    answer: (request) => {
      if (request.url === '/shop.js') return { headers: { 'Content-Type': 'text/javascript' }, body: shopScript };
      if (request.url.startsWith('/module')) return { body: `<!doctype html><title>m</title><link rel="icon" href="data:,"><button id="buy">buy</button><script type="module">import sdk, { requestCheckout, configure } from '${pay.baseUrl}/sdk/commerce.mjs?v=1.0.0'; configure({ client_key: 'ck_test' }); window.sdk = sdk; window.outcomes = []; window.call = (request) => requestCheckout(request).then((value) => outcomes.push({ value }), (error) => outcomes.push({ error }));</script>` };
      // As strict as a shop can be that uses the SDK at all.
      return {
        headers: { 'Content-Security-Policy': `default-src 'none'; script-src 'self' ${pay.baseUrl}; style-src 'nonce-s'; img-src data:; frame-src ${pay.baseUrl}; form-action ${pay.baseUrl}` },
        body: shopPage(),
      };
    },
  });
});
after(async () => {
  await Promise.all([browser?.stop(), server?.stop()]);
  pay?.stop();
  shop?.stop();
});

/** A test of one look or several, on the shop's page. `complaints`: those of the console that are wanted, as patterns. */
function check(name, { at = [looks[2]], with: changes = {}, on = '/', complaints = [] }, body) {
  test(name, { timeout: patienceMs * 6 }, async () => {
    for (const look of at) {
      world = { ...freshWorld(), ...changes };
      await browser.withPage({ baseUrl: shop.baseUrl, ...look }, async (page) => {
        const said = [];
        if (complaints.length > 0) page.removeAllListeners('console');
        page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
        await page.goto(on);
        await body(page, look);
        for (const pattern of complaints) assert.ok(said.some((text) => pattern.test(text)), `${pattern} in ${said}`);
      });
    }
  });
}

const frameOf = (page) => page.frameLocator('dialog iframe');
const outcomes = (page) => page.evaluate(() => globalThis.outcomes);
const settled = (page, count = 1) => page.waitForFunction((wanted) => globalThis.outcomes.length >= wanted, count).then(() => outcomes(page));

async function payIn(target) {
  await target.locator('[name=number]').fill('4242 4242 4242 4242');
  await target.locator('[name=expiry]').fill('12/29');
  await target.locator('[name=cvc]').fill('123');
  await target.locator('[name=holder]').fill('홍길동');
  await target.locator('[type=submit]').click();
}

const { receipt_id: receiptId, order_id: orderId, price, status } = donePayload;
const result = { event: 'done', receipt_id: receiptId, order_id: orderId, status, price, request_id: 'order-7', payload: donePayload };

check('the checkout stands over the page, is paid, and goes', { at: looks }, async (page, look) => {
  await page.locator('#buy').click();
  const frame = frameOf(page);
  await frame.locator('[name=number]').waitFor();
  assert.deepEqual(world.posted, [{ request_id: 'order-7', client_key: 'ck_test', origin: shop.baseUrl, sdk: true }]);
  const box = await page.locator('dialog iframe').boundingBox();
  if (look.viewport.width < 500) assert.deepEqual(box, { x: 0, y: 0, ...look.viewport });
  else assert.ok(box.width === 928 && box.height > 400 && box.y >= 16, JSON.stringify(box));
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'IFRAME');
  await keepScreenshot(page, 'sdk-open', look);
  await payIn(frame);
  assert.deepEqual(await settled(page), [{ value: result }]);
  assert.equal(await page.locator('dialog').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'buy', 'the focus is back where it was');
  assert.equal(await page.evaluate(() => document.documentElement.style.overflow), '');
});

check('the page and the frame are accessible', { at: sizes.map((viewport) => ({ viewport, language: 'ko' })) }, async (page) => {
  await page.locator('#buy').click();
  await frameOf(page).locator('[name=number]').waitFor();
  await assertGood(page.frames().find((frame) => frame.url().includes(token)));
  await page.evaluate(() => document.querySelector('style').remove()); // the shop's red buttons are the shop's
  page.removeAllListeners('console'); // axe puts a style into the shop's page, against its policy
  await assertGood(page);
});

check('a card that is declined, and another one', { with: { paid: [402, { status: 'declined', code: 'card_declined' }] } }, async (page, look) => {
  await page.locator('#buy').click();
  const frame = frameOf(page);
  await payIn(frame);
  await frame.getByRole('alert').filter({ hasText: '거절' }).waitFor();
  await keepScreenshot(page, 'sdk-declined', look);
  assert.deepEqual(await outcomes(page), []);
  world.paid = freshWorld().paid;
  await frame.locator('[type=submit]').click();
  assert.deepEqual(await settled(page), [{ value: result }]);
});

const cancelled = { error: { event: 'cancel', code: 'CANCELLED', error_code: 'CANCELLED', request_id: 'order-7', isOne: true } };
const withoutMessage = (all) => all.map(({ error: { message: _, ...error } }) => ({ error }));

check('the customer leaves by the button of the checkout', { at: [looks[0], looks[3]] }, async (page) => {
  await page.locator('#buy').click();
  await frameOf(page).locator('.close-button').click();
  assert.deepEqual(withoutMessage(await settled(page)), [cancelled]);
  assert.equal(await page.locator('dialog').count(), 0);
});

check('the customer leaves with Escape', {}, async (page) => {
  await page.locator('#buy').click();
  await frameOf(page).locator('[name=number]').waitFor();
  await frameOf(page).locator('body').press('Escape'); // the checkout's own fields may want it
  assert.deepEqual(await outcomes(page), []);
  await page.evaluate(() => document.querySelector('dialog').dispatchEvent(new Event('cancel', { cancelable: true })));
  assert.deepEqual(withoutMessage(await settled(page)), [cancelled]);
});

check('a dialog that the browser closes by itself is there again', { with: { paid: [202, { status: 'pending' }] } }, async (page) => {
  await page.locator('#buy').click();
  await frameOf(page).locator('[name=number]').fill('4242 4242 4242 4242');
  await page.evaluate(() => document.querySelector('dialog').close());
  await page.waitForFunction(() => document.querySelector('dialog').open);
  assert.equal(await frameOf(page).locator('[name=number]').inputValue(), '4242 4242 4242 4242', 'nothing that was typed is lost');
  assert.deepEqual(await outcomes(page), []);
});

check('the customer leaves before the checkout has come', { at: [looks[0], looks[2]], with: { call: () => new Promise(() => {}) } }, async (page, look) => {
  await page.locator('#buy').click();
  await page.getByRole('status').filter({ hasText: '여는 중' }).waitFor();
  await keepScreenshot(page, 'sdk-waiting', look);
  await page.getByRole('button', { name: '닫기' }).click();
  assert.deepEqual(withoutMessage(await settled(page)), [cancelled]);
});

check('nobody leaves while a payment is under way', { with: { paid: [202, { status: 'pending' }] } }, async (page) => {
  await page.locator('#buy').click();
  const frame = frameOf(page);
  await payIn(frame);
  world.status = 'paying';
  await frame.locator('.mark-wait').waitFor();
  assert.equal(await frame.locator('.close-button').count(), 0);
  await page.evaluate(() => document.querySelector('dialog').dispatchEvent(new Event('cancel', { cancelable: true })));
  world.status = 'paid';
  assert.deepEqual(await settled(page), [{ value: result }]);
});

check('whoever leaves a payment that takes long is told that it may still go through', { with: { paid: [202, { status: 'pending' }] }, complaints: [/PAYMENT_PENDING/] }, async (page) => {
  await page.clock.install();
  await page.locator('#buy').click();
  const frame = frameOf(page);
  await payIn(frame);
  world.status = 'paying';
  await frame.locator('.mark-wait').waitFor();
  for (let polls = 0; (await frame.locator('.close-button').count()) === 0; polls++) {
    assert.ok(polls < 60, 'the checkout can be left in the end');
    await page.clock.runFor(5000);
  }
  await frame.locator('.close-button').click();
  assert.deepEqual((await settled(page)).map(({ error }) => [error.event, error.code]), [['error', 'PAYMENT_PENDING']]);
  await page.locator('dialog').waitFor({ state: 'detached' });
});

check('a server that says nothing is given up after half a minute', { with: { call: () => new Promise(() => {}) }, complaints: [/NO_ANSWER/] }, async (page) => {
  await page.clock.install();
  await page.locator('#buy').click();
  await page.getByRole('status').waitFor();
  await page.clock.runFor(29_000);
  assert.deepEqual(await outcomes(page), []);
  await page.clock.runFor(2_000);
  assert.deepEqual((await settled(page)).map(({ error }) => [error.event, error.code]), [['error', 'NO_ANSWER']]);
  assert.equal(await page.locator('dialog').count(), 0);
});

check('a second click is the same call; another call takes its place', {}, async (page) => {
  await page.evaluate(() => void [1, 2].forEach(() => globalThis.call({ request_id: 'order-7' })));
  await frameOf(page).locator('[name=number]').waitFor();
  assert.equal(world.posted.length, 1);
  await page.evaluate(() => void globalThis.call({ request_id: 'order-8' }));
  assert.deepEqual(withoutMessage(await settled(page, 2)), [cancelled, cancelled]);
  await frameOf(page).locator('[name=number]').waitFor();
  assert.equal(await page.locator('dialog').count(), 1);
  assert.deepEqual(world.posted.map((posted) => posted.request_id), ['order-7', 'order-8']);
});

for (const [ending, code] of [['expired', 'INVOICE_EXPIRED'], ['cancelled', 'INVOICE_CANCELLED'], ['refunded', 'INVOICE_REFUNDED']]) {
  check(`the invoice is ${ending}: the page hears it, the customer reads it`, { with: { status: ending }, complaints: [new RegExp(code)] }, async (page, look) => {
    await page.locator('#buy').click();
    const [{ error }] = await settled(page);
    assert.deepEqual([error.event, error.code, error.isOne], ['error', code, true]);
    await frameOf(page).locator('.outcome h1').waitFor();
    await keepScreenshot(page, `sdk-${ending}`, look);
    await frameOf(page).locator('.close-button').click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.equal((await outcomes(page)).length, 1);
  });
}

check('an invoice that was paid in another tab resolves', { with: { status: 'paid' } }, async (page) => {
  await page.locator('#buy').click();
  assert.deepEqual(await settled(page), [{ value: result }]);
});

const refused = (posted) => ({
  status: 400,
  body: `<meta http-equiv="refresh" content="0;url=/checkout/refused?code=PRICE_FROM_BROWSER&amp;request_id=order-7&amp;origin=${encodeURIComponent(posted.origin)}">`,
});

check('a call that is refused is refused aloud', { at: looks, with: { call: refused }, complaints: [/PRICE_FROM_BROWSER/] }, async (page, look) => {
  await page.evaluate(() => void globalThis.call({ request_id: 'order-7', price: 100, discount_percent: 90 }));
  const [{ error }] = await settled(page);
  assert.deepEqual([error.event, error.code, error.error_code], ['error', 'PRICE_FROM_BROWSER', 'PRICE_FROM_BROWSER']);
  assert.deepEqual([world.posted[0].price, world.posted[0].discount_percent], [100, 90], 'the SDK hides nothing from the server');
  await frameOf(page).getByText('PRICE_FROM_BROWSER').waitFor();
  await keepScreenshot(page, 'sdk-refused', look);
  await frameOf(page).locator('.outcome .button').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
});

check('a call that lacks what it needs never leaves the page', {}, async (page) => {
  await page.evaluate(async () => {
    await globalThis.call({});
    await globalThis.call({ request_id: '' });
    globalThis.JangbuCommerce.configure({ client_key: '' });
    await globalThis.call({ request_id: 'order-7' });
    await globalThis.call({ request_id: 'order-7', client_key: 'ck' }, { base_url: '' });
  });
  assert.deepEqual((await outcomes(page)).map(({ error }) => error.code), ['REQUEST_ID_MISSING', 'REQUEST_ID_MISSING', 'CLIENT_KEY_MISSING', 'BASE_URL_MISSING']);
  assert.deepEqual(world.posted, []);
});

check('the checkout tells nothing to a page that the seller did not register', { with: { origins: ['https://shop.example'] } }, async (page) => {
  await page.evaluate(() => {
    globalThis.heard = [];
    addEventListener('message', ({ data }) => globalThis.heard.push(data));
  });
  await page.locator('#buy').click();
  const frame = page.frameLocator('dialog iframe');
  await frame.locator('[name=number]').waitFor({ state: 'attached' });
  await page.evaluate(() => document.querySelector('dialog iframe').style.setProperty('display', 'block', 'important'));
  await payIn(frame);
  await frame.getByRole('heading', { name: '결제가 완료되었습니다' }).waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.heard), []);
  assert.deepEqual(await outcomes(page), []);
});

check('an app without registered origins may be opened by any page', { with: { origins: [] } }, async (page) => {
  await page.locator('#buy').click();
  await payIn(frameOf(page));
  assert.deepEqual(await settled(page), [{ value: result }]);
});

check('messages of others move nothing', {}, async (page) => {
  await page.locator('#buy').click();
  await frameOf(page).locator('[name=number]').waitFor();
  await page.evaluate(() => {
    const forged = { bootpay_event: true, hook: 'CommerceCheckoutEvent', event: 'done', data: { payload: { receipt_id: 'forged' } } };
    globalThis.postMessage(JSON.stringify(forged), '*'); // the page itself, or a script in it
    document.querySelector('dialog iframe').contentWindow.postMessage(JSON.stringify(forged), '*'); // into the checkout
    globalThis.postMessage('no JSON', '*');
    globalThis.postMessage({ bootpay_event: true }, '*');
  });
  // What the checkout itself says that means nothing moves nothing either.
  await page.frames().find((frame) => frame.url().includes(token)).evaluate((origin) => {
    for (const text of ['x', '[]', 'null', '{"bootpay_event":true}', '{"bootpay_event":true,"hook":"CommerceCheckoutEvent","event":"later"}']) globalThis.parent.postMessage(text, origin);
  }, shop.baseUrl);
  await payIn(frameOf(page));
  assert.deepEqual(await settled(page), [{ value: result }]);
});

check('another window that says it was paid is not believed', {}, async (page) => {
  await page.locator('#buy').click();
  const frame = frameOf(page);
  await frame.locator('[name=number]').waitFor();
  // A page of the right origin, in another window than the one that was opened.
  const popup = page.context().waitForEvent('page');
  await page.evaluate((url) => void globalThis.open(url), `${pay.baseUrl}${token}`);
  const other = await popup;
  await other.waitForLoadState();
  await other.evaluate((origin) => globalThis.opener.postMessage(JSON.stringify({ bootpay_event: true, hook: 'CommerceCheckoutEvent', event: 'done', data: { payload: { receipt_id: 'forged' } } }), origin), shop.baseUrl);
  await payIn(frame);
  assert.deepEqual(await settled(page), [{ value: result }]);
});

check('with a redirect_url: over the page on a desk, then on', {}, async (page) => {
  const target = `${shop.baseUrl}/done?cart=9`;
  await page.evaluate((url) => void globalThis.call({ request_id: 'order-7', redirect_url: url }), target);
  await payIn(frameOf(page));
  await page.waitForURL('**/done?**');
  assert.deepEqual(Object.fromEntries(new URL(page.url()).searchParams), { cart: '9', event: 'done', request_id: 'order-7', order_number: donePayload.order_number, metadata: '{"cart":"9"}' });
});

for (const [name, look, request] of [
  ['on a phone a redirect_url leaves the page', looks[0], (url) => ({ request_id: 'order-7', redirect_url: `${url}/done` })],
  ['open_type redirect leaves the page on a desk too, and comes back', looks[2], () => ({ request_id: 'order-7', extra: { open_type: 'redirect' } })],
]) {
  check(name, { at: [look] }, async (page) => {
    await page.evaluate((call) => void globalThis.call(call), request(shop.baseUrl));
    await page.waitForURL(`${pay.baseUrl}${token}?**`);
    assert.equal(await page.locator('.close-button').count(), 0, 'this is a page of its own');
    await payIn(page);
    await page.getByRole('link', { name: /돌아가기/ }).click();
    await page.waitForURL(`${shop.baseUrl}/**`);
    const url = new URL(page.url());
    assert.equal(url.pathname, look === looks[0] ? '/done' : '/');
    assert.equal(url.searchParams.get('event'), 'done');
    assert.equal(url.searchParams.get('request_id'), 'order-7');
  });
}

check('as a module, and by the incumbent’s names', { on: '/module' }, async (page) => {
  await page.waitForFunction(() => globalThis.call);
  await page.evaluate(() => {
    globalThis.sdk.setEnvironmentMode('development');
    void globalThis.call({ request_id: 'order-7' });
  });
  await payIn(frameOf(page));
  assert.deepEqual(await settled(page), [{ value: result }]);
});

check('by the address of the invoice', {}, async (page) => {
  await page.evaluate((url) => void globalThis.BootpayCommerce.requestCheckoutUrl(url).then((value) => globalThis.outcomes.push({ value })), `${pay.baseUrl}${token}`);
  await payIn(frameOf(page));
  assert.deepEqual(await settled(page), [{ value: result }]);
  assert.deepEqual(world.posted, []);
});
