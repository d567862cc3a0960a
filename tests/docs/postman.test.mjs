// api/postman_collection.json is what tools/postman makes of the description, and its requests go through as they stand: what
// Postman does with variables, scripts and credentials is done here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

import YAML from 'yaml';

import { Server } from '../support/server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const collection = JSON.parse(fs.readFileSync(path.join(root, 'api/postman_collection.json'), 'utf8'));
const description = YAML.parse(fs.readFileSync(path.join(root, 'api/openapi.yaml'), 'utf8'));

test('the collection is what the description says', () => {
  execFileSync(process.execPath, [path.join(root, 'tools/postman'), '--check'], { stdio: 'pipe' });
});

test('it has the form of a collection 2.1', () => {
  assert.equal(collection.info.schema, 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json');
  const described = Object.entries(description.paths).flatMap(([route, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${route}`));
  const asked = new Set();
  for (const folder of collection.item) {
    for (const { name, request, response } of folder.item) {
      assert.ok(name && request.description && Array.isArray(response), folder.name);
      assert.deepEqual(request.url.host, ['{{baseUrl}}']);
      asked.add(`${request.method} /${request.url.path.map((step) => step.replace(/:(\w+)/g, '{$1}')).join('/')}`);
    }
  }
  assert.deepEqual([...asked].sort(), described.sort());
});

/** What the scripts use of crypto-js, over Node.js' own. */
const cryptoJs = {
  enc: { Base64: { stringify: (bytes) => bytes.toString('base64') }, Utf8: { parse: (text) => Buffer.from(text) } },
  HmacSHA256: (text, key) => crypto.createHmac('sha256', key).update(text).digest(),
};

let server;
let variables;
before(async () => {
  server = await Server.start();
  const { hub, reviewer, purchase, invoice } = server.sandbox;
  const { token } = JSON.parse(fs.readFileSync(path.join(server.directory, 'control.json'), 'utf8'));
  variables = new Map([
    ...collection.variable.map(({ key, value }) => [key, value]),
    ['baseUrl', server.baseUrl], ['accessKey', purchase.access_key], ['operator', token],
    ['serviceJwtCode', hub.service_code], ['serviceJwtSecret', hub.shared_secret],
    ['reviewerJwtCode', reviewer.service_code], ['reviewerJwtSecret', reviewer.shared_secret],
    ['invoiceKeysUser', invoice.client_key], ['invoiceKeysPassword', invoice.secret_key],
  ]);
});
after(() => server?.stop());

const filled = (text) => text.replace(/\{\{(\$?\w+)\}\}/g, (_, name) => (name === '$guid' ? crypto.randomUUID() : variables.get(name) ?? assert.fail(`{{${name}}} has no value`)));

function authorization({ type, [type]: parts }) {
  const value = (key) => filled(parts.find((part) => part.key === key).value);
  if (type === 'bearer') return { Authorization: `Bearer ${value('token')}` };
  if (type === 'basic') return { Authorization: `Basic ${Buffer.from(`${value('username')}:${value('password')}`).toString('base64')}` };
  assert.equal(type, 'noauth');
  return {};
}

/** Sends an item as Postman does. */
function send({ request, event = [] }) {
  for (const { script } of event) {
    const pm = { variables: { get: (name) => variables.get(name), set: (name, value) => variables.set(name, value), replaceIn: filled } };
    vm.runInNewContext(script.exec.join('\n'), { pm, require: (name) => (name === 'crypto-js' ? cryptoJs : assert.fail(name)) });
  }
  const steps = request.url.path.map((step) => step.replace(/:(\w+)/g, (_, name) => encodeURIComponent(request.url.variable.find(({ key }) => key === name).value)));
  const query = (request.url.query ?? []).filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${encodeURIComponent(value)}`);
  const headers = Object.fromEntries(request.header.filter(({ disabled }) => !disabled).map(({ key, value }) => [key, filled(value)]));
  return server.request(request.method, `/${steps.join('/')}${query.length ? `?${query.join('&')}` : ''}`, {
    headers: { ...headers, ...authorization(request.auth) }, ...(request.body ? { body: request.body.raw } : {}),
  });
}

test('every request is taken for whose it is', { timeout: 120_000 }, Server.logged(() => server, async () => {
  // What a page's session opens, and what opens a session.
  const people = new Set(['partner', 'checkout']);
  let sent = 0;
  for (const folder of collection.item) {
    for (const item of folder.item) {
      if (people.has(folder.name) || item.request.url.path.join('/') === 'api/session') continue;
      const answer = await send(item);
      // A charge key is no credential: that none was given out is told with 403, whoever asks.
      if (/"error_code":"CHARGE_KEY_REVOKED"/.test(answer.text)) continue;
      assert.ok(![401, 403, 405].includes(answer.status), `${folder.name}: ${item.name}: ${answer.status} ${answer.text}`);
      assert.doesNotMatch(answer.text, /^\{"code":3051/, item.name);
      sent++;
    }
  }
  assert.ok(sent > 80, `${sent} requests`);
}));
