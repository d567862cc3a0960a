// The partner portal as a brand's manager uses it.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Server } from '../support/server.mjs';
import { assertGood, Browser, focused, keepScreenshot, looks, patienceMs, sizes, tabTo } from './browser.mjs';
import { campaigns, MockPortal } from './mock.mjs';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
});
after(() => Promise.all([browser?.stop(), server?.stop()]));

function check(name, { at = [looks[2]], path = '/partner', ...options }, body) {
  test(name, { timeout: patienceMs * 6 }, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        const mock = await MockPortal.on(page, { ...options, signIns: [...(options.signIns ?? [])] });
        await page.goto(path);
        await body(page, mock, look);
      });
    }
  });
}

const dark = sizes.map((viewport) => ({ viewport, language: 'ko', scheme: 'dark' }));

check('without a session there is the sign-in page', { at: looks, signedIn: false }, async (page, _, look) => {
  await page.locator('[name=email]').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'portal-sign-in', look);
});

check('signing in by keyboard alone', { at: looks, signedIn: false, signIns: [[401, { error: {} }], [200, {}]] }, async (page, mock, look) => {
  await page.locator('[name=email]').waitFor();
  await tabTo(page, page.locator('[name=email]'));
  await page.keyboard.type('ceo@abc.com');
  await page.keyboard.press('Enter');
  await page.locator('[name=password][aria-invalid=true]').waitFor();
  // The focus follows the fault in the next frame.
  await page.waitForFunction(() => document.activeElement?.name === 'password');
  await page.keyboard.type('not this one');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await keepScreenshot(page, 'portal-sign-in-wrong', look);
  await page.keyboard.press('Enter');
  await page.locator('.campaigns').waitFor();
  assert.deepEqual(mock.sent.map(({ body }) => body.email), ['ceo@abc.com', 'ceo@abc.com']);
  assert.ok(mock.sent.every(({ headers }) => headers['x-jangbu-csrf'] === '1'));
});

check('too many tries to sign in', { signedIn: false, signIns: [[429, {}, { 'Retry-After': '60' }]] }, async (page) => {
  await page.locator('[name=email]').fill('ceo@abc.com');
  await page.locator('[name=password]').fill('x');
  await page.locator('[name=password]').press('Enter');
  assert.match(await page.getByRole('alert').innerText(), /60초/);
});

check('a forgotten password, by keyboard alone', { at: looks, signedIn: false, forgotten: [[429, {}, { 'Retry-After': '3600' }], [202, {}]] }, async (page, mock, look) => {
  const link = page.getByRole('link', { name: look.language === 'ko' ? '비밀번호를 잊으셨나요?' : 'Forgot your password?' });
  await link.waitFor();
  await tabTo(page, link);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/partner/forgot-password');
  await page.locator('h1').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'portal-forgotten', look);
  const email = page.locator('[name=email]');
  await tabTo(page, email);
  await page.keyboard.press('Enter');
  await page.locator('[name=email][aria-invalid=true]').waitFor();
  await page.keyboard.type('ceo@abc.com');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByRole('alert').innerText(), look.language === 'ko' ? /60분 뒤/ : /in 60 min/);
  await page.keyboard.press('Enter');
  await page.locator('.outcome').waitFor();
  assert.match(await page.locator('.outcome').innerText(), /ceo@abc\.com/);
  await assertGood(page);
  await keepScreenshot(page, 'portal-forgotten-asked', look);
  assert.deepEqual(mock.sent.map(({ where, body }) => [where, body]), Array(2).fill(['password/forgotten', { email: 'ceo@abc.com' }]));
  await page.getByRole('link', { name: look.language === 'ko' ? '로그인으로 돌아가기' : 'Back to sign-in' }).click();
  await page.locator('[name=password]').waitFor();
});

