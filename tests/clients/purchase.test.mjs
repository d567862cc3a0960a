// The purchase door as a shop's client sees it: what is accepted, and that every answer can be checked by a third party.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { assertRefused, codes, exampleDetails, freshId, phone, Till, wallet } from '../support/purchase.mjs';
import { assertTransactionSigned, phoneHash, zeroAddress } from '../support/purchase_bytes.mjs';
import { Server } from '../support/server.mjs';

let server;
let till;

before(async () => {
  server = await Server.start();
  till = new Till(server);
});
after(() => server?.stop());

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

check('sandbox.json has what a client needs', () => {
  const { base_url, purchase, operator } = server.sandbox;
  assert.equal(base_url, server.baseUrl);
  assert.ok(purchase.access_key.length >= 32);
  assert.match(purchase.shop_id, /^0x[0-9a-f]{64}$/);
  assert.match(purchase.signer, /^0x[0-9a-fA-F]{40}$/);
  assert.ok(operator.email.includes('@'));
  assert.ok(operator.password.length >= 8);
});

check('it says that it is well', async () => {
  const root = await server.request('GET', '/');
  assert.equal(root.status, 200);
  assert.equal(root.text, '"OK"');
  for (const path of ['/healthz', '/readyz']) assert.equal((await server.request('GET', path)).status, 200, path);
  const metrics = await server.request('GET', '/metrics');
  assert.equal(metrics.status, 200);
  assert.match(metrics.headers['content-type'], /^text\/plain/);
  for (const series of ['jangbu_records_total', 'jangbu_is_writer', 'jangbu_batch_stage_seconds_count{stage="seal"}'])
    assert.ok(metrics.text.includes(`\n${series} `), series);
});

check("the contract's example is answered as the contract prints it", async () => {
  const data = await till.accepted(till.purchase());
  assert.deepEqual(Object.keys(data), ['tx', 'loyalty']);
  assert.deepEqual(Object.keys(data.tx), [
    'type', 'sequence', 'purchaseId', 'timestamp', 'totalAmount', 'cashAmount', 'currency', 'shopId', 'userAccount',
    'userPhoneHash', 'signer', 'signature', 'details',
  ]);
  assert.deepEqual(Object.keys(data.loyalty), ['loyaltyValue', 'loyaltyPoint', 'account']);
  const { account } = data.loyalty;
  assert.deepEqual(Object.keys(account), ['accountType', 'account', 'loyaltyType', 'currentBalance', 'loyaltyToBeProvided']);
  assert.equal(data.loyalty.loyaltyValue, '1895600000000000000000');
  assert.equal(account.accountType, 'address');
  assert.equal(account.account, wallet);
  assert.equal(account.loyaltyType, 0);
  assert.match(account.currentBalance, /^(0|[1-9]\d*)$/);
  assert.equal(account.loyaltyToBeProvided, '1895600000000000000000');
});

// name, changes of the request
const acceptedRows = [
  ['a part paid in points', { cashAmount: 12345 }],
  ['nothing paid in cash', { cashAmount: 0 }],
  ['a numeric text as amount', { totalAmount: '44400', cashAmount: '44400.00' }],
  ['an account in capitals', { userAccount: wallet.toUpperCase().replace('0X', '0x') }],
  ['an account with a capital X', { userAccount: wallet.replace('0x', '0X') }],
  ['an account in small letters', { userAccount: wallet.toLowerCase() }],
  ['an account and a phone', { userPhone: phone }, phone],
  ['the greatest timestamp', { timestamp: '18446744073709551615' }],
  ['timestamp zero', { timestamp: '0' }],
  ['a timestamp as number', { timestamp: 1705292050 }],
  ['a purchaseId as number', { purchaseId: Number(`9${Date.now()}`) }],
];
for (const [name, changes, canonicalPhone] of acceptedRows) {
  check(`accepted: ${name}`, () => till.accepted(till.purchase(changes), { phone: canonicalPhone }));
}

// name, currency, amount, percent
const amountRows = [
  ['cents', 'usd', 1.56, 3.5],
  ['eighteen places', 'usd', '0.000000000000000001', 100],
  ['the9', 'the9', 12.5, 10],
  ['point', 'point', 700, 1],
  ['a percent that binary floats miss', 'krw', 10000, 8.29],
  ['another such percent', 'krw', 10000, 1.1],
  ['a third place of a percent is cut', 'krw', 10000, '3.559'],
  ['no percent', 'krw', 10000, 0],
  ['all of it', 'krw', 10000, 100],
  ['a long amount', 'krw', '999999999999999.999999999999999999', 99.99],
  ['the greatest amount', 'krw', '1000000000000000', 100],
  ['nothing', 'krw', 0, 10],
];
for (const [name, currency, amount, percent] of amountRows) {
  check(`amounts: ${name}`, () => till.accepted(till.simple(amount, percent, { currency })));
}

