// The API's description as a page, with the server alone: nothing is asked of any other host.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import YAML from 'yaml';

import { Server } from '../support/server.mjs';
import { assertGood, Browser, keepScreenshot, looks, patienceMs } from './browser.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const description = YAML.parse(fs.readFileSync(path.join(root, 'api/openapi.yaml'), 'utf8'));

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), Browser.start()]);
});
after(() => Promise.all([browser?.stop(), server?.stop()]));

/** `hash`: where the link leads to. */
function check(name, { at = [looks[2]], hash = '' }, body) {
  test(name, { timeout: patienceMs * 6 }, async () => {
    for (const look of at) {
      await browser.withPage({ baseUrl: server.baseUrl, ...look }, async (page) => {
        const elsewhere = [];
        await page.route((url) => url.origin !== server.baseUrl, (route) => {
          elsewhere.push(route.request().url());
          return route.abort();
        });
        await page.goto(`/docs${hash}`);
        await page.locator('#recordPurchase').waitFor();
        await body(page, look);
        assert.deepEqual(elsewhere, []);
      });
    }
  });
}

const operations = Object.values(description.paths).flatMap((item) => Object.values(item));

check('every operation is there, and reads well', { at: looks }, async (page, look) => {
  assert.equal(await page.locator('.docs-language').count(), look.language === 'ko' ? 1 : 0, 'who reads Korean is told that this is English');
  assert.equal(await page.locator('.docs-operation').count(), operations.length);
  // What is judged of one door holds for the others; all of them take axe minutes.
  await page.locator('[name=query]').fill('/v1/tx');
  await page.locator('#createInvoice').waitFor({ state: 'detached' });
  await assertGood(page);
  await keepScreenshot(page, 'docs', look);
});

check('a link leads to its operation', { hash: '#createInvoice' }, async (page) => {
  const { y } = await page.locator('#createInvoice').boundingBox();
  assert.ok(y > -10 && y < 900, `it stands at ${y}`);
});

check('words narrow the list', {}, async (page) => {
  await page.locator('[name=query]').fill('/v1/tx/purchase/cancel');
  await page.locator('#recordPurchase').waitFor({ state: 'detached' });
  assert.equal(await page.locator('#cancelPurchase').count(), 1);
  await page.locator('[name=query]').fill('no such thing anywhere');
  await page.locator('#cancelPurchase').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.docs-operation').count(), 0);
});

check('an operation shows its fields, its answers and commands to send', {}, async (page) => {
  const operation = page.locator('#recordPurchase');
  await operation.getByText('요청 본문').click();
  assert.match(await operation.locator('.schema').first().innerText(), /purchaseId[^]*totalAmount/);
  const command = await operation.locator('pre').first().innerText();
  assert.match(command, new RegExp(`^curl '${server.baseUrl}/v1/tx/purchase/new' \\\\\\n  -H "Authorization: \\$KEY"`));
  await operation.getByRole('button', { name: 'In dollars, for the owner of a phone' }).click();
  assert.match(await operation.locator('pre').first().innerText(), /"currency":"usd"/);
  await assertGood(page);
});
