// The checkout of an invoice as customers see it: what is billed when, what they agree to, where they go afterwards.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Server } from '../support/server.mjs';
import { assertGood, Browser, focused, keepScreenshot, looks, patienceMs, sizes } from './browser.mjs';
import { donePayload, invoice, invoiceSession, MockCheckout } from './mock.mjs';

const token = '/checkout/7kq2mzr4';
const once = { ...invoice, subscription: false, name: '연간 점검', billing_schedule: [{ ...invoice.billing_schedule[0], lines: [{ type: 'product', name: '점검', price: 12000 }, { type: 'discount_price', name: '개점 할인', price: -2000 }] }] };

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
});
after(() => Promise.all([browser?.stop(), server?.stop()]));

const words = {
  ko: { pay: '₩10,000 결제하기', number: '카드 번호', expiry: '유효 기간', cvc: 'CVC', holder: '카드 소유자 이름', paid: '결제가 완료되었습니다', consent: '정기 결제에 동의합니다 (필수)', all: '전체 24개월 보기', schedule: '결제 일정', back: /돌아가기/ },
  en: { pay: 'Pay ₩10,000', number: 'Card number', expiry: 'Expiry date', cvc: 'CVC', holder: 'Name on card', paid: 'Payment complete', consent: 'I agree to recurring payments (required)', all: 'Show all 24 months', schedule: 'Billing schedule', back: /^Return to/ },
};

const paid = [200, { status: 'paid', returnUrl: null }];

/** As checkout.test.mjs has it, with an invoice behind the checkout; `query` stands behind its address. */
function check(name, { at = [looks[2]], query = '', ...options }, body) {
  test(name, { timeout: patienceMs * 6 }, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        const mock = await MockCheckout.on(page, { invoice, sessions: [invoiceSession], ...options, answers: [...(options.answers ?? [])] });
        await page.goto(`${token}${query}`);
        await body(page, mock, { ...look, text: words[look.language] });
      });
    }
  });
}

async function fill(page, text) {
  for (const [label, value] of [[text.number, '4242 4242 4242 4242'], [text.expiry, '12/29'], [text.cvc, '123'], [text.holder, '홍길동']]) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
}

const rows = (table) => table.locator('tbody tr').evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent)));

check('a subscription: what is due now, and what will be', { at: looks }, async (page, _, look) => {
  const table = page.getByRole('table', { name: look.text.schedule, exact: true });
  await table.waitFor();
  assert.deepEqual(await rows(table), look.language === 'ko'
    ? [['1회차', '2026년 5월 25일', '₩10,000'], ['2–3회차', '2026년 6월 25일부터 매월', '₩9,900'], ['4–24회차', '2026년 8월 25일부터 매월', '₩10,000']]
    : [['1', 'May 25, 2026', '₩10,000'], ['2–3', 'Monthly from Jun 25, 2026', '₩9,900'], ['4–24', 'Monthly from Aug 25, 2026', '₩10,000']]);
  const summary = await page.locator('.summary').innerText();
  for (const part of ['Pro 플랜 24개월', '주식회사 에이비씨', '−₩500', '+₩500']) assert.ok(summary.includes(part) || summary.includes(part.replace('+', '')), part);
  await assertGood(page);
  await keepScreenshot(page, 'invoice-form', look);
  await page.getByText(look.text.all).click();
  const all = await rows(page.getByRole('table', { name: look.text.all }));
  assert.equal(all.length, 24);
  assert.deepEqual(all[23].slice(-1), ['₩10,000']);
  assert.deepEqual(all[2].slice(-1), ['₩9,900']);
  await assertGood(page);
  await keepScreenshot(page, 'invoice-schedule', look);
});

check('in the dark', { at: sizes.map((viewport) => ({ viewport, language: 'ko', scheme: 'dark' })) }, async (page, _, look) => {
  await page.getByRole('button', { name: look.text.pay }).click();
  await page.locator('.consent .field-error').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'invoice-dark', look);
});

