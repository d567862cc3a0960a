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

test('no two kinds of records are equal', () => {
  const kinds = sources.flatMap(({ name, text }) => [...text.matchAll(/\bRecordKind (\w+_kind) = (\d+);/g)]
    .filter(([, kind]) => !/^(first|last)_/.test(kind)).map(([, kind, number]) => [`${name} ${kind}`, Number(number)]));
  assert.ok(kinds.length > 80);
  assertUnique('record kind', kinds);
});
