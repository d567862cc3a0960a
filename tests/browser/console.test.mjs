// The operator console over a book in which everything has happened, as owners, operators and auditors use it.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { App, issueApp } from '../support/hub.mjs';
import { Operator } from '../support/operator.mjs';
import { wholeBook } from '../support/whole_book.mjs';
import { assertVerifies, Server } from '../support/server.mjs';
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
  'affiliate-clicks': () => '/console/affiliate/clicks',
  'affiliate-click': async () => `/console/affiliate/clicks/${(await first('/api/clicks', 'clicks')).click_id}`,
  'affiliate-unpaid': () => '/console/affiliate/unpaid',
  'affiliate-payouts': () => '/console/affiliate/payouts',
  'affiliate-payout': async () => `/console/affiliate/payouts/${(await first('/api/payouts', 'payouts')).id}`,
  'purchase-shops': () => '/console/purchase/shops',
  'purchase-shop': () => `/console/purchase/shops/${server.sandbox.purchase.shop_id}`,
  'purchase-purchases': () => '/console/purchase/purchases',
  'purchase-purchase': async () => `/console/purchase/purchases/1/${encodeURIComponent((await first('/api/purchase/holders/1/purchases', 'items')).tx.purchaseId)}`,
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

for (const [name, path] of Object.entries(views)) {
  check(`the view ${name}`, { at: name === 'home' ? [...looks, dark] : narrowAndWide, path }, async (page, look) => {
    await settled(page);
    await assertGood(page);
    await keepScreenshot(page, `console-${name}`, look, look.scheme ? '-dark' : '');
  });
}

// ---- what people do ----------------------------------------------------------------------------------------------------------

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
  await button(page, '닫기').click();
  await page.getByText(code).first().waitFor();
  assert.equal((await page.content()).includes(shown), false);
  const asked = await new App(server, { service_code: code, shared_secret: shown }).get('/v1/external/pybk/campaigns');
  assert.equal(asked.status, 200, asked.text);
});

check('what failed is sent again, after a warning', { as: 'operator', path: '/console/deliveries?status=failed' }, async (page) => {
  await settled(page);
  await button(page, '실패한 것 다시 보내기').click();
  await dialog(page).getByText('두 번 받을 수 있습니다').waitFor();
  await dialog(page).getByRole('button', { name: '실패한 것 다시 보내기' }).click();
  await page.locator('.toast').waitFor();
});

check('an auditor sees everything and is offered nothing', { as: 'auditor' }, async (page) => {
  for (const name of ['hub-order', 'hub-campaign', 'delivery', 'apps', 'operators']) {
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