check('nothing is paid before the customer agrees to the later payments', { at: looks, answers: [paid] }, async (page, mock, { text, language }) => {
  await fill(page, text);
  await page.getByRole('button', { name: text.pay }).click();
  const consent = page.getByLabel(text.consent);
  await page.locator('[name=consent][aria-invalid=true]').waitFor();
  assert.equal((await focused(page)).name, 'consent');
  assert.match(await page.locator('.consent').innerText(), language === 'ko' ? /다음 결제 금액은 ₩9,900입니다/ : /The next payment is ₩9,900/);
  assert.deepEqual(mock.sent, []);
  await page.keyboard.press('Space');
  assert.ok(await consent.isChecked());
  await page.getByRole('button', { name: text.pay }).click();
  await page.getByRole('heading', { name: text.paid }).waitFor();
  assert.equal(mock.sent.length, 1);
});

check('one payment: no schedule, nothing to agree to, its lines and its PDF', { at: looks, invoice: once, sessions: [{ ...invoiceSession, purpose: 'pay' }], answers: [paid] }, async (page, _, look) => {
  await fill(page, look.text);
  assert.equal(await page.locator('.schedule, .consent').count(), 0);
  assert.deepEqual(await page.locator('.items li').evaluateAll((found) => found.map((line) => [...line.children].map((part) => part.textContent.trim()))),
    [['점검', '₩12,000'], ['개점 할인', '−₩2,000'], [look.language === 'ko' ? '결제 금액' : 'Amount due', '₩10,000']]);
  assert.equal(await page.getByRole('link', { name: /PDF/ }).getAttribute('href'), invoice.pdf_url);
  await assertGood(page);
  await keepScreenshot(page, 'invoice-once', look);
  await page.getByRole('button', { name: look.text.pay }).click();
  await page.getByRole('heading', { name: look.text.paid }).waitFor();
});

const keepSession = { ...invoiceSession, purpose: 'keep', name: 'Pro 플랜의 카드 변경', amount: 0, expiresAt: null };

check('a card that is kept, and nothing is paid', { at: looks, invoice: null, sessions: [keepSession], answers: [paid] }, async (page, mock, look) => {
  const korean = look.language === 'ko';
  await fill(page, look.text);
  assert.doesNotMatch(await page.locator('main').innerText(), /₩|294247/);
  const save = page.getByRole('button', { name: korean ? '카드 등록하기' : 'Save card' });
  await save.click();
  await page.locator('[name=consent][aria-invalid=true]').waitFor();
  await page.getByLabel(look.text.consent).check();
  await assertGood(page);
  await keepScreenshot(page, 'invoice-keep', look);
  await save.click();
  await page.getByRole('heading', { name: korean ? '카드가 등록되었습니다' : 'Card saved' }).waitFor();
  assert.equal(mock.sent.length, 1);
});

check('Toss’s window comes back with a card', { sessions: [{ ...invoiceSession, methods: [{ type: 'toss', clientKey: 'test_ck', orderId: 'JB-1', customerKey: 'cust-1' }] }], answers: [paid], query: '?frame=1&customerKey=cust-1&authKey=auth-1' }, async (page, mock, { text }) => {
  await page.getByRole('heading', { name: text.paid }).waitFor();
  assert.deepEqual(mock.sent.map(({ action, body }) => [action, body]), [['toss', { authKey: 'auth-1', customerKey: 'cust-1' }]]);
  assert.equal(new URL(page.url()).search, '?frame=1', 'what is not Toss’s stays in the address');
});

check('nor does Toss’s window open before the customer agrees', { sessions: [{ ...invoiceSession, methods: [{ type: 'toss', clientKey: 'test_ck', orderId: 'JB-1', customerKey: 'cust-1' }] }] }, async (page) => {
  await page.getByRole('button', { name: '토스페이먼츠로 결제' }).click();
  await page.locator('[name=consent][aria-invalid=true]').waitFor();
  assert.equal((await focused(page)).name, 'consent');
  assert.equal(await page.locator('script[src*=toss]').count(), 0);
});

