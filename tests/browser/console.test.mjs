// The operator console over a book in which everything has happened, as owners, operators and auditors use it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test, { after, before } from 'node:test';

import { clicked, makeAffiliate, makeMerchant, order, sent } from '../support/affiliate.mjs';
import { advance, App, issueApp } from '../support/hub.mjs';
import { Seller } from '../support/invoice.mjs';
import { Operator } from '../support/operator.mjs';
import { Till } from '../support/purchase.mjs';
import { wholeBook } from '../support/whole_book.mjs';
import { assertVerifies, eventually, Server } from '../support/server.mjs';
import { assertGood, Browser, keepScreenshot, looks, patienceMs, tabTo } from './browser.mjs';

let server;
let browser;
const people = {};
before(async () => {
  [server, browser] = await Promise.all([wholeBook(), Browser.start()]);
  for (const role of ['owner', 'operator', 'auditor']) people[role] = await Operator.of(server, role);
});
after(async () => {
  await browser?.stop();
  if (server?.running) await server.stop();
});

const korean = looks[2];
/** A phone in Korean and a desk in English: a view is made of parts that every look has met elsewhere. */
const narrowAndWide = [looks[0], looks[3]];
const dark = { ...looks[3], scheme: 'dark' };

/** Opens a view as somebody who has signed in already. */
function check(name, { at = [korean], as = 'owner', path = '/console' }, body) {
  test(name, { timeout: patienceMs * 10 }, Server.logged(() => server, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        if (as) {
          const [cookie, value] = people[as].cookie.split('=');
          await page.context().addCookies([{ name: cookie, value, domain: '127.0.0.1', path: '/api', httpOnly: true, sameSite: 'Strict' }]);
        }
        await page.goto(typeof path === 'function' ? await path() : path);
        await body(page, look);
      });
    }
  }));
}

/** The facts of a detail. */
const facts = async (page) =>
  Object.fromEntries(await page.locator('article > .card .facts > div').evaluateAll((all) => all.map((each) => [each.querySelector('dt').innerText, each.querySelector('dd').innerText])));
const settled = (page) => page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('.loading'));
const button = (page, name) => page.getByRole('button', { name, exact: true });
const dialog = (page) => page.getByRole('dialog');

// ---- every view, as it looks -------------------------------------------------------------------------------------------------

/** The first thing of a list of the API. */
const first = async (where, member, fits = () => true) => (await people.owner.get(where))[member].find(fits);

const views = {
  home: () => '/console',
  'hub-orders': () => '/console/hub/orders',
  'hub-order': async () => `/console/hub/orders/${(await first('/api/hub/orders?status=CONSUMED', 'orders')).orderCode}`,
  'hub-partners': () => '/console/hub/partners',
  'hub-partner': async () => `/console/hub/partners/${(await first('/api/hub/partners', 'partners')).partnerId}`,
  'hub-campaigns': () => '/console/hub/campaigns',
  'hub-campaign': async () => `/console/hub/campaigns/${(await first('/api/hub/campaigns', 'campaigns', ({ paidReviews }) => paidReviews > 0)).campaignId}`,
  'hub-reviews': () => '/console/hub/reviews',
  'invoice-invoices': () => '/console/invoice/invoices',
  'invoice-invoice': async () => `/console/invoice/invoices/${(await first('/api/invoice/invoices?status=paid', 'invoices')).invoice_id}`,
  'invoice-orders': () => '/console/invoice/orders',
  'invoice-cancels': () => '/console/invoice/cancels',
  'invoice-subscriptions': () => '/console/invoice/subscriptions',
  'invoice-subscription': async () => `/console/invoice/subscriptions/${(await first('/api/invoice/subscriptions', 'subscriptions')).subscription_id}`,
  'invoice-bills': () => '/console/invoice/bills',
  'affiliate-merchants': () => '/console/affiliate/merchants',
  'affiliate-merchant': async () => `/console/affiliate/merchants/${(await first('/api/merchants', 'merchants')).merchant_id}`,
  'affiliate-programs': () => '/console/affiliate/programs',
  'affiliate-affiliates': () => '/console/affiliate/affiliates',
  'affiliate-affiliate': async () => `/console/affiliate/affiliates/${(await first('/api/affiliates', 'affiliates')).affiliate_id}`,
  'affiliate-conversions': () => '/console/affiliate/conversions',
  'affiliate-conversion': async () => `/console/affiliate/conversions/${(await first('/api/conversions', 'conversions')).trlog_id}`,
  'affiliate-program': async () => `/console/affiliate/programs/${(await first('/api/programs', 'programs', ({ tiers }) => tiers.length > 0)).program}`,
  'affiliate-promos': () => '/console/affiliate/promos',
  'affiliate-rates': () => '/console/affiliate/rates',
  'affiliate-daily-clicks': () => '/console/affiliate/daily-clicks',
  'affiliate-clicks': () => '/console/affiliate/clicks',
  'affiliate-click': async () => `/console/affiliate/clicks/${(await first('/api/clicks', 'clicks')).click_id}`,
  'affiliate-unpaid': () => '/console/affiliate/unpaid',
  'affiliate-payouts': () => '/console/affiliate/payouts',
  'affiliate-payout': async () => `/console/affiliate/payouts/${(await first('/api/payouts', 'payouts')).id}`,
  'purchase-shops': () => '/console/purchase/shops',
  'purchase-shop': () => `/console/purchase/shops/${server.sandbox.purchase.shop_id}`,
  'purchase-purchases': () => '/console/purchase/purchases',
  'purchase-purchase': async () => `/console/purchase/purchases/1/${encodeURIComponent((await first('/api/purchase/holders/1/purchases', 'items')).tx.purchaseId)}`,
  'purchase-wallets': () => '/console/purchase/wallets',
  'purchase-rates': () => '/console/purchase/rates',
  'purchase-blocks': () => '/console/purchase/blocks',
  deliveries: () => '/console/deliveries',
  delivery: async () => `/console/deliveries/${(await first('/api/deliveries?kind=webhook', 'deliveries')).id}`,
  'ledger-accounts': () => '/console/ledger/accounts',
  'ledger-account': async () => `/console/ledger/accounts/${(await first('/api/ledger/accounts?prefix=reviewer', 'accounts')).ref}`,
  'ledger-explain': async () => {
    const { ref } = await first('/api/ledger/accounts?prefix=reviewer', 'accounts');
    return `/console/ledger/explain/${(await first(`/api/ledger/accounts/${ref}/entries`, 'entries')).record}`;
  },
  'ledger-status': () => '/console/ledger/status',
  apps: () => '/console/apps',
  operators: () => '/console/operators',
  audit: () => '/console/audit',
  search: async () => `/console/search?q=${(await first('/api/hub/orders', 'orders')).orderCode}`,
  missing: () => '/console/hub/campaigns/900000000000',
  nowhere: () => '/console/nowhere',
};

