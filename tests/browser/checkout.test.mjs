// The checkout as customers see and use it.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Server } from '../support/server.mjs';
import { assertGood, Browser, focused, keepScreenshot, looks, patienceMs, sizes, tabTo } from './browser.mjs';
import { MockCheckout, session } from './mock.mjs';

const token = '/checkout/7kq2mzr4';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
});
after(() => Promise.all([browser?.stop(), server?.stop()]));

const words = {
  ko: { pay: /결제하기/, number: '카드 번호', expiry: '유효 기간', cvc: 'CVC', holder: '카드 소유자 이름', paid: '결제가 완료되었습니다' },
  en: { pay: /^Pay ₩/, number: 'Card number', expiry: 'Expiry date', cvc: 'CVC', holder: 'Name on card', paid: 'Payment complete' },
};

const paid = [200, { status: 'paid', returnUrl: session.returnUrl }];
const attempt = [202, { status: 'needs_authentication', attempt: '17' }];

/** A test of one look or several: `options` of MockCheckout, `body` gets the page, the mock and the look. */
function check(name, { at = [looks[2]], ...options }, body) {
  test(name, { timeout: patienceMs * 6 }, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        const mock = await MockCheckout.on(page, { ...options, answers: [...(options.answers ?? [])] });
        await page.goto(token);
        await body(page, mock, { ...look, text: words[look.language] });
      });
    }
  });
}

const field = (page, label) => page.getByLabel(label, { exact: true });

async function fill(page, text, { number = '4242 4242 4242 4242', expiry = '12/29', cvc = '123', holder = '홍길동' } = {}) {
  await field(page, text.number).fill(number);
  await field(page, text.expiry).fill(expiry);
  await field(page, text.cvc).fill(cvc);
  await field(page, text.holder).fill(holder);
}

const payButton = (page, text) => page.getByRole('button', { name: text.pay });

check('the form: what is paid for, the fields, the test cards', { at: looks }, async (page, _, look) => {
  await payButton(page, look.text).waitFor();
  assert.match(await page.locator('main').innerText(), /₩206,000/);
  assert.match(await page.locator('main').innerText(), look.language === 'ko' ? /2026년 5월 25일 11:00까지/ : /until May 25, 2026, 11:00 \(Seoul\)/);
  assert.equal(await page.evaluate(() => document.documentElement.lang), look.language);
  await assertGood(page);
  await keepScreenshot(page, 'checkout-form', look);
});

check('in the dark', { at: sizes.map((viewport) => ({ viewport, language: 'ko', scheme: 'dark' })) }, async (page, _, look) => {
  await payButton(page, look.text).click();
  await page.getByText('입력해 주세요.').first().waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'checkout-dark', look);
});

check('a payment by keyboard alone', { at: looks, answers: [paid] }, async (page, mock, look) => {
  await payButton(page, look.text).waitFor();
  await page.locator('body').press('Tab');
  await tabTo(page, field(page, look.text.number));
  await page.keyboard.type('4242424242424242');
  assert.equal(await field(page, look.text.number).inputValue(), '4242 4242 4242 4242');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1229');
  await page.keyboard.press('Tab');
  await page.keyboard.type('123');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Hong Gildong');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: look.text.paid }).waitFor();
  assert.equal((await focused(page)).text, look.text.paid);
  const [{ action, body, headers }] = mock.sent;
  assert.equal(action, 'pay');
  assert.deepEqual(body.card, { number: '4242424242424242', expiry: '12/29', cvc: '123', holder: 'Hong Gildong' });
  assert.match(body.key, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.equal(headers['x-jangbu-csrf'], '1');
  await assertGood(page);
  await keepScreenshot(page, 'checkout-paid', look);
});

check('a test card fills the form, and Enter pays', { at: looks, answers: [paid] }, async (page, mock, look) => {
  await payButton(page, look.text).waitFor();
  if (look.viewport.width < 500) await page.locator('.test-cards summary').click();
  await page.getByRole('button', { name: /4242 4242 4242 4242/ }).click();
  assert.equal(await field(page, look.text.expiry).inputValue(), '05/29');
  assert.equal((await focused(page)).tag, 'button');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: look.text.paid }).waitFor();
  assert.equal(mock.sent[0].body.card.number, '4242424242424242');
});