const back = 'https://shop.example/done?cart=9';
const paidInvoice = { ...invoice, done: donePayload };

check('back to where the page asked for, with what happened', { invoice: paidInvoice, sessions: [{ ...invoiceSession, status: 'paid' }], query: `?redirect_url=${encodeURIComponent(back)}` }, async (page, _, { text }) => {
  const url = new URL(await page.getByRole('link', { name: text.back }).getAttribute('href'));
  assert.equal(url.origin + url.pathname, 'https://shop.example/done');
  assert.deepEqual(Object.fromEntries(url.searchParams), { cart: '9', event: 'done', request_id: 'order-7', order_number: donePayload.order_number, metadata: '{"cart":"9"}' });
});

check('or away from it, unpaid', { query: `?redirect_url=${encodeURIComponent(back)}` }, async (page) => {
  const url = new URL(await page.getByRole('link', { name: /shop\.example/ }).getAttribute('href'));
  assert.deepEqual(Object.fromEntries(url.searchParams), { cart: '9', event: 'cancel', request_id: 'order-7' });
});

for (const elsewhere of ['https://evil.example/', 'https://shop.example.evil.example/', 'javascript:alert(1)', '//evil.example', 'http://shop.example/']) {
  check(`nowhere that the seller did not register: ${elsewhere}`, { invoice: paidInvoice, sessions: [{ ...invoiceSession, status: 'paid' }], query: `?redirect_url=${encodeURIComponent(elsewhere)}` }, async (page, _, { text }) => {
    await page.getByRole('heading', { name: text.paid }).waitFor();
    assert.equal(await page.locator('main a').count(), 0);
  });
}

check('an invoice with a way back of its own keeps to it', { invoice: { ...paidInvoice, redirect_url: 'https://other.example/own?a=1' }, sessions: [{ ...invoiceSession, status: 'paid', returnUrl: 'https://other.example/own?orderCode=x' }], query: `?redirect_url=${encodeURIComponent(back)}` }, async (page, _, { text }) => {
  const url = new URL(await page.getByRole('link', { name: text.back }).getAttribute('href'));
  assert.equal(url.host, 'other.example');
  assert.deepEqual(Object.fromEntries(url.searchParams), { a: '1', event: 'done', request_id: 'order-7', order_number: donePayload.order_number, metadata: '{"cart":"9"}' });
});

for (const status of ['cancelled', 'expired', 'refunding', 'refunded']) {
  check(`no longer payable: ${status}`, { at: looks, sessions: [{ ...invoiceSession, status }] }, async (page, _, look) => {
    await page.locator('.outcome h1').waitFor();
    assert.equal(await page.locator('form').count(), 0);
    await assertGood(page);
    await keepScreenshot(page, `invoice-${status}`, look);
  });
}

const refusals = { PRICE_FROM_BROWSER: /금액은 판매자의 서버만/, ORIGIN_NOT_ALLOWED: /등록한 주소가 아닙니다/, CALL_0212345678: /올바르지 않습니다/ };
for (const [code, says] of Object.entries(refusals)) {
  test(`a call that was refused: ${code}`, { timeout: patienceMs * 6 }, async () => {
    for (const look of looks) {
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        await page.goto(`/checkout/refused?code=${code}&request_id=order-7&message=%3Cb%3E`);
        const text = await page.locator('.outcome').innerText();
        // What anybody can write into an address is not shown: neither codes that are none, nor an order.
        assert.equal(text.includes(code), code !== 'CALL_0212345678', text);
        assert.ok(!text.includes('order-7') && !text.includes('<b>'), text);
        if (look.language === 'ko') assert.match(text, says);
        await assertGood(page);
        await keepScreenshot(page, `invoice-refused-${code}`, look);
      });
    }
  });
}
