// The commands of README.md work as they stand there: its marked blocks run in one shell, in a directory that looks like this
// project with a server started in it. README.ko.md has the same commands.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import { binary, Server, temporaryDirectory } from '../support/server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const shownUrl = 'http://127.0.0.1:8080';

/** Name -> commands of the blocks that are marked <!-- tested: name -->, in order. */
function testedBlocks(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const marks = [...text.matchAll(/^<!-- tested: (\w+) -->$/gm)].length;
  const blocks = [...text.matchAll(/^<!-- tested: (\w+) -->\n```sh\n([\s\S]*?)^```$/gm)].map(([, name, commands]) => [name, commands]);
  assert.equal(blocks.length, marks, `${file}: a mark stands before a block of sh`);
  return new Map(blocks);
}

const blocks = testedBlocks('README.md');

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

test('the commands of the README work', { timeout: 60_000 }, Server.logged(() => server, () => {
  const project = temporaryDirectory('jangbu-readme-');
  fs.mkdirSync(path.join(project, 'build/release'), { recursive: true });
  fs.symlinkSync(binary, path.join(project, 'build/release/jangbu'));
  fs.symlinkSync(path.join(root, 'docs'), path.join(project, 'docs'));
  fs.symlinkSync(server.directory, path.join(project, 'data'));

  const end = '==== end of a block ====';
  const script = [...blocks.values()].map((commands) => `${commands}echo; echo '${end}'`).join('\n').replaceAll(shownUrl, server.baseUrl);
  const printed = execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const outputs = printed.split(end);
  const output = Object.fromEntries([...blocks.keys()].map((name, i) => [name, outputs[i].trim()]));

  const { code, data } = JSON.parse(output.record);
  assert.equal(code, 0, output.record);
  assert.equal(data.tx.purchaseId, '913131705292050109');
  assert.equal(data.tx.signer, server.sandbox.purchase.signer);
  assert.equal(data.loyalty.account.loyaltyToBeProvided, '1895600000000000000000');

  assert.match(output.verify, /^verified receipt: purchase 913131705292050109 is transaction 0 of block 1, signed by 0x/m);
  assert.match(output.verify, /^verified \d+ records and \d+ rows; epoch 1, head 0x[0-9a-f]{64}$/m);

  const [now, status, balance, ...rest] = output.clock.split('\n');
  assert.match(now, /^\{"now":"\d{4}-\d\d-\d\dT[\d:.]+Z"\}$/);
  assert.equal(status, '"status":"provided"');
  assert.equal(balance, '"currentBalance":"1895600000000000000000"');
  assert.deepEqual(rest, []);
}));

test('the Korean README has the same commands', () => {
  assert.deepEqual(testedBlocks('README.ko.md'), blocks);
});

test('the documents link to files that exist', () => {
  const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  assert.ok(documents.includes('README.md'));
  for (const document of documents) {
    const text = fs.readFileSync(path.join(root, document), 'utf8');
    for (const [, target] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      assert.ok(fs.existsSync(path.join(root, path.dirname(document), target)), `${document} links to ${target}`);
    }
  }
});