check('all faults are said at once, and the first one gets the focus', { at: looks }, async (page, mock, look) => {
  await fill(page, look.text, { number: '4242 4242 4242 4241', expiry: '04/26', cvc: '12', holder: ' ' });
  await payButton(page, look.text).click();
  await page.waitForFunction(() => document.activeElement.name === 'number');
  assert.equal(await page.locator('[aria-invalid=true]').count(), 4);
  for (const field of await page.locator('[aria-invalid=true]').all()) {
    const id = (await field.getAttribute('aria-describedby')).split(' ').pop();
    assert.notEqual(await page.locator(`[id="${id}"]`).innerText(), '');
  }
  assert.deepEqual(mock.sent, []);
  await assertGood(page);
  await keepScreenshot(page, 'checkout-faults', look);
});

test('what is typed takes its form, with the caret where it was', { timeout: patienceMs * 3 }, async () => {
  await browser.withPage({ baseUrl: server.baseUrl, language: 'en' }, async (page) => {
    await MockCheckout.on(page);
    await page.goto(token);
    const rows = [
      ['Card number', '4242x4242 42424242', '4242 4242 4242 4242'],
      ['Card number', '378282246310005', '3782 822463 10005'],
      ['Card number', '42424242424242424242', '4242 4242 4242 4242 424'],
      ['Expiry date', '1/29', '01/29'],
      ['Expiry date', '929', '09/29'],
      ['Expiry date', '12/2029', '12/20'],
      ['CVC', '12a345', '1234'],
    ];
    for (const [label, typed, shown] of rows) {
      await field(page, label).fill('');
      await field(page, label).pressSequentially(typed);
      assert.equal(await field(page, label).inputValue(), shown, typed);
    }
    const number = field(page, 'Card number');
    await number.fill('4242 4242');
    await number.evaluate((input) => input.setSelectionRange(2, 2));
    await page.keyboard.type('9');
    assert.equal(await number.inputValue(), '4294 2424 2');
    assert.equal(await number.evaluate((input) => input.selectionStart), 3);
  });
});

check('a fault that only the server finds', { answers: [[422, { status: 'invalid', fields: { cvc: 'three digits' } }], paid] }, async (page, mock, { text }) => {
  await fill(page, text);
  await payButton(page, text).click();
  await page.waitForFunction(() => document.activeElement.name === 'cvc');
  await payButton(page, text).click();
  await page.getByRole('heading', { name: text.paid }).waitFor();
});

const declines = {
  card_declined: /카드사가 결제를 거절했습니다/,
  expired_card: /유효 기간이 지난/,
  insufficient_funds: /한도나 잔액/,
  not_a_test_card: /시험 카드만/,
  authentication_failed: /본인 인증에 실패/,
  processing_error: /문제가 생겼습니다/,
  of_another_day: /다른 카드로/,
};

for (const [code, said] of Object.entries(declines)) {
  check(`declined: ${code}`, { at: code === 'card_declined' ? looks : [looks[2]], answers: [[402, { status: 'declined', code, message: 'no' }], paid] }, async (page, mock, look) => {
    await fill(page, look.text);
    await payButton(page, look.text).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    if (look.language === 'ko') assert.match(await alert.innerText(), said);
    assert.equal(await field(page, look.text.holder).inputValue(), '홍길동', 'what was typed is kept');
    if (code === 'card_declined') {
      await assertGood(page);
      await keepScreenshot(page, 'checkout-declined', look);
    }
    await payButton(page, look.text).click();
    await page.getByRole('heading', { name: look.text.paid }).waitFor();
    assert.notEqual(mock.sent[0].body.key, mock.sent[1].body.key, 'another try after a decline');
  });
}

check('no answer: the same try is repeated, not another one', { answers: [null, paid] }, async (page, mock, { text }) => {
  await fill(page, text);
  await payButton(page, text).click();
  await page.getByRole('alert').waitFor();
  await payButton(page, text).click();
  await page.getByRole('heading', { name: text.paid }).waitFor();
  assert.equal(mock.sent[0].body.key, mock.sent[1].body.key);
});

for (const [status, seconds] of [[429, 60], [503, 1]]) {
  check(`${status}: when to try again`, { answers: [[status, { error: { code: 'x', message: 'y' } }, { 'Retry-After': String(seconds) }], paid] }, async (page, mock, { text }) => {
    await fill(page, text);
    await payButton(page, text).click();
    assert.match(await page.getByRole('alert').innerText(), new RegExp(`${seconds}초`));
    await payButton(page, text).click();
    await page.getByRole('heading', { name: text.paid }).waitFor();
    assert.equal(mock.sent[0].body.key, mock.sent[1].body.key);
  });
}

