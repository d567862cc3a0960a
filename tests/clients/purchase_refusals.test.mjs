// The purchase door's refusals: every documented code, the order in which they are looked for, and that none of them leaves a
// trace.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { assertRefused, codes, exampleDetails, freshId, phone, Till, wallet } from '../support/purchase.mjs';
import { Server } from '../support/server.mjs';

let server;
let till;

before(async () => {
  server = await Server.start();
  till = new Till(server);
});
after(() => server?.stop());

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** Runs a body and fails when a number of the sequence was taken meanwhile. */
const untouched = (body) => async (t) => {
  const first = await till.sequence();
  await body(t);
  assert.equal(await till.sequence(), first, 'a refusal took a number');
};

const line = (changes) => [{ productId: 'one', amount: 44400, providePercent: 1, ...changes }];
const longText = (digits) => '9'.repeat(digits);

// 2001: name, changes (undefined removes a member), the members that are named
const parameterRows = [
  ['no purchaseId', { purchaseId: undefined }, ['purchaseId']],
  ['an empty purchaseId', { purchaseId: '' }, ['purchaseId']],
  ['a purchaseId of spaces', { purchaseId: '   ' }, ['purchaseId']],
  ['a purchaseId that is an object', { purchaseId: {} }, ['purchaseId']],
  ['a purchaseId that is null', { purchaseId: null }, ['purchaseId']],
  ['no timestamp', { timestamp: undefined }, ['timestamp']],
  ['an empty timestamp', { timestamp: '' }, ['timestamp']],
  ['a word as timestamp', { timestamp: 'abc' }, ['timestamp']],
  ['a timestamp with a point', { timestamp: '1.5' }, ['timestamp']],
  ['a timestamp with an exponent', { timestamp: '1e3' }, ['timestamp']],
  ['a timestamp with a sign', { timestamp: '+1' }, ['timestamp']],
  ['a negative timestamp', { timestamp: '-1' }, ['timestamp']],
  ['a timestamp with a leading zero', { timestamp: '01' }, ['timestamp']],
  ['one past the greatest timestamp', { timestamp: '18446744073709551616' }, ['timestamp']],
  ['a very long timestamp', { timestamp: longText(400) }, ['timestamp']],
  ['no totalAmount', { totalAmount: undefined }, ['totalAmount']],
  ['a word as totalAmount', { totalAmount: 'much' }, ['totalAmount']],
  ['a negative totalAmount', { totalAmount: -44400, cashAmount: 0 }, ['totalAmount']],
  ['a text with an exponent', { totalAmount: '4.44e4' }, ['totalAmount']],
  ['a hexadecimal text', { totalAmount: '0xad70' }, ['totalAmount']],
  ['a text with a comma', { totalAmount: '44,400' }, ['totalAmount']],
  ['a nineteenth place', { totalAmount: '44400.0000000000000000001' }, ['totalAmount']],
  ['a totalAmount that is true', { totalAmount: true }, ['totalAmount']],
  ['one past the greatest amount', { totalAmount: '1000000000000000.000000000000000001' }, ['totalAmount']],
  ['a very long amount', { totalAmount: longText(400) }, ['totalAmount']],
  ['no cashAmount', { cashAmount: undefined }, ['cashAmount']],
  ['more cash than total', { cashAmount: '44400.000000000000000001' }, ['cashAmount']],
  ['no currency', { currency: undefined }, ['currency']],
  ['an unknown currency', { currency: 'xyz' }, ['currency']],
  ['no shopId', { shopId: undefined }, ['shopId']],
  ['an empty shopId', { shopId: '' }, ['shopId']],
  ['no details', { details: undefined }, ['details']],
  ['details that are no list', { details: {} }, ['details']],
  ['a detail that is no object', { details: [1] }, ['details[0]']],
  ['a detail without productId', { details: line({ productId: undefined }) }, ['details[0].productId']],
  ['a detail without amount', { details: line({ amount: undefined }) }, ['details[0].amount']],
  ['a detail without percent', { details: line({ providePercent: undefined }) }, ['details[0].providePercent']],
  ['a detail with a bad amount', { details: [...exampleDetails.slice(0, 2), ...line({ amount: 'x' })] }, ['details[2].amount']],
  ['a negative percent', { details: line({ providePercent: -1 }) }, ['details[0].providePercent']],
  ['a percent above 100', { details: line({ providePercent: 100.01 }) }, ['details[0].providePercent']],
  ['several faults at once', { timestamp: 'x', totalAmount: 'y', details: line({ amount: 'z' }) },
    ['timestamp', 'totalAmount', 'details[0].amount']],
];
for (const [name, changes, params] of parameterRows) {
  check(`2001: ${name}`, untouched(async () => {
    const { validation } = assertRefused(await till.postNew(till.purchase(changes)), codes.parameters);
    for (const param of params) {
      // A list entry may be named as a whole or by its first missing member.
      const named = validation.filter((fault) => fault.param === param || fault.param.startsWith(`${param}.`));
      assert.ok(named.length >= 1, `${param} is not named: ${JSON.stringify(validation)}`);
    }
    assert.equal(new Set(validation.map((fault) => fault.param)).size, validation.length, 'one entry for each fault');
  }));
}