check('where no mail is sent, a forgotten password says so', { signedIn: false, path: '/partner/forgot-password', forgotten: [[404, { error: {} }]] }, async (page) => {
  await page.locator('[name=email]').fill('ceo@abc.com');
  await page.locator('[name=email]').press('Enter');
  assert.match(await page.getByRole('alert').innerText(), /메일을 보낼 수 없습니다/);
});

check('another password', { at: [...looks, ...dark], path: '/partner/account', passwords: [[422, { fields: { current: 'no' } }], [200, {}]] }, async (page, mock, look) => {
  const current = page.locator('[name=current]');
  await current.waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'portal-account', look, look.scheme ? '-dark' : '');
  await tabTo(page, current);
  await page.keyboard.press('Enter');
  await page.locator('[name=current][aria-invalid=true]').waitFor();
  await page.keyboard.type('not-this-one-42');
  await page.keyboard.press('Enter');
  await page.locator('[name=password][aria-invalid=true]').waitFor();
  await page.waitForFunction(() => document.activeElement?.name === 'password');
  await page.keyboard.type('walnut-43-Harbour');
  assert.equal(await page.locator('.rules .kept').count(), 3);
  await page.keyboard.press('Enter');
  await page.locator('[name=current][aria-invalid=true]').waitFor();
  await page.waitForFunction(() => document.activeElement?.name === 'current');
  await current.fill('chestnut-42-Harbor');
  await page.keyboard.press('Enter');
  await page.locator('.notice-info').waitFor();
  assert.equal(await current.inputValue(), '');
  await assertGood(page);
  await keepScreenshot(page, 'portal-account-changed', look, look.scheme ? '-dark' : '');
  assert.deepEqual(mock.sent.map(({ method, where, body }) => [method, where, body]), [
    ['PUT', 'password', { current: 'not-this-one-42', password: 'walnut-43-Harbour' }],
    ['PUT', 'password', { current: 'chestnut-42-Harbor', password: 'walnut-43-Harbour' }],
  ]);
});

check('who has access, and one of them no more', { at: [...looks, ...dark], path: '/partner/account' }, async (page, mock, look) => {
  const ko = look.language === 'ko';
  const rows = page.locator('.managers li');
  await rows.first().waitFor();
  assert.equal(await rows.count(), 3);
  assert.match(await rows.nth(0).innerText(), ko ? /홍길동[^]*대표 담당자/ : /홍길동[^]*Contact/);
  assert.match(await rows.nth(2).innerText(), ko ? /비밀번호 없음/ : /no password yet/);
  assert.equal(await rows.nth(0).getByRole('button').count(), 0, 'not the contact’s own');
  const ask = rows.nth(1).getByRole('button', { name: ko ? '권한 회수' : 'Withdraw' });
  await ask.press('Enter');
  await rows.nth(1).getByRole('status').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'portal-managers', look, look.scheme ? '-dark' : '');
  await rows.nth(1).getByRole('button', { name: ko ? '취소' : 'Cancel' }).click();
  await rows.nth(1).getByRole('status').waitFor({ state: 'detached' });
  assert.deepEqual(mock.sent, [], 'asked, and not yet done');
  await rows.nth(1).getByRole('button', { name: ko ? '권한 회수' : 'Withdraw' }).click();
  await rows.nth(1).getByRole('button', { name: ko ? /^회수/ : 'Yes, withdraw' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.managers li').length === 2);
  assert.deepEqual(mock.sent.map(({ method, where }) => [method, where]), [['POST', 'managers/10/withdraw']]);
});

check('who is not the contact sees who has access and takes it from nobody', { path: '/partner/account', contact: false }, async (page) => {
  const rows = page.locator('.managers li');
  await rows.first().waitFor();
  assert.equal(await rows.count(), 3);
  assert.equal(await page.locator('.managers button').count(), 0);
});

check('the campaigns', { at: [...looks, ...dark] }, async (page, _, look) => {
  await page.locator('.campaigns img').first().waitFor();
  const first = page.locator('.campaigns > li').first();
  assert.match(await first.innerText(), look.language === 'ko' ? /진행중 · 모집[^]*2026년 6월 1일 ?~ ?30일[^]*모집\n10 \/ 10 100%[^]*리뷰 승인\n6 \/ 10 60%/
    : /In progress · recruiting[^]*Jun 1\s*–\s*30, 2026[^]*Recruited\n10 \/ 10 100%[^]*Reviews approved\n6 \/ 10 60%/);
  await assertGood(page);
  await keepScreenshot(page, 'portal-campaigns', look, look.scheme ? '-dark' : '');
});

check('by status', { at: [looks[2]] }, async (page) => {
  await page.getByLabel('상태').selectOption('COMPLETED');
  await page.waitForFunction(() => document.querySelectorAll('.campaigns > li').length === 1);
  assert.match(await page.locator('.campaigns').innerText(), /콜드브루 원액 500ml/);
});

check('page by page', { list: Array.from({ length: 23 }, (_, index) => ({ ...campaigns[0], campaignId: String(100 - index), name: `캠페인 ${index + 1}` })) }, async (page) => {
  await page.getByText('3쪽 중 1쪽').waitFor();
  await page.getByRole('button', { name: '다음' }).click();
  await page.getByText('캠페인 11', { exact: true }).waitFor();
  await page.getByRole('button', { name: '다음' }).click();
  await page.getByText('캠페인 23', { exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: '다음' }).isDisabled(), true);
  await page.getByRole('button', { name: '이전' }).click();
  await page.getByText('3쪽 중 2쪽').waitFor();
});