/** Sentences of English: four words of it in a row. Codes and what clients have sent are as they are. */
const englishIn = (page) => page.locator('main').evaluate((main) => {
  const copy = main.cloneNode(true);
  for (const each of copy.querySelectorAll('code, pre, svg .step-kind')) each.remove();
  const texts = [...copy.querySelectorAll('*')].flatMap((each) => [...each.childNodes]).filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data);
  return texts.filter((text) => /\b[A-Za-z]+(?: [a-z']+){3,}/.test(text));
});

for (const [name, path] of Object.entries(views)) {
  check(`the view ${name}`, { at: name === 'home' ? [...looks, dark] : narrowAndWide, path }, async (page, look) => {
    await settled(page);
    await assertGood(page);
    if (look.language === 'ko') assert.deepEqual(await englishIn(page), []);
    assert.deepEqual(await page.locator('.table-frame').evaluateAll((frames) => frames.filter((frame) => frame.scrollWidth > frame.clientWidth)
      .map((frame) => `${frame.getAttribute('aria-label')}: ${frame.scrollWidth - frame.clientWidth} px`)), [], 'columns that are out of sight');
    await keepScreenshot(page, `console-${name}`, look, look.scheme ? '-dark' : '');
  });
}

// ---- what people do ----------------------------------------------------------------------------------------------------------

/** Purchases of the book: one in another currency than won, one that was made for a phone, and one for nobody. */
async function madePurchases() {
  const { items } = await people.auditor.get('/api/purchase/holders/1/purchases?limit=100');
  const none = `0x${'0'.repeat(40)}`;
  const account = ({ loyalty }) => loyalty.account;
  return {
    dollars: items.find(({ tx }) => tx.currency === 'usd'),
    phone: items.find((each) => account(each).accountType === 'phone' && account(each).account !== none),
    nobody: items.find((each) => account(each).account === none),
    won: items.find((each) => each.tx.currency === 'krw' && each.tx.details.length === 6 && account(each).accountType === 'address' && account(each).account !== none),
  };
}

check('purchases are told in their currency, with their points, for whom they are', { at: narrowAndWide, path: '/console/purchase/purchases' }, async (page, look) => {
  const ko = look.language === 'ko';
  const { dollars, phone, nobody, won } = await madePurchases();
  if (!ko) await people.owner.send('POST', '/api/purchase/holders', { system: 'second' });
  await page.reload();
  await settled(page);
  const row = async ({ tx }) => {
    const link = page.locator(`a[href$="/${encodeURIComponent(tx.purchaseId)}"]`);
    return (await page.locator('.table tbody tr', { has: link }).first().locator('td').allInnerTexts()).slice(-3);
  };
  assert.deepEqual(await row(dollars), [`${dollars.loyalty.account.account.slice(0, 12)}…`, '1.56 USD', '72.618 P']);
  assert.deepEqual(await row(won), [`${won.loyalty.account.account.slice(0, 12)}…`, '₩44,400', '1,895.6 P']);
  assert.equal((await row(phone))[0], `${ko ? '전화' : 'Phone'} ${phone.loyalty.account.account.slice(0, 12)}…`);
  assert.deepEqual((await row(nobody)).map((text) => text.replace(/\n.*/s, '')), ['–', '₩44,400', '–']);
  // One holder's are shown, never all.
  const holder = page.getByLabel(ko ? '상점 시스템' : 'Shop system');
  assert.deepEqual((await holder.locator('option').allTextContents())[0], '1 · sandbox');
  assert.equal(await holder.inputValue(), '1');
  assert.equal(await page.getByRole('button', { name: ko ? '조건 지우기' : 'Clear' }).count(), 0);
  if (!ko) {
    await holder.selectOption('2');
    await page.getByText('There is no such purchase.').waitFor();
    assert.equal(await holder.inputValue(), '2');
  }
  await page.goto(`/console/purchase/purchases/1/${encodeURIComponent(dollars.tx.purchaseId)}`);
  await settled(page);
  const facts = Object.fromEntries(await page.locator('.facts > div').evaluateAll((all) => all.map((each) => [each.querySelector('dt').innerText, each.querySelector('dd').innerText])));
  assert.deepEqual(ko ? [facts['합계'], facts['적립']] : [facts.Total, facts.Points], ['1.56 USD', '72.618 P']);
  assert.match(facts[ko ? '적립 대상' : 'Points for'], new RegExp(`^${dollars.loyalty.account.account}`));
  assert.deepEqual((await page.locator('.table tbody td').allInnerTexts()).slice(1), ['1.56 USD', '3.5%']);
  await page.goto(`/console/purchase/purchases/1/${encodeURIComponent(won.tx.purchaseId)}`);
  await settled(page);
  assert.deepEqual((await page.locator('.table tbody tr').first().locator('td').allInnerTexts()).slice(1), ['₩6,600', '1.7%']);
  await page.locator('.back a').click();
  await page.waitForURL('**/purchase/purchases?holder=1');
});

check('the purchases say that they could not be loaded, and that nobody has any', { at: narrowAndWide }, async (page, look) => {
  const ko = look.language === 'ko';
  let answer = null;
  await page.route('**/api/purchase/holders', (route) => (answer === null ? route.abort() : route.fulfill({ json: answer })));
  await page.goto('/console/purchase/purchases');
  await page.getByRole('heading', { name: ko ? '불러오지 못했습니다' : 'This could not be loaded' }).waitFor();
  await assertGood(page);
  answer = { holders: [] };
  await button(page, ko ? '다시 시도' : 'Try again').click();
  await page.getByText(ko ? '아직 상점 시스템이 없습니다.' : 'There is no shop system yet.').waitFor();
  assert.equal(await page.locator('main h1').innerText(), ko ? '구매' : 'Purchases');
  assert.match(await page.title(), ko ? /구매/ : /Purchases/);
  await assertGood(page);
  await keepScreenshot(page, 'console-purchases-none', look);
  await page.locator('.empty a').click();
  await page.waitForURL('**/console/apps');
});

check('apps and keys that nobody has yet: each shelf says so', { at: narrowAndWide }, async (page, look) => {
  for (const [path, member] of [['hub/apps', 'apps'], ['invoice/apps', 'apps'], ['purchase/holders', 'holders']])
    await page.route(`**/api/${path}`, (route) => route.fulfill({ json: { [member]: [] } }));
  await page.goto('/console/apps');
  await page.locator('main .empty').nth(2).waitFor();
  assert.deepEqual(await page.locator('main .empty').allInnerTexts(), look.language === 'ko'
    ? ['아직 허브 앱이 없습니다.', '아직 판매자가 없습니다.', '아직 상점 시스템이 없습니다.']
    : ['There is no app of the hub yet.', 'There is no seller yet.', 'There is no shop system yet.']);
  await assertGood(page);
  await keepScreenshot(page, 'console-apps-none', look);
});

check('signing in by keyboard alone, and out', { at: looks, as: null }, async (page, look) => {
  await page.locator('[name=email]').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'console-sign-in', look);
  const { email, password } = people.auditor;
  await tabTo(page, page.locator('[name=email]'));
  await page.keyboard.type(email);
  await tabTo(page, page.locator('[name=password]'));
  await page.keyboard.type('not this one');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await page.locator('[name=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.waiting').waitFor();
  if (look.viewport.width < 960) {
    assert.ok((await page.locator('.console-header').boundingBox()).height < 80);
    await button(page, look.language === 'ko' ? '메뉴' : 'Menu').click();
    await assertGood(page);
    await keepScreenshot(page, 'console-menu', look);
  }
  await button(page, look.language === 'ko' ? '로그아웃' : 'Sign out').click();
  await page.locator('[name=email]').waitFor();
  assert.equal((await page.context().cookies()).length, 0);
});

check('what waits leads to its list, already narrowed', {}, async (page) => {
  await page.getByRole('link', { name: '확인이 필요한 주문' }).click();
  await page.waitForURL('**/console/hub/orders?attention=1');
  await page.locator('.table tbody tr').first().waitFor();
  assert.match(await page.locator('.table').innerText(), /온보딩 실패/);
});

check('who asks for access is found from the first view', { at: narrowAndWide }, async (page, look) => {
  const sales = App.sales(server);
  for (const each of ['asked', 'asks'])
    await sales.onboarded({
      partner: { businessNumber: '888-88-88888', contactEmail: `${each}-${look.language}@abc.com` }, campaign: { endAt: '2027-01-31T23:59:59+09:00' },
    });
  await page.reload();
  const { partners } = await people.auditor.get('/api/hub/partners?access=requested');
  assert.ok(partners.length > 0);
  const all = await people.auditor.get('/api/hub/partners?limit=100');
  assert.ok(all.partners.length > partners.length);
  await page.getByRole('link', { name: look.language === 'ko' ? '포털 접근 요청' : 'Requests for access to the portal' }).click();
  await page.waitForURL('**/console/hub/partners?access=requested');
  const links = page.locator('.table tbody a[href^="/console/hub/partners/"]');
  await links.first().waitFor();
  const hrefs = await links.evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute('href')))]);
  assert.deepEqual(hrefs, partners.map(({ partnerId }) => `/console/hub/partners/${partnerId}`));
  await assertGood(page);
});

check('refunds that the acquirer refused are among what waits', {}, async (page) => {
  await page.route('**/api/overview', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), waiting: [{ kind: 'invoice.refused_refunds', count: 2, more: false }] } });
  });
  await page.goto('/console');
  await page.getByRole('link', { name: '결제사가 거절한 환불' }).click();
  await page.waitForURL('**/console/invoice/cancels?status=failed');
});

check('a list is narrowed, and Back leads from a detail to it', { path: '/console/hub/orders' }, async (page) => {
  await page.getByLabel('상태').selectOption('CONSUMED');
  await page.waitForURL('**/hub/orders?status=CONSUMED');
  await settled(page);
  const rows = await page.locator('.table tbody tr').count();
  assert.ok(rows > 0);
  assert.equal(await page.locator('.table tbody .badge', { hasText: '사용됨' }).count(), rows);
  await page.locator('.table tbody a').first().click();
  await page.locator('article').waitFor();
  await page.goBack();
  await page.locator('.table tbody tr').first().waitFor();
  assert.equal(await page.getByLabel('상태').inputValue(), 'CONSUMED');
  await page.locator('.table tbody a').first().click();
  await page.locator('article').waitFor();
  await page.locator('.back a').click();
  await page.waitForURL('**/hub/orders?status=CONSUMED');
});