const tooMany = [429, { status: 'too_many_attempts', code: 'too_many_attempts', message: 'x' }, { 'Retry-After': '3600' }];
check('too many declined: when to try again', { answers: [tooMany, paid] }, async (page, mock, { text }) => {
  await fill(page, text);
  await payButton(page, text).click();
  assert.match(await page.getByRole('alert').innerText(), /60분/);
  await payButton(page, text).click();
  await page.getByRole('heading', { name: text.paid }).waitFor();
});

check('the bank wants a code', { at: looks, answers: [attempt, paid] }, async (page, mock, look) => {
  await fill(page, look.text);
  await field(page, look.text.holder).press('Enter');
  const code = page.locator('[name=code]');
  await code.waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'checkout-authentication', look);
  await page.keyboard.press('Tab');
  assert.equal((await focused(page)).name, 'code');
  await page.keyboard.press('Enter');
  await page.locator('[name=code][aria-invalid=true]').waitFor();
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: look.text.paid }).waitFor();
  assert.deepEqual(mock.sent[1].body, { attempt: '17', code: '123456' });
});

check('the code survives a reload of the page', { sessions: [session, { ...session, status: 'paying' }], answers: [attempt, [402, { status: 'declined', code: 'authentication_failed' }]] }, async (page, mock, { text }) => {
  await fill(page, text);
  await payButton(page, text).click();
  await page.locator('[name=code]').waitFor();
  await page.reload();
  await page.locator('[name=code]').fill('000000');
  await page.locator('[name=code]').press('Enter');
  assert.match(await page.getByRole('alert').innerText(), /본인 인증에 실패/);
  assert.deepEqual(mock.sent[1].body, { attempt: '17', code: '000000' });
});

const paying = { ...session, status: 'paying' };

check('the outcome is on its way, then it is there', { at: looks, sessions: [session, paying, paying, { ...session, status: 'paid' }], answers: [[202, { status: 'pending' }]] }, async (page, _, look) => {
  await fill(page, look.text);
  await payButton(page, look.text).click();
  await page.locator('.mark-wait').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'checkout-pending', look);
  await page.getByRole('heading', { name: look.text.paid }).waitFor();
});

check('a poll that fails is followed by another', { sessions: [paying, { error: 503 }, null, { ...session, status: 'paid' }] }, async (page, _, { text }) => {
  await page.getByRole('heading', { name: text.paid }).waitFor();
});

check('an outcome that was not to be', { sessions: [paying, session] }, async (page, _, { text }) => {
  assert.match(await page.getByRole('alert').innerText(), /청구된 금액은 없습니다/);
  await payButton(page, text).waitFor();
});

check('paid meanwhile, elsewhere', { sessions: [session, { ...session, status: 'paid' }], answers: [[409, { status: 'paid' }]] }, async (page, _, { text }) => {
  await fill(page, text);
  await payButton(page, text).click();
  await page.getByRole('heading', { name: text.paid }).waitFor();
});

check('a part of what was paid went back', { at: looks, sessions: [{ ...session, status: 'paid', refunded: 103000, returnUrl: null }] }, async (page, _, look) => {
  await page.getByText(look.language === 'ko' ? '이 가운데 ₩103,000을 환불했고, 환불 뒤 남은 금액은 ₩103,000입니다.' : '₩103,000 of it went back to you, which leaves ₩103,000.').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'checkout-partly-refunded', look);
});

check('the customer returns to the shop', { sessions: [{ ...session, status: 'paid' }] }, async (page) => {
  await page.getByRole('link', { name: 'shop.example(으)로 돌아가기' }).click();
  await page.waitForURL(session.returnUrl);
});

check('or is returned, unless it wants to stay', { sessions: [{ ...session, status: 'paid' }] }, async (page) => {
  await page.getByRole('button', { name: '이 화면에 머물기' }).click();
  assert.equal(await page.getByRole('button', { name: '이 화면에 머물기' }).count(), 0);
  await page.reload();
  await page.waitForURL(session.returnUrl);
});

for (const returnUrl of [null, 'javascript:alert(1)', 'not a url']) {
  check(`no way back: ${returnUrl}`, { sessions: [{ ...session, status: 'paid', returnUrl }] }, async (page, _, { text }) => {
    await page.getByRole('heading', { name: text.paid }).waitFor();
    assert.equal(await page.locator('main a').count(), 0);
  });
}

for (const status of ['cancelled', 'expired', 'refunding', 'refunded']) {
  check(`no longer payable: ${status}`, { at: looks, sessions: [{ ...session, status }] }, async (page, _, look) => {
    await page.locator('.outcome h1').waitFor();
    assert.equal(await page.locator('form').count(), 0);
    await assertGood(page);
    await keepScreenshot(page, `checkout-${status}`, look);
  });
}