// 2001 for numbers that only raw text can say: written as totalAmount.
for (const written of ['1e400', '1e1000000000', '1e-19', '-1e-400', '1e99999999999999999999', longText(5000)]) {
  check(`2001: totalAmount ${written.slice(0, 24)}`, untouched(async () => {
    const raw = JSON.stringify(till.purchase()).replace('"totalAmount":44400', `"totalAmount":${written}`);
    assertRefused(await till.postNew(raw), codes.parameters);
  }));
}

check('2001: an array as root', untouched(async () => {
  for (const body of ['[]', '[1]', '[{"purchaseId":"x"}]']) {
    const answer = await till.postNew(body);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json().code, codes.parameters);
  }
}));

check('2001: what was sent is shown, and what was missing is not', untouched(async () => {
  const { validation } = assertRefused(await till.postNew(till.purchase({ timestamp: 'abc', currency: undefined })),
    codes.parameters);
  const of = (param) => validation.find((fault) => fault.param === param);
  assert.deepEqual(of('timestamp'), { value: 'abc', msg: 'Invalid value', param: 'timestamp', location: 'body' });
  assert.deepEqual(of('currency'), { msg: 'Invalid value', param: 'currency', location: 'body' });
}));

// name, code, changes
const codeRows = [
  ['a wallet that is too short', codes.wallet, { userAccount: wallet.slice(0, -1) }],
  ['a wallet that is too long', codes.wallet, { userAccount: `${wallet}0` }],
  ['a wallet without 0x', codes.wallet, { userAccount: wallet.slice(2) }],
  ['a wallet with a letter beyond f', codes.wallet, { userAccount: `${wallet.slice(0, -1)}g` }],
  ['a phone without a country', codes.phone, { userAccount: '', userPhone: '010-1000-2000' }],
  ['a phone that is too short', codes.phone, { userAccount: '', userPhone: '+82 10' }],
  ['a phone that is a word', codes.phone, { userAccount: '', userPhone: 'call me' }],
  ['a bad phone beside a good account', codes.phone, { userPhone: '12' }],
  ['a sum that is one too low', codes.sum, { totalAmount: 44401, cashAmount: 44400 }],
  ['a sum that is one too high', codes.sum, { totalAmount: 44399, cashAmount: 44399 }],
  ['a sum that misses by the last place', codes.sum, { totalAmount: '44400.000000000000000001' }],
];
for (const [name, code, changes] of codeRows) {
  check(`${code}: ${name}`, untouched(async () => {
    assertRefused(await till.postNew(till.purchase(changes)), code);
  }));
}

