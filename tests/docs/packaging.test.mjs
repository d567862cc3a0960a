// What is packed with the program fits it: the dashboard asks for metrics that there are, and the file of settings names every
// option of `serve` and no other.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

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
