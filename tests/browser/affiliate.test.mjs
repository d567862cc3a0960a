// An affiliate's own page, over a real server: signing in, rewards with a test, the log, conversions and statements.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { lpinfoOf, makeAffiliate, makeMerchant, operated, order, product, sent } from '../support/affiliate.mjs';
import { advance, operate } from '../support/hub.mjs';
import { closeReceivers, Receiver } from '../support/receivers.mjs';
import { eventually, Server } from '../support/server.mjs';
import { assertGood, Browser, keepScreenshot, looks, patienceMs, sizes, tabTo } from './browser.mjs';

let server;
let browser;
let receiver;
let site;
let merchant;
/** Whether the receiver takes what it gets. */
let healthy = true;

/** This month, as the page shows it at first: the server's clock starts with the browser's. */
before(async () => {
  [server, browser, receiver] = await Promise.all([
    Server.start(), Browser.start(), Receiver.start((_, response) => receiver.say(response, healthy ? 200 : 500)),
  ]);
  site = await makeAffiliate(server);
  merchant = (await makeMerchant(server)).merchant_id;
  await operated(server, 'PUT', `/api/affiliates/${site.affiliate_id}/reward-api`, { postback_url: receiver.url('/reward'), status: 'APPROVED' });
  const lpinfo = lpinfoOf(site.affiliate_id);
  await sent(server, order(merchant, lpinfo, { products: [product('p1', { product_name: '아주 긴 이름의 상품 '.repeat(12) }), product('p2', { product_final_price: 1234567 })] }));
  await eventually('both are told', () => (receiver.requests.length === 2 ? true : undefined));
  healthy = false;
  await sent(server, order(merchant, lpinfo, { products: [product('p3')] }));
  await eventually('the third has failed', async () => {
    const { deliveries } = await operated(server, 'GET', `/api/deliveries?site=${site.affiliate_id}&status=failed`);
    if (deliveries.length === 1) return true;
    await advance(server, '6h');
    return undefined;
  }, 40_000);
  healthy = true;
});
after(async () => {
  await closeReceivers();
  await Promise.all([browser?.stop(), server?.stop()]);
});

function check(name, { at = [looks[2]], signIn = true }, body) {
  test(name, { timeout: patienceMs * 6 }, Server.logged(() => server, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        await page.goto('/affiliate');
        await page.locator('[name=a_id]').waitFor();
        if (signIn) {
          await page.locator('[name=a_id]').fill(site.affiliate_id);
          await page.locator('[name=auth_key]').fill(site.auth_key);
          await page.locator('[name=auth_key]').press('Enter');
          await page.locator('[name=postback_url]').waitFor();
        }
        await body(page, look);
      });
    }
  }));
}

const dark = sizes.map((viewport) => ({ viewport, language: 'ko', scheme: 'dark' }));

check('the sign-in page', { at: looks, signIn: false }, async (page, look) => {
  await assertGood(page);
  await keepScreenshot(page, 'affiliate-sign-in', look);
});

check('signing in by keyboard alone, first with a wrong key', { at: looks, signIn: false }, async (page, look) => {
  await tabTo(page, page.locator('[name=a_id]'));
  await page.keyboard.type(site.affiliate_id);
  await page.keyboard.press('Enter');
  await page.locator('[name=auth_key][aria-invalid=true]').waitFor();
  await page.waitForFunction(() => document.activeElement?.name === 'auth_key');
  await page.keyboard.type('x'.repeat(32));
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await keepScreenshot(page, 'affiliate-sign-in-wrong', look);
  await page.locator('[name=auth_key]').fill(site.auth_key);
  await page.keyboard.press('Enter');
  await page.locator('[name=postback_url]').waitFor();
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
  assert.ok(!kept.includes(site.auth_key), 'the key is kept nowhere');
  await page.getByRole('button', { name: /로그아웃|Sign out/ }).click();
  await page.locator('[name=a_id]').waitFor();
});

check('all of it', { at: [...looks, ...dark] }, async (page, look) => {
  await page.locator('[aria-labelledby=log] .movements li').nth(2).waitFor();
  await page.locator('[aria-labelledby=conversions] .movements li').nth(2).waitFor();
  const text = await page.locator('main').innerText();
  assert.match(text, look.language === 'ko' ? /승인됨[^]*실패[^]*정상/ : /Approved[^]*Failed[^]*Normal/);
  assert.match(text, /₩111,110/, 'the commission of 1,234,567 won');
  await assertGood(page);
  await keepScreenshot(page, 'affiliate', look, look.scheme ? '-dark' : '');
});

check('an unsafe address is refused where it stands, and a good one is kept', {}, async (page) => {
  await page.locator('[name=postback_url]').fill('https://10.0.0.1/');
  await page.locator('[name=postback_url]').press('Enter');
  await page.locator('[name=postback_url][aria-invalid=true]').waitFor();
  await page.locator('[name=postback_url]').fill(receiver.url('/reward'));
  await page.locator('[name=uniq_id]').check();
  await page.locator('[name=postback_url]').press('Enter');
  await page.getByText('저장했습니다.').waitFor();
  const kept = await operate(server, 'GET', `/api/affiliates/${site.affiliate_id}/reward-api`);
  assert.deepEqual([kept.json().status, kept.json().uniq_id], ['APPROVED', true], 'what is approved stays so');
});

check('the test button shows what the receiver answered', { at: [looks[2], looks[1]] }, async (page, look) => {
  healthy = true;
  await page.locator('[name=test]').click();
  await page.getByText(look.language === 'ko' ? /200\(으\)로 응답했습니다/ : /answered 200/).waitFor();
  healthy = false;
  await page.locator('[name=test]').click();
  await page.getByRole('alert').getByText(/status 500/).waitFor();
  healthy = true;
  await keepScreenshot(page, 'affiliate-test', look);
});

check('the log is searched, and what failed is sent again with a warning', {}, async (page) => {
  const rows = page.locator('[aria-labelledby=log] .movements li');
  await page.locator('[name=status]').selectOption('failed');
  await page.locator('[aria-labelledby=log] button[type=submit]').click();
  await page.waitForFunction(() => [...document.querySelectorAll('[aria-labelledby=log] .badge')].every((badge) => badge.classList.contains('badge-bad')));
  await page.locator('[name=merchant]').fill('nobody');
  await page.locator('[aria-labelledby=log] button[type=submit]').click();
  await page.getByText('조건에 맞는 전송 내역이 없습니다.').waitFor();
  await page.locator('[name=merchant]').fill(merchant);
  await page.locator('[name=status]').selectOption('');
  await page.locator('[aria-labelledby=log] button[type=submit]').click();
  await rows.nth(2).waitFor();
  await page.locator('[name=resend-failed]').click();
  await page.getByText(/중복될 수 있습니다[^]*/).last().waitFor();
  await eventually('it has arrived', async () => {
    const { deliveries } = await operated(server, 'GET', `/api/deliveries?site=${site.affiliate_id}&merchant=${merchant}&status=delivered`);
    return deliveries.length === 3 ? true : undefined;
  });
});
