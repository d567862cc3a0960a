// The checkout page before the real server: from the order to the shop's own page, as a customer goes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import test, { after, before } from 'node:test';

import { App, guideClock, onboardBody } from '../support/hub.mjs';
import { eventually, Server } from '../support/server.mjs';
import { assertGood, Browser, focused, keepScreenshot, looks, patienceMs, tabTo } from './browser.mjs';

let server;
let browser;
let app;
let shop;
before(async () => {
  [server, browser] = await Promise.all([Server.start({ clock: guideClock }), Browser.start()]);
  app = App.sales(server);
  shop = http.createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><html lang="en"><title>The shop</title><link rel="icon" href="data:,"><h1>Thank you</h1></html>');
  });
  shop.listen(0, '127.0.0.1');
  await once(shop, 'listening');
});
after(async () => {
  await Promise.all([browser?.stop(), server?.stop()]);
  shop?.closeAllConnections();
  shop?.close();
});

const words = {
  ko: { pay: /결제하기/, number: '카드 번호', paid: '결제가 완료되었습니다', stay: '이 화면에 머물기', back: /돌아가기/, cancelled: /취소/ },
  en: { pay: /^Pay ₩/, number: 'Card number', paid: 'Payment complete', stay: 'Stay on this page', back: /^Return to/, cancelled: /cancel/i },
};

const cards = { good: '4242424242424242', declined: '4000000000000002', poor: '4000000000009995', authenticates: '4000002760003184', late: '4000000000000119' };

const returnUrl = () => `http://127.0.0.1:${shop.address().port}/done?basket=7`;

/** A test of an order of its own for each look; `body` gets the page at its checkout, the order and the look. */
function check(name, { at = [looks[2]], order = {} }, body) {
  test(name, { timeout: patienceMs * 6 }, Server.logged(() => server, async () => {
    for (const look of at) {
      const made = await app.order({ returnUrl: returnUrl(), ...order });
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        await page.goto(made.checkoutUrl);
        await page.getByRole('button', { name: words[look.language].pay }).waitFor();
        await body(page, made, { ...look, text: words[look.language] });
      });
    }
  }));
}

/** Types a card as one does who has no mouse, and presses Enter. */
async function typeCard(page, text, number) {
  await tabTo(page, page.getByLabel(text.number, { exact: true }));
  for (const piece of [number, '1229', '123', 'Hong Gildong']) {
    await page.keyboard.press('Control+A');
    await page.keyboard.type(piece);
    if (piece !== 'Hong Gildong') await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
}

const orderIs = (code, status) => eventually(`${code} is ${status}`, async () =>
  ((await app.getOrder(code)).status === status ? true : undefined));

function assertReturned(page, code) {
  const url = new URL(page.url());
  assert.equal(`${url.origin}${url.pathname}`, returnUrl().split('?')[0]);
  assert.deepEqual(Object.fromEntries(url.searchParams), { basket: '7', orderCode: code, status: 'PAID' });
}

check('from the order to the shop, by keyboard', { at: looks }, async (page, { orderCode: code }, look) => {
  const main = await page.locator('main').innerText();
  assert.match(main, /₩206,000/);
  assert.match(main, /구매평 캠페인 10건/);
  await assertGood(page);
  await keepScreenshot(page, 'real-form', look);
  await typeCard(page, look.text, cards.good);
  await page.getByRole('heading', { name: look.text.paid }).waitFor();
  assert.equal((await focused(page)).text, look.text.paid);
  // Or it would leave for the shop while it is looked at.
  await page.getByRole('button', { name: look.text.stay }).click();
  await assertGood(page);
  await keepScreenshot(page, 'real-paid', look);
  await orderIs(code, 'PAID');
  await page.getByRole('link', { name: look.text.back }).click();
  await page.waitForURL(`${returnUrl()}**`);
  assertReturned(page, code);
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
});

check('a declined card says so, and another one pays', { at: looks }, async (page, { orderCode: code }, look) => {
  await typeCard(page, look.text, cards.declined);
  const alert = page.getByRole('alert');
  await alert.filter({ hasText: /\S/ }).waitFor();
  const declined = await alert.innerText();
  assert.match(declined, look.language === 'ko' ? /거절|승인/ : /declined/i);
  await assertGood(page);
  await keepScreenshot(page, 'real-declined', look);
  assert.equal((await app.getOrder(code)).status, 'CREATED');
  await typeCard(page, look.text, cards.poor);
  await page.waitForFunction((before) => {
    const text = document.querySelector('[role=alert]')?.innerText.trim();
    return text && text !== before;
  }, declined);
  await typeCard(page, look.text, cards.good);
  await page.getByRole('heading', { name: look.text.paid }).waitFor();
  await orderIs(code, 'PAID');
});

check('a card that asks for a code', { at: looks }, async (page, { orderCode: code }, look) => {
  await typeCard(page, look.text, cards.authenticates);
  await page.locator('[name=code]').fill('123456');
  await keepScreenshot(page, 'real-authentication', look);
  await page.locator('[name=code]').press('Enter');
  await page.getByRole('heading', { name: look.text.paid }).waitFor();
  await orderIs(code, 'PAID');
});

check('an outcome that comes a moment later', {}, async (page, { orderCode: code }, look) => {
  await typeCard(page, look.text, cards.late);
  await page.getByRole('heading', { name: look.text.paid }).waitFor();
  await orderIs(code, 'PAID');
});

check('an order that was cancelled meanwhile, and one that was paid elsewhere', {}, async (page, { orderCode: code }, look) => {
  await app.expect(200, 'POST', `/v1/pay/orders/${code}/cancel`, { body: {} });
  await typeCard(page, look.text, cards.good);
  await page.getByRole('heading', { name: look.text.cancelled }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: look.text.cancelled }).waitFor();
  const { orderCode: other, checkoutUrl } = await app.order({ returnUrl: returnUrl() });
  assert.equal((await app.pay(other)).status, 200);
  await page.goto(checkoutUrl);
  await page.waitForURL(`${returnUrl()}**`);
  assertReturned(page, other);
});

test('the link of an invitation leads to its page', { timeout: patienceMs * 3 }, Server.logged(() => server, async () => {
  const answer = await app.onboard(onboardBody(await app.paidOrder()));
  assert.equal(answer.status, 200, answer.text);
  const { loginUrl } = answer.json().onboarding;
  await browser.withPage({ baseUrl: server.baseUrl }, async (page) => {
    const response = await page.goto(loginUrl);
    assert.equal(response.status(), 200);
    await page.locator('main').waitFor();
  });
}));