check('an address that nobody could have encoded so has no page, and the console says so', {}, async (page) => {
  await settled(page);
  await page.evaluate(() => {
    history.pushState(null, '', '/console/hub/orders/%E0%A4%A');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await page.getByRole('heading', { name: '찾을 수 없습니다' }).waitFor();
});

check('the last day that is asked for is in', { path: '/console/deliveries' }, async (page) => {
  await settled(page);
  await page.getByLabel('이날부터').fill('2026-05-25');
  await page.getByLabel('이날까지').fill('2026-05-25');
  const asked = page.waitForRequest((request) => /deliveries\?/.test(request.url()));
  await button(page, '찾기').last().click();
  const { searchParams } = new URL((await asked).url());
  assert.deepEqual([searchParams.get('from'), searchParams.get('to')], ['2026-05-25T00:00:00+09:00', '2026-05-26T00:00:00+09:00']);
});

check('what is sent again is said before, and how many it was after', { at: narrowAndWide, as: 'operator', path: '/console/deliveries?kind=reward&merchant=sandshop' }, async (page, look) => {
  const ko = look.language === 'ko';
  const resend = ko ? '실패한 것 다시 보내기' : 'Resend all that failed';
  await page.route('**/api/deliveries/resend', (route) => route.fulfill({ json: { resent: 1000, more: true, warning: '' } }));
  await settled(page);
  await button(page, resend).click();
  assert.deepEqual(await subject(page), ko ? { 종류: '보상 통지', 광고주: 'sandshop' } : { Kind: 'Reward', Merchant: 'sandshop' });
  await assertGood(page);
  await keepScreenshot(page, 'console-resend', look);
  const sending = page.waitForRequest('**/api/deliveries/resend');
  await press(page, resend);
  assert.deepEqual((await sending).postDataJSON(), { filter: { kind: 'reward', merchant: 'sandshop', status: 'failed' } });
  assert.equal(await page.locator('.toast').innerText(), ko ? '1,000건을 다시 보냅니다. 아직 남은 것이 있습니다.' : '1,000 are sent again. There are more.');
});

check('a conversion says what its judge should know', { at: narrowAndWide, as: 'operator', path: '/console/affiliate/conversions' }, async (page, look) => {
  const ko = look.language === 'ko';
  const conversion = await first('/api/conversions', 'conversions');
  const marks = ['click_lost', 'click_foreign', 'robot', 'paid_early'];
  const said = ko ? ['클릭을 찾을 수 없음', '다른 시스템의 클릭', '봇의 클릭', '클릭 전에 결제'] : ['Click not found', 'Click of another system', 'Clicked by a robot', 'Paid before the click'];
  await page.route('**/api/conversions?*', (route) => route.fulfill({ json: { conversions: [{ ...conversion, marks }], next: null } }));
  await page.route('**/api/conversions', (route) => route.fulfill({ json: { conversions: [{ ...conversion, marks }], next: null } }));
  await page.route(`**/api/conversions/${conversion.trlog_id}`, (route) => route.fulfill({ json: { ...conversion, marks } }));
  await page.reload();
  await page.locator('.table tbody .badge').first().waitFor();
  assert.deepEqual((await page.locator('.table tbody .badges .badge').allInnerTexts()), said);
  await assertGood(page);
  await keepScreenshot(page, 'console-conversions-marked', look);
  await page.goto(`/console/affiliate/conversions/${conversion.trlog_id}`);
  await page.locator('article').waitFor();
  assert.deepEqual((await page.locator('.view-header .badge').allInnerTexts()).slice(1), said);
  const told = await facts(page);
  assert.deepEqual(ko ? [told['상품 코드'], told['기본 요율'], told['분류']] : [told['Product code'], told['Base rate'], told.Category],
    [conversion.product_code, conversion.base_commission, conversion.category_code]);
  await assertGood(page);
  await keepScreenshot(page, 'console-conversion-marked', look);
});

/** A campaign that waits for an operator. */
async function waitingCampaign() {
  const app = new App(server, await issueApp(server, 'sales', { review_required: true }));
  const { campaign } = await app.onboarded({ campaign: { startAt: '2027-01-01T00:00:00+09:00', endAt: '2027-01-31T23:59:59+09:00' } });
  return { app, id: campaign.campaignId };
}

check('a campaign is sent back with a reason, and the dialog asks for it', { as: 'operator', path: '/console/hub/campaigns' }, async (page, look) => {
  const { id } = await waitingCampaign();
  await page.goto(`/console/hub/campaigns/${id}`);
  await button(page, '반려').click();
  await dialog(page).waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'console-dialog', look);
  await dialog(page).getByRole('button', { name: '반려' }).click();
  await page.locator('[aria-invalid=true]').waitFor();
  await dialog(page).locator('textarea').fill('사진이 없습니다');
  await dialog(page).getByRole('button', { name: '반려' }).click();
  await page.locator('.toast').waitFor();
  await page.locator('.view-header .badge', { hasText: '반려' }).waitFor();
  assert.equal(await dialog(page).count(), 0);
});

check('a campaign that runs is ended, and what it kept of the deposit is free again', { at: narrowAndWide, as: 'operator', path: '/console/hub/campaigns' }, async (page, look) => {
  const end = look.language === 'ko' ? '캠페인 종료' : 'End the campaign';
  const { campaign } = await App.sales(server).onboarded({ campaign: { endAt: '2027-01-31T23:59:59+09:00' } });
  const before = await people.auditor.get(`/api/hub/campaigns/${campaign.campaignId}`);
  assert.equal(before.status, 'IN_PROGRESS');
  assert.ok(before.held > 0);
  await page.goto(`/console/hub/campaigns/${campaign.campaignId}`);
  await button(page, end).click();
  await assertGood(page);
  await keepScreenshot(page, 'console-campaign-end', look);
  await press(page, end);
  await page.locator('[aria-invalid=true]').waitFor();
  await fill(page, { reason: '판매를 그만둡니다' });
  await press(page, end);
  await page.locator('.view-header .badge-bad').waitFor();
  assert.equal(await button(page, end).count(), 0);
  const after = await people.auditor.get(`/api/hub/campaigns/${campaign.campaignId}`);
  assert.deepEqual([after.status, after.held], ['REJECTED', 0]);
});

check('Escape leaves a dialog, and nothing is done', { as: 'operator', path: '/console/hub/campaigns' }, async (page) => {
  const { app, id } = await waitingCampaign();
  await page.goto(`/console/hub/campaigns/${id}`);
  await button(page, '승인').click();
  await dialog(page).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelectorAll('dialog').length === 0);
  assert.equal((await app.campaign(id)).status, 'UNDER_REVIEW');
  await button(page, '승인').click();
  await dialog(page).getByRole('button', { name: '승인' }).click();
  await page.locator('.view-header .badge', { hasText: '준비완료' }).waitFor();
});

check('a refusal says why, in the dialog', { as: 'operator', path: async () => `/console/hub/orders/${(await first('/api/hub/orders?status=CONSUMED', 'orders', ({ amount }) => amount === 206000)).orderCode}` }, async (page) => {
  await settled(page);
  const refund = button(page, '환불');
  await refund.click();
  await dialog(page).locator('textarea').fill('고객 요청');
  await dialog(page).getByRole('button', { name: '환불' }).click();
  await page.locator('.toast, dialog [role=alert]').first().waitFor();
});

check('an order of which a part went back says what is left, and so does its refund', { at: narrowAndWide, as: 'operator', path: '/console/hub/orders' }, async (page, look) => {
  const ko = look.language === 'ko';
  const [refund, back, left] = ko ? ['환불', '환불', '남은 금액'] : ['Refund', 'Refunded', 'Left'];
  const sales = App.sales(server);
  const code = await sales.paidOrder(206000);
  const dialogText = async () => {
    await button(page, refund).click();
    return dialog(page).locator('p').first().innerText();
  };
  await page.goto(`/console/hub/orders/${code}`);
  assert.equal(await dialogText(), ko ? '결제한 ₩206,000을 모두 돌려줍니다. 취소할 수 없습니다.' : 'All that was paid, ₩206,000, goes back. This cannot be taken back.');
  await sales.expect(200, 'POST', `/v1/pay/orders/${code}/cancel`, { body: { amount: 103000 } });
  await eventually('a part went back', async () => ((await sales.getOrder(code)).status === 'REFUNDING' ? undefined : true));
  await page.goto('/console/hub/orders');
  const row = page.locator('tr', { hasText: code.slice(-8) });
  assert.deepEqual((await row.locator('td').last().innerText()).split('\n').filter(Boolean), ['₩206,000', `${back} ₩103,000`, `${left} ₩103,000`]);
  await assertGood(page);
  await keepScreenshot(page, 'console-hub-orders-refunded', look);
  await page.goto(`/console/hub/orders/${code}`);
  await settled(page);
  assert.deepEqual(ko ? [(await facts(page)).환불, (await facts(page))['남은 금액']] : [(await facts(page)).Refunded, (await facts(page)).Left], ['₩103,000', '₩103,000']);
  assert.equal(await dialogText(), ko
    ? '이미 ₩103,000을 돌려주었습니다. 남은 ₩103,000을 돌려줍니다. 취소할 수 없습니다.'
    : '₩103,000 went back already. What is left, ₩103,000, goes back. This cannot be taken back.');
  await assertGood(page);
  await keepScreenshot(page, 'console-hub-order-refund', look);
  const { campaign } = await sales.onboarded({ campaign: { endAt: '2027-01-31T23:59:59+09:00' } });
  await page.goto(`/console/hub/orders/${(await people.auditor.get(`/api/hub/campaigns/${campaign.campaignId}`)).orderCode}`);
  assert.match(await dialogText(), ko ? /이 주문으로 만든 캠페인을 되돌립니다/ : /The campaign that was made from it is undone/);
});

