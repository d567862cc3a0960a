// Who gets through the hub's gate: tokens forged in every way that JWT has been forged, and tokens used twice.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import test, { after, before } from 'node:test';

import { App, assertPlain, guideClock, orderBody, serviceJwt } from '../support/hub.mjs';
import { assertVerifies, Server } from '../support/server.mjs';

let server;
let sales;

before(async () => {
  server = await Server.start({ clock: guideClock });
  sales = App.sales(server);
});
after(async () => {
  await server?.stop();
  if (server) await assertVerifies(server.directory);
});

const check = (name, body) => test(name, { timeout: 120_000 }, Server.logged(() => server, body));

const list = '/v1/external/pybk/campaigns';
const nowS = () => Math.floor(Date.now() / 1000);
const encoded = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const claims = (changes = {}) => ({
  iss: sales.credentials.service_code, sub: 'system', aud: '08l-hub', iat: nowS(), exp: nowS() + 300, jti: randomUUID(), ...changes,
});

/** A token by hand: header and claims are objects or the very text; `signature` is given the signing input. */
function made(header, payload, signature = hs256()) {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${signature(input)}`;
}
const hmac = (algorithm, key) => (input) => createHmac(algorithm, key).update(input).digest('base64url');
function hs256(key = sales?.credentials.shared_secret) {
  return (input) => hmac('sha256', key ?? sales.credentials.shared_secret)(input);
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicPem = publicKey.export({ type: 'spki', format: 'pem' });
const plain = { alg: 'HS256', typ: 'JWT' };

/** The same claims with one said twice, the second time otherwise. */
const twice = (name, value) => JSON.stringify(claims()).replace(/}$/, `,"${name}":${JSON.stringify(value)}}`);

// name, the code of the refusal, the token
const forgedRows = [
  ['alg none, unsigned', 'TOKEN_INVALID', () => made({ alg: 'none' }, claims(), () => '')],
  ['alg none, signed all the same', 'TOKEN_INVALID', () => made({ alg: 'none' }, claims())],
  ['alg in other letters', 'TOKEN_INVALID', () => made({ alg: 'hs256' }, claims())],
  ['no alg', 'TOKEN_MALFORMED', () => made({ typ: 'JWT' }, claims())],
  ['RS256 with a key of its own', 'TOKEN_INVALID', () => made({ alg: 'RS256' }, claims(), (input) => sign('sha256', input, privateKey).toString('base64url'))],
  ['HS256 with a public key as the secret', 'TOKEN_INVALID', () => made(plain, claims(), hmac('sha256', publicPem))],
  ['HS256 with an empty secret', 'TOKEN_INVALID', () => made(plain, claims(), hmac('sha256', ''))],
  ['HS384 with the right secret', 'TOKEN_INVALID', () => made({ alg: 'HS384' }, claims(), hmac('sha384', sales.credentials.shared_secret))],
  ['HS512 that calls itself HS256', 'TOKEN_INVALID', () => made(plain, claims(), hmac('sha512', sales.credentials.shared_secret))],
  ['the secret as the bytes that its digits spell', 'TOKEN_INVALID', () => made(plain, claims(), hmac('sha256', Buffer.from(sales.credentials.shared_secret, 'hex')))],
  ['another app\'s secret', 'TOKEN_INVALID', () => made(plain, claims(), hmac('sha256', server.sandbox.reviewer.shared_secret))],
  ['a header kid', 'TOKEN_INVALID', () => made({ ...plain, kid: '../../dev/null' }, claims())],
  ['a header jku', 'TOKEN_INVALID', () => made({ ...plain, jku: 'http://127.0.0.1:1/keys' }, claims())],
  ['a header jwk', 'TOKEN_INVALID', () => made({ ...plain, jwk: publicKey.export({ format: 'jwk' }) }, claims())],
  ['a header crit', 'TOKEN_INVALID', () => made({ ...plain, crit: ['b64'], b64: false }, claims())],
  ['alg twice', 'TOKEN_MALFORMED', () => made('{"alg":"none","alg":"HS256"}', claims())],
  ['iss twice', 'TOKEN_MALFORMED', () => made(plain, twice('iss', 'reviewer-app'))],
  ['exp twice', 'TOKEN_MALFORMED', () => made(plain, twice('exp', nowS() + 100))],
  ['jti twice', 'TOKEN_MALFORMED', () => made(plain, twice('jti', randomUUID()))],
  ['aud of somebody else', 'TOKEN_INVALID', () => made(plain, claims({ aud: 'new-admin' }))],
  ['no aud', 'TOKEN_MALFORMED', () => made(plain, claims({ aud: undefined }))],
  ['a life beyond 300 s', 'TOKEN_INVALID', () => made(plain, claims({ exp: nowS() + 400 }))],
  ['a life of years', 'TOKEN_INVALID', () => made(plain, claims({ exp: 9_999_999_999 }))],
  ['expired', 'TOKEN_EXPIRED', () => made(plain, claims({ iat: nowS() - 400, exp: nowS() - 100 }))],
  ['issued in the future', 'TOKEN_INVALID', () => made(plain, claims({ iat: nowS() + 100 }))],
  ['not valid yet', 'TOKEN_INVALID', () => made(plain, claims({ nbf: nowS() + 100 }))],
  ['no exp', 'TOKEN_MALFORMED', () => made(plain, claims({ exp: undefined }))],
  ['exp as text', 'TOKEN_MALFORMED', () => made(plain, claims({ exp: `${nowS() + 200}` }))],
  ['no jti', 'TOKEN_MALFORMED', () => made(plain, claims({ jti: undefined }))],
  ['an empty jti', 'TOKEN_MALFORMED', () => made(plain, claims({ jti: '' }))],
  ['no iss', 'TOKEN_MALFORMED', () => made(plain, claims({ iss: undefined }))],
  ['a changed claim under the old signature', 'TOKEN_INVALID', () => {
    const [header, , signature] = made(plain, claims()).split('.');
    return `${header}.${encoded(claims())}.${signature}`;
  }],
  // 43 characters are 32 bytes and some bits; three fewer are 30 bytes exactly, in a form that nothing is wrong with.
  ['a signature cut short', 'TOKEN_INVALID', () => made(plain, claims()).slice(0, -3)],
  ['a fourth part', 'TOKEN_MALFORMED', () => `${made(plain, claims())}.x`],
  ['two parts', 'TOKEN_MALFORMED', () => made(plain, claims()).split('.').slice(0, 2).join('.')],
  ['base64 with padding', 'TOKEN_MALFORMED', () => `${made(plain, claims())}=`],
  ['no JSON', 'TOKEN_MALFORMED', () => `${encoded('x')}.${encoded('y')}.z`],
  ['9 KiB', 'TOKEN_MALFORMED', () => made(plain, claims({ pad: 'x'.repeat(9000) }))],
];
for (const [name, code, token] of forgedRows) {
  check(`refused: ${name}`, async () => {
    assertPlain(await sales.get(list, { token: token() }), 401, code);
    // What writes is behind the same gate, and nothing comes of it.
    const before = (await sales.expect(200, 'GET', '/v1/pay/orders?limit=1')).orders[0]?.orderCode;
    assertPlain(await sales.post('/v1/pay/orders', orderBody(), { token: token() }), 401, code);
    assert.equal((await sales.expect(200, 'GET', '/v1/pay/orders?limit=1')).orders[0]?.orderCode, before);
  });
}

// name, the token
const acceptedRows = [
  ['as the guide makes it', () => serviceJwt(sales.credentials)],
  ['without typ and iat', () => made({ alg: 'HS256' }, claims({ iat: undefined }))],
  ['with a list of audiences', () => made(plain, claims({ aud: ['other', '08l-hub'] }))],
  ['with claims of its own', () => made(plain, claims({ scope: 'all' }))],
  ['from a clock that is some seconds behind', () => made(plain, claims({ iat: nowS() - 310, exp: nowS() - 10 }))],
  ['from a clock that is some seconds ahead', () => made(plain, claims({ iat: nowS() + 10, exp: nowS() + 310 }))],
];
for (const [name, token] of acceptedRows) {
  check(`accepted: ${name}`, async () => {
    const answer = await sales.get(list, { token: await token() });
    assert.equal(answer.status, 200, answer.text);
  });
}

check('an issuer that nobody knows is no app', async () => {
  assertPlain(await sales.get(list, { token: made(plain, claims({ iss: 'nobody' })) }), 403, 'SERVICE_NOT_ALLOWED');
});

check('a token works once: for reads, for writes, across routes, for what was refused', async () => {
  for (const [method, path, body, status] of [
    ['GET', list, undefined, 200],
    ['POST', '/v1/pay/orders', orderBody(), 201],
    ['POST', '/v1/pay/orders', { amount: 0 }, 400],
    ['GET', '/v1/external/pybk/campaigns/999999', undefined, 404],
    ['GET', `${list}?status=X`, undefined, 400],
  ]) {
    const token = await serviceJwt(sales.credentials);
    assert.equal((await sales.send(method, path, { body, token })).status, status, `${method} ${path}`);
    assertPlain(await sales.send(method, path, { body, token }), 401, 'TOKEN_REPLAYED');
    assertPlain(await sales.get('/v1/pay/orders', { token }), 401, 'TOKEN_REPLAYED');
  }
});

check('the same jti under another signature is the same token', async () => {
  const jti = randomUUID();
  assert.equal((await sales.get(list, { token: made(plain, claims({ jti })) })).status, 200);
  assertPlain(await sales.get(list, { token: made(plain, claims({ jti, sub: 'other' })) }), 401, 'TOKEN_REPLAYED');
});

check('apps do not take each other\'s tokens', async () => {
  const jti = randomUUID();
  assert.equal((await sales.get(list, { token: made(plain, claims({ jti })) })).status, 200);
  const reviewer = server.sandbox.reviewer;
  const token = made(plain, claims({ jti, iss: reviewer.service_code }), hmac('sha256', reviewer.shared_secret));
  const answer = await App.reviewer(server).post('/v1/campaigns/999999/applies', { reviewerId: 'r' }, { token });
  assert.equal(answer.json().error?.code, 'CAMPAIGN_NOT_FOUND', answer.text);
});

check('of 64 uses of one token at once, one succeeds', async () => {
  for (const [method, path, body, status] of [['GET', list, undefined, 200], ['POST', '/v1/pay/orders', orderBody(), 201]]) {
    const token = await serviceJwt(sales.credentials);
    const answers = await Promise.all(Array.from({ length: 64 }, () => sales.send(method, path, { body, token, patient: false })));
    assert.equal(answers.filter((answer) => answer.status === status).length, 1);
    for (const answer of answers.filter((each) => each.status !== status)) {
      assert.ok(answer.status === 401 || answer.status === 429, answer.text);
      if (answer.status === 401) assert.equal(answer.json().code, 'TOKEN_REPLAYED');
    }
  }
});

check('a token that was used before a restart is used after it', async () => {
  const token = await serviceJwt(sales.credentials);
  assert.equal((await sales.get(list, { token })).status, 200);
  await server.restart();
  assertPlain(await sales.get(list, { token }), 401, 'TOKEN_REPLAYED');
  const crashed = await serviceJwt(sales.credentials);
  assert.equal((await sales.get(list, { token: crashed })).status, 200);
  await server.kill('SIGKILL');
  await server.restart();
  assertPlain(await sales.get(list, { token: crashed }), 401, 'TOKEN_REPLAYED');
});