check('amounts: a third of a cent is rounded down to a multiple of 10^9', async () => {
  const data = await till.accepted(till.simple(3, 3.33, { currency: 'usd', cashAmount: 1 }));
  assert.equal(data.loyalty.loyaltyValue, '33300000000000000');
  const uneven = await till.accepted(till.purchase({ cashAmount: 12345 }));
  assert.equal(uneven.loyalty.loyaltyValue, '527053648648000000000');
});

// A number keeps its own text: what JSON writes with an exponent is read exactly.
const exponentRows = [
  ['4.44e4', '44400'],
  ['444E+2', '44400'],
  ['44400000e-3', '44400'],
  ['1e15', '1000000000000000'],
  ['1e-18', '0.000000000000000001'],
  ['44400.000000000000000000', '44400'],
];
for (const [written, meant] of exponentRows) {
  check(`amounts: ${written} is ${meant}`, () => {
    const body = till.simple(meant, 1);
    const raw = JSON.stringify(body).replaceAll(`"${meant}"`, written);
    assert.ok(raw.includes(`"totalAmount":${written},`));
    return till.accepted(body, { text: raw });
  });
}

// name, the phone as sent
const phoneRows = [
  ['as the contract writes it', phone],
  ['compact', '+821010002000'],
  ['with a trunk zero and spaces around', '  +82 010 1000 2000 '],
];
for (const [name, sent] of phoneRows) {
  check(`phone: ${name}`, async () => {
    const data = await till.accepted(till.purchase({ userAccount: '', userPhone: sent }), { phone });
    assert.equal(data.tx.userAccount, zeroAddress);
    assert.equal(data.loyalty.account.accountType, 'phone');
    assert.equal(data.loyalty.account.account, phoneHash(phone));
  });
}

check('an account wins over a phone', async () => {
  const { loyalty } = await till.accepted(till.purchase({ userPhone: phone }), { phone });
  assert.equal(loyalty.account.accountType, 'address');
  assert.equal(loyalty.account.account, wallet);
});

check('neither account nor phone: recorded, and nothing is issued', async () => {
  const body = till.purchase({ userAccount: '', userPhone: '' });
  const answer = await till.postNew(body);
  const { code, data } = answer.json();
  assert.equal(code, 0, answer.text);
  assertTransactionSigned(data.tx, till.signer);
  assert.equal(data.tx.userAccount, zeroAddress);
  assert.equal(data.loyalty.account.account, zeroAddress);
  assert.equal(data.loyalty.account.loyaltyToBeProvided, '0');
  assert.equal((await till.postNew(body)).text, answer.text);
});

// Ids are the client's own: any text is one, and comes back as it was.
const idRows = [
  'with space', '구매-0001', 'emoji-🧾', 'slash/../etc', '%2F%00', 'quote"\'\\', 'new line\n', '<script>', '__proto__', '.', '..',
  '?a=b&c#d', '$1; DROP TABLE x;--', 'x'.repeat(200), 'é', 'e\u0301',
];
for (const id of idRows) {
  check(`a strange id: ${JSON.stringify(id.slice(0, 24))}`, async () => {
    const body = till.purchase({ purchaseId: `${freshId()}${id}${'.'}` });
    const { tx } = await till.accepted(body);
    const segment = encodeURIComponent(body.purchaseId);
    const stored = await till.read(`/v1/tx/purchase/${segment}`);
    assert.deepEqual(stored.tx, tx);
    assert.equal(tx.purchaseId, body.purchaseId);
  });
}

check('texts are taken without the white space around them', async () => {
  const id = freshId();
  for (const [before, after] of [['  ', '\t'], ['\uFEFF', '\u3000'], ['', '\n']]) {
    const asked = `${before}${id}${after}`;
    const { tx } = await till.accepted(till.purchase({ purchaseId: asked }));
    assert.equal(tx.purchaseId, id);
    // Who writes an id in this way reads and cancels by it, too.
    assert.deepEqual((await till.get(asked)).tx, tx);
  }
  assert.equal((await till.receipt(` ${id} `)).tx.purchaseId, id);
});

check('an id with U+0000 is recorded whole or refused', async () => {
  const body = till.purchase({ purchaseId: `${freshId()}\u0000tail` });
  const answer = await till.postNew(body);
  if (answer.json().code === 0) assert.equal(answer.json().data.tx.purchaseId, body.purchaseId);
  else assertRefused(answer, codes.parameters);
});