check('what was typed is asked after before Escape throws it away', { at: narrowAndWide, path: '/console/operators' }, async (page, look) => {
  const ko = look.language === 'ko';
  const make = ko ? '계정 만들기' : 'Make an account';
  await settled(page);
  await button(page, make).click();
  await fill(page, { email: 'half@example.com' });
  for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
  await dialog(page).getByRole('alert').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'console-dialog-leave', look);
  await button(page, ko ? '계속 입력' : 'Go on typing').click();
  assert.equal(await dialog(page).locator('[name=email]').inputValue(), 'half@example.com');
  await page.keyboard.press('Escape');
  await button(page, ko ? '버리고 닫기' : 'Lose it and close').click();
  await dialog(page).waitFor({ state: 'detached' });
});

check('a secret is shown once', { path: '/console/apps' }, async (page, look) => {
  await settled(page);
  await button(page, '허브 앱 발급').click();
  const code = `site-${Date.now()}`;
  await dialog(page).locator('[name=code]').fill(code);
  await dialog(page).getByRole('button', { name: '허브 앱 발급' }).click();
  const secret = dialog(page).locator('code').first();
  await secret.waitFor();
  const shown = await secret.innerText();
  assert.match(shown, /^[0-9a-f]{64}$/);
  await assertGood(page);
  await keepScreenshot(page, 'console-secret', look, '');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  assert.equal(await secret.innerText(), shown, 'it stays until somebody says that it was kept');
  await button(page, '닫기').click();
  await page.getByText(code).first().waitFor();
  assert.equal((await page.content()).includes(shown), false);
  const asked = await new App(server, { service_code: code, shared_secret: shown }).get('/v1/external/pybk/campaigns');
  assert.equal(asked.status, 200, asked.text);
});

check('the settings of an app of the hub are changed, and only those', { at: narrowAndWide, path: '/console/apps' }, async (page, look) => {
  const settings = look.language === 'ko' ? '설정' : 'Settings';
  const { service_code: code } = await issueApp(server, 'sales');
  const stands = () => first('/api/hub/apps', 'apps', (app) => app.code === code);
  const before = await stands();
  await page.reload();
  const card = page.locator('.shelf .card', { hasText: code });
  await card.getByRole('button', { name: settings }).click();
  await fill(page, { due_days: '366', rate: '0' });
  await press(page, settings);
  await dialog(page).locator('.field-error').nth(1).waitFor();
  assert.deepEqual(await invalid(page), ['due_days', 'rate']);
  await assertGood(page);
  await keepScreenshot(page, 'console-app-settings', look);
  await fill(page, { label: '둘째 사이트', review_required: 'true', due_days: '21', rate: '50' });
  await press(page, settings);
  await card.getByText('둘째 사이트').waitFor();
  assert.deepEqual(await stands(), { ...before, label: '둘째 사이트', review_required: true, due_days: 21, rate: 50 });
});

check('a seller is added and set up, and how it stands on documents is said', { at: narrowAndWide, path: '/console/apps' }, async (page, look) => {
  const ko = look.language === 'ko';
  const [add, close, settings, seller] = ko ? ['판매자 등록', '닫기', '설정', '청구서의 판매자 정보'] : ['Add a seller', 'Close', 'Settings', 'Seller on documents'];
  const name = `문구점 ${look.viewport.width}`;
  await settled(page);
  await button(page, add).click();
  await fill(page, { time_zone: 'Mars/Olympus', origins: 'shop.example' });
  await press(page, add);
  await dialog(page).locator('.field-error').nth(2).waitFor();
  assert.deepEqual(await invalid(page), ['name', 'origins', 'time_zone']);
  await assertGood(page);
  await keepScreenshot(page, 'console-seller-faults', look);
  await fill(page, { name, time_zone: 'Asia/Tokyo', origins: 'https://shop.example\nhttps://m.shop.example' });
  await press(page, add);
  await dialog(page).locator('code').nth(2).waitFor();
  await button(page, close).click();
  const stands = () => first('/api/invoice/apps', 'apps', (app) => app.name === name);
  const made = await stands();
  assert.deepEqual([made.time_zone, made.language, made.webhook_url, made.origins], ['Asia/Tokyo', 'ko', null, ['https://shop.example', 'https://m.shop.example']]);
  const card = page.locator('.shelf .card', { hasText: name });
  await card.getByRole('button', { name: settings }).click();
  const webhook = `${server.baseUrl}/sandbox/webhooks`;
  await fill(page, { webhook_url: webhook, origins: '', language: 'en' });
  await press(page, settings);
  await card.getByText(webhook).waitFor();
  assert.deepEqual(await stands(), { ...made, webhook_url: webhook, origins: [], language: 'en' });
  await card.getByRole('button', { name: seller }).click();
  await assertGood(page);
  await keepScreenshot(page, 'console-seller-documents', look);
  const asked = page.waitForRequest((request) => request.method() === 'PUT');
  await fill(page, { registration_number: '123-45-67890', representative: '김가나' });
  await press(page, seller);
  await page.locator('.toast').last().waitFor();
  const request = await asked;
  assert.deepEqual([request.url(), request.postDataJSON()], [`${server.baseUrl}/api/invoice/apps/${made.client_key}/seller`, { registration_number: '123-45-67890', representative: '김가나' }]);
  assert.equal((await request.response()).status(), 200);
  await page.locator('dialog').waitFor({ state: 'detached' });
  await keepScreenshot(page, 'console-seller', look);
});

check('why something was refused is said in the reader’s language', { at: narrowAndWide, path: '/console/operators' }, async (page, look) => {
  const ko = look.language === 'ko';
  const make = ko ? '계정 만들기' : 'Make an account';
  await settled(page);
  await button(page, make).click();
  await fill(page, { email: people.operator.email });
  await press(page, make);
  const alert = dialog(page).getByRole('alert');
  await alert.waitFor();
  assert.equal(await alert.innerText(), ko ? '이 이메일의 계정이 이미 있습니다.' : 'this e-mail address has an account');
  await fill(page, { email: `refused-${look.language}@example.com`, password: 'short' });
  await press(page, make);
  await dialog(page).locator('[aria-invalid=true]').waitFor();
  assert.deepEqual(await invalid(page), ['password']);
  assert.equal(await dialog(page).locator('.field-error').innerText(), ko ? '10자 이상이어야 합니다.' : 'must have at least 10 characters');
  await assertGood(page);
  await keepScreenshot(page, 'console-refused', look);
  await page.goto('/console/audit?from=yesterday');
  const wrong = page.locator('main .outcome p');
  await wrong.waitFor();
  assert.match(await wrong.innerText(), ko ? /^from: .+ 같은 때여야 합니다\.$/ : /^from must be a moment such as /);
});

check('what has no page of its own is found in its list, alone', {}, async (page) => {
  const { review, cancel, bill } = {
    review: await first('/api/hub/reviews', 'reviews'),
    cancel: await first('/api/invoice/cancels', 'cancels'),
    bill: await first('/api/invoice/bills', 'bills'),
  };
  for (const [id, kind, where] of [
    [review.reviewId, '리뷰', `hub/reviews?review=${review.reviewId}`],
    [cancel.cancel_id, '취소 요청', `invoice/cancels?cancel=${cancel.cancel_id}`],
    [bill.bill_id, '정기결제', `invoice/bills?bill=${bill.bill_id}`],
  ]) {
    await page.goto(`/console/search?q=${id}`);
    await page.locator('.found li', { has: page.locator('.eyebrow', { hasText: new RegExp(`^${kind}$`) }) }).locator('a').click();
    await page.waitForURL(`**/console/${where}`);
    await page.locator('.table tbody tr').first().waitFor();
    assert.equal(await page.locator('.table tbody tr').count(), 1, where);
  }
  await page.goto(`/console/invoice/cancels?cancel=${cancel.cancel_id}`);
  await page.locator('.table tbody a', { hasText: cancel.order_number }).click();
  await page.waitForURL(`**/console/invoice/invoices/${cancel.invoice_id}`);
  await page.locator('article').waitFor();
});

check('the way of the money is told in the language that is chosen', { path: async () => views['ledger-explain']() }, async (page) => {
  const what = page.locator('.steps li p').nth(1);
  await what.waitFor();
  assert.match(await what.innerText(), /리뷰어에게 지급했습니다\.$/);
  await button(page, 'English').click();
  await page.getByText(/went from the campaign \d+ to the reviewer\./).first().waitFor();
});

