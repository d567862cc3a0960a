// A Korean operator reads Korean: every code and every sentence with which the operator's routes refuse has a Korean one in
// web/src/base/refusals.ts. The sentences are read from the sources that make them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const read = (...parts) => fs.readFileSync(path.join(root, ...parts), 'utf8');

const { outputText } = ts.transpileModule(read('web/src/base/refusals.ts'), { compilerOptions: { module: 'ES2022', target: 'ES2022' } });
const { codes, sentences, rules, koreanRule, koreanSentence, patternOf } = await import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`);

/** Folders whose refusals an operator may hear. */
const folders = ['console', 'door', 'hub', 'invoice', 'affiliate', 'purchase', 'delivery'];

/** Sources of theirs that no operator's route comes to, and who hears them instead. */
const elsewhere = {
  'hub/onboard.cpp': 'sales sites',
  'hub/portal.cpp': 'partners',
  'hub/reviewers.cpp': 'reviewers’ apps',
  'hub/wire_read.cpp': 'apps',
  'invoice/browser_call.cpp': 'shops’ pages',
  'invoice/invoices.cpp': 'sellers',
  'invoice/pdf_canvas.cpp': 'sellers',
  'invoice/price_form.cpp': 'sellers',
  'invoice/products.cpp': 'sellers',
  'invoice/routes_browser.cpp': 'shops’ pages',
  'invoice/routes_checkout.cpp': 'customers',
  'invoice/routes_subscriptions.cpp': 'sellers',
  'invoice/subscription_wire_read.cpp': 'sellers',
  'invoice/wire_json.cpp': 'sellers',
  'invoice/wire_query.cpp': 'sellers',
  'invoice/wire_query.h': 'sellers',
  'invoice/wire_read.cpp': 'sellers',
  'affiliate/reconcile.cpp': 'the log',
  'purchase/decide.cpp': 'shop systems',
  'purchase/signers.cpp': 'the log',
  'purchase/wire_read.cpp': 'shop systems',
  'console/system_routes.cpp': 'the terminal',
  'delivery/message.cpp': 'who starts the server',
  'delivery/sandbox_inbox.cpp': 'developers',
  'delivery/template.cpp': 'the log',
};

/** What these say is for the log or the terminal: an operator hears what their code means. */
const saidByCode = new Set(['database_corrupt', 'internal', 'verification_failed', 'invalid_encoding']);

const sourceFiles = [
  ...folders.flatMap((folder) => fs.readdirSync(path.join(root, 'src', folder)).map((name) => `${folder}/${name}`)),
  'http/json_body.cpp',
  'http/tries.cpp',
  'payment/state.cpp',
  'ledger/book.cpp',
  'ledger/queries.cpp',
].filter((name) => /\.(cpp|h)$/.test(name) && !/_test\.cpp$|_fuzz\.cpp$|\/test_|explain/.test(name));

/** The arguments of a call, of which `source` has begun to be read behind its bracket. */
function argumentsAt(source, start) {
  const found = [''];
  let depth = 1;
  for (let at = start; at < source.length; at++) {
    const raw = /^R"\(([\s\S]*?)\)"/.exec(source.slice(at));
    const text = raw ?? /^"(?:[^"\\]|\\.)*"/.exec(source.slice(at));
    if (text) {
      found[found.length - 1] += raw ? JSON.stringify(raw[1]) : text[0];
      at += text[0].length - 1;
      continue;
    }
    const letter = source[at];
    if ('([{'.includes(letter)) depth++;
    if (')]}'.includes(letter) && --depth === 0) break;
    if (letter === ',' && depth === 1) found.push('');
    else found[found.length - 1] += letter;
  }
  return found.map((each) => each.trim());
}

/** What an expression of C++ says, with 7 for what is put in at run time; nothing when it has no words of its own. */
function said(expression = '') {
  const parts = expression.match(/"(?:[^"\\]|\\.)*"|[^"]+/g) ?? [];
  if (!parts.some((part) => part.startsWith('"'))) return null;
  return parts.map((part) => (part.startsWith('"') ? JSON.parse(part.replace(/\\'/g, "'")) : part.replace(/std::string\($|^\)|[\s+]/g, '') === '' ? '' : '7')).join('');
}

/** All that a source says when it refuses: [text, whether it is said of a member]. */
function refusalsOf(name) {
  const whole = read('src', name);
  // Of the links that shoppers follow, operators hear of the gateway alone.
  const source = name === 'affiliate/click_link.cpp' ? /Status check_gateway_template\([\s\S]*?\n}\n/.exec(whole)[0] : whole;
  const found = [];
  const each = (pattern, take) => {
    for (const match of source.matchAll(pattern)) take(argumentsAt(source, match.index + match[0].length), match);
  };
  const put = (text, ofMember) => text !== null && found.push([text, ofMember]);
  each(/\bError(?:\s+\w+)?[({](?=\s*Errc::)/g, ([code, words]) => !saidByCode.has(code.slice('Errc::'.length)) && put(said(words), /^"must /.test(words ?? '')));
  each(/\b(?:fail|fault|add)\((?=\s*(?:"[\w-]+"|[\w.]*name)\s*,)/g, (given) => put(said(given.at(-1)), true));
  each(/\bstate_error\(/g, ([words]) => put(said(words), false));
  each(/\bbad\(/g, ([words]) => put(said(words), true));
  each(/\bwrong_url\(/g, ([words]) => put(said(words) && `the URL ${said(words)}`, true));
  for (const [, words] of source.matchAll(/\bwhy = ("[^"]*")/g)) put(said(words), true);
  if (name === 'invoice/subscription_decide.cpp') each(/\bfault\(/g, ([words]) => put(said(words), false));
  if (name === 'console/queries.cpp') each(/\bwrong\(/g, ([words]) => put(said(words) && `must be ${said(words)}`, true));
  if (['hub/password_rules.cpp', 'affiliate/click_wire.cpp'].includes(name))
    for (const [, words] of source.matchAll(/return ("[^"]* [^"]*")/g)) put(said(words), true);
  return found;
}

/** Where another text is put in as a whole: each such text is looked at where it is made. */
const madeOfOthers = new Set(['7 7', '7 must be 7', 'password 7', 'the URL 7', 'must be 7', '7string7', '7number7', '7object7']);

const all = sourceFiles.filter((name) => !(name in elsewhere)).flatMap((name) => refusalsOf(name).map(([text, ofMember]) => ({ name, text, ofMember })))
  .filter(({ text }) => !madeOfOthers.has(text));

test('every sentence with which an operator’s route refuses has a Korean one', () => {
  assert.ok(all.length > 150, `only ${all.length} were found`);
  const missing = all.filter(({ text, ofMember }) => (ofMember ? koreanRule(text) === text : koreanSentence(text) === null));
  assert.deepEqual([...new Set(missing.map(({ name, text, ofMember }) => `${name}: ${ofMember ? 'rule' : 'sentence'} “${text}”`))], []);
});

test('every code of the catalogue has Korean words, and there is no other', () => {
  const catalogue = [...read('src/base/error_catalogue.def').matchAll(/^JANGBU_ERROR\(\w+, \w+, "(\w+)"/gm)].map(([, code]) => code);
  const ofStatus = [...read('src/http/api.cpp').matchAll(/\? "(\w+)"/g)].map(([, code]) => code);
  assert.ok(catalogue.length > 80 && ofStatus.length > 3);
  assert.deepEqual(Object.keys(codes).sort(), [...new Set([...catalogue, ...ofStatus])].sort());
});

test('what is said of a code alone is said in Korean too', () => {
  for (const [where, dictionary] of Object.entries({ codes, sentences, rules }))
    for (const [english, korean] of Object.entries(dictionary)) {
      assert.match(korean, /[가-힣]/, `${where}: ${english}`);
      assert.equal(korean.split('{}').length <= (where === 'codes' ? 1 : english.split('{}').length), true, `${where}: ${english} is given less than it says`);
    }
});

test('a source that is left out is there, and refuses something', () => {
  const useless = Object.keys(elsewhere).filter((name) => !sourceFiles.includes(name) || refusalsOf(name).length === 0);
  assert.deepEqual(useless, []);
});

test('templates take what the server puts in', () => {
  assert.equal(koreanSentence('the deposit does not cover this: required 206000, available 100, missing 205900'), '예치금이 부족합니다. 필요 206000원, 사용 가능 100원, 부족 205900원.');
  assert.equal(koreanSentence('limit must be a whole number from 1 to 100'), 'limit: 1부터 100까지의 정수여야 합니다.');
  assert.equal(koreanSentence('email: Invalid email'), 'email: 이메일 주소여야 합니다.');
  assert.equal(koreanSentence('nobody has said this before'), null);
  assert.equal(koreanRule('must be something new'), 'must be something new');
  assert.ok(patternOf('must be a list of {"code"}, {}').test('must be a list of {"code"}, $& (1)'));
});
