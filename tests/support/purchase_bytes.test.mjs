// The yardstick is measured first: the bytes that these tests encode give the signer that the published contract prints.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import test from 'node:test';

import { hexlify } from 'ethers';

import {
  assertTransactionSigned, encode, expectedTransaction, loyalty, merklePath, merkleRoot, phoneHash, rootFromPath, scaled,
  transactionHash,
} from './purchase_bytes.mjs';

const vectors = JSON.parse(fs.readFileSync(new URL('../data/purchase_signatures.json', import.meta.url), 'utf8'));

for (const { tx, encoding, hash } of vectors.vectors) {
  test(`the published signature of sequence ${tx.sequence} recovers to its signer`, () => {
    assert.equal(hexlify(encode(tx)), encoding);
    assert.equal(hexlify(transactionHash(tx)), hash);
    assertTransactionSigned(tx, tx.signer);
  });

  test(`a changed byte of sequence ${tx.sequence} does not`, () => {
    assert.throws(() => assertTransactionSigned({ ...tx, purchaseId: `${tx.purchaseId}1` }, tx.signer));
  });
}

test('phone hashes', () => {
  for (const { phone, hash } of vectors.phone_hashes) assert.equal(phoneHash(phone), hash);
});

test('decimals are scaled exactly and cut', () => {
  const rows = [[44400, 18, '44400000000000000000000'], ['1.56', 18, '1560000000000000000'], [8.29, 2, '829'], ['1.1', 2, '110'],
    ['3.559', 2, '355'], [0, 18, '0']];
  for (const [value, digits, expected] of rows) assert.equal(scaled(value, digits).toString(), expected);
});

test('the loyalty of the published example', () => {
  const { tx } = vectors.vectors[0];
  const request = {
    totalAmount: 44400, cashAmount: 44400, currency: 'krw', shopId: tx.shopId, userAccount: tx.userAccount,
    purchaseId: tx.purchaseId, timestamp: tx.timestamp,
    details: [[6600, 1.7], [6300, 8.5], [900, 5.7], [15200, 4.2], [6800, 1], [8600, 5.7]].map(
      ([amount, providePercent], i) => ({ productId: tx.details[i].productId, amount, providePercent })),
  };
  assert.equal(loyalty(request)[0].toString(), vectors.loyalty[0].loyaltyValue);
  const { sequence, signature, userPhone, ...rest } = tx;
  assert.deepEqual(expectedTransaction(request, { signer: tx.signer }), rest);
});

test('every leaf of every small tree has a path to its root', () => {
  for (let count = 1; count <= 17; count++) {
    const leaves = Array.from({ length: count }, (_, i) => createHash('sha256').update(`${i}`).digest());
    for (let i = 0; i < count; i++) {
      assert.deepEqual(rootFromPath(leaves[i], i, merklePath(leaves, i)), merkleRoot(leaves), `${i} of ${count}`);
    }
  }
});
