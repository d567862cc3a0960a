// TLS by itself, as clients, operators and the commands on its machine see it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import test, { after, before } from 'node:test';
import tls from 'node:tls';

import { expire, makeCertificate, writeCertificate } from '../support/certificates.mjs';
import { request } from '../support/http.mjs';
import { assertVerifies, binary, eventually, run, Server, temporaryDirectory } from '../support/server.mjs';

const directory = temporaryDirectory('jangbu-tls-');
const files = makeCertificate(directory);

let server;
before(async () => {
  server = await Server.start({ tls: files });
});
after(async () => {
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** The common name of the certificate that a new connection is shown. */
async function shown() {
  const socket = tls.connect({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
}

/** One metric of the server. */
async function metric(name) {
  const { text } = await server.request('GET', '/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)[1]);
}

/** Sends SIGHUP and waits for what the server says of it. */
async function reload(line) {
  const before = server.log.length;
  process.kill(server.pid, 'SIGHUP');
  await eventually(`the log says ${line}`, () => line.test(server.log.slice(before)) || undefined);
}

/** What `serve` says when it does not start: {code, stderr}. */
function refused(...args) {
  const { status, stderr } = spawnSync(binary, ['serve', '--data', temporaryDirectory(), '--listen', '127.0.0.1:0', ...args],
    { encoding: 'utf8', timeout: 20_000 });
  return { code: status, stderr };
}

check('a client that knows the certificate is served, many times over one connection', async () => {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: fs.readFileSync(files.cert) });
  const connections = new Set();
  agent.on('free', (socket) => connections.add(socket));
  for (let i = 0; i < 20; ++i) {
    const answer = await server.request('GET', '/readyz', { agent });
    assert.equal(answer.json().status, 'ready');
    assert.equal(answer.headers['strict-transport-security'], undefined, 'nobody said that the public URL is https');
  }
  assert.equal(connections.size, 1);
  const [socket] = connections;
  assert.equal(socket.getProtocol(), 'TLSv1.3');
  assert.ok(socket.authorized);
  agent.destroy();
  await assert.rejects(request(server.baseUrl, 'GET', '/readyz'), /self.signed/);
});

check('its own URLs are https, and its cookies for that alone', async () => {
  assert.equal(server.sandbox.base_url, server.baseUrl);
  assert.match(server.log, new RegExp(`listening on ${server.baseUrl}`));
  const { email, password } = server.sandbox.operator;
  const answer = await server.request('POST', '/api/session', { body: { email, password } });
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers['set-cookie'][0], /; Secure(;|$)/);
});

check('long bodies are read, and refused, as in the clear', async () => {
  const headers = { Authorization: server.sandbox.purchase.access_key };
  const long = await server.request('POST', '/v1/tx/purchase/new', { headers, body: { note: 'x'.repeat(900_000) } });
  assert.equal(long.status, 200, long.text);
  assert.notEqual(long.json().code, 0);
  const over = await server.request('POST', '/v1/tx/purchase/new', { headers, body: { note: 'x'.repeat(8_000_000) } });
  assert.equal(over.status, 413);
});

check('HTTP in the clear and noise are closed, counted, and not worth a line', async () => {
  const before = await metric('jangbu_tls_handshakes_failed_total');
  const lines = server.log;
  for (const bytes of ['GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n', Buffer.alloc(100_000, 7), Buffer.from([0x16, 3, 1, 0xff, 0xff, 1])]) {
    const socket = net.connect(server.port, '127.0.0.1');
    let heard = Buffer.alloc(0);
    socket.on('data', (data) => (heard = Buffer.concat([heard, data]))).on('error', () => {});
    socket.write(bytes);
    if (bytes.length < 10) socket.end();
    await once(socket, 'close');
    assert.doesNotMatch(heard.toString('latin1'), /HTTP/);
  }
  assert.equal(await metric('jangbu_tls_handshakes_failed_total'), before + 3);
  assert.equal(server.log, lines);
});

check('the commands of this machine know the server by its key', async () => {
  const listed = await run('operator', 'list', '--data', server.directory);
  assert.equal(listed.code, 0, listed.stderr);
  const ready = await run('doctor', '--data', server.directory, '--only', 'server');
  assert.match(ready.stdout, new RegExp(`^good +server +the server ${server.baseUrl} is ready`));

  const control = JSON.parse(fs.readFileSync(path.join(server.directory, 'control.json'), 'utf8'));
  assert.match(control.pin, /^sha256\/\/[A-Za-z0-9+/]{43}=$/);
  const elsewhere = temporaryDirectory();
  fs.writeFileSync(path.join(elsewhere, 'control.json'), JSON.stringify({ ...control, pin: `sha256//${'A'.repeat(43)}=` }));
  const other = await run('operator', 'list', '--data', elsewhere);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /public key/, 'another server at its address gets no token');
});

check('SIGHUP reads the certificate again, and connections stay', async () => {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: fs.readFileSync(files.cert) });
  const connections = new Set();
  agent.on('free', (socket) => connections.add(socket));
  assert.equal((await server.request('GET', '/readyz', { agent })).status, 200);
  const expiry = await metric('jangbu_tls_certificate_expiry_timestamp_seconds');
  assert.equal(await shown(), 'localhost');

  writeCertificate(files, 'renewed', 30);
  await reload(/tls: the certificate for localhost is good until /);
  assert.equal(await shown(), 'renewed');
  assert.ok((await metric('jangbu_tls_certificate_expiry_timestamp_seconds')) > expiry + 28 * 86_400);
  assert.equal((await server.request('GET', '/readyz', { agent })).status, 200);
  assert.equal(connections.size, 1, 'the connection is the same');
  const listed = await run('operator', 'list', '--data', server.directory);
  assert.equal(listed.code, 0, listed.stderr);

  const good = fs.readFileSync(files.key);
  writeCertificate({ cert: path.join(directory, 'other.pem'), key: files.key }, 'other');
  await reload(/tls: the certificate stays as it was: the key in .* does not belong to the certificate in /);
  assert.equal(await shown(), 'renewed');
  fs.rmSync(files.key);
  await reload(/tls: the certificate stays as it was: cannot read .*: No such file or directory/);
  assert.equal(await shown(), 'renewed');
  fs.writeFileSync(files.key, good);
  await reload(/tls: the certificate for localhost is good until /);
  agent.destroy();
});

