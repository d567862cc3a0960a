// The invitation as a brand's manager sees it: from the mail's link to the portal.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Server } from '../support/server.mjs';
import { assertGood, Browser, focused, keepScreenshot, looks, patienceMs, sizes, tabTo } from './browser.mjs';
import { invite, mockInvite, MockPortal } from './mock.mjs';

const link = '/partner/accept-invite/7kq2mzr4';
const good = 'chestnut-42-Harbor';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
});
after(() => Promise.all([browser?.stop(), server?.stop()]));

function check(name, { at = [looks[2]], ...options }, body) {
  test(name, { timeout: patienceMs * 6 }, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        await MockPortal.on(page, { signedIn: true });
        const sent = await mockInvite(page, { ...options, answers: [...(options.answers ?? [])] });
        await page.goto(link);
        await body(page, sent, look);
      });
    }
  });
}

const accepted = [200, { redirect: '/partner' }];
const password = (page) => page.locator('[name=password]');

check('the form: company, address, rules', { at: looks }, async (page, _, look) => {
  await password(page).waitFor();
  assert.match(await page.locator('main').innerText(), /주식회사 에이비씨[^]*ceo@abc\.com/);
  assert.match(await page.locator('main').innerText(), look.language === 'ko' ? /2026년 5월 26일 10:01/ : /May 26, 2026, 10:01/);
  await assertGood(page);
  await keepScreenshot(page, 'invite-form', look);
});

check('in the dark', { at: sizes.map((viewport) => ({ viewport, language: 'en', scheme: 'dark' })) }, async (page, _, look) => {
  await password(page).fill('aaaa1111');
  await page.getByRole('button', { name: 'Set password and start' }).click();
  await page.locator('[aria-invalid=true]').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'invite-dark', look);
});

check('a password by keyboard alone leads into the portal', { at: looks, answers: [accepted] }, async (page, sent, look) => {
  await password(page).waitFor();
  await tabTo(page, password(page));
  await page.keyboard.type(good);
  assert.equal(await page.locator('.rules .kept').count(), 3);
  await keepScreenshot(page, 'invite-filled', look);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await password(page).getAttribute('type'), 'text', 'shown');
  await page.keyboard.press('Enter');
  assert.equal(await password(page).getAttribute('type'), 'password', 'hidden again');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/partner');
  await page.locator('.campaigns').waitFor();
  assert.deepEqual(sent[0].body, { password: good });
  assert.equal(sent[0].headers['x-jangbu-csrf'], '1');
});

test('what the rules say of a password', { timeout: patienceMs * 3 }, async () => {
  await browser.withPage({ baseUrl: server.baseUrl, language: 'en' }, async (page) => {
    const sent = await mockInvite(page);
    await page.goto(link);
    const rows = [
      // password, rules kept (length, variety, personal), strength
      ['', [false, false, false], 'nothing typed yet'],
      ['chestnut4', [false, true, true], 'fair'],
      ['chestnut42', [true, true, true], 'fair'],
      ['aabbccddaa', [true, false, true], 'weak'],
      ['abcdefghijkl', [true, true, true], 'weak'],
      ['Password1234', [true, true, true], 'weak'],
      ['ceo@abc.com-2026', [true, true, false], 'very good'],
      ['주식회사 에이비씨 2026!', [true, true, false], 'very good'],
      [good, [true, true, true], 'very good'],
    ];
    for (const [typed, kept, strength] of rows) {
      await password(page).fill(typed);
      const shown = await page.locator('.rules li').evaluateAll((items) => items.map((item) => item.classList.contains('kept')));
      assert.deepEqual(shown, kept, typed);
      assert.match(await page.locator('.strength').innerText(), new RegExp(`: ${strength}$`), typed);
      if (kept.includes(false)) {
        await password(page).press('Enter');
        await page.locator('[aria-invalid=true]').waitFor();
        assert.equal((await focused(page)).name, 'password');
      }
    }
    assert.deepEqual(sent, []);
  });
});

const refusals = [
  ['the server refuses the password', [422, { fields: { password: 'too common' } }], async (page) => {
    await page.locator('.field-error').waitFor();
    assert.match(await page.locator('.field-error').innerText(), /다른 비밀번호/);
  }],
  ['too many tries', [429, { error: {} }, { 'Retry-After': '30' }], async (page) => assert.match(await page.getByRole('alert').innerText(), /30초/)],
  ['no answer', null, async (page) => assert.match(await page.getByRole('alert').innerText(), /응답을 받지 못했습니다/)],
];
for (const [name, answer, said] of refusals) {
  check(name, { answers: [answer, accepted] }, async (page, sent) => {
    await password(page).fill(good);
    await password(page).press('Enter');
    await said(page);
    await password(page).press('Enter');
    await page.waitForURL('**/partner');
    assert.equal(sent.length, 2);
  });
}

check('used meanwhile', { invites: [invite, { ...invite, status: 'used' }], answers: [[410, { status: 'used' }]] }, async (page) => {
  await password(page).fill(good);
  await password(page).press('Enter');
  await page.getByRole('link', { name: '로그인하러 가기' }).waitFor();
});

for (const [name, found] of [['expired', { ...invite, status: 'expired' }], ['used', { ...invite, status: 'used' }], ['missing', { error: 404 }]]) {
  check(`an invitation that is ${name}`, { at: looks, invites: [found] }, async (page, _, look) => {
    await page.locator('.outcome h1').waitFor();
    assert.equal(await password(page).count(), 0);
    await assertGood(page);
    await keepScreenshot(page, `invite-${name}`, look);
  });
}

test('the link of a forgotten password', { timeout: patienceMs * 6 }, async () => {
  const expired = { ...invite, status: 'expired' };
  for (const look of looks) {
    await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
      await MockPortal.on(page, { signedIn: true });
      const sent = await mockInvite(page, { invites: [invite, expired], answers: [accepted] });
      await page.goto('/partner/reset-password/7kq2mzr4');
      await password(page).waitFor();
      assert.match(await page.locator('main').innerText(), look.language === 'ko' ? /비밀번호 재설정[^]*새 비밀번호로 시작하기/ : /A new password for[^]*Set password and sign in/);
      await assertGood(page);
      await keepScreenshot(page, 'reset-form', look);
      await password(page).fill(good);
      await password(page).press('Enter');
      await page.waitForURL('**/partner');
      assert.deepEqual(sent.map(({ body }) => body), [{ password: good }]);
      await page.goto('/partner/reset-password/7kq2mzr4');
      const again = page.getByRole('link', { name: look.language === 'ko' ? '링크 다시 받기' : 'Send me another link' });
      await again.waitFor();
      await assertGood(page);
      await keepScreenshot(page, 'reset-expired', look);
      assert.equal(await again.getAttribute('href'), '/partner/forgot-password');
    });
  }
});

check('a server that fails at first', { invites: [{ error: 503 }, invite] }, async (page) => {
  await page.getByRole('button', { name: '다시 시도' }).click();
  await password(page).waitFor();
});