check('no campaigns', { at: looks, list: [] }, async (page, _, look) => {
  await page.locator('.empty').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'portal-empty', look);
});

check('one campaign, by keyboard, and back', { at: looks }, async (page, _, look) => {
  const link = page.getByRole('link', { name: '피카소 젤 아이라이너' });
  await link.waitFor();
  await tabTo(page, link);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/partner/campaigns/73254');
  await page.locator('.tally').first().waitFor();
  assert.equal((await focused(page)).text, '피카소 젤 아이라이너');
  assert.match(await page.locator('main').innerText(), /₩20,600[^]*₩206,000[^]*HUBPAY-20260525-7KQ2/);
  await assertGood(page);
  await keepScreenshot(page, 'portal-campaign', look);
  await page.goBack();
  await page.locator('.campaigns').waitFor();
});

check('every status has its words', { at: [looks[2], looks[3]] }, async (page, _, look) => {
  await page.locator('.campaigns').waitFor();
  const words = await page.locator('.badge').allInnerTexts();
  assert.deepEqual(words, look.language === 'ko'
    ? ['진행중 · 모집', '진행중 · 시작 예정', '임시저장', '심사중', '수정요청', '완료', '반려', '준비완료']
    : ['In progress · recruiting', 'In progress · starting soon', 'Draft', 'Under review', 'Changes requested', 'Completed', 'Rejected', 'Ready']);
});

check('a campaign of somebody else', { at: looks, path: '/partner/campaigns/1' }, async (page, _, look) => {
  await page.locator('.mark-bad').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'portal-campaign-missing', look);
});

check('the deposit, and more of its history', { at: [...looks, ...dark], path: '/partner/deposit' }, async (page, _, look) => {
  const more = page.locator('.movements + .button');
  await more.click();
  await page.locator('.movements li').nth(9).waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'portal-deposit', look, look.scheme ? '-dark' : '');
  await more.click();
  await page.locator('.movements li').nth(11).waitFor();
  assert.equal(await more.count(), 0);
  assert.match(await page.locator('.figures').innerText(), /₩1,300,000[^]*₩206,000[^]*₩1,506,000/);
  const amounts = await page.locator('.movements .number').allInnerTexts();
  assert.deepEqual(amounts.slice(0, 4), ['+₩206,000', '−₩20,600', '−₩20,600', '−₩206,000']);
});