check('3051: no key, an empty key, another key, a key with a scheme', untouched(async () => {
  const { key } = till;
  const stranger = new Till(server);
  const body = stranger.purchase();
  for (const wrong of [null, '', 'nope', key.slice(0, -1), `${key}0`, `Bearer ${key}`, key.toUpperCase() + ' ']) {
    stranger.key = wrong;
    if (wrong !== null && wrong.trim() === key) continue;
    assertRefused(await stranger.postNew(body), codes.key);
    assertRefused(await stranger.postCancel({ purchaseId: 'x', timestamp: '1' }), codes.key);
  }
}));

check('3051: reads need the key as well', async () => {
  const body = till.purchase();
  await till.accepted(body);
  const stranger = new Till(server);
  stranger.key = 'nope';
  const id = encodeURIComponent(body.purchaseId);
  for (const path of [`/v1/tx/purchase/${id}`, `/v1/tx/purchase/${id}/receipt`, '/v1/tx/purchase?limit=1']) {
    const answer = await stranger.send('GET', path);
    assert.equal(answer.json().code, codes.key, `${path}: ${answer.text}`);
    assert.equal(answer.text.includes(body.purchaseId), false);
  }
});

// The order of checks: each row has the fault of its code and all later ones.
const faults = [
  [codes.parameters, { timestamp: 'x' }],
  [codes.wallet, { userAccount: '0x12' }],
  [codes.phone, { userPhone: '12' }],
  [codes.key, {}],
  [codes.sum, { totalAmount: 44401 }],
];
for (let first = 0; first < faults.length; first++) {
  const expected = faults[first][0];
  check(`${expected} is said before all that is looked for later`, untouched(async () => {
    const present = faults.slice(first);
    const sender = new Till(server);
    if (present.some(([code]) => code === codes.key)) sender.key = 'nope';
    assertRefused(await sender.postNew(sender.purchase(Object.assign({}, ...present.map(([, changes]) => changes)))), expected);
  }));
}

// The sandbox registers shops as they come; only its second key, where it has one, keeps to the shops it was given.
check('2005 and 3072: shops of a key without open registration', async (t) => {
  const closed = server.sandbox.purchase.closed;
  if (!closed) return t.skip('this sandbox has no second key');
  const other = new Till(server, { key: closed.access_key, shopId: closed.shop_id });
  await other.accepted(other.purchase());
  await untouched(async () => {
    const unknown = `0x${'ab'.repeat(32)}`;
    assertRefused(await other.postNew(other.purchase({ shopId: unknown })), codes.shop);
    assertRefused(await other.postNew(other.purchase({ shopId: till.shopId })), codes.shopNotAllowed);
    assertRefused(await till.postNew(till.purchase({ shopId: closed.shop_id })), codes.shopNotAllowed);
    assertRefused(await other.postNew(other.purchase({ shopId: unknown, totalAmount: 44401 })), codes.shop);
  })(t);
  // An id belongs to its key: two keys may use the same one, and neither reads the other's.
  const purchaseId = freshId('shared');
  const mine = await till.accepted(till.purchase({ purchaseId }));
  const theirs = await other.accepted(other.purchase({ purchaseId }));
  assert.notEqual(mine.tx.sequence, theirs.tx.sequence);
  assert.deepEqual((await till.get(purchaseId)).tx, mine.tx);
  assert.deepEqual((await other.get(purchaseId)).tx, theirs.tx);
  const lonely = till.purchase();
  await till.accepted(lonely);
  assertRefused(await other.postCancel({ purchaseId: lonely.purchaseId, timestamp: '1' }), codes.cancel);
});

// Cancels: name, body, the members that are named
const cancelRows = [
  ['nothing', {}, ['purchaseId', 'timestamp']],
  ['no purchaseId', { timestamp: '1705292240' }, ['purchaseId']],
  ['an empty purchaseId', { purchaseId: '', timestamp: '1705292240' }, ['purchaseId']],
  ['no timestamp', { purchaseId: 'x' }, ['timestamp']],
  ['a bad timestamp', { purchaseId: 'x', timestamp: 'abc' }, ['timestamp']],
  ['a timestamp with a point', { purchaseId: 'x', timestamp: '1.5' }, ['timestamp']],
];
for (const [name, body, params] of cancelRows) {
  check(`cancel, 2001: ${name}`, untouched(async () => {
    const { validation } = assertRefused(await till.postCancel(body), codes.parameters);
    assert.deepEqual(validation.map((fault) => fault.param), params);
  }));
}

