// docs/formats is exact: its worked examples compute, and the records of a live book read by its tables to the last byte. The
// reader below is written from those pages and from nothing else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';

import { wallet } from '../support/purchase.mjs';
import { headerHash, merklePath, merkleRoot, rootFromPath } from '../support/purchase_bytes.mjs';
import { run, Server, temporaryDirectory } from '../support/server.mjs';
import { wholeBook } from '../support/whole_book.mjs';
import { payloads as clickPayloads } from './click_payloads.mjs';
import { payloads as hubPayloads } from './hub_payloads.mjs';
import { payloads as affiliatePayloads } from './affiliate_payloads.mjs';
import { payloads as invoicePayloads } from './invoice_payloads.mjs';
import { payloads as subscriptionPayloads } from './subscription_payloads.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const page = (name) => fs.readFileSync(path.join(root, 'docs/formats', name), 'utf8');

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const u64 = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

/** The bytes of a fenced block: the hexadecimal first column of its lines, joined; two spaces end the column. */
function hexBlock(text, info) {
  const [, block] = new RegExp(`^\`\`\`${info}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text) ?? assert.fail(`no block ${info}`);
  const digits = block.split('\n').map((line) => line.split(/ {2,}/)[0].replaceAll(' ', '')).join('');
  assert.match(digits, /^([0-9a-f]{2})*$/);
  return Buffer.from(digits, 'hex');
}

// ---- the reader ----------------------------------------------------------------------------------------------------------

class Reader {
  #bytes;
  #at = 0;
  constructor(bytes) { this.#bytes = bytes; }

  raw(size) {
    assert.ok(this.#at + size <= this.#bytes.length, 'the bytes end too early');
    return this.#bytes.subarray(this.#at, (this.#at += size));
  }
  rest() { return this.raw(this.#bytes.length - this.#at); }
  end() { assert.equal(this.#at, this.#bytes.length, 'bytes are left over'); }

  u8() { return this.raw(1)[0]; }
  u16() { return this.raw(2).readUInt16LE(); }
  u64() { return this.raw(8).readBigUInt64LE(); }
  i64() { return this.raw(8).readBigInt64LE(); }
  varint() {
    const first = this.u8();
    if (first <= 0xfc) return BigInt(first);
    const [size, least] = { 0xfd: [2, 0xfdn], 0xfe: [4, 0x10000n], 0xff: [8, 0x100000000n] }[first];
    const value = BigInt(`0x${Buffer.from(this.raw(size)).reverse().toString('hex')}`);
    assert.ok(value >= least, 'a varint that is not the shortest');
    return value;
  }
  text() { return this.raw(Number(this.varint())).toString('utf8'); }
  amount() {
    const bytes = this.raw(this.u8());
    assert.ok(bytes.length >= 1 && bytes.length <= 16 && (bytes.length === 1 || bytes[0] !== 0), 'an amount of another form');
    return BigInt(`0x${bytes.toString('hex')}`);
  }
  balance() { return BigInt(`0x${this.raw(16).toString('hex')}`) - (1n << 127n); }
  bool() {
    const value = this.u8();
    assert.ok(value <= 1);
    return value === 1;
  }
  hash() { return this.raw(32).toString('hex'); }
  address() { return this.raw(20).toString('hex'); }
  list(element) { return Array.from({ length: Number(this.varint()) }, element); }
  money() {
    const negative = this.bool();
    const value = this.amount();
    assert.ok(value !== 0n || !negative, 'a negative zero');
    return negative ? -value : value;
  }
  entry() {
    return {
      openings: this.list(() => ({ account: this.varint(), name: this.text(), currency: this.text(), floor: this.u8() })),
      postings: this.list(() => ({ account: this.varint(), amount: this.money() })),
      holds: this.list(() => ({ account: this.varint(), amount: this.money() })),
    };
  }
  newTransaction() {
    return {
      sequence: this.varint(), purchaseId: this.text(), timestamp: this.varint(), totalAmount: this.amount(), cashAmount: this.amount(),
      currency: this.text(), shopId: this.text(), userAccount: this.text(), userPhoneHash: this.hash(), signer: this.address(),
      details: this.list(() => ({ productId: this.text(), amount: this.amount(), providePercent: this.varint() })),
    };
  }
  cancelTransaction() {
    return { sequence: this.varint(), purchaseId: this.text(), timestamp: this.varint(), signer: this.address() };
  }
}

function readPurchase(in_) {
  const read = {
    holder: in_.varint(), tx: in_.newTransaction(), waitingAsked: in_.bool(), waiting: in_.varint(), opensShop: in_.bool(),
    value: in_.amount(), point: in_.amount(), accountType: in_.u8(),
  };
  if (read.accountType !== 0) {
    read.account = in_.bool() ? { 1: read.tx.userAccount, 2: `0x${read.tx.userPhoneHash}` }[read.accountType] : in_.text();
    Object.assign(read, { loyaltyType: in_.u8(), currentBalance: in_.balance(), toBeProvided: in_.amount() });
  }
  return { ...read, entry: in_.entry() };
}

function readEventIds(in_) {
  let id = 0n;
  return { events: in_.list(() => (id += in_.varint())) };
}

const payloads = {
  1: (in_) => ({ format: in_.u16(), instance: in_.text(), offset: in_.i64() }),
  2: (in_) => ({ by: in_.i64() }),
  3: (in_) => ({ epoch: in_.u64(), offset: in_.i64() }),
  32: readEventIds,
  33: readEventIds,
  34: readEventIds,
  ...affiliatePayloads,
  ...clickPayloads,
  ...hubPayloads,
  ...invoicePayloads,
  ...subscriptionPayloads,
  100: readPurchase,
  101: (in_) => ({ holder: in_.varint(), tx: in_.cancelTransaction(), purchase: in_.varint(), effect: in_.u8(), entry: in_.entry() }),
  102: (in_) => ({
    previous: in_.hash(), merkleRoot: in_.hash(), height: in_.u64(), timestamp: in_.u64(), signer: in_.address(), firstRecord: in_.varint(),
    lastRecord: in_.varint(), firstSequence: in_.varint(), count: in_.varint(),
  }),
  103: (in_) => ({
    dueAt: in_.i64(), first: in_.varint(), last: in_.varint(), purchases: in_.list(() => in_.varint()), voided: in_.list(() => in_.varint()),
    entry: in_.entry(),
  }),
  104: (in_) => ({ id: in_.varint(), system: in_.text(), currency: in_.text(), waiting: in_.varint(), signer: in_.address(), openRegistration: in_.bool() }),
  105: (in_) => ({ digest: in_.hash(), holder: in_.varint(), revoked: in_.bool(), label: in_.text() }),
  106: (in_) => ({ code: in_.text(), pointsPerUnit: in_.amount() }),
  107: (in_) => ({ shopId: in_.text(), holder: in_.varint(), active: in_.bool(), entry: in_.entry() }),
  108: (in_) => ({ wallet: in_.text(), loyaltyType: in_.u8(), entry: in_.entry() }),
  109: (in_) => ({ phoneHash: in_.hash(), wallet: in_.text(), entry: in_.entry() }),
  110: (in_) => ({ blockSigner: in_.address() }),
  220: (in_) => ({
    id: in_.varint(), email: in_.text(), name: in_.text(), role: in_.varint(), disabled: in_.bool(), password: in_.text(), sessions: in_.varint(),
  }),
  221: (in_) => ({ actor: in_.varint(), method: in_.text(), path: in_.text(), document: in_.text(), address: in_.text() }),
  222: (in_) => ({ action: in_.varint(), status: in_.varint() }),
  223: (in_) => ({ actor: in_.varint(), status: in_.varint(), address: in_.text() }),
};

function readBody(bytes) {
  const in_ = new Reader(bytes);
  const record = { kind: in_.u16(), batch: in_.varint(), recordedAt: in_.i64(), wallAt: in_.i64() };
  assert.ok(payloads[record.kind], `kind ${record.kind} is described`);
  record.payload = payloads[record.kind](in_);
  in_.end();
  return record;
}

const chained = (previous, number, body) => sha256(previous, u64(number), sha256(body));

// ---- the pages -----------------------------------------------------------------------------------------------------------

test('record.md: the worked example is a chain', () => {
  const text = page('record.md');
  const shown = [...text.matchAll(/`([0-9a-f]{64})`/g)].map(([, hash]) => hash);
  let previous = Buffer.alloc(32);
  const computed = [1, 2].flatMap((number) => {
    const body = hexBlock(text, `record ${number}`);
    previous = chained(previous, number, body);
    return [sha256(body).toString('hex'), previous.toString('hex')];
  });
  assert.deepEqual(shown, computed);
  const [genesis, moved] = [1, 2].map((number) => readBody(hexBlock(text, `record ${number}`)));
  assert.equal(genesis.recordedAt, BigInt(Date.UTC(2024, 0, 15, 4, 14, 10)) * 1000n);
  assert.equal(moved.payload.by, 7n * 86_400_000_000n);
});

test('delivery-records.md: the worked example reads', () => {
  const { kind, payload } = readBody(hexBlock(page('delivery-records.md'), 'delivery-record'));
  assert.deepEqual([kind, payload.events], [32, [5n, 6n, 300n]]);
});

test('click-records.md: the worked example reads', () => {
  const { kind, payload } = readBody(hexBlock(page('click-records.md'), 'click-record'));
  assert.deepEqual([kind, payload.minute, payload.first, payload.clicks.length], [65, 28_421_534n, 231n, 2]);
  const [one, two] = payload.clicks;
  assert.deepEqual([one.affiliate, one.merchant, one.l, one.userId, one.device, one.marks], [131n, 1n, '0000', 'user', 2n, 0n]);
  assert.deepEqual(two, { ...one, after: one.after + 250_000n, marks: 1n });
});

test('console-records.md: the worked example reads', () => {
  const { kind, payload } = readBody(hexBlock(page('console-records.md'), 'console-record'));
  assert.deepEqual([kind, payload], [221, { actor: 1n, method: 'POST', path: '/api/admin/campaigns/7/approve', document: '7', address: '192.0.2.7' }]);
});

test('purchase-records.md: the worked example reads', () => {
  const { kind, batch, payload } = readBody(hexBlock(page('purchase-records.md'), 'purchase-record'));
  assert.deepEqual([kind, batch, payload.tx.purchaseId, payload.tx.details.length], [100, 14n, '913131705292050109', 6]);
  assert.deepEqual([payload.waiting, payload.point, payload.account], [604_800n, 1_895_600_000_000_000_000_000n, wallet]);
  assert.deepEqual(payload.entry, { openings: [], postings: [], holds: [{ account: 1n, amount: payload.point }] });
});

test('blocks.md: the worked example computes', () => {
  const text = page('blocks.md');
  const [, block] = /^```merkle-tree\n([\s\S]*?)^```$/m.exec(text);
  const shown = Object.fromEntries(block.trim().split('\n').map((line) => line.split(/\s+/)));
  const vectors = JSON.parse(fs.readFileSync(path.join(root, 'tests/data/purchase_signatures.json'), 'utf8')).vectors;
  const leaves = [...vectors.slice(0, 2).map(({ hash }) => Buffer.from(hash.slice(2), 'hex')), sha256('a third transaction')];
  assert.deepEqual(leaves.map((leaf) => leaf.toString('hex')), [shown.A, shown.B, shown.C]);
  const merkle = merkleRoot(leaves);
  assert.equal(merkle.toString('hex'), shown.root);
  const hex = (name) => Buffer.from(shown[name], 'hex');
  assert.deepEqual([0, 1, 2].map((i) => merklePath(leaves, i)), [[hex('B'), hex('CC')], [hex('A'), hex('CC')], [hex('C'), hex('AB')]]);
  leaves.forEach((leaf, i) => assert.deepEqual(rootFromPath(leaf, i, merklePath(leaves, i)), merkle));
  assert.ok(text.includes(`\`${merkleRoot([leaves[0]]).toString('hex')}\``));
  const header = { prevBlock: `0x${'0'.repeat(64)}`, merkleRoot: `0x${shown.root}`, height: '1', timestamp: '1705292051' };
  assert.equal(headerHash(header).toString('hex'), shown.header);
  const [, commands] = /^<!-- tested: path -->\n```sh\n([\s\S]*?)^```$/m.exec(text);
  assert.equal(execFileSync('bash', ['-euo', 'pipefail', '-c', commands], { encoding: 'utf8' }).trim(), shown.root);
});

