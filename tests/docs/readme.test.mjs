// The commands of README.md work as they stand there: its marked blocks run in one shell, in a directory that looks like this
// project with a server started in it. README.ko.md has the same commands.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import { assertCounts, runBlocks, testedBlocks } from '../support/documents.mjs';
import { Server } from '../support/server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const blocks = testedBlocks('README.md');

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

test('the commands of the README work', { timeout: 60_000 }, Server.logged(() => server, () => {
  const output = runBlocks(blocks, server);

  const { code, data } = JSON.parse(output.record);
  assert.equal(code, 0, output.record);
  assert.equal(data.tx.purchaseId, '913131705292050109');
  assert.equal(data.tx.signer, server.sandbox.purchase.signer);
  assert.equal(data.loyalty.account.loyaltyToBeProvided, '1895600000000000000000');

  assert.match(output.verify, /^verified receipt: purchase "913131705292050109" is transaction 0 of block 1, signed by 0x/m);
  assert.match(output.verify, /^verified (\d+) records and \d+ rows; epoch 1, head \1:0x[0-9a-f]{64}$/m);
  for (const name of ['README.md', 'README.ko.md']) assertCounts(name, output);

  const [paid, onboarded, ...more] = output.campaign.split('\n');
  assert.ok(fs.readFileSync(path.join(root, 'README.md'), 'utf8').includes(`\n${paid}\n`), `the README shows another answer than ${paid}`);
  assert.equal(JSON.parse(onboarded).result, 'SUCCESS', output.campaign);
  assert.equal(JSON.parse(onboarded).deposit.available, 206000);
  assert.deepEqual(more, []);

  const billed = output.invoice.split('\n');
  const scheduled = billed.slice(0, 4).map((line) => line.replace(/"due_at":"[^"]*",/, ''));
  assert.deepEqual(scheduled, [[1, 10000], [2, 9900], [3, 9900], [4, 10000]].map(([month, price]) => `"month":${month},"price":${price}`));
  assert.deepEqual(billed.slice(4), ['"price":10000', '"duration":3', '"purchase_price":9900', '"duration":2', '"purchase_price":9900',
    '"duration":1', '"purchase_price":10000']);

  assert.match(output.page, new RegExp(`^"payment_url":"${server.baseUrl}/checkout/[0-9a-z]+"$`));

  assert.deepEqual(output.affiliate.split('\n'), ['"status":"APPROVED"', '"trlog_id":10000000000001', '"commission":1800', '"kind":"reward"',
    '"status":100', '"commission":1800']);

  assert.match(output.desk, /^order\.paid +an order of the hub is made and paid$/m);
  const [, refunded] = /^order\.refunded: order (HUBPAY-\S+)$/m.exec(output.desk);
  assert.match(output.desk, new RegExp(`^\\S+Z  \\d+ +order\\.refunded  ${refunded}$`, 'm'));
  assert.match(output.desk, new RegExp(`^    \\{"type":"order.refunded".*"orderCode":"${refunded}"`, 'm'));

  const [now, status, balance, ...rest] = output.clock.split('\n');
  assert.match(now, /^\{"now":"\d{4}-\d\d-\d\dT[\d:.]+Z"\}$/);
  assert.equal(status, '"status":"provided"');
  assert.equal(balance, '"currentBalance":"1895600000000000000000"');
  assert.deepEqual(rest, []);
}));

test('the Korean README has the same commands', () => {
  assert.deepEqual(testedBlocks('README.ko.md'), blocks);
});
