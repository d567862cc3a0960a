// An affiliate's own page, over a real server: signing in, links, clicks, conversions, statements and the account for payouts,
// rewards with a test and their log.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { clicked, lpinfoOf, makeAffiliate, makeMerchant, operated, order, product, sent } from '../support/affiliate.mjs';
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
  merchant = (await makeMerchant(server, { name: '문구와 생활용품을 파는 이름이 긴 쇼핑몰', home_url: 'https://shop.example/', hosts: ['shop.example'], deeplinks: true }, {
    by_category: [{ code: 'books', base: '3%', incentive: '0%' }], tiers: [{ from_sales: 1000000, base: '9%', incentive: '1%' }],
  })).merchant_id;
  await makeMerchant(server, { name: 'Plain shop' }, { base: '500KRW', incentive: '0%' });
  await operated(server, 'PUT', '/api/affiliate/promos', { merchant_id: merchant, event_code: 'spring', promo_code: 'BLOG10', affiliate_id: site.affiliate_id });
  for (const mark of ['', 'newsletter']) await clicked(server, merchant, site.affiliate_id, mark ? { u_id: mark } : {});
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

/** `view`: the one that is opened after signing in; the first of all unless it is said. */
function check(name, { at = [looks[2]], signIn = true, view = '' }, body) {
  test(name, { timeout: patienceMs * 6 }, Server.logged(() => server, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        await page.goto(`/affiliate${view && `#${view}`}`);
        await page.locator('[name=a_id]').waitFor();
        if (signIn) {
          await page.locator('[name=a_id]').fill(site.affiliate_id);
          await page.locator('[name=auth_key]').fill(site.auth_key);
          await page.locator('[name=auth_key]').press('Enter');
          await page.locator('.tabs').waitFor();
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
  await page.locator('.tabs').waitFor();
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
  assert.ok(!kept.includes(site.auth_key), 'the key is kept nowhere');
  await page.getByRole('button', { name: /로그아웃|Sign out/ }).click();
  await page.locator('[name=a_id]').waitFor();
});

check('conversions', { at: [...looks, ...dark], view: 'conversions' }, async (page, look) => {
  await page.locator('[aria-labelledby=conversions] .movements li').nth(2).waitFor();
  const text = await page.locator('main').innerText();
  assert.match(text, look.language === 'ko' ? /정상/ : /Normal/);
  assert.match(text, /₩111,110/, 'the commission of 1,234,567 won');
  await assertGood(page);
  await keepScreenshot(page, 'affiliate-conversions', look, look.scheme ? '-dark' : '');
});

check('rewards and their log', { at: [...looks, ...dark], view: 'rewards' }, async (page, look) => {
  await page.locator('[aria-labelledby=log] .movements li').nth(2).waitFor();
  await page.locator('[name=postback_url]').waitFor();
  assert.match(await page.locator('main').innerText(), look.language === 'ko' ? /승인됨[^]*실패/ : /Approved[^]*Failed/);
  await assertGood(page);
  await keepScreenshot(page, 'affiliate-rewards', look, look.scheme ? '-dark' : '');
});

check('what may be promoted, what it pays, and a link by keyboard alone', { at: [...looks, ...dark] }, async (page, look) => {
  const korean = look.language === 'ko';
  const rows = page.locator('.affiliate-merchants > li');
  await page.locator('[name=q]').fill('이름이 긴');
  await page.locator('[name=q]').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.affiliate-merchants > li').length === 1);
  assert.match(await rows.innerText(), /8% \+ 1%/);
  await rows.locator('summary').press('Enter');
  await page.getByText(korean ? '카테고리 books' : 'Category books').waitFor();
  assert.match(await page.locator('[aria-labelledby=promos]').innerText(), /BLOG10[^]*(사용 가능|In use)/);
  const button = rows.getByRole('button', { name: korean ? /^링크 만들기/ : /^Make a link/ });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  const target = page.locator('[name=target]');
  await tabTo(page, target);
  await page.keyboard.type('https://evil.example/');
  await page.keyboard.press('Enter');
  await page.locator('[name=target][aria-invalid=true]').waitFor();
  await assertGood(page);
  await target.fill('https://shop.example/p/7');
  await tabTo(page, page.locator('[name=u_id]'));
  await page.keyboard.type('newsletter');
  await page.keyboard.press('Enter');
  const link = page.locator('[name=link]');
  await link.waitFor();
  const url = new URL(await link.inputValue());
  assert.deepEqual(Object.fromEntries(url.searchParams), { m: merchant, a: site.affiliate_id, l: '9999', u_id: 'newsletter', tu: 'https://shop.example/p/7' });
  await page.waitForFunction(() => document.activeElement?.name === 'link');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await tabTo(page, page.locator('[name=copy]'));
  await page.keyboard.press('Enter');
  await page.getByText(korean ? '복사했습니다.' : 'Copied.').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url.href);
  await assertGood(page);
  await keepScreenshot(page, 'affiliate-links', look, look.scheme ? '-dark' : '');
});

check('a link is selected where it cannot be copied', {}, async (page) => {
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.locator('.affiliate-merchants > li').nth(1).waitFor();
  await page.getByRole('button', { name: /^링크 만들기 \(Plain shop\)/ }).click();
  assert.equal(await page.locator('[name=target]').count(), 0, 'it takes no deep links');
  await page.locator('[name=u_id]').press('Enter');
  await page.locator('[name=copy]').click();
  await page.getByText(/직접 복사해 주세요/).waitFor();
  const selected = await page.locator('[name=link]').evaluate((input) => input.value.slice(input.selectionStart, input.selectionEnd));
  assert.match(selected, /\/click\.php\?m=/);
});

check('no merchant matches', {}, async (page) => {
  await page.locator('[name=q]').fill('nobody');
  await page.locator('[name=q]').press('Enter');
  await page.getByText('조건에 맞는 광고주가 없습니다.').waitFor();
});

check('clicks by day and one by one', { at: [...looks, ...dark], view: 'clicks' }, async (page, look) => {
  const rows = page.locator('[aria-labelledby=clicks] .movements li');
  await rows.nth(1).waitFor();
  const table = page.locator('.affiliate-table');
  assert.deepEqual(await table.locator('tbody td').allInnerTexts(), ['2', '1', '2']);
  await assertGood(page);
  await keepScreenshot(page, 'affiliate-clicks', look, look.scheme ? '-dark' : '');
  await page.locator('[name=click_u_id]').fill('newsletter');
  await page.locator('[name=click_u_id]').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('[aria-labelledby=clicks] .movements li').length === 1);
  await page.locator('[name=click_u_id]').fill('nobody');
  await page.locator('[name=click_u_id]').press('Enter');
  await page.getByText(look.language === 'ko' ? '조건에 맞는 클릭이 없습니다.' : 'No click matches.').waitFor();
  await page.locator('[name=click_month]').fill('2020-01');
  await page.getByText(look.language === 'ko' ? '이 달의 클릭이 없습니다.' : 'There were no clicks in this month.').waitFor();
});

check('the account for payouts is set with the key, shown masked, and recorded', { at: looks, view: 'statements' }, async (page, look) => {
  const korean = look.language === 'ko';
  await page.locator('[name=change-bank]').click();
  await page.locator('[name=bank]').press('Enter');
  await page.locator('[name=bank][aria-invalid=true]').waitFor();
  await assertGood(page);
  for (const [name, value] of [['bank', '국민은행'], ['account', '12-x'], ['holder', '김가나'], ['key', 'x'.repeat(32)]]) await page.locator(`[name=${name}]`).fill(value);
  await page.locator('[name=key]').press('Enter');
  await page.locator('[name=account][aria-invalid=true]').waitFor();
  await page.locator('[name=account]').fill('123-45-6789');
  await page.locator('[name=key]').press('Enter');
  await page.getByText(korean ? '인증키가 맞지 않습니다.' : 'This is not your key.').waitFor();
  await keepScreenshot(page, 'affiliate-bank-form', look);
  await page.locator('[name=key]').fill(site.auth_key);
  await page.locator('[name=key]').press('Enter');
  await page.getByText(korean ? '지급 계좌를 저장했습니다.' : 'The account was saved.').waitFor();
  await page.getByText('*******6789').waitFor();
  assert.ok(!(await page.locator('main').innerText()).includes('123-45'));
  await assertGood(page);
  await keepScreenshot(page, 'affiliate-statements', look);
});

check('the views are reached by keyboard, and the way back works', {}, async (page) => {
  const tab = page.getByRole('link', { name: '정산' });
  await tabTo(page, tab);
  await page.keyboard.press('Enter');
  await page.locator('[name=change-bank]').waitFor();
  assert.equal(await tab.getAttribute('aria-current'), 'page');
  await page.goBack();
  await page.locator('[name=q]').waitFor();
});

check('an unsafe address is refused where it stands, and a good one is kept', { view: 'rewards' }, async (page) => {
  await page.locator('[name=postback_url]').fill('https://10.0.0.1/');
  await page.locator('[name=postback_url]').press('Enter');
  await page.locator('[name=postback_url][aria-invalid=true]').waitFor();
  assert.match(await page.locator('.field-error').innerText(), /[가-힣]/);
  await page.locator('[name=postback_url]').fill(receiver.url('/reward'));
  await page.locator('[name=uniq_id]').check();
  await page.locator('[name=postback_url]').press('Enter');
  await page.getByText('저장했습니다.').waitFor();
  const kept = await operate(server, 'GET', `/api/affiliates/${site.affiliate_id}/reward-api`);
  assert.deepEqual([kept.json().status, kept.json().uniq_id], ['APPROVED', true], 'what is approved stays so');
});

check('more conversions and more of the log come behind what is shown', {}, async (page) => {
  const row = (name) => ({ trlog_id: name, m_id: 'm', o_cd: name, p_nm: name, it_cnt: '1', user_id: '', status: '100', yyyymmdd: '20260525', sales: 1000, commission: 10 });
  await page.route('**/affiliate/translist.php?*', (route) => {
    const number = Number(new URL(route.request().url()).searchParams.get('page'));
    return route.fulfill({ json: { result: 'OK', list_count: 51, order_list: number === 1 ? Array.from({ length: 50 }, (_, index) => row(`c${index}`)) : [row('the last')] } });
  });
  const entry = (id) => ({ id, topic: 'reward', status: 'delivered', merchant: 'm', order_code: `o-${id}`, u_id: null, created_at: '2026-05-25T01:00:00Z', attempts: 1, last_status: 200, last_error: null });
  await page.route('**/deliveries', (route) => route.fulfill({ json: { deliveries: [entry(2)], next: 'more' } }));
  await page.route('**/deliveries?cursor=more', (route) => route.fulfill({ json: { deliveries: [entry(1)], next: null } }));
  for (const [view, list, before, after] of [['conversions', 'conversions', 50, 51], ['rewards', 'log', 1, 2]]) {
    await page.locator(`.tabs a[href="#${view}"]`).click();
    const rows = page.locator(`[aria-labelledby=${list}] .movements li`);
    await rows.first().waitFor();
    assert.equal(await rows.count(), before);
    await page.getByRole('button', { name: '더 보기' }).click();
    await rows.nth(before).waitFor();
    assert.equal(await rows.count(), after);
    assert.equal(await page.getByRole('button', { name: '더 보기' }).count(), 0);
  }
});

check('the test button shows what the receiver answered', { at: [looks[2], looks[1]], view: 'rewards' }, async (page, look) => {
  healthy = true;
  await page.locator('[name=test]').click();
  await page.getByText(look.language === 'ko' ? /200\(으\)로 응답했습니다/ : /answered 200/).waitFor();
  healthy = false;
  await page.locator('[name=test]').click();
  await page.getByRole('alert').getByText(look.language === 'ko' ? /HTTP 상태 500/ : /status 500/).waitFor();
  healthy = true;
  await keepScreenshot(page, 'affiliate-test', look);
});

check('the log is searched, and what failed is sent again with a warning', { view: 'rewards' }, async (page, look) => {
  const rows = page.locator('[aria-labelledby=log] .movements li');
  await page.locator('[name=status]').selectOption('failed');
  await page.locator('[aria-labelledby=log] button[type=submit]').click();
  await page.waitForFunction(() => [...document.querySelectorAll('[aria-labelledby=log] .badge')].every((badge) => badge.classList.contains('badge-bad')));
  await page.locator('[name=merchant]').fill('nobody');
  await page.locator('[aria-labelledby=log] button[type=submit]').click();
  await page.getByText('조건에 맞는 전송 내역이 없습니다.').waitFor();
  await page.locator('[name=resend-failed]').click();
  await page.getByText('조회한 조건에 맞는 실패가 없습니다.').waitFor();
  await page.locator('[name=merchant]').fill(merchant);
  await page.locator('[name=status]').selectOption('');
  await page.locator('[aria-labelledby=log] button[type=submit]').click();
  await rows.nth(2).waitFor();
  await page.locator('[name=resend-failed]').click();
  const ask = page.locator('.affiliate-ask');
  await ask.waitFor();
  assert.equal(await ask.locator('p').innerText(), '조회한 조건에 맞는 실패 1건을 모두 다시 보낼까요?');
  await assertGood(page);
  await keepScreenshot(page, 'affiliate-resend', look);
  const resending = page.waitForRequest((request) => request.url().endsWith('/deliveries/resend'));
  await page.locator('[name=resend-yes]').click();
  assert.deepEqual((await resending).postDataJSON(), { filter: { merchant, status: 'failed' } });
  await page.getByText(/1건을 다시 보냅니다/).waitFor();
  await eventually('it has arrived', async () => {
    const { deliveries } = await operated(server, 'GET', `/api/deliveries?site=${site.affiliate_id}&merchant=${merchant}&status=delivered`);
    return deliveries.length === 3 ? true : undefined;
  });
});