check('the reviews, more of them, and one of them by keyboard', { at: [...looks, ...dark], path: '/partner/reviews' }, async (page, _, look) => {
  const cards = page.locator('.reviews > li');
  await cards.nth(4).waitFor();
  assert.match(await cards.first().innerText(), look.language === 'ko' ? /검수 대기[^]*승인되면 ₩20,600 지급/ : /Waiting for approval[^]*₩20,600 when it is approved/);
  assert.match(await cards.nth(1).innerText(), /₩20,600[^]*ki\*\*\*@mail\.example/);
  assert.match(await cards.nth(2).innerText(), look.language === 'ko' ? /지급하지 않음/ : /Nothing/);
  await assertGood(page);
  await keepScreenshot(page, 'portal-reviews', look, look.scheme ? '-dark' : '');
  await page.locator('.reviews + .button').press('Enter');
  await cards.nth(6).waitFor();
  assert.equal(await page.locator('.reviews + .button').count(), 0);
  const link = cards.first().getByRole('link');
  await link.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/partner/reviews/9000');
  await page.locator('.review-text').waitFor();
  assert.equal((await focused(page)).text, '피카소 젤 아이라이너');
  const out = page.getByRole('link', { name: look.language === 'ko' ? /게시된 리뷰/ : /published review/ });
  assert.deepEqual([await out.getAttribute('href'), await out.getAttribute('rel')], ['https://www.coupang.com/reviews/1', 'noopener noreferrer nofollow']);
  await assertGood(page);
  await keepScreenshot(page, 'portal-review', look, look.scheme ? '-dark' : '');
});

check('reviews by status, and of one campaign', { path: '/partner/campaigns/73254' }, async (page) => {
  await page.getByRole('link', { name: '이 캠페인의 리뷰 보기' }).click();
  await page.waitForURL('**/partner/reviews?campaign=73254');
  await page.locator('.back').getByText('피카소 젤 아이라이너').waitFor();
  await page.getByLabel('상태').selectOption('REJECTED');
  await page.waitForFunction(() => document.querySelectorAll('.reviews .badge-bad').length === 2 && document.querySelectorAll('.reviews > li').length === 2);
  await page.goto('/partner/reviews?campaign=1');
  await page.locator('.empty').waitFor();
});

check('no reviews, and none of somebody else', { at: looks, reviews: 0, path: '/partner/reviews' }, async (page, _, look) => {
  await page.locator('.empty h2').waitFor();
  await assertGood(page);
  await page.goto('/partner/reviews/1');
  await page.locator('.mark-bad').waitFor();
  assert.match(await page.locator('main').innerText(), look.language === 'ko' ? /리뷰를 찾을 수 없습니다/ : /There is no such review/);
  await assertGood(page);
});

check('nothing was booked yet', { path: '/partner/deposit', movements: 0 }, async (page) => {
  await page.getByText('아직 거래가 없습니다.').waitFor();
});

check('a view that fails is tried again', {}, async (page, mock) => {
  await page.locator('.campaigns').waitFor();
  mock.failNext = 1;
  await page.getByRole('link', { name: '예치금' }).click();
  await page.getByRole('button', { name: '다시 시도' }).click();
  await page.locator('.figures').waitFor();
});

check('a session that has ended leads to sign-in, wherever it is noticed', {}, async (page, mock) => {
  await page.locator('.campaigns').waitFor();
  mock.signedIn = false;
  await page.getByRole('link', { name: '예치금' }).click();
  await page.locator('[name=email]').waitFor();
  await page.locator('[name=email]').fill('ceo@abc.com');
  await page.locator('[name=password]').fill('x');
  await page.locator('[name=password]').press('Enter');
  await page.locator('.figures').waitFor();
});

check('signing out', { at: looks }, async (page, mock) => {
  await page.getByRole('button', { name: /로그아웃|Sign out/ }).click();
  await page.locator('[name=email]').waitFor();
  assert.deepEqual(mock.sent.map(({ method, where, headers }) => [method, where, headers['x-jangbu-csrf']]), [['DELETE', 'session', '1']]);
});