check('the key may stand in the body when there is no header', async () => {
  const bare = new Till(server);
  bare.key = null;
  const { key } = till;
  await bare.accepted({ ...bare.purchase(), accessKey: key });
  assertRefused(await bare.postNew({ ...bare.purchase(), accessKey: 'no such key' }), codes.key);
  // A header that is there counts alone.
  assertRefused(
    await bare.postNew({ ...bare.purchase(), accessKey: key }, { headers: { Authorization: 'no such key' } }), codes.key);
});

check('members that nobody knows are passed over', () => {
  const body = till.purchase();
  return till.accepted(body, { text: JSON.stringify({ ...body, note: { deep: [1, { x: null }] } }) });
});

check('a repeat gets the first answer, byte for byte', async () => {
  const body = till.purchase({ userPhone: phone });
  const first = await till.postNew(body);
  assert.equal(first.json().code, 0, first.text);
  const before = await till.sequence();
  assert.equal((await till.postNew(body)).text, first.text);
  assert.equal((await till.postNew(JSON.stringify(body, null, 4))).text, first.text, 'in another layout');
  const reordered = Object.fromEntries(Object.entries(body).reverse());
  assert.equal((await till.postNew(reordered)).text, first.text, 'in another order');
  const respelled = { ...body, totalAmount: '44400.0', userPhone: '+821010002000' };
  assert.equal((await till.postNew(respelled)).text, first.text, 'in another spelling');
  assert.equal(await till.sequence(), before);
});

check('a hundred repeats at once get one answer', async () => {
  const body = till.purchase();
  const answers = await Promise.all(Array.from({ length: 100 }, () => till.postNew(body)));
  assert.equal(new Set(answers.map((answer) => answer.text)).size, 1);
  assert.equal(answers[0].json().code, 0, answers[0].text);
});

// What may not change under an id that is taken.
const conflictRows = [
  ['timestamp', { timestamp: '1705292051' }],
  ['cashAmount', { cashAmount: 44399 }],
  ['currency', { currency: 'point' }],
  ['userAccount', { userAccount: wallet.replace('8', '7') }],
  ['userPhone', { userPhone: phone }],
  ['the order of the lines', { details: exampleDetails.slice().reverse() }],
  ['a product', { details: exampleDetails.map((line, i) => (i ? line : { ...line, productId: 'other' })) }],
  ['a percent', { details: exampleDetails.map((line, i) => (i ? line : { ...line, providePercent: 1.8 })) }],
  ['a line less', { totalAmount: 37800, cashAmount: 37800, details: exampleDetails.slice(1) }],
];
check('the same id with other content is a conflict, and changes nothing', async (t) => {
  const body = till.purchase();
  const first = await till.postNew(body);
  const before = await till.sequence();
  for (const [name, changes] of conflictRows) {
    await t.test(name, async () => {
      const error = assertRefused(await till.postNew({ ...body, ...changes }), codes.conflict);
      assert.match(error.message, /purchaseId/);
    });
  }
  assert.equal(await till.sequence(), before);
  assert.equal((await till.postNew(body)).text, first.text);
});

check('a cancel is signed, repeated and final', async () => {
  const body = till.purchase();
  const first = await till.postNew(body);
  const { tx } = await till.cancelled(body.purchaseId);
  assert.ok(BigInt(tx.sequence) > BigInt(first.json().data.tx.sequence));
  assert.equal((await till.get(body.purchaseId)).status, 'cancelled');
  const before = await till.sequence();
  assert.deepEqual((await till.cancelled(body.purchaseId)).tx, tx, 'a repeat gets the first answer');
  assertRefused(await till.postCancel({ purchaseId: body.purchaseId, timestamp: '1705292241' }), codes.cancel);
  assert.equal((await till.postNew(body)).text, first.text, 'the purchase itself is still answered as it was');
  assert.equal(await till.sequence(), before);
});

check('a purchase that nobody recorded cannot be cancelled', async () => {
  const before = await till.sequence();
  assertRefused(await till.postCancel({ purchaseId: freshId('unknown'), timestamp: '1705292240' }), codes.cancel);
  assert.equal(await till.sequence(), before);
});

check('sequences are the numbers from one on, without a gap', async () => {
  const before = await till.sequence();
  const made = await Promise.all(Array.from({ length: 40 }, () => till.accepted(till.purchase())));
  const numbers = made.map(({ tx }) => BigInt(tx.sequence)).sort((a, b) => (a < b ? -1 : 1));
  assert.deepEqual(numbers, Array.from({ length: 40 }, (_, i) => before + BigInt(i) + 1n));
  assert.equal(await till.sequence(), before + 40n);
});
