// What a shop can read back: purchases, pages of them, receipts and the blocks that these stand in. A receipt is judged with
// nothing but itself and the signer's address.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { assertRefused, codes, freshId, Till } from '../support/purchase.mjs';
import { assertHeader, assertReceipt } from '../support/purchase_bytes.mjs';
import { run, Server, temporaryDirectory } from '../support/server.mjs';

let server;
let till;

before(async () => {
  server = await Server.start();
  till = new Till(server);
});
after(() => server?.stop());

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

const block = (height) => till.send('GET', `/v1/blocks/${height}`);

check('a purchase reads as it was answered', async () => {
  const body = till.purchase();
  const { tx, loyalty } = await till.accepted(body);
  const stored = await till.get(body.purchaseId);
  assert.deepEqual(stored.tx, tx);
  for (const member of ['loyaltyValue', 'loyaltyPoint']) assert.equal(stored.loyalty[member], loyalty[member]);
  assert.ok(['pending', 'provided'].includes(stored.status), stored.status);
  assert.ok('block' in stored);
});

check('a receipt proves itself', async () => {
  const body = till.purchase();
  const { tx } = await till.accepted(body);
  const receipt = await till.receipt(body.purchaseId);
  assert.deepEqual(receipt.tx, tx);
  assertReceipt(receipt, till.signer);

  const stored = await till.get(body.purchaseId);
  assert.deepEqual(stored.block, { height: receipt.header.height, hash: receipt.header.hash });
});

check('a receipt that was tampered with proves nothing', async () => {
  const body = till.purchase();
  await till.accepted(body);
  const receipt = await till.receipt(body.purchaseId);
  const flipped = (hex) => hex.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const forgeries = {
    'another amount': { ...receipt, tx: { ...receipt.tx, totalAmount: '1' } },
    'another path': { ...receipt, proof: { ...receipt.proof, path: receipt.proof.path.map(flipped) } },
    'another root': { ...receipt, header: { ...receipt.header, merkleRoot: flipped(receipt.header.merkleRoot) } },
    'another time': { ...receipt, header: { ...receipt.header, timestamp: String(BigInt(receipt.header.timestamp) + 1n) } },
  };
  for (const [name, forged] of Object.entries(forgeries)) {
    assert.throws(() => assertReceipt(forged, till.signer), undefined, name);
  }
});

check('a receipt prints the id in quotes, so that it can say nothing else', async () => {
  const purchaseId = `${freshId()}" is\u001b[2K\u009b1A\r\nverified receipt: purchase "forged`;
  await till.accepted(till.purchase({ purchaseId }));
  const file = path.join(temporaryDirectory(), 'receipt.json');
  fs.writeFileSync(file, JSON.stringify(await till.receipt(purchaseId)));
  const { code, stdout } = await run('verify', file);
  assert.equal(code, 0, stdout);
  const [, printed] = /^verified receipt: purchase (".*") is transaction \d+ of block \d+, signed by 0x[0-9a-fA-F]{40}; block signed by 0x[0-9a-fA-F]{40}\n$/.exec(stdout);
  assert.equal(JSON.parse(printed), purchaseId);
  assert.doesNotMatch(printed, /[\u0000-\u001f\u007f-\u009f]/);
});

check('every one of many purchases has its receipt, and its block counts it', async () => {
  const bodies = Array.from({ length: 60 }, () => till.purchase());
  await Promise.all(bodies.map((body) => till.accepted(body)));
  const blocks = new Map();
  for (const { purchaseId } of bodies) {
    const receipt = await till.receipt(purchaseId);
    assertReceipt(receipt, till.signer);
    const { height } = receipt.header;
    const places = blocks.get(height) ?? new Set();
    assert.equal(places.has(receipt.proof.index), false, 'two transactions have one place');
    blocks.set(height, places.add(receipt.proof.index));
  }
  for (const [height, places] of blocks) {
    const { data } = (await block(height)).json();
    assert.equal(data.header.height, height);
    assert.ok(data.count >= Math.max(...places) + 1, `block ${height} counts ${data.count}`);
  }
});

check('blocks are a chain', async () => {
  const body = till.purchase();
  await till.accepted(body);
  let { header } = await till.receipt(body.purchaseId);
  for (let links = 0; links < 100; links++) {
    const below = (await block(BigInt(header.height) - 1n)).json();
    if (below.code !== 0) break;
    assertHeader(below.data.header, till.signer);
    assert.equal(header.prevBlock, below.data.header.hash);
    assert.ok(BigInt(header.timestamp) >= BigInt(below.data.header.timestamp));
    header = below.data.header;
  }
  assert.match(header.prevBlock, /^0x0{64}$/, 'the first one stands on nothing');
});