check('what it cannot prove who it is with, it does not start with', () => {
  const own = makeCertificate(directory, 'own');
  const other = makeCertificate(directory, 'stranger');
  const missing = path.join(directory, 'missing.pem');
  const rows = [
    [['--tls-cert', own.cert], /--tls-cert and --tls-key go together/],
    [['--tls-key', own.key], /--tls-cert and --tls-key go together/],
    [['--tls-cert', missing, '--tls-key', own.key], /cannot read \S*missing\.pem: No such file or directory/],
    [['--tls-cert', own.cert, '--tls-key', missing], /cannot read \S*missing\.pem: No such file or directory/],
    [['--tls-cert', own.key, '--tls-key', own.key], /own\.key is no certificate in PEM/],
    [['--tls-cert', own.cert, '--tls-key', own.cert], /own\.pem is no private key in PEM/],
    [['--tls-cert', own.cert, '--tls-key', other.key], /the key in \S*stranger\.key does not belong to the certificate in \S*own\.pem/],
    [['--peer-ca', own.key], /own\.key holds no certificate in PEM/],
  ];
  for (const [args, why] of rows) {
    const { code, stderr } = refused(...args);
    assert.equal(code, 1, args.join(' '));
    assert.match(stderr, why);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});

check('an expired certificate is served, and said to be', async () => {
  const old = makeCertificate(directory, 'old');
  expire(old);
  const settings = path.join(directory, 'old.toml');
  fs.writeFileSync(settings, `tls-cert = "${old.cert}"\ntls-key = "${old.key}"\npublic-url = "https://shop.example"\n`);
  const late = await Server.start({ tls: old, args: ['--public-url', 'https://shop.example'] });
  try {
    assert.match(late.log, /tls: the certificate for localhost expired at /);
    const answer = await new Promise((resolve, reject) => {
      https.get(`${late.baseUrl}/readyz`, { rejectUnauthorized: false }, resolve).on('error', reject);
    });
    answer.resume();
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
    const sick = await run('doctor', '--data', late.directory, '--config', settings, '--only', 'certificate,server');
    assert.equal(sick.code, 1);
    assert.match(sick.stdout, /^bad +certificate +the certificate expired at /m);
    assert.match(sick.stdout, /^bad +certificate +the certificate is not for shop\.example of the public-url$/m);
    assert.match(sick.stdout, /^good +server /m);
  } finally {
    await late.stop();
  }
});

check('SIGHUP ends no server, with TLS or without', async () => {
  const plain = await Server.start();
  try {
    process.kill(plain.pid, 'SIGHUP');
    await eventually('a line in the log', () => /there is no certificate to be read again/.test(plain.log) || undefined);
    assert.equal((await plain.request('GET', '/readyz')).status, 200);
  } finally {
    await plain.stop();
  }
});