// ---- a live book ---------------------------------------------------------------------------------------------------------

let server;
after(() => server?.running && server.kill());

test('every record of a live book reads by the pages', { timeout: 120_000 }, Server.logged(() => server, async () => {
  server = await wholeBook();
  await server.stop();

  // A backup that is restored goes on in a book of its own, with one record more.
  const backup = path.join(temporaryDirectory(), 'book');
  const restored = path.join(temporaryDirectory(), 'restored');
  for (const words of [['backup', server.directory, backup], ['restore', backup, restored]]) {
    const { code, stderr } = await run(...words);
    assert.equal(code, 0, stderr);
  }

  const rows = execFileSync('sqlite3', ['-readonly', '-separator', ' ', path.join(restored, 'jangbu.db'),
    "SELECT number, hex(hash), hex(body), hex(seal) || '.' FROM engine_records ORDER BY number"], { encoding: 'utf8' }).trim().split('\n');
  let previous = Buffer.alloc(32);
  const kinds = new Set();
  const balances = new Map();
  rows.forEach((row, i) => {
    const [number, hash, body, seal] = row.split(' ');
    assert.equal(Number(number), i + 1);
    const bytes = Buffer.from(body, 'hex');
    previous = chained(previous, number, bytes);
    assert.equal(previous.toString('hex').toUpperCase(), hash, `the chain at record ${number}`);
    const { kind, payload } = readBody(bytes);
    assert.equal(seal.length, [100, 101, 102].includes(kind) ? 131 : 1, `the seal of record ${number}`);
    kinds.add(kind);
    if (!payload.entry) return;
    assert.equal(payload.key?.app === 0, false, `record ${number} was asked for by an app`);
    for (const { account, name, currency } of payload.entry.openings) balances.set(account, { name, currency, posted: 0n, held: 0n });
    const sums = {};
    for (const { account, amount } of payload.entry.postings) {
      const opened = balances.get(account);
      opened.posted += amount;
      sums[opened.currency] = (sums[opened.currency] ?? 0n) + amount;
    }
    for (const { account, amount } of payload.entry.holds) balances.get(account).held += amount;
    assert.ok(Object.values(sums).every((sum) => sum === 0n), `the entry of record ${number} balances`);
  });
  assert.deepEqual([...kinds].sort((a, b) => a - b), Object.keys(payloads).map(Number), 'the book has records of every kind');
  const accountName = /^(shop:0x[0-9a-f]{64}:issued|user:0x([0-9a-f]{40}|[0-9a-f]{64})|house:exchange|hub:\d+:prepaid|partner:\d+:deposit|reviewer:.+:points|seller:\d+:payable|merchant:[a-z0-9_-]+:adcost|affiliate:A\d{9}:(pending|payable)|network:(fee|bank)|acquirer:sandbox:clearing)$/;
  for (const { name } of balances.values()) assert.match(name, accountName);
  for (const { name, posted, held } of balances.values()) if (/^(user|hub|partner|reviewer|seller):/.test(name)) assert.ok(posted >= held && held >= 0n, name);
}));