test('every record of the book is told in both languages', { timeout: patienceMs * 6 }, async () => {
  const { record: last } = await people.auditor.get('/api/ledger/status');
  for (let number = 1; number <= last; number++) {
    const { path: [english] } = await people.auditor.get(`/api/ledger/explain?entry=${number}`);
    const { path: [korean] } = await people.auditor.get(`/api/ledger/explain?entry=${number}&lang=ko`);
    assert.doesNotMatch(english.kind, /^record\./, 'somebody explains it');
    assert.match(english.what, /[^.]\.$/, english.kind);
    assert.match(korean.what, /[가-힣].*[^.]\.$/, korean.kind);
    assert.doesNotMatch(korean.what, /\b[A-Za-z]+(?: [a-z']+){3,}/, korean.kind);
  }
});

check('blocks are told in Korean time', { path: '/console/purchase/blocks' }, async (page) => {
  await settled(page);
  const { blocks: [{ header }] } = await people.auditor.get('/api/purchase/blocks');
  const moment = new Date(Number(header.timestamp) * 1000);
  const time = page.locator('.table tbody time').first();
  const said = new Intl.DateTimeFormat('ko-KR', { timeZone: 'Asia/Seoul', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(moment);
  assert.equal(await time.getAttribute('datetime'), moment.toISOString());
  assert.ok((await time.innerText()).endsWith(said), `${await time.innerText()} is not ${said}`);
});

check('what failed is sent again, after a warning', { as: 'operator', path: '/console/deliveries?status=failed' }, async (page) => {
  await settled(page);
  await button(page, '실패한 것 다시 보내기').click();
  await dialog(page).getByText('두 번 받을 수 있습니다').waitFor();
  await dialog(page).getByRole('button', { name: '실패한 것 다시 보내기' }).click();
  await page.locator('.toast').waitFor();
});

/** Fills in inputs of the open dialog by their names. */
async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const input = dialog(page).locator(`[name=${name}]`);
    if (await input.evaluate((element) => element.tagName === 'SELECT')) await input.selectOption(value);
    else await input.fill(value);
  }
}
/** What an open dialog says it is about. */
const subject = async (page) =>
  Object.fromEntries(await dialog(page).locator('.dialog-subject .facts > div').evaluateAll((all) => all.map((each) => [each.querySelector('dt').innerText, each.querySelector('dd').innerText])));
const press = (page, name) => dialog(page).getByRole('button', { name, exact: true }).click();
const invalid = (page) => dialog(page).locator('[aria-invalid=true]').evaluateAll((inputs) => inputs.map(({ name }) => name));

check('a shop system begins without a command line: added with its currency and its waiting time, then its shop', { at: narrowAndWide }, async (page, look) => {
  const ko = look.language === 'ko';
  const name = `counter ${look.viewport.width}`;
  const shopId = `0x${ko ? 'a' : 'b'}${'7'.repeat(63)}`;
  const [add, makeKey, register, move] = ko
    ? ['상점 시스템 등록', '접근 키 만들기', '상점 등록', '상점 시스템 변경']
    : ['Add a shop system', 'Make a key', 'Register a shop', 'Move to another system'];
  const close = ko ? '닫기' : 'Close';
  await page.goto('/console/apps');
  await settled(page);
  await button(page, add).click();
  assert.deepEqual([await dialog(page).locator('[name=currency]').inputValue(), await dialog(page).locator('[name=waiting]').inputValue()], ['krw', '604800']);
  await fill(page, { waiting: '-1' });
  await press(page, add);
  await dialog(page).locator('.field-error').nth(1).waitFor();
  assert.deepEqual(await invalid(page), ['system', 'waiting']);
  await assertGood(page);
  await keepScreenshot(page, 'console-holder-new', look);
  await fill(page, { system: name, currency: 'usd', waiting: '60' });
  await press(page, add);
  await dialog(page).locator('code').first().waitFor();
  const holder = await dialog(page).locator('code').first().innerText();
  await button(page, close).click();
  const made = (await people.owner.get('/api/purchase/holders')).holders.find(({ system }) => system === name);
  assert.deepEqual([String(made.holder), made.currency, made.waiting, made.openRegistration], [holder, 'usd', 60, false]);
  const card = page.locator('.shelf > li', { hasText: name });
  await card.getByRole('button', { name: makeKey }).click();
  await press(page, makeKey);
  await dialog(page).locator('code').first().waitFor();
  const key = await dialog(page).locator('code').first().innerText();
  await button(page, close).click();

  const till = new Till(server, { key, shopId });
  const sent = async () => (await till.postNew(till.purchase())).json().code;
  assert.notEqual(await sent(), 0, 'nobody has the shop yet');
  await page.goto(`/console/purchase/shops?holder=${holder}`);
  await settled(page);
  await button(page, register).click();
  assert.equal(await dialog(page).locator('[name=holder]').inputValue(), holder);
  await fill(page, { shopId: '0x77' });
  await press(page, register);
  await dialog(page).locator('.field-error').waitFor();
  assert.deepEqual(await invalid(page), ['shopId']);
  await assertGood(page);
  await keepScreenshot(page, 'console-shop-new', look);
  await fill(page, { shopId });
  await press(page, register);
  await page.locator(`.table a[href$="/${shopId}"]`).click();
  await page.locator('article').waitFor();
  assert.equal(await sent(), 0);
  await button(page, move).click();
  await fill(page, { holder: '1' });
  await press(page, move);
  await page.locator('dialog').waitFor({ state: 'detached' });
  const { holder: now, active } = await people.auditor.get(`/api/purchase/shops/${shopId}`);
  assert.deepEqual([now, active], [1, true]);
  assert.notEqual(await sent(), 0, 'it has another system now');
});

check('rates are set, a wallet is given tokens and a phone a wallet', { at: narrowAndWide, as: 'operator', path: '/console/purchase/rates' }, async (page, look) => {
  const ko = look.language === 'ko';
  const code = ko ? 'eur' : 'jpy';
  const [add, change, kind, link] = ko ? ['환율 추가', '변경', '적립 방식 변경', '전화 연결'] : ['Add a rate', 'Change', 'Points or tokens', 'Link a phone'];
  await settled(page);
  const row = page.locator('.table tbody tr', { hasText: code });
  await button(page, add).click();
  await fill(page, { code, pointsPerUnit: 'x' });
  await press(page, add);
  await dialog(page).locator('.field-error').waitFor();
  assert.deepEqual(await invalid(page), ['pointsPerUnit']);
  await fill(page, { pointsPerUnit: '1450.123456789' });
  await press(page, add);
  await row.getByText('1,450.123456789 P').waitFor();
  await row.getByRole('button', { name: change }).click();
  assert.equal(await dialog(page).locator('[name=pointsPerUnit]').inputValue(), '1450.123456789');
  await fill(page, { pointsPerUnit: '9.5' });
  await press(page, change);
  await row.getByText('9.5 P').waitFor();
  assert.equal((await people.auditor.get('/api/purchase/rates')).rates[code], '9.5');

  await page.goto('/console/purchase/wallets');
  await settled(page);
  const wallet = `0x${ko ? '1' : '2'}${'c'.repeat(39)}`;
  await button(page, kind).click();
  await fill(page, { wallet: '0x1', loyaltyType: '1' });
  await press(page, kind);
  await dialog(page).locator('.field-error').waitFor();
  assert.deepEqual(await invalid(page), ['wallet']);
  await fill(page, { wallet });
  await press(page, kind);
  await page.locator('dialog').waitFor({ state: 'detached' });
  await button(page, link).click();
  await fill(page, { phone: '1000', wallet });
  await press(page, link);
  await dialog(page).locator('.field-error').waitFor();
  assert.deepEqual(await invalid(page), ['phone']);
  await assertGood(page);
  await keepScreenshot(page, 'console-phone', look);
  const phone = ko ? '+82 10-7777-0001' : '+82 10-7777-0002';
  await fill(page, { phone });
  await press(page, link);
  await page.locator('dialog').waitFor({ state: 'detached' });
  const till = new Till(server);
  const { data: { loyalty: { account } } } = (await till.postNew(till.purchase({ userAccount: '', userPhone: phone }))).json();
  assert.deepEqual([account.accountType, account.account.toLowerCase(), account.loyaltyType], ['address', wallet, 1]);
  const { actions } = await people.auditor.get(`/api/audit?actor=${encodeURIComponent(people.operator.email)}&limit=10`);
  assert.ok(actions.some(({ path, status }) => path === `/api/purchase/wallets/${wallet}` && status === 200));
  assert.ok(actions.some(({ path, status }) => path === '/api/purchase/phones' && status === 200));
});

check('a merchant is added: all that is wrong is said at once, each at its field', { at: narrowAndWide, as: 'operator', path: '/console/affiliate/merchants' }, async (page, look) => {
  const [add, edit] = look.language === 'ko' ? ['광고주 등록', '수정'] : ['Add a merchant', 'Edit'];
  await settled(page);
  await button(page, add).click();
  await assertGood(page);
  await keepScreenshot(page, 'console-merchant-new', look);
  await fill(page, { merchant_id: 'Not An Id', gateway_url: 'nowhere', home_url: 'ftp://x', hosts: 'not a host', networks: '203.0.113.300', return_days: '900', rate: '0' });
  await press(page, add);
  await dialog(page).locator('.field-error').nth(7).waitFor();
  assert.deepEqual(await invalid(page), ['merchant_id', 'name', 'gateway_url', 'home_url', 'hosts', 'return_days', 'networks', 'rate']);
  assert.equal(await page.evaluate(() => document.activeElement.name), 'merchant_id');
  await assertGood(page);
  await keepScreenshot(page, 'console-merchant-faults', look);
  const id = `w${look.viewport.width}${look.language}`;
  const values = {
    merchant_id: id, name: '한가람 서점', gateway_url: `https://${id}.example/gate?lpinfo={lpinfo}&url={url}`, home_url: '', hosts: `${id}.example\nm.${id}.example`,
    deeplinks: 'true', networks: '203.0.113.0/24', return_days: '30', rate: '500',
  };
  await fill(page, values);
  assert.deepEqual(await invalid(page), [], 'what is mended is not marked any more');
  await press(page, add);
  await page.locator('.toast').waitFor();
  const made = await people.auditor.get(`/api/merchants/${id}`);
  assert.deepEqual([made.hosts, made.deeplinks, made.return_days, made.rate, made.burst, made.networks], [[`${id}.example`, `m.${id}.example`], true, 30, 500, 2000, ['203.0.113.0/24']]);
  // Changed from how it stands.
  await page.getByRole('link', { name: id, exact: true }).click();
  await page.locator('article').waitFor();
  await button(page, edit).click();
  assert.equal(await dialog(page).locator('[name=hosts]').inputValue(), made.hosts.join('\n'));
  await fill(page, { name: '한가람 문고', deeplinks: 'false' });
  await press(page, edit);
  await page.getByRole('heading', { name: '한가람 문고' }).waitFor();
  assert.deepEqual(await people.auditor.get(`/api/merchants/${id}`), { ...made, name: '한가람 문고', deeplinks: false });
});

check('a programme is made for a merchant, with its tiers and its time', { at: narrowAndWide, as: 'operator' }, async (page, look) => {
  const ko = look.language === 'ko';
  const merchant = await first('/api/merchants', 'merchants', ({ merchant_id: id }) => id === `w${look.viewport.width}${look.language}`);
  await page.goto(`/console/affiliate/merchants/${merchant.merchant_id}`);
  const make = ko ? '프로그램 만들기' : 'Make a programme';
  await settled(page);
  await button(page, make).click();
  await fill(page, {
    code: '0001', name: '구매', base: '800', incentive: '1%', window_days: '0', tiers: '500000 9%\n100 9%', by_category: 'c1', by_product: 'gold eight',
    action_name: 'x', starts_at: '2026-07-01T00:00', ends_at: '2026-06-01T00:00',
  });
  await press(page, make);
  await dialog(page).locator('.field-error').nth(5).waitFor();
  assert.deepEqual(await invalid(page), ['action_name', 'base', 'window_days', 'tiers', 'by_product', 'ends_at']);
  await assertGood(page);
  await keepScreenshot(page, 'console-program-faults', look);
  await fill(page, { action_name: '', base: '8%', window_days: '14', tiers: '500000 9%\n1000000 10% 2%', by_category: 'c1 2%\n어린이  책 3% 1%', by_product: 'gold 500KRW', ends_at: '2026-12-31T23:30' });
  await press(page, make);
  await page.locator('.toast').waitFor();
  const { programs: [program] } = await people.auditor.get(`/api/programs?merchant=${merchant.merchant_id}`);
  assert.deepEqual([program.base, program.incentive, program.window_days, program.starts_at, program.ends_at], ['8%', '1%', 14, '2026-06-30T15:00:00Z', '2026-12-31T14:30:00Z']);
  assert.deepEqual(program.tiers, [{ from_sales: 500000, base: '9%', incentive: '0%' }, { from_sales: 1000000, base: '10%', incentive: '2%' }]);
  assert.deepEqual(program.by_category, [{ code: 'c1', base: '2%', incentive: '0%' }, { code: '어린이  책', base: '3%', incentive: '1%' }]);
  await page.getByRole('link', { name: '구매', exact: true }).last().click();
  await page.locator('article').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'console-program', look);
  const edit = ko ? '수정' : 'Edit';
  await button(page, edit).click();
  await fill(page, { by_product: '', ends_at: '' });
  await press(page, edit);
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(await people.auditor.get(`/api/programs/${program.program}`), { ...program, by_product: [], ends_at: null });
});

check('an affiliate is added, its key shown once, its postbacks approved and its account set', { as: 'operator', path: '/console/affiliate/affiliates' }, async (page, look) => {
  await settled(page);
  await button(page, '매체 등록').click();
  await fill(page, { merchants: 'nobody' });
  await press(page, '매체 등록');
  await dialog(page).locator('.field-error').nth(1).waitFor();
  assert.deepEqual(await invalid(page), ['name', 'merchants']);
  await fill(page, { name: '독서 노트', site_name: 'notes.example', merchants: 'all' });
  await press(page, '매체 등록');
  await dialog(page).locator('code').nth(1).waitFor();
  const [id, key] = await dialog(page).locator('code').allTextContents();
  await keepScreenshot(page, 'console-affiliate-key', look);
  await button(page, '닫기').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal((await page.content()).includes(key), false);
  const asked = await server.request('PUT', `/api/affiliates/${id}/reward-api`, {
    headers: { Authorization: `Bearer ${key}` }, body: { postback_url: `${server.baseUrl}/sandbox/webhooks`, status: 'REQUESTED' },
  });
  assert.equal(asked.status, 200, asked.text);
  await page.goto('/console');
  await page.getByRole('link', { name: '승인을 기다리는 보상 통지' }).click();
  await page.waitForURL('**/affiliates?reward=REQUESTED');
  await page.getByRole('link', { name: id, exact: true }).click();
  await button(page, '통지 승인').click();
  await press(page, '통지 승인');
  await page.locator('.facts .badge', { hasText: '승인' }).waitFor();
  await button(page, '계좌').click();
  await fill(page, { bank: '국민은행', account: '12-ab', holder: '김가나' });
  await press(page, '계좌');
  await dialog(page).locator('.field-error').waitFor();
  assert.deepEqual(await invalid(page), ['account']);
  await fill(page, { account: '12-3456-7890' });
  await press(page, '계좌');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.getByText('********7890').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'console-affiliate-paid-by', look);
  await button(page, '중지').click();
  await press(page, '중지');
  await page.locator('.view-header .badge-bad').waitFor();
  const { actions } = await people.auditor.get(`/api/audit?q=${id}&actor=${encodeURIComponent(people.operator.email)}`);
  assert.deepEqual(actions.map(({ method, path, status }) => [method, path, status]).reverse(), [
    ['PUT', `/api/affiliates/${id}/reward-api`, 200], ['PUT', `/api/affiliates/${id}/bank-account`, 400], ['PUT', `/api/affiliates/${id}/bank-account`, 200],
    ['PUT', `/api/affiliates/${id}`, 200],
  ]);
});

check('an affiliate’s postbacks are set up and tried', { at: narrowAndWide, as: 'operator' }, async (page, look) => {
  const ko = look.language === 'ko';
  const [set, attempt] = ko ? ['통지 주소', '통지 시험'] : ['Postback URL', 'Test postback'];
  const { affiliate_id: id } = await makeAffiliate(server);
  await page.goto(`/console/affiliate/affiliates/${id}`);
  await button(page, set).click();
  assert.equal(await button(page, attempt).count(), 0);
  await fill(page, { postback_url: 'ftp://x' });
  await press(page, set);
  await dialog(page).locator('.field-error').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'console-postback', look);
  const url = `${server.baseUrl}/sandbox/webhooks`;
  await fill(page, { postback_url: url, uniq_id: 'true' });
  await press(page, set);
  await page.getByText(url).waitFor();
  assert.deepEqual((await people.auditor.get(`/api/affiliates/${id}`)).reward, { status: 'NONE', postback_url: url, uniq_id: true, approved_at: null });
  await button(page, attempt).click();
  await press(page, attempt);
  await page.locator('.toast', { hasText: 'HTTP 200' }).waitFor();
  // Somewhere that takes nothing.
  await people.operator.send('PUT', `/api/affiliates/${id}/reward-api`, { postback_url: `${server.baseUrl}/nowhere` });
  await page.reload();
  await button(page, attempt).click();
  await press(page, attempt);
  await dialog(page).locator('[role=alert]', { hasText: 'HTTP 404' }).waitFor();
  await keepScreenshot(page, 'console-postback-refused', look);
});

