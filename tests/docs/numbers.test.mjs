// Numbers that rest in books are given once. The engine lists the kinds of due work, the counters and the scopes of keys of all
// doors; kinds of records stand with their doors.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const isOfTests = (name) => /(^|\/)test_|\/testing\/|_test\.cpp$/.test(name);
const filesUnder = (folder) => fs.readdirSync(path.join(root, 'src', folder), { withFileTypes: true })
  .flatMap((each) => (each.isDirectory() ? filesUnder(`${folder}${each.name}/`) : [`${folder}${each.name}`]));
const sources = filesUnder('').filter((name) => /\.(h|cpp)$/.test(name) && !isOfTests(name))
  .map((name) => ({ name, text: fs.readFileSync(path.join(root, 'src', name), 'utf8').replaceAll(/\/\/.*/g, '') }));
const source = (name) => sources.find((each) => each.name === name).text;

/** [name, number] of each enumerator. */
const enumerators = (file, type) => {
  const [, body] = new RegExp(`enum class ${type} : std::uint\\d+_t \\{([^}]*)\\}`).exec(source(file)) ?? assert.fail(`no ${type} in ${file}`);
  return body.split(',').map((each) => each.trim()).filter(Boolean).map((each) => {
    const [, name, number] = /^(\w+) = (\d+)$/.exec(each) ?? assert.fail(`${type}: ${each}`);
    return [name, Number(number)];
  });
};

const assertUnique = (what, list) => {
  const taken = new Map();
  for (const [name, number] of list) {
    assert.ok(!taken.has(number), `${what} ${number} is both ${taken.get(number)} and ${name}`);
    taken.set(number, name);
  }
};

for (const [file, type] of [['engine/due.h', 'WorkKind'], ['engine/counters.h', 'Counter'], ['engine/keys.h', 'KeyScope']]) {
  test(`no two of ${type} are equal, and none stands elsewhere`, () => {
    const list = enumerators(file, type);
    assert.ok(list.length > 5);
    assertUnique(type, list);
    for (const { name, text } of sources) assert.doesNotMatch(text, new RegExp(`\\b${type}(\\s+\\w+)?\\s*[{(]\\s*\\d`), `${name} takes a ${type}`);
  });
}

/** [file, name, number] of each kind of records. */
const kinds = sources.flatMap(({ name, text }) => [...text.matchAll(/\bRecordKind (\w+_kind) = (\d+);/g)]
  .filter(([, kind]) => !/^(first|last)_/.test(kind)).map(([, kind, number]) => [name, kind, Number(number)]));

test('no two kinds of records are equal', () => {
  assert.ok(kinds.length > 80);
  assertUnique('record kind', kinds.map(([file, kind, number]) => [`${file} ${kind}`, number]));
});

const page = (name) => fs.readFileSync(path.join(root, 'docs/formats', name), 'utf8');
/** "60 to 64, 66" -> [[60, 64], [66, 66]]. */
const rangesOf = (text) => text.split(', ').map((each) => {
  const [, from, to = from] = /^(\d+)(?: to (\d+))?$/.exec(each) ?? assert.fail(`no numbers: ${each}`);
  return [Number(from), Number(to)];
});
const isIn = (ranges, number) => ranges.some(([from, to]) => from <= number && number <= to);

test('record.md says of every kind of records whose it is and where it is described', () => {
  const [, table] = /\n\| kind \| payload \| owner \|\n\|[-|]+\|\n((?:\|.*\|\n)+)/.exec(page('record.md')) ?? assert.fail('no table of kinds');
  const rows = table.trim().split('\n').map((line) => {
    const [numbers, payload, owner] = line.split('|').slice(1, -1).map((each) => each.trim());
    return { ranges: rangesOf(numbers), payload, owner };
  });
  for (const [file, kind, number] of kinds) {
    const fitting = rows.filter(({ ranges }) => isIn(ranges, number));
    assert.equal(fitting.length, 1, `${kind} of ${file}, ${number}, stands in ${fitting.length} rows`);
    const [{ payload, owner }] = fitting;
    assert.equal(owner, file.split('/')[0], `the owner of ${kind}, ${number}`);
    const [, document] = /\(([\w-]+\.md)\)$/.exec(payload) ?? [];
    if (!document) continue;  // one of the engine's, described on this page
    const [, numbers] = /payloads? of \[records\]\(record\.md\)(?: of kind)? ((?:\d+(?: to \d+)?(?:, | and )?)+)/.exec(page(document)) ?? assert.fail(`${document} names no kinds`);
    assert.ok(isIn(rangesOf(numbers.replace(/[^\d]+$/, '').replaceAll(' and ', ', ')), number), `${document} leaves out ${kind}, ${number}`);
  }
});
