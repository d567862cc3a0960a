// The bytes behind a purchase's signature, its block and its receipt, written from their description and from nothing of
// the server's: what a third party needs to check an answer. Keccak and recovery are ethers'.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { AbiCoder, Signature, getBytes, hexlify, keccak256, toBeArray, verifyMessage } from 'ethers';

export const zeroAddress = '0x0000000000000000000000000000000000000000';
export const unit = 10n ** 18n;

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const u64 = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

function varint(value) {
  if (value <= 0xfc) return Buffer.from([value]);
  if (value <= 0xffff) return Buffer.from([0xfd, value & 0xff, value >> 8]);
  const bytes = Buffer.alloc(5, 0xfe);
  bytes.writeUInt32LE(value, 1);
  return bytes;
}

function text(value) {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([varint(bytes.length), bytes]);
}

const amount = (value) => {
  const bytes = toBeArray(BigInt(value));
  return Buffer.from(bytes.length ? bytes : [0]);
};

/** The signed bytes of a `tx` as it stands in an answer. */
export function encode(tx) {
  const head = [u64(tx.type), u64(tx.sequence), text(tx.purchaseId), u64(tx.timestamp)];
  if (tx.type === 1) return Buffer.concat([...head, text(tx.signer)]);
  return Buffer.concat([
    ...head,
    amount(tx.totalAmount),
    amount(tx.cashAmount),
    text(tx.currency),
    text(tx.shopId),
    text(tx.userAccount),
    text(tx.userPhoneHash),
    text(tx.signer),
    u64(tx.details.length),
    ...tx.details.flatMap((line) => [text(line.productId), amount(line.amount), amount(line.providePercent)]),
  ]);
}

export const transactionHash = (tx) => sha256(encode(tx));

/** The hash under which a phone stands: `phone` in the form +82 10-1000-2000, or empty. */
export const phoneHash = (phone) =>
  keccak256(AbiCoder.defaultAbiCoder().encode(['string', 'string'], ['BOSagora Phone Number', phone]));

/** Fails unless `signature` is that of `signer` over the 32 bytes of `hash`, in its one canonical form. */
export function assertSigned(hash, signature, signer) {
  assert.match(signature, /^0x[0-9a-f]{130}$/);
  assert.ok(['1b', '1c'].includes(signature.slice(-2)), 'v is 27 or 28');
  // Signature.from refuses an s in the upper half of the order.
  assert.equal(verifyMessage(getBytes(hash), Signature.from(signature)), signer);
}

/** Fails unless the transaction is signed by `signer`. */
export function assertTransactionSigned(tx, signer) {
  assert.equal(tx.signer, signer);
  assertSigned(transactionHash(tx), tx.signature, signer);
}

/** 44400, "1.56" or 3.5 as an integer of `digits` decimal places; further places are cut. */
export function scaled(value, digits) {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(String(value));
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
}

/** The loyalty of a request: [loyaltyValue, loyaltyPoint], with `rate` points for one unit of its currency. */
export function loyalty(request, rate = 1n) {
  const total = scaled(request.totalAmount, 18);
  const cash = scaled(request.cashAmount, 18);
  if (total === 0n || cash === 0n) return [0n, 0n];
  const weighed = request.details.reduce(
    (sum, line) => sum + scaled(line.amount, 18) * scaled(line.providePercent, 2), 0n);
  const exact = (weighed * cash) / total / 10_000n;
  const value = exact - (exact % 10n ** 9n);
  return [value, value * rate];
}

/** The `tx` that a request must be answered with, but for its sequence and signature. */
export function expectedTransaction(request, { signer, phone = '' }) {
  const decimal = (value) => scaled(value, 18).toString();
  return {
    type: 0,
    purchaseId: String(request.purchaseId).trim(),
    timestamp: String(request.timestamp),
    totalAmount: decimal(request.totalAmount),
    cashAmount: decimal(request.cashAmount),
    currency: request.currency,
    shopId: request.shopId,
    userAccount: request.userAccount || zeroAddress,
    userPhoneHash: phoneHash(phone),
    signer,
    details: request.details.map((line) => ({
      productId: line.productId,
      amount: decimal(line.amount),
      providePercent: scaled(line.providePercent, 2).toString(),
    })),
  };
}

/** The root over leaf hashes: pairs are hashed, an odd last node with itself, and one leaf alone as well. */
export function merkleRoot(leaves) {
  let level = leaves;
  do {
    const above = [];
    for (let i = 0; i < level.length; i += 2) above.push(sha256(level[i], level[i + 1] ?? level[i]));
    level = above;
  } while (level.length > 1);
  return level[0];
}

/** The path of siblings from a leaf to the root; the bits of the index say on which side each stands. */
export function merklePath(leaves, index) {
  const path = [];
  let level = leaves;
  do {
    path.push(level[index ^ 1] ?? level[index]);
    const above = [];
    for (let i = 0; i < level.length; i += 2) above.push(sha256(level[i], level[i + 1] ?? level[i]));
    level = above;
    index >>= 1;
  } while (level.length > 1);
  return path;
}

export function rootFromPath(leaf, index, path) {
  let node = Buffer.from(leaf);
  for (const sibling of path) {
    node = index & 1 ? sha256(sibling, node) : sha256(node, sibling);
    index = Math.floor(index / 2);
  }
  assert.equal(index, 0, 'the index has no more bits than the path has steps');
  return node;
}

export const headerHash = (header) =>
  sha256(getBytes(header.prevBlock), getBytes(header.merkleRoot), u64(header.height), u64(header.timestamp));

/** Fails unless a block header hashes to its own hash and is signed by `signer`. */
export function assertHeader(header, signer) {
  const hash = headerHash(header);
  assert.equal(header.hash, hexlify(hash));
  assert.equal(header.signer, signer);
  assertSigned(hash, header.signature, signer);
}

/** Fails unless a receipt proves, by itself, that its transaction stands in a block which `signer` signed. */
export function assertReceipt(receipt, signer) {
  assertTransactionSigned(receipt.tx, signer);
  const leaf = transactionHash(receipt.tx);
  assert.equal(receipt.txHash, hexlify(leaf));
  const path = receipt.proof.path.map((step) => getBytes(step));
  for (const step of path) assert.equal(step.length, 32);
  assert.ok(path.length >= 1 && path.length <= 32);
  const root = rootFromPath(leaf, receipt.proof.index, path);
  assert.equal(receipt.header.merkleRoot, hexlify(root));
  assertHeader(receipt.header, signer);
}