check('a promotion code is given to an affiliate, changed and switched off', { at: narrowAndWide, as: 'operator', path: '/console/affiliate/promos' }, async (page, look) => {
  const ko = look.language === 'ko';
  const [add, edit, off] = ko ? ['프로모션 코드 등록', '수정', '중지'] : ['Add a promotion code', 'Edit', 'Switch off'];
  const { merchant_id: merchant } = await makeMerchant(server);
  const [one, two] = [await makeAffiliate(server), await makeAffiliate(server)];
  await settled(page);
  await button(page, add).click();
  await fill(page, { merchant_id: 'nobody', affiliate_id: 'A199999999', starts_at: '2027-02-01T00:00', ends_at: '2027-01-01T00:00' });
  await press(page, add);
  await dialog(page).locator('.field-error').nth(4).waitFor();
  assert.deepEqual(await invalid(page), ['merchant_id', 'event_code', 'promo_code', 'affiliate_id', 'ends_at']);
  await assertGood(page);
  await keepScreenshot(page, 'console-promo-faults', look);
  await fill(page, { merchant_id: merchant, event_code: 'spring', promo_code: 'KIM10', affiliate_id: one.affiliate_id, ends_at: '2027-03-01T00:00' });
  await press(page, add);
  const row = page.locator('tr', { hasText: merchant });
  await row.waitFor();
  const stands = () => first('/api/affiliate/promos?limit=100', 'promos', (each) => each.merchant_id === merchant);
  const made = await stands();
  assert.deepEqual([made.affiliate_id, made.active, made.starts_at, made.ends_at], [one.affiliate_id, true, '2027-01-31T15:00:00Z', '2027-02-28T15:00:00Z']);
  await row.getByRole('button', { name: edit }).click();
  await fill(page, { affiliate_id: two.affiliate_id, starts_at: '' });
  await press(page, edit);
  await row.getByText(two.affiliate_id).waitFor();
  await row.getByRole('button', { name: off }).click();
  await press(page, off);
  await row.locator('.badge-bad').waitFor();
  assert.deepEqual(await stands(), { ...made, affiliate_id: two.affiliate_id, starts_at: null, active: false });
  await assertGood(page);
  await keepScreenshot(page, 'console-promos', look);
});

