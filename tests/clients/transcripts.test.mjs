// Replays what clients of the public server see: requests and answers recorded there. An answer must be the recorded one,
// member by member, but for the signer's own work (signer, signature, sequence, balances). Where this server decides
// otherwise, the row below says how and why; a case without a row may not differ.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test, { after, before } from 'node:test';

import { Till } from '../support/purchase.mjs';
import { assertTransactionSigned } from '../support/purchase_bytes.mjs';
import { Server } from '../support/server.mjs';

const { cases } = JSON.parse(fs.readFileSync(new URL('../data/purchase_transcripts.json', import.meta.url), 'utf8'));
const recordedKey = '9812176e565a007a84c5d2fc4cf842b12eb26dbc7568b4e40fc4f2418f2c8f54';

const nobody = '0x0000000000000000000000000000000000000000';

/** An answer in the contract's shape for a purchase that names nobody. */
const issuedToNobody = (recorded) => {
  const { res, ...data } = recorded.data;
  return {
    ...recorded,
    data: {
      ...data,
      loyalty: (actual) => {
        assert.deepEqual(Object.keys(actual), ['loyaltyValue', 'loyaltyPoint', 'account']);
        assert.equal(actual.account.account, nobody);
        assert.equal(actual.account.loyaltyType, 0);
        assert.equal(actual.account.loyaltyToBeProvided, '0');
      },
    },
  };
};

/** `validation` with one entry for each fault: the recorded server ran two checks over a missing member and says it twice. */
const eachFaultOnce = (recorded) => ({
  ...recorded,
  error: {
    ...recorded.error,
    validation: recorded.error.validation.filter(
      (fault, i, all) => i === all.findIndex((other) => other.param === fault.param)),
  },
});

const refusal = (code) => () => ({ code, error: (error) => assert.ok(error.message.length > 0) });

// case -> why it differs; expect(recorded): the whole expected body; same: the case whose answer it is, byte for byte; before:
// what is done first.
const differences = {
  get_sequence_fresh: {
    why: 'the last number that was used is told, and it is 0 before the first',
    expect: () => ({ code: 0, data: { sequence: '0' } }),
  },
  duplicate_purchaseId: {
    why: 'a repeat is answered with the first answer and stores nothing',
    same: 'seed_example',
  },
  'repo_test_10.25_usd': {
    why: 'the contract has one shape of answers; with nobody named it holds the zero address',
    expect: issuedToNobody,
  },
  both_empty: { why: 'as repo_test_10.25_usd', expect: issuedToNobody },
  cancel_twice: {
    why: 'repeating a cancel returns the first answer',
    same: 'cancel_seed_example',
  },
  cancel_unknown: { why: 'a purchase that nobody recorded cannot be cancelled', expect: refusal(3071) },
  cancel_key_in_body: {
    why: 'as cancel_twice: the same cancel by the same key, which stands in the body here',
    same: 'cancel_seed_example',
  },
  cancel_key_second: {
    why: 'the recorded second key is none of this sandbox, and another key never reaches this purchase',
    expect: () => ({ code: 3051, error: { message: 'The access key entered is not valid' } }),
  },
  cancel_missing_purchaseId: { why: 'each fault is said once', expect: eachFaultOnce },
  cancel_missing_timestamp: { why: 'each fault is said once', expect: eachFaultOnce },
  cancel_empty_object: { why: 'each fault is said once', expect: eachFaultOnce },
  cancel_float_timestamp: {
    why: 'a timestamp is a canonical u64; the recorded server fails on it only later, as an unknown error',
    expect: () => ({
      code: 2001,
      error: {
        message: 'Failed to check the validity of parameters',
        validation: [{ value: '1.5', msg: 'Invalid value', param: 'timestamp', location: 'body' }],
      },
    }),
  },
  cancel_number_types: {
    why: 'only what was recorded can be cancelled, so the purchase is made first',
    before: (till) => till.accepted(till.purchase({ purchaseId: '5' })),
  },
  cancel_padded: {
    why: 'as cancel_number_types',
    before: (till) => till.accepted(till.purchase({ purchaseId: 'x' })),
  },
  cancel_malformed: {
    why: 'errors of HTTP are JSON as well',
    expect: () => ({ code: (code) => assert.notEqual(code, 0), error: (error) => assert.ok(error.message.length > 0) }),
  },
};

/** Fails unless `actual` has exactly the expected members; a function judges the value in its place. */
function assertLike(actual, expected, path = '$') {
  if (typeof expected === 'function') {
    expected(actual);
  } else if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), path);
    assert.equal(actual.length, expected.length, path);
    expected.forEach((value, i) => assertLike(actual[i], value, `${path}[${i}]`));
  } else if (expected !== null && typeof expected === 'object') {
    assert.deepEqual(Object.keys(actual ?? {}), Object.keys(expected), `members of ${path}, in order`);
    for (const [key, value] of Object.entries(expected)) assertLike(actual[key], value, `${path}.${key}`);
  } else {
    assert.equal(actual, expected, path);
  }
}

/** Puts judges in the place of what is the signer's own. */
function withoutSigner(body, signer) {
  const tx = body?.data?.tx;
  if (!tx) return body;
  const own = {
    signer: (value) => assert.equal(value, signer),
    sequence: (value) => assert.match(value, /^[1-9]\d*$/),
    signature: (value) => assert.match(value, /^0x[0-9a-f]{130}$/),
  };
  const masked = { ...body, data: { ...body.data, tx: { ...tx, ...own } } };
  const { loyalty } = body.data;
  if (loyalty?.account) {
    const currentBalance = (value) => assert.match(value, /^(0|[1-9]\d*)$/);
    masked.data.loyalty = { ...loyalty, account: { ...loyalty.account, currentBalance } };
  }
  return masked;
}

let server;
let till;
const answers = new Map();

before(async () => {
  server = await Server.start();
  till = new Till(server);
});
after(() => server?.stop());

test('every difference belongs to a case', () => {
  const names = cases.map(({ name }) => name);
  for (const name of Object.keys(differences)) assert.ok(names.includes(name), name);
});

for (const { name, method, path, headers, body, status, response_body: recordedBody } of cases) {
  const difference = differences[name];
  const title = difference ? `${name} (differs: ${difference.why})` : name;
  test(title, { timeout: 30_000 }, Server.logged(() => server, async () => {
    await difference?.before?.(till);
    const put = (text) => text?.replaceAll(recordedKey, till.key);
    const sent = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, put(value)]));
    const answer = await server.request(method, path, { headers: sent, body: put(body) ?? undefined });
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.headers['content-type'], /^application\/json/);
    const actual = answer.json();
    answers.set(name, answer.text);
    if (difference?.same) {
      assert.equal(answer.text, answers.get(difference.same));
    } else {
      const recorded = status === 400 ? null : JSON.parse(recordedBody);
      assertLike(actual, withoutSigner(difference?.expect?.(recorded) ?? recorded, till.signer));
    }
    if (actual.data?.tx) assertTransactionSigned(actual.data.tx, till.signer);
  }));
}
