// From the invitation's link into the portal, against the server itself: nothing is made up here.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { App, guideClock, onboardBody } from '../support/hub.mjs';
import { eventually, Server } from '../support/server.mjs';
import { assertGood, Browser, keepScreenshot, looks, patienceMs } from './browser.mjs';

const password = 'chestnut-42-Harbor';

let server;
let browser;
let site;
let reviewers;
before(async () => {
  [server, browser] = await Promise.all([Server.start({ clock: guideClock }), Browser.start()]);
  site = App.sales(server);
  reviewers = App.reviewer(server);
});
after(() => Promise.all([browser?.stop(), server?.stop()]));

/** A brand with a campaign of which one reward was paid; its address and the link of its invitation. */
async function brand() {
  const body = onboardBody(await site.paidOrder());
  const answer = await site.onboard(body);
  assert.equal(answer.status, 200, answer.text);
  const { campaign, onboarding } = answer.json();
  await reviewers.judge(await reviewers.reviewed(campaign.campaignId), '1214');
  return { email: body.partner.contactEmail, link: onboarding.loginUrl };
}

const words = {
  ko: { submit: '비밀번호 정하고 시작하기', deposit: '예치금', reviews: '리뷰', signOut: '로그아웃' },
  en: { submit: 'Set password and start', deposit: 'Deposit', reviews: 'Reviews', signOut: 'Sign out' },
};

test('from the invitation to the deposit, out, and in again', { timeout: patienceMs * 8 }, Server.logged(() => server, async () => {
  for (const look of looks) {
    const { email, link } = await brand();
    const text = words[look.language];
    await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
      // The thumbnail stands on another server.
      await page.route('https://cdn.example.com/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#d8b4c8"/></svg>' }));
      await page.goto(link);
      await page.locator('[name=password]').fill(password);
      assert.match(await page.locator('main').innerText(), new RegExp(email));
      await keepScreenshot(page, 'partner-invite', look);
      await page.getByRole('button', { name: text.submit }).click();

      const card = page.locator('.campaign-card');
      await card.waitFor();
      assert.equal(new URL(page.url()).pathname, '/partner');
      assert.match(await page.locator('header').innerText(), new RegExp(`주식회사 ABC[^]*${email}`));
      await assertGood(page);
      await keepScreenshot(page, 'partner-campaigns', look);

      await card.getByRole('link').click();
      await page.locator('.tallies').waitFor();
      await assertGood(page);
      await keepScreenshot(page, 'partner-campaign', look);

      await page.getByRole('link', { name: text.reviews, exact: true }).click();
      const review = page.locator('.review-card');
      await review.waitFor();
      assert.match(await review.innerText(), /20,600/);
      await review.getByRole('link').click();
      await page.locator('.review-text').waitFor();
      await assertGood(page);
      await keepScreenshot(page, 'partner-review', look);

      await page.getByRole('link', { name: text.deposit, exact: true }).click();
      await page.locator('.movements li').nth(1).waitFor();
      assert.equal(await page.locator('.movements li').count(), 2);
      const figures = await page.locator('.figures').innerText();
      assert.match(figures, /185,400/);
      await assertGood(page);
      await keepScreenshot(page, 'partner-deposit', look);

      // A session lasts over a visit; the link is used up.
      await page.goto(link);
      await page.locator('a[href="/partner"]').first().waitFor();
      assert.equal(await page.locator('[name=password]').count(), 0);
      await page.goto('/partner');
      await card.waitFor();

      await page.getByRole('button', { name: text.signOut }).click();
      await page.locator('[name=email]').waitFor();
      await page.locator('[name=email]').fill(email);
      await page.locator('[name=password]').fill('wrong-42-Harbor');
      await page.keyboard.press('Enter');
      await page.locator('.notice-bad').first().waitFor();
      await page.locator('[name=password]').fill(password);
      await page.keyboard.press('Enter');
      await card.waitFor();
    });
  }
}));

test('a forgotten password is replaced by way of the mail, and changed once more', { timeout: patienceMs * 4 }, Server.logged(() => server, async () => {
  const { email, link } = await brand();
  await browser.withPage({ baseUrl: server.baseUrl, language: 'en' }, async (page) => {
    await page.route('https://cdn.example.com/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>' }));
    await page.goto(link);
    await page.locator('[name=password]').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('.campaign-card').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.locator('[name=email]').fill(email);
    await page.keyboard.press('Enter');
    await page.locator('.outcome').waitFor();
    const url = await eventually('the mail', async () => {
      const { mails } = (await server.request('GET', '/sandbox/mail')).json();
      const mail = mails.find(({ to, subject }) => to.includes(email) && subject.includes('재설정'));
      return mail && /https?:\/\/\S+\/reset-password\/[0-9a-z]+/.exec((await server.request('GET', `/sandbox/mail/${mail.id}`)).text)[0];
    });
    await page.goto(url);
    await page.locator('[name=password]').fill('walnut-43-Harbour');
    await page.keyboard.press('Enter');
    await page.locator('.campaign-card').waitFor();
    await page.getByRole('link', { name: 'Account' }).click();
    await page.locator('[name=current]').fill('walnut-43-Harbour');
    await page.locator('[name=password]').fill('almond-44-Harbour');
    await page.keyboard.press('Enter');
    await page.locator('.notice-info').waitFor();
    await page.reload();
    await page.locator('[name=current]').waitFor();
  });
}));

test('whoever came with the brand\'s number is let in or declined from the portal', { timeout: patienceMs * 8 }, Server.logged(() => server, async () => {
  const letIn = { ko: '승인', en: 'Let in' };
  const decline = { ko: '거절', en: 'Decline' };
  for (const [i, look] of looks.entries()) {
    const businessNumber = `12${i}-45-6789${i}`;
    const bodies = [];
    const answers = [];
    for (let call = 0; call < 3; call++) {
      bodies.push(onboardBody(await site.paidOrder(), { partner: { businessNumber } }));
      answers.push((await site.onboard(bodies[call])).json());
    }
    await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
      await page.route('https://cdn.example.com/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>' }));
      await page.goto(answers[0].onboarding.loginUrl);
      await page.locator('[name=password]').fill(password);
      await page.getByRole('button', { name: words[look.language].submit }).click();
      const requests = page.locator('section:has(#access-requests) li');
      await requests.first().waitFor();
      await page.locator('.campaign-card').first().waitFor();
      assert.equal(await requests.count(), 2);
      assert.match(await requests.first().innerText(), new RegExp(bodies[1].partner.contactEmail));
      await assertGood(page);
      await keepScreenshot(page, 'partner-access-requests', look);
      const judge = (words) => requests.first().getByRole('button', { name: words[look.language] });
      await judge(letIn).press('Enter');
      await requests.first().getByRole('status').waitFor();
      await assertGood(page);
      await keepScreenshot(page, 'partner-access-asked', look);
      assert.equal(await requests.count(), 2, 'asked, and not yet done');
      await judge({ ko: '취소', en: 'Cancel' }).click();
      await requests.first().getByRole('status').waitFor({ state: 'detached' });
      await judge(letIn).press('Enter');
      await judge(letIn).press('Enter');
      await page.waitForFunction(() => document.querySelectorAll('section:has(#access-requests) li').length === 1);
      await judge(decline).click();
      await judge(decline).click();
      await requests.first().waitFor({ state: 'detached' });
      assert.equal(await page.locator('#access-requests').count(), 0);
    });
  }
}));