check('a currency is given a rate of a day', { at: narrowAndWide, as: 'operator', path: '/console/affiliate/rates?currency=CHF' }, async (page, look) => {
  const set = look.language === 'ko' ? '환율 입력' : 'Set a rate';
  await settled(page);
  await button(page, set).click();
  assert.equal(await dialog(page).locator('[name=currency]').inputValue(), 'CHF');
  await fill(page, { currency: 'KRW', date: '2026-05-25', krw_per_unit: '0' });
  await press(page, set);
  await dialog(page).locator('.field-error').first().waitFor();
  await fill(page, { currency: 'CHF', krw_per_unit: '0' });
  await press(page, set);
  await dialog(page).locator('.field-error').waitFor();
  assert.deepEqual(await invalid(page), ['krw_per_unit']);
  await assertGood(page);
  await keepScreenshot(page, 'console-rate', look);
  await fill(page, { krw_per_unit: '1480.25' });
  await press(page, set);
  await page.locator('tr', { hasText: '2026-05-25' }).getByText('1480.25').waitFor();
  assert.deepEqual((await people.auditor.get('/api/rates?currency=CHF')).rates, [{ currency: 'CHF', date: '2026-05-25', krw_per_unit: '1480.25' }]);
});

check('clicks are counted by day', { as: 'auditor', path: '/console/affiliate/daily-clicks' }, async (page) => {
  await settled(page);
  const { day, affiliate_id: affiliate } = await first('/api/clicks/daily?from=20200101', 'days');
  const shown = day.replace(/^(....)(..)(..)$/, '$1-$2-$3');
  await page.getByLabel('매체').fill(affiliate);
  await page.getByLabel('이날부터').fill(shown);
  await page.getByLabel('이날까지').fill(shown);
  await button(page, '찾기').last().click();
  await page.waitForURL(`**/daily-clicks?affiliate_id=${affiliate}&from=${shown}&to=${shown}`);
  await page.locator('tr', { hasText: affiliate }).getByText(shown).first().waitFor();
});

check('a month is paid: set aside, into the bank’s file, refused, made again, paid', { as: 'operator' }, async (page, look) => {
  const { merchant_id: merchant } = await makeMerchant(server);
  const { affiliate_id: site } = await makeAffiliate(server, { name: '책 읽는 집' });
  await sent(server, order(merchant, await clicked(server, merchant, site)));
  await advance(server, '75d');
  await page.goto('/console');
  await page.getByRole('link', { name: '지급할 정산서' }).first().click();
  const row = page.locator('tr', { hasText: site });
  await row.getByRole('button', { name: '지급 생성' }).waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'console-unpaid', look);
  await row.getByRole('button', { name: '지급 생성' }).click();
  const month = await row.locator('code').first().innerText();
  assert.deepEqual(await subject(page), { 매체: site, 이름: '책 읽는 집', 월: month, 금액: '₩1,800' });
  await press(page, '지급 생성');
  await row.waitFor({ state: 'detached' });
  await page.goto('/console/affiliate/payouts?status=held');
  await settled(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: '은행 파일(CSV)' }).click();
  const file = fs.readFileSync(await (await download).path(), 'utf8');
  assert.match(file, new RegExp(`"${site}","책 읽는 집",.*,1800`));
  await row.getByRole('button', { name: '이체 실패' }).click();
  await fill(page, { reason: '없는 계좌' });
  await press(page, '이체 실패');
  await row.waitFor({ state: 'detached' });
  // Its month is over and waits again; one that is not over is refused in the dialog, and so is what is no month.
  await page.goto('/console/affiliate/payouts');
  await settled(page);
  await button(page, '월별 지급 생성').click();
  await fill(page, { month: '2026' });
  await press(page, '월별 지급 생성');
  await dialog(page).locator('.field-error').waitFor();
  await page.keyboard.press('Escape');
  await page.goto('/console/affiliate/unpaid');
  await row.getByText('예').waitFor();
  await row.getByRole('button', { name: '지급 생성' }).click();
  await press(page, '지급 생성');
  await row.waitFor({ state: 'detached' });
  await page.goto('/console/affiliate/payouts?status=held');
  await row.getByRole('link').first().click();
  await page.locator('article').waitFor();
  await button(page, '이체 완료').click();
  assert.deepEqual(await subject(page), { 매체: site, 이름: '책 읽는 집', 월: month, 금액: '₩1,800' });
  await keepScreenshot(page, 'console-payout-dialog', look);
  await fill(page, { reference: 'T-77' });
  await press(page, '이체 완료');
  await page.locator('.view-header .badge', { hasText: '지급됨' }).waitFor();
  await page.getByText('T-77').waitFor();
  assert.equal(await button(page, '이체 완료').count(), 0);
  await keepScreenshot(page, 'console-payout-paid', look);
});

check('a month of many affiliates is paid page by page, and what was done is told', { as: 'operator', path: '/console/affiliate/payouts' }, async (page) => {
  const asked = [];
  let answers;
  await page.route('**/api/payouts', (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    asked.push(route.request().postDataJSON());
    return route.fulfill(answers.shift());
  });
  const made = (count, next, refused = []) => ({ json: { payouts: Array.from({ length: count }, () => ({})), refused, next } });
  const pay = async () => {
    await button(page, '월별 지급 생성').click();
    await fill(page, { month: '202605' });
    await press(page, '월별 지급 생성');
  };
  await settled(page);
  answers = [made(100, 'A100000100'), made(7, null)];
  await pay();
  await page.getByText('107건을 만들었습니다').waitFor();
  assert.deepEqual(asked, [{ month: '202605' }, { month: '202605', after: 'A100000100' }]);
  // What comes between is said beside what was done before it.
  answers = [made(100, 'A100000100'), { status: 503, json: { error: { code: 'overloaded', message: 'try again' } } }];
  await pay();
  await dialog(page).getByText('100건을 만들었습니다. 요청이 너무 많습니다. 잠시 뒤에 다시 시도해 주세요.').waitFor();
  answers = [made(99, 'A100000100', [{ affiliate_id: 'A100000007', code: 'insufficient_balance' }]), made(1, null)];
  await press(page, '월별 지급 생성');
  await dialog(page).getByText('100건을 만들었고 1건은 만들지 못했습니다. A100000007').waitFor();
});

check('an auditor sees everything and is offered nothing', { as: 'auditor' }, async (page) => {
  const affiliate = ['merchants', 'merchant', 'programs', 'program', 'affiliates', 'affiliate', 'conversion', 'unpaid', 'payouts', 'payout', 'promos', 'rates'];
  const purchase = ['shops', 'shop', 'wallets', 'rates'].map((each) => `purchase-${each}`);
  for (const name of [...purchase, 'hub-order', 'hub-campaign', 'delivery', 'apps', 'operators', ...affiliate.map((each) => `affiliate-${each}`)]) {
    await page.goto(await views[name]());
    await settled(page);
    assert.equal(await page.locator('main .view-actions .button, main .row-actions .button, main .keys .button').count(), 0, name);
  }
});