// What is no JSON, or no text at all. A lone surrogate has no UTF-8 and cannot be hashed.
const malformedRows = [
  ['a brace', '{'],
  ['a trailing comma', '{"purchaseId":"x",}'],
  ['single quotes', "{'purchaseId':'x'}"],
  ['two values', '{}{}'],
  ['a leading zero', '{"totalAmount":01}'],
  ['a bare point', '{"totalAmount":1.}'],
  ['two points', '{"totalAmount":1.2.3}'],
  ['NaN', '{"totalAmount":NaN}'],
  ['half a word', '{"x":tru}'],
  ['a control character', '{"purchaseId":"a\u0001b"}'],
  ['bytes that are no UTF-8', Buffer.from([...Buffer.from('{"purchaseId":"'), 0xff, 0xfe, ...Buffer.from('"}')])],
  ['an overlong form', Buffer.from([...Buffer.from('{"purchaseId":"'), 0xc0, 0x80, ...Buffer.from('"}')])],
  ['a lone surrogate', '{"purchaseId":"\\ud800"}'],
  ['a deep nest', '['.repeat(100_000)],
];
for (const [name, body] of malformedRows) {
  check(`400: ${name}`, untouched(async () => {
    for (const path of ['new', 'cancel']) {
      const answer = await till.send('POST', `/v1/tx/purchase/${path}`, { body });
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.headers['content-type'], /^application\/json/);
      const { code, error } = answer.json();
      assert.notEqual(code, 0);
      assert.ok(error.message.length > 0);
    }
  }));
}

check('404 and 405 are said in JSON', async () => {
  const paths = [['GET', '/v1/nothing', 404], ['POST', '/v1/tx/purchase/other/path', 404], ['DELETE', '/v1/tx/purchase/new', 405],
    ['PUT', '/v1/tx/purchase/cancel', 405], ['POST', '/v1/tx/sequence', 405]];
  for (const [method, path, status] of paths) {
    const answer = await till.send(method, path, { body: method === 'GET' ? undefined : '{}' });
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.notEqual(answer.json().code, 0);
    assert.ok(answer.json().error.message.length > 0);
    if (status === 405) assert.ok(answer.headers.allow, `${method} ${path} names what is allowed`);
  }
});

check('413: one byte over a mebibyte, and not one less', untouched(async () => {
  const limit = 1 << 20;
  const padded = (length) => {
    const body = JSON.stringify(till.purchase({ timestamp: 'x', filler: '' }));
    return body.replace('"filler":""', `"filler":"${'a'.repeat(length - body.length)}"`);
  };
  assert.equal(padded(limit).length, limit);
  assertRefused(await till.postNew(padded(limit)), codes.parameters);
  for (const length of [limit + 1, 3 * limit]) {
    const answer = await till.postNew(padded(length));
    assert.equal(answer.status, 413, answer.text.slice(0, 200));
    assert.notEqual(answer.json().code, 0);
  }
}));

check('a purchase that was never recorded cannot be read', async () => {
  const id = freshId('unknown');
  for (const path of [`/v1/tx/purchase/${id}`, `/v1/tx/purchase/${id}/receipt`]) {
    const answer = await till.send('GET', path);
    assert.ok([200, 404].includes(answer.status), answer.text);
    assert.notEqual(answer.json().code, 0);
  }
});

check('a phone is never answered in clear', async () => {
  const answer = await till.postNew(till.purchase({ userAccount: '', userPhone: phone }));
  assert.equal(answer.json().code, 0, answer.text);
  assert.equal(/1000-?2000/.test(answer.text), false);
  assert.equal(/1000-?2000/.test(server.log), false, 'nor logged');
  const afterStart = server.log.slice(server.log.lastIndexOf('listening on '));
  assert.equal(afterStart.includes(till.key), false, 'nor is the key, which is printed once at the start of a sandbox');
});
