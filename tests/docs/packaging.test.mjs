// What is packed with the program fits it: the dashboard asks for metrics that there are, the file of settings names every
// option of `serve` and no other, and the documents have what they link to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import { deadLinks } from '../support/documents.mjs';
import { run, Server, temporaryDirectory } from '../support/server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

test('the dashboard asks for metrics that there are, with labels that they have', async () => {
  // One delivery, so that metrics with labels have them.
  await run('trigger', 'order.paid', '--data', server.directory);
  const metrics = (await server.request('GET', '/metrics')).text;
  const known = new Map();
  for (const [, name, labels = ''] of metrics.matchAll(/^(jangbu_\w+)(?:\{([^}]*)\})? /gm))
    known.set(name, new Set([...(known.get(name) ?? []), ...[...labels.matchAll(/(\w+)="/g)].map(([, label]) => label)]));
  const dashboard = JSON.parse(read('packaging/grafana/jangbu.json'));
  const questions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  assert.ok(questions.length > 10);
  for (const question of questions) {
    const names = question.match(/jangbu_\w+/g);
    assert.ok(names, question);
    for (const name of names) assert.ok(known.has(name), `${name} is not among the metrics`);
    const labels = [...question.matchAll(/by \(([\w, ]+)\)/g)].flatMap(([, list]) => list.split(/, */));
    const has = new Set(names.flatMap((name) => [...known.get(name)]));
    for (const label of labels) assert.ok(has.has(label), `${question}: nothing has the label ${label}`);
  }
});

test('the packaged settings name every option of serve, and start a server', async () => {
  const text = read('packaging/jangbu.toml');
  const named = [...text.matchAll(/^#?([a-z][a-z-]*) = /gm)].map(([, name]) => name);
  const shown = JSON.parse((await run('config', 'show', '--json', path.join(root, 'packaging/jangbu.toml'))).stdout);
  assert.deepEqual(named.sort(), Object.keys(shown).filter((name) => !name.startsWith('JANGBU_')).sort());

  // All of the examples behind a # are good, too.
  const file = path.join(temporaryDirectory(), 'all.toml');
  fs.writeFileSync(file, text.replace(/^#([a-z][a-z-]* = )/gm, '$1'));
  const checked = await run('config', 'check', file);
  assert.equal(checked.code, 0, checked.stderr);
});

test('the unit starts what is packed', () => {
  const unit = read('packaging/debian/jangbu.service');
  assert.match(unit, /^ExecStart=\/usr\/bin\/jangbu serve --config \/etc\/jangbu\/jangbu\.toml$/m);
  assert.match(unit, /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  assert.match(unit, /^Type=notify$/m);
  assert.match(read('packaging/jangbu.toml'), /^data = "\/var\/lib\/jangbu"$/m);
  assert.match(read('tools/deb'), /conffiles/);
});

/** The Markdown documents below a directory. */
function documentsOf(directory) {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return documentsOf(path.join(directory, entry.name)).map((name) => path.join(entry.name, name));
    return entry.name.endsWith('.md') ? [entry.name] : [];
  });
}

test('the documents of the project link to what there is', () => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' });
  const documents = listed.split('\n').filter((name) => name && fs.existsSync(path.join(root, name)));
  let links = 0;
  const dead = documents.flatMap((document) => deadLinks(root, document, (count) => (links += count)));
  assert.deepEqual(dead, []);
  assert.ok(documents.includes('README.md') && links > 250, `${links} links of ${documents.length} documents`);
});

test('the documents of the package link to what is in it', () => {
  const tree = temporaryDirectory('jangbu-package-');
  execFileSync(path.join(root, 'tools/deb'), ['--documents', tree], { stdio: 'pipe' });
  const place = path.join(tree, 'usr/share/doc/jangbu');
  const documents = documentsOf(place);
  for (const name of ['README.md', 'README.ko.md', 'docs/operating.md', 'docs/guide-purchase.md', 'docs/formats/record.md'])
    assert.ok(documents.includes(name), `${name} is not installed`);
  assert.deepEqual(documents.flatMap((document) => deadLinks(place, document)), []);
  // The paths by which pages and the unit name what is installed, and the files that commands of the documents read.
  const named = [read('packaging/debian/jangbu.service'), ...documents.map((name) => fs.readFileSync(path.join(place, name), 'utf8'))].join('\n');
  const installed = [...named.matchAll(/\/usr\/share\/doc\/jangbu\/[\w./-]+\w/g)].map(([name]) => name);
  const examples = [...named.matchAll(/@(docs\/[\w./-]+\w)/g)].map(([, name]) => path.join('/usr/share/doc/jangbu', name));
  assert.ok(installed.length > 1 && examples.length > 1, `${installed} ${examples}`);
  for (const name of [...installed, ...examples]) assert.ok(fs.existsSync(path.join(tree, name)), `${name} is not installed`);
});