check('a block that is not there is refused', async () => {
  for (const height of ['999999999', '18446744073709551615', '18446744073709551616', '-1', 'x', '1.5']) {
    const answer = await block(height);
    assert.ok([200, 400, 404].includes(answer.status), `${height}: ${answer.status} ${answer.text}`);
    const { code, error } = answer.json();
    assert.notEqual(code, 0, height);
    for (const { location } of error.validation ?? []) assert.equal(location, 'params', height);
  }
});

check('a cancel has no purchase of its own, and its purchase says so', async () => {
  const body = till.purchase();
  await till.accepted(body);
  await till.cancelled(body.purchaseId);
  const stored = await till.get(body.purchaseId);
  assert.equal(stored.status, 'cancelled');
  assert.equal(stored.tx.type, 0);
  assertReceipt(await till.receipt(body.purchaseId), till.signer);
});

check('lists have pages, without a gap and without a double', async () => {
  const shopId = `0x${freshId().replace(/[^0-9a-f]/g, '').padStart(64, '5')}`;
  const shop = new Till(server, { shopId });
  const ids = [];
  for (let i = 0; i < 7; i++) {
    const body = shop.purchase();
    await shop.accepted(body);
    ids.push(body.purchaseId);
  }
  await shop.cancelled(ids[2]);
  for (const limit of [1, 3, 7, 100]) {
    const listed = (await shop.list({ shopId }, limit)).map((item) => item.tx.purchaseId);
    assert.deepEqual(listed.slice().sort(), ids.slice().sort(), `pages of ${limit}`);
  }
  const cancelled = await shop.list({ shopId, status: 'cancelled' }, 2);
  assert.deepEqual(cancelled.map((item) => item.tx.purchaseId), [ids[2]]);
  const others = await shop.list({ shopId: `0x${'0'.repeat(64)}` });
  assert.deepEqual(others, []);
});

check("a wallet's purchases are found in one page among many others", async () => {
  const freshWallet = () => `0x${freshId().replace(/[^0-9a-f]/g, '').slice(0, 40).padStart(40, 'a')}`;
  const mine = freshWallet();
  const others = Array.from({ length: 7 }, freshWallet);
  const ids = [];
  for (let i = 0; i < 18; i++) {
    const bodies = Array.from({ length: 40 }, (_, j) => till.simple(10, 1, { purchaseId: freshId(), userAccount: others[j % 7] }));
    if (i % 4 === 0) {
      bodies[17].userAccount = `0x${mine.slice(2).toUpperCase()}`;
      ids.unshift(bodies[17].purchaseId);
    }
    await Promise.all(bodies.map((body) => till.accepted(body)));
  }
  const page = async (query) => {
    const { data } = (await till.send('GET', `/v1/tx/purchase?${new URLSearchParams(query)}`)).json();
    return [data.items.map(({ tx }) => tx.purchaseId), data.next];
  };
  const [first, next] = await page({ userAccount: mine, limit: 3 });
  assert.deepEqual(first, ids.slice(0, 3));
  assert.deepEqual(await page({ userAccount: mine, limit: 3, cursor: next }), [ids.slice(3), null]);
  assert.deepEqual(await page({ userAccount: freshWallet() }), [[], null]);
});

check('a page is bounded, and a bad question is refused', async () => {
  for (const query of ['limit=0', 'limit=-1', 'limit=x', 'status=lost', 'cursor=%00%ff']) {
    const answer = await till.send('GET', `/v1/tx/purchase?${query}`);
    assertRefusedQuery(answer, query);
  }
  const greedy = await till.send('GET', '/v1/tx/purchase?limit=100000000');
  const { code, data } = greedy.json();
  if (code === 0) assert.ok(data.items.length <= 1000);
  else assertRefusedQuery(greedy, 'limit=100000000');
});

function assertRefusedQuery(answer, query) {
  assert.ok([200, 400].includes(answer.status), `${query}: ${answer.status} ${answer.text}`);
  const { code, error } = answer.json();
  assert.equal(code, codes.parameters, `${query}: ${answer.text}`);
  const faults = error.validation.map(({ param, location }) => ({ param, location }));
  assert.deepEqual(faults, [{ param: query.split('=')[0], location: 'query' }], query);
}

check('reading takes no number', async () => {
  const body = till.purchase();
  await till.accepted(body);
  const before = await till.sequence();
  await till.get(body.purchaseId);
  await till.receipt(body.purchaseId);
  await till.list({}, 10);
  assertRefused(await till.postCancel({ purchaseId: freshId('unknown'), timestamp: '1' }), codes.cancel);
  assert.equal(await till.sequence(), before);
});
