// The browser SDK as an npm package: what is published is what the server serves, and a project can use it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { binary, Server, temporaryDirectory } from '../support/server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const built = path.join(path.dirname(binary), 'web/sdk');

const consumer = `
import commerce, { CommerceError, configure, requestInvoice, requestCheckout, type InvoiceResult } from '@jangbu/commerce';

configure({ base_url: 'https://pay.example', client_key: 'ck' });
export async function pay(): Promise<number> {
  const result: InvoiceResult = await requestInvoice({ request_id: 'order-7' });
  const again: InvoiceResult = await requestCheckout({ request_id: 'order-7', extra: { open_type: 'redirect' } }, { base_url: 'https://other.example' });
  return result.price + again.price;
}
export const codeOf = (error: unknown): string | null => (error instanceof CommerceError ? error.code : null);
export const version: string = commerce.version;
// @ts-expect-error: without a request_id there is nothing to match
void requestInvoice({ client_key: 'ck' });
`;

const script = `
import commerce, * as all from '@jangbu/commerce';
const refusal = await all.requestInvoice({ request_id: 'order-7' }).catch((error) => error);
console.log(JSON.stringify({ names: Object.keys(all).sort(), version: commerce.version, code: refusal.code, isOne: refusal instanceof all.CommerceError }));
`;

test('npm pack, install, types, import', { timeout: 120_000 }, async () => {
  const directory = temporaryDirectory('jangbu-sdk-');
  const npm = (...args) => execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: directory, encoding: 'utf8' });
  const [packed] = JSON.parse(npm('pack', built, '--json'));
  assert.deepEqual(packed.files.map((file) => file.path).sort(), ['README.md', 'dist/commerce.d.ts', 'dist/commerce.js', 'dist/commerce.mjs', 'package.json']);
  fs.writeFileSync(path.join(directory, 'package.json'), '{"name":"shop","private":true,"type":"module"}');
  npm('install', `./${packed.filename}`);

  fs.writeFileSync(path.join(directory, 'shop.ts'), consumer);
  execFileSync(process.execPath, [path.join(root, 'web/node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2020', '--module', 'nodenext', '--moduleResolution', 'nodenext', 'shop.ts'], { cwd: directory, encoding: 'utf8' });

  // On a server that renders the shop's pages there is no window: the import must do no harm.
  fs.writeFileSync(path.join(directory, 'shop.mjs'), script);
  assert.deepEqual(JSON.parse(execFileSync(process.execPath, ['shop.mjs'], { cwd: directory, encoding: 'utf8' })), {
    names: ['BootpayCommerce', 'CommerceError', 'JangbuCommerce', 'configure', 'default', 'requestCheckout', 'requestCheckoutUrl', 'requestInvoice', 'setEnvironmentMode', 'version'],
    version: packed.version,
    code: 'CLIENT_KEY_MISSING',
    isOne: true,
  });
});

test('the server serves what is published', { timeout: 60_000 }, async () => {
  const server = await Server.start();
  try {
    for (const name of ['commerce.js', 'commerce.mjs', 'commerce.d.ts']) {
      const answer = await server.request('GET', `/sdk/${name}`);
      assert.equal(answer.status, 200);
      assert.equal(answer.text, fs.readFileSync(path.join(built, 'dist', name), 'utf8'));
      assert.equal(answer.headers['access-control-allow-origin'], '*');
      assert.equal(answer.headers['cross-origin-resource-policy'], 'cross-origin');
      const again = await server.request('GET', `/sdk/${name}`, { headers: { 'If-None-Match': answer.headers.etag } });
      assert.deepEqual([again.status, again.text], [304, '']);
    }
    const { version } = JSON.parse(fs.readFileSync(path.join(built, 'package.json'), 'utf8'));
    const kept = await server.request('GET', `/sdk/commerce.js?v=${version}`);
    assert.match(kept.headers['cache-control'], /immutable/);
    assert.ok(kept.text.startsWith(`/* @jangbu/commerce ${version} */`));
    assert.doesNotMatch((await server.request('GET', '/sdk/commerce.js?v=0.9.0')).headers['cache-control'], /immutable/);
    assert.equal((await server.request('GET', '/sdk/other.js')).status, 404);
  } finally {
    await server.stop();
  }
});