check('a link that is none', { at: looks, sessions: [{ error: 404 }] }, async (page, _, look) => {
  await page.locator('.mark-bad').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'checkout-missing', look);
});

check('a server that is not there at first', { sessions: [null, session] }, async (page, _, { text }) => {
  await page.getByRole('button', { name: '다시 시도' }).click();
  await payButton(page, text).waitFor();
});

check('the language that was chosen stays', { at: [looks[3]] }, async (page) => {
  await page.getByRole('button', { name: '한국어' }).click();
  await page.getByRole('button', { name: /결제하기/ }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: /결제하기/ }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ko');
});

const masked = { name: '홍***', email: 'c***@a***.com', masked: true };

check('a test card has a holder where the page is not told who pays', { sessions: [{ ...session, buyer: masked }] }, async (page, _, look) => {
  await page.getByRole('button', { name: /4242 4242 4242 4242/ }).click();
  assert.equal(await field(page, look.text.holder).inputValue(), 'TEST CARD');
});

check('outside the sandbox nothing speaks of test cards', { sessions: [{ ...session, sandbox: false, testCards: [] }] }, async (page, _, { text }) => {
  await payButton(page, text).waitFor();
  assert.equal(await page.locator('.test-cards').count(), 0);
});

const withToss = { ...session, sandbox: false, testCards: [], methods: [{ type: 'card' }, { type: 'toss', clientKey: 'test_ck_1', orderId: 'JB-17' }] };

check('Toss’s SDK is not let in unless the server offers it', { sessions: [withToss] }, async (page, _, look) => {
  // The page's policy refuses the script, which is what this test wants to see; the browser says so in its console.
  page.removeAllListeners('console');
  await page.getByRole('button', { name: '토스페이먼츠로 결제' }).click();
  assert.match(await page.getByRole('alert').innerText(), /결제창을 열지 못했습니다/);
  await keepScreenshot(page, 'checkout-toss', look);
});

test('Toss’s window gets the customer, but nothing of a masked one', { timeout: patienceMs * 3 }, async () => {
  for (const [buyer, told] of [[session.buyer, [session.buyer.name, session.buyer.email]], [masked, [null, null]]]) {
    await browser.withPage({ baseUrl: server.baseUrl }, async (page) => {
      await MockCheckout.on(page, { sessions: [{ ...withToss, buyer }] });
      // In the place of Toss's script, which the page's policy does not let in here.
      await page.addInitScript(() => {
        const append = Element.prototype.append;
        Element.prototype.append = function (...nodes) {
          const [node] = nodes;
          if (!(node instanceof HTMLScriptElement) || !node.src.includes('tosspayments')) return append.apply(this, nodes);
          const requestPayment = async (request) => { globalThis.asked = request; };
          globalThis.TossPayments = Object.assign(() => ({ payment: () => ({ requestPayment }) }), { ANONYMOUS: 'ANONYMOUS' });
          node.onload();
        };
      });
      await page.goto(token);
      await page.getByRole('button', { name: '토스페이먼츠로 결제' }).click();
      const asked = await (await page.waitForFunction(() => globalThis.asked)).jsonValue();
      assert.equal(asked.orderId, 'JB-17');
      assert.deepEqual([asked.customerName ?? null, asked.customerEmail ?? null], told);
    });
  }
});

test('Toss’s window comes back with a payment', { timeout: patienceMs * 3 }, async () => {
  await browser.withPage({ baseUrl: server.baseUrl }, async (page) => {
    const mock = await MockCheckout.on(page, { sessions: [withToss], answers: [paid] });
    await page.goto(`${token}?paymentType=NORMAL&paymentKey=tgen_1&orderId=JB-17&amount=206000`);
    await page.getByRole('heading', { name: words.ko.paid }).waitFor();
    assert.deepEqual(mock.sent[0].body, { paymentKey: 'tgen_1', orderId: 'JB-17', amount: 206000 });
    assert.equal(new URL(page.url()).search, '', 'the address keeps nothing of it');
  });
});

test('Toss’s window comes back without a payment', { timeout: patienceMs * 3 }, async () => {
  await browser.withPage({ baseUrl: server.baseUrl }, async (page) => {
    const mock = await MockCheckout.on(page, { sessions: [withToss] });
    await page.goto(`${token}?code=PAY_PROCESS_CANCELED&message=x&orderId=JB-17`);
    assert.match(await page.getByRole('alert').innerText(), /청구된 금액은 없습니다/);
    assert.deepEqual(mock.sent, []);
  });
});