check('an account is made, disabled, and what was done is in the log', { path: '/console/operators' }, async (page) => {
  await settled(page);
  await button(page, '계정 만들기').click();
  const email = `new-${Date.now()}@example.com`;
  await dialog(page).locator('[name=email]').fill(email);
  await dialog(page).locator('[name=role]').selectOption('auditor');
  await dialog(page).getByRole('button', { name: '계정 만들기' }).click();
  await dialog(page).locator('code').nth(1).waitFor();
  const password = await dialog(page).locator('code').nth(1).innerText();
  const someone = await Operator.signIn(server, { email, password });
  await button(page, '닫기').click();
  const row = page.locator('tr', { hasText: email });
  await row.getByRole('button', { name: '중지' }).click();
  await dialog(page).getByRole('button', { name: '중지' }).click();
  await row.locator('.badge-bad').waitFor();
  assert.equal((await someone.send('GET', '/api/session')).status, 401);
  await page.getByRole('link', { name: '감사 기록' }).click();
  await page.getByLabel('계정').fill(people.owner.email);
  await page.getByLabel('계정').press('Enter');
  await page.locator('.table tbody tr').first().waitFor();
  assert.match(await page.locator('.table tbody').innerText(), /PUT \/api\/operators\/\d+[^]*POST \/api\/operators/);
});

check('the search finds what stands behind a code', {}, async (page) => {
  const { orderCode } = await first('/api/hub/orders', 'orders');
  await page.locator('.waiting').waitFor();
  await page.getByRole('searchbox').fill(orderCode);
  await page.getByRole('searchbox').press('Enter');
  await page.locator('.found a').first().click();
  await page.waitForURL(`**/console/hub/orders/${orderCode}`);
});

check('the search finds a conversion by the shop’s order code', {}, async (page) => {
  const conversion = await first('/api/conversions', 'conversions');
  await page.locator('.waiting').waitFor();
  await page.getByRole('searchbox').fill(conversion.order_code);
  await page.getByRole('searchbox').press('Enter');
  await page.locator('.found a').first().click();
  await page.waitForURL('**/console/affiliate/conversions/*');
  await page.getByText(conversion.order_code).first().waitFor();
});

check('a list of conversions goes on behind its first page', { path: '/console/affiliate/conversions' }, async (page) => {
  await settled(page);
  await page.route('**/api/conversions', async (route) => route.fulfill({ response: await route.fetch({ url: `${route.request().url()}?limit=2` }) }));
  await page.goto('/console/affiliate/conversions');
  await settled(page);
  const shown = () => page.locator('.table tbody a[href*="/conversions/"]').allTextContents();
  assert.equal((await shown()).length, 2);
  await button(page, '더 보기').click();
  await page.locator('.table tbody tr').nth(2).waitFor();
  const all = await shown();
  assert.equal(new Set(all).size, all.length, 'nothing twice');
});

check('a reward is walked back to the charge that paid for it', { path: () => views['ledger-explain']() }, async (page) => {
  await page.locator('.drawing svg .step').first().waitFor();
  assert.match((await page.locator('.step-kind').allTextContents()).join(' '), /hub\.review_judged[^]*payment\./);
  assert.ok((await page.locator('.drawing .arrow').count()) > 0);
});

check('an approved review shows what was written, and its reward leads to the record that paid it', { at: narrowAndWide, path: '/console/hub/reviews?status=1214' }, async (page) => {
  const { rewardRecord, text, url } = await first('/api/hub/reviews?status=1214', 'reviews');
  await settled(page);
  const row = page.locator('.table tbody tr').first();
  await row.getByText(text, { exact: true }).waitFor();
  assert.equal(await row.locator('.written a').getAttribute('href'), url);
  await row.getByRole('link', { name: '₩20,600' }).click();
  await page.waitForURL(`**/console/ledger/explain/${rewardRecord}`);
  await page.locator('.drawing svg .step').first().waitFor();
  assert.match((await page.locator('.step-kind').allTextContents()).join(' '), /hub\.review_judged/);
});

check('a session that has ended leads to sign-in, wherever it is noticed', {}, async (page) => {
  const one = await Operator.of(server, 'auditor');
  const [name, value] = one.cookie.split('=');
  await page.context().addCookies([{ name, value, domain: '127.0.0.1', path: '/api', httpOnly: true, sameSite: 'Strict' }]);
  await page.goto('/console');
  await page.locator('.waiting').waitFor();
  await one.send('DELETE', '/api/session');
  await page.getByRole('link', { name: '파트너', exact: true }).click();
  await page.locator('[name=email]').waitFor();
});

check('requests that wait at the invoice door are decided', { as: 'operator' }, async (page, look) => {
  const seller = new Seller(server);
  const ask = async () => {
    const { order_number: order } = await seller.paid();
    const { order_cancellation_request_id: id } = await seller.ok(seller.post('/v1/order/cancel', { order_number: order, request_cancel_parameters: { refund_price: 700, cancel_reason: '너무 커요' } }));
    return id;
  };
  const [granted, rejected] = [await ask(), await ask()];
  await page.goto('/console/invoice/cancels?status=requested');
  const row = (id) => page.locator('tr', { hasText: id });
  await row(granted).getByRole('button', { name: '환불 승인' }).click();
  const order = await row(granted).locator('a').first().innerText();
  assert.deepEqual(await subject(page), { 주문번호: order, 판매자: 'Sandbox', '요청 사유': '너무 커요', '요청 금액': '₩700' });
  assert.equal(await dialog(page).locator('[name=amount]').inputValue(), '700');
  for (const amount of ['0', '701']) {
    await fill(page, { amount });
    await press(page, '환불 승인');
    await dialog(page).locator('.field-error').waitFor();
    assert.equal(await dialog(page).locator('.field-error').innerText(), '0보다 크고 ₩700까지의 정수여야 합니다.');
  }
  await assertGood(page);
  await keepScreenshot(page, 'console-cancel', look);
  await fill(page, { amount: '300' });
  const approved = page.waitForRequest((request) => request.url().endsWith('/approve'));
  await press(page, '환불 승인');
  assert.deepEqual((await approved).postDataJSON(), { amount: '300' });
  await row(granted).waitFor({ state: 'detached' });
  await row(rejected).getByRole('button', { name: '환불 거절' }).click();
  await press(page, '환불 거절');
  await row(rejected).waitFor({ state: 'detached' });
  const { cancels } = await people.auditor.get('/api/invoice/cancels');
  assert.deepEqual([granted, rejected].map((id) => ['refunding', 'done'].includes(cancels.find((each) => each.cancel_id === id).status)), [true, false]);

  const { invoice_id: invoice } = await seller.invoice({ products: [{ product_id: 'pro', duration: 12 }] });
  const { order_number: subscribed } = await seller.ok(seller.pay(invoice, '4000000000000366'));
  const { list: [{ order_subscription_id: id }] } = await seller.ok(seller.get(`/v1/order_subscriptions?order_number=${subscribed}`));
  await seller.ok(seller.post('/v1/order_subscriptions/requests/ing/termination', { order_subscription_id: id, reason: '이사합니다' }));
  await page.goto('/console');
  await page.getByRole('link', { name: '결정을 기다리는 구독 변경' }).click();
  await page.waitForURL('**/subscriptions?change=waits');
  await page.goto(`/console/invoice/subscriptions/${id}`);
  await page.getByText('이사합니다').waitFor();
  await assertGood(page);
  await keepScreenshot(page, 'console-change', look);
  await button(page, '변경 승인').click();
  await press(page, '변경 승인');
  await page.locator('.view-header .badge', { hasText: '해지' }).waitFor();
  assert.equal(await button(page, '변경 승인').count(), 0);
});

check('the log tells sign-ins apart from what was changed', { at: narrowAndWide, path: '/console/audit' }, async (page, look) => {
  const one = await Operator.of(server, 'auditor');
  await server.request('POST', '/api/session', { body: { email: one.email, password: 'not this one' } });
  // Who is refused is told at once, and it is recorded a moment later.
  await eventually('the refusal is recorded', async () =>
    ((await one.get(`/api/audit?actor=${encodeURIComponent(one.email)}`)).actions.length === 2 ? true : undefined));
  await one.send('DELETE', '/api/session');
  await page.goto(`/console/audit?actor=${encodeURIComponent(one.email)}`);
  await page.locator('.table tbody tr').nth(2).waitFor();
  const words = look.language === 'ko' ? ['로그아웃', '로그인 거절', '로그인'] : ['Signed out', 'Sign-in refused', 'Signed in'];
  assert.deepEqual(await page.locator('.table tbody .badge').allTextContents(), words);
  await assertGood(page);
  await keepScreenshot(page, 'console-sign-ins', look);
});

check('nothing is loaded from anywhere else', {}, async (page) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('/console');
  await page.locator('.plot canvas').first().waitFor();
  assert.deepEqual(asked.filter((url) => !url.startsWith(server.baseUrl)), []);
});

test('the book verifies after all that', { timeout: patienceMs * 6 }, async () => {
  await server.stop();
  await assertVerifies(server.directory);
});
