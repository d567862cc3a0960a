// A disk changes one bit of the database's file, below SQL: in a table's own copy of a row, in an index's, in the type of a
// value. `verify` finds it and names the table. So it does when an index is gone, or when something works on a table that no
// migration made.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { before } from 'node:test';

import { assertVerifies, run, temporaryDirectory } from '../support/server.mjs';
import { SqliteFile } from '../support/sqlite_file.mjs';
import { wholeBook } from '../support/whole_book.mjs';

// Of these verify does not read the rows (docs/adr/0010-not-truth.md); their indexes must fit them all the same.
const passedOver = new Set(['delivery_attempts', 'engine_tokens', 'payment_sandbox_charges']);

const sql = (file, statement) =>
  execFileSync('sqlite3', ['-bail', '-batch', '-noheader', '-separator', '\t', file], { input: statement, encoding: 'utf8' });

let file;
let book;
let trees;
before(async () => {
  const server = await wholeBook();
  await server.stop();
  file = path.join(server.directory, 'jangbu.db');
  assert.equal(fs.existsSync(`${file}-wal`) && fs.statSync(`${file}-wal`).size > 0, false, 'all of the book is in one file');
  await assertVerifies(server.directory);
  book = new SqliteFile(file);
  trees = sql(file, "SELECT type, name, tbl_name, rootpage FROM sqlite_schema WHERE rootpage > 0 AND name NOT LIKE 'sqlite_stat%' ORDER BY type, name;")
    .split('\n').filter(Boolean).map((line) => line.split('\t')).map(([type, name, table, root]) => ({ type, name, table, root: Number(root) }));
});

/** The first and the last row of a tree, where it has rows. */
function someCells(root) {
  const cells = book.cells(root);
  return cells.length > 1 ? [cells[0], cells.at(-1)] : cells;
}

/** The bytes of a row in which a bit is to change, by what they are. */
function places({ type, root }) {
  const found = [];
  for (const place of someCells(root)) {
    const { key, columns } = book.cell(place);
    if (key !== undefined) found.push(['the row id', key]);
    columns.forEach((column, i) => {
      // An index, whose columns are compared as a whole, is asked for its first and its last.
      if (type === 'index' && i !== 0 && i !== columns.length - 1) return;
      if (column.valueEnd > column.valueAt) found.push([`value ${i + 1}`, column.valueEnd - 1]);
      // 0 and 1 are types of their own; bytes and text of one length are types that differ in the last bit.
      if (column.type === 8 || column.type === 9 || column.type >= 12) found.push([`the type of value ${i + 1}`, column.typeAt]);
    });
  }
  return found;
}

/** Runs `verify` on the book with one bit changed; fails unless it finds a fault and names the table. */
async function assertFound(at, table, what) {
  const descriptor = fs.openSync(file, 'r+');
  const write = (byte) => fs.writeSync(descriptor, Uint8Array.of(byte), 0, 1, at);
  try {
    write(book.bytes[at] ^ 1);
    const { code, stdout, stderr } = await run('verify', path.dirname(file));
    assert.equal(code, 1, `${what}: verify said: ${stdout}${stderr}`);
    assert.ok(stdout.startsWith('not verified: ') && stdout.includes(table), `${what}: verify does not name ${table}: ${stdout}${stderr}`);
  } finally {
    write(book.bytes[at]);
    fs.closeSync(descriptor);
  }
}

for (const kind of ['table', 'index']) {
  test(`a changed bit in the file is found and named: ${kind}`, { timeout: 900_000 }, async (t) => {
    let changes = 0;
    let withRows = 0;
    for (const tree of trees.filter(({ type, name }) => type === kind && !passedOver.has(name))) {
      const changed = places(tree);
      if (changed.length > 0) withRows++;
      await t.test(tree.name, async () => {
        for (const [what, at] of changed) await assertFound(at, tree.table, `${tree.name}, ${what}, byte ${at}`);
      });
      changes += changed.length;
    }
    assert.ok(withRows >= 30, `${withRows} with rows`);
    t.diagnostic(`${changes} bits were changed and found`);
    await assertVerifies(path.dirname(file));
  });
}

test('what is missing in the schema, another or too much is named', { timeout: 300_000 }, async (t) => {
  const rows = [
    ['DROP INDEX purchase_blocks_last;', 'purchase_blocks: the index purchase_blocks_last is missing'],
    ['DROP INDEX ledger_accounts_name;', 'ledger_accounts: the index ledger_accounts_name is missing'],
    ['DROP INDEX purchase_blocks_last; CREATE INDEX purchase_blocks_last ON purchase_blocks (last_record);',
      "purchase_blocks: the index purchase_blocks_last is not the one that this program's migrations make"],
    ['DROP TABLE hub_totals;', 'hub_totals: the table is missing'],
    ['ALTER TABLE hub_totals ADD COLUMN more;', "hub_totals: the table is not the one that this program's migrations make"],
    ["CREATE TRIGGER quiet AFTER INSERT ON ledger_accounts BEGIN UPDATE ledger_accounts SET name = x'00'; END;",
      'ledger_accounts: the trigger quiet comes from no migration'],
    ['CREATE INDEX spare ON ledger_accounts (posted);', 'ledger_accounts: the index spare comes from no migration'],
    ['CREATE TABLE attic (id INTEGER PRIMARY KEY AUTOINCREMENT);', 'attic: the table comes from no migration'],
    ['CREATE VIEW balances AS SELECT * FROM ledger_accounts;', 'balances: the view balances comes from no migration'],
    ['ANALYZE;', undefined],
  ];
  for (const [change, complaint] of rows) {
    await t.test(change, async () => {
      const copy = temporaryDirectory('jangbu-tampered-');
      fs.cpSync(path.dirname(file), copy, { recursive: true });
      sql(path.join(copy, 'jangbu.db'), change);
      if (complaint === undefined) {
        await assertVerifies(copy);
      } else {
        const { code, stdout, stderr } = await run('verify', copy);
        assert.deepEqual([code, stdout], [1, `not verified: ${complaint}\n`], stderr);
      }
      fs.rmSync(copy, { recursive: true, force: true });
    });
  }
});
