// api/openapi.yaml says what the server does: it names every route of the sources and no other, and a server answers its
// examples as it says.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import Ajv from 'ajv/dist/2020.js';
import YAML from 'yaml';

import { guideClock, serviceJwt } from '../support/hub.mjs';
import { closeReceivers } from '../support/receivers.mjs';
import { Server } from '../support/server.mjs';
import { credentials, operatorToken, resolved as resolvedIn, Story } from './api_stories.mjs';
import { stories } from './stories.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const text = fs.readFileSync(path.join(root, 'api/openapi.yaml'), 'utf8');
const description = YAML.parse(text);

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/);
ajv.addSchema(description, 'api');

const pointer = (...steps) => `api#/${steps.map((step) => encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

/** Fails unless `value` keeps the schema at this place of the description. */
function assertKeeps(value, ...steps) {
  const validate = ajv.getSchema(pointer(...steps)) ?? ajv.compile({ $ref: pointer(...steps) });
  assert.ok(validate(value), `${steps.join(' ')}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value)}`);
}

/** {path, method, operation, place}, in the order of the file. */
const operations = Object.entries(description.paths).flatMap(([route, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path: route, method, operation, place: ['paths', route, method] })));

/** An object that may stand elsewhere, and where it stands. */
const resolved = (object, ...place) => [resolvedIn(description, object), object.$ref ? object.$ref.slice(2).split('/') : place];

/**
 * The routes that the sources register: router.add({Method::get, "/path", ...}), add(router, Method::get, "/path", ...), and for the
 * hub's two kinds of callers sales(Method::get, "/path", ...) and reviewer(...).
 */
function registeredRoutes() {
  const routes = [];
  const sources = fs.readdirSync(path.join(root, 'src')).flatMap((folder) =>
    fs.readdirSync(path.join(root, 'src', folder)).map((file) => path.join(folder, file)));
  for (const source of sources) {
    if (!source.endsWith('.cpp') || source.endsWith('_test.cpp') || source.startsWith('http/')) continue;
    const code = fs.readFileSync(path.join(root, 'src', source), 'utf8');
    const constants = new Map([...code.matchAll(/constexpr std::string_view (\w+) = "(\/[^"]*)";/g)].map(([, name, value]) => [name, value]));
    const registrations = [...code.matchAll(/\b(?:add\((?:router, |\{)|(?:sales|reviewer)\()(?:http::)?Method::/g)].length;
    const read = [...code.matchAll(/\b(?:add\((?:router, |\{)|(?:sales|reviewer)\()(?:http::)?Method::(\w+),\s+(?:"([^"]*)"|std::string\((\w+)\))/g)]
      .map(([, method, literal, constant]) => `${method === 'del' ? 'delete' : method} ${literal ?? constants.get(constant)}`);
    assert.equal(read.length, registrations, `${source} registers a route in a form that this test does not know`);
    routes.push(...read);
  }
  return routes.sort();
}

test('the description and the sources name the same routes', () => {
  const described = operations.map((operation) => `${operation.method} ${operation.path}`).sort();
  const registered = registeredRoutes();
  assert.ok(registered.length > 20, `routes found: ${registered}`);
  assert.deepEqual(described, registered);
});

test('every operation has a name of its own, a tag that is described, and its path parameters', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  assert.equal(new Set(names).size, names.length);
  const tags = new Set(description.tags.map(({ name }) => name));
  for (const { path: route, operation } of operations) {
    assert.ok(operation.tags.every((tag) => tags.has(tag)), operation.operationId);
    const inPath = (operation.parameters ?? []).map((each) => resolved(each)[0]).filter((each) => each.in === 'path');
    assert.deepEqual(inPath.map(({ name }) => name), [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name), route);
    assert.ok(inPath.every(({ required }) => required === true), route);
  }
});

/** The fields that an object of its kind may have: a comma in a flow mapping would make others of the rest of a sentence. */
const fieldsOf = {
  schema: new Set(['$ref', 'additionalProperties', 'allOf', 'anyOf', 'const', 'default', 'description', 'enum', 'example', 'examples',
    'exclusiveMinimum', 'format', 'items', 'maxItems', 'maxLength', 'maxProperties', 'maximum', 'minItems', 'minLength', 'minProperties',
    'minimum', 'not', 'oneOf', 'pattern', 'properties', 'propertyNames', 'readOnly', 'required', 'title', 'type', 'unevaluatedProperties',
    'uniqueItems']),
  parameter: new Set(['$ref', 'description', 'example', 'examples', 'explode', 'in', 'name', 'required', 'schema', 'style']),
  response: new Set(['$ref', 'content', 'description', 'headers']),
  header: new Set(['$ref', 'description', 'example', 'required', 'schema']),
  body: new Set(['$ref', 'content', 'description', 'required']),
  content: new Set(['example', 'examples', 'schema']),
  example: new Set(['description', 'externalValue', 'summary', 'value']),
  operation: new Set(['deprecated', 'description', 'operationId', 'parameters', 'requestBody', 'responses', 'security', 'summary', 'tags']),
};

/** {kind, object, place} of every object of the description that has fields of a fixed set. */
function* parts() {
  const named = function* (kind, objects, place) {
    for (const [name, object] of Object.entries(objects ?? {})) yield* within(kind, object, `${place} ${name}`);
  };
  const inside = {
    * schema(schema, place) {
      if (schema.properties) yield* named('schema', schema.properties, place);
      for (const key of ['items', 'additionalProperties', 'not']) if (schema[key] && typeof schema[key] === 'object') yield* within('schema', schema[key], `${place} ${key}`);
      for (const key of ['allOf', 'anyOf', 'oneOf']) yield* named('schema', schema[key], `${place} ${key}`);
    },
    * parameter(parameter, place) { if (parameter.schema) yield* within('schema', parameter.schema, place); },
    * header(header, place) { if (header.schema) yield* within('schema', header.schema, place); },
    * response(response, place) {
      yield* named('header', response.headers, place);
      yield* named('content', response.content, place);
    },
    * body(body, place) { yield* named('content', body.content, place); },
    * content(content, place) {
      if (content.schema) yield* within('schema', content.schema, place);
      yield* named('example', content.examples, place);
    },
    * example() { /* What a value says is judged by its schema. */ },
    * operation(operation, place) {
      yield* named('parameter', operation.parameters, place);
      if (operation.requestBody) yield* within('body', operation.requestBody, `${place} body`);
      yield* named('response', operation.responses, place);
    },
  };
  function* within(kind, object, place) {
    yield { kind, object, place };
    yield* inside[kind](object, place);
  }
  for (const { path: route, method, operation } of operations) yield* within('operation', operation, `${method} ${route}`);
  for (const [kind, key] of [['schema', 'schemas'], ['parameter', 'parameters'], ['response', 'responses'], ['header', 'headers']]) yield* named(kind, description.components[key], key);
}

test('no object has a field that its kind has not, and none is empty', () => {
  let schemas = 0;
  for (const { kind, object, place } of parts()) {
    if (kind === 'schema') schemas++;
    const strange = Object.keys(object).filter((key) => !fieldsOf[kind].has(key) && !key.startsWith('x-'));
    assert.deepEqual(strange, [], place);
    // An example's value and a value that a schema allows may be null.
    const empty = Object.keys(object).filter((key) => object[key] === null && !['value', 'example', 'const', 'default'].includes(key));
    assert.deepEqual(empty, [], place);
  }
  assert.ok(schemas > 2000, `${schemas} schemas`);
});

test('every example of a parameter keeps its schema', () => {
  for (const { operation, place } of operations) {
    for (const [index, parameter] of (operation.parameters ?? []).entries()) {
      const [{ example }, at] = resolved(parameter, ...place, 'parameters', index);
      if (example !== undefined) assertKeeps(example, ...at, 'schema');
    }
  }
});

test('every example keeps its schema', () => {
  let count = 0;
  for (const { operation, place } of operations) {
    for (const [status, response] of Object.entries(operation.responses)) {
      const [answer, at] = resolved(response, ...place, 'responses', status);
      for (const [type, content] of Object.entries(answer.content ?? {})) {
        const shown = Object.values(content.examples ?? {}).filter((each) => !('externalValue' in each)).map(({ value }) => value);
        const examples = [...shown, ...('example' in content ? [content.example] : [])];
        for (const example of examples) {
          assertKeeps(example, ...at, 'content', type, 'schema');
          count++;
        }
      }
    }
  }
  assert.ok(count > 30, `${count} examples`);
});

test('every body is shown, and every answer of a success', () => {
  const missing = [];
  for (const { operation, place } of operations) {
    const body = operation.requestBody?.content['application/json'];
    assert.ok(!body || Object.keys(body.examples ?? {}).length > 0, `${operation.operationId} shows no body`);
    const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'))
      .map(([status, response]) => resolved(response, ...place, 'responses', status)[0].content?.['application/json']).filter(Boolean);
    if (answers.length > 0 && !answers.some((each) => 'example' in each || each.examples)) missing.push(operation.operationId);
  }
  assert.deepEqual(missing, []);
});

let server;
let token;
before(async () => {
  // The hub's examples are of the guide's days.
  server = await Server.start({ clock: guideClock });
  const { password } = description.paths['/api/session'].post.requestBody.content['application/json'].examples.operator.value;
  chosen.set(password, server.sandbox.operator.password);
  token = operatorToken(server);
});
after(() => server?.stop());

const check = (name, body) => test(name, { timeout: 60_000 }, Server.logged(() => server, body));

/** What the server chose otherwise than the page shows: a key, a digest. Later examples use the server's. */
const chosen = new Map();
const asChosen = (value) => [...chosen].reduce((body, [shown, is]) => body.replaceAll(shown, is), value);

function noteChosen(shown, is) {
  if (typeof shown === 'string' && shown.length >= 32 && typeof is === 'string' && shown !== is) chosen.set(shown, is);
  else if (shown && is && typeof shown === 'object') for (const key of Object.keys(shown)) noteChosen(shown[key], is[key]);
}

/** Headers that the operation asks for whoever calls. */
function ownHeaders(operation) {
  const asked = (operation.parameters ?? []).map((each) => resolved(each)[0]).filter((each) => each.in === 'header' && each.required);
  return Object.fromEntries(asked.map(({ name, example }) => [name, example]));
}

function target(route, operation) {
  const query = new URLSearchParams();
  let filled = route;
  for (const parameter of (operation.parameters ?? []).map((each) => resolved(each)[0])) {
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(parameter.example));
    else if (parameter.in === 'query' && 'example' in parameter) query.set(parameter.name, parameter.example);
  }
  return asChosen(`${query}` === '' ? filled : `${filled}?${query}`);
}

/** Fails unless the answer has the described form and says what the example says, but for what the server chooses. */
function assertAnswer(answer, status, operation, place, example) {
  assert.equal(answer.status, Number(status), answer.text);
  const [response, at] = resolved(operation.responses[status], ...place, 'responses', status);
  const [[type]] = Object.entries(response.content);
  assert.ok(answer.headers['content-type'].startsWith(type), answer.headers['content-type']);
  if (type !== 'application/json') return;
  const body = answer.json();
  assertKeeps(body, ...at, 'content', type, 'schema');
  if (example === undefined) return;
  if (example.code !== undefined) assert.equal(body.code, example.code, answer.text);
  if (example.error) assert.deepEqual(body, example);
  if (example.data?.items) assert.equal(body.data.items.length, example.data.items.length, answer.text);
  noteChosen(example, body);
}

/** Sends an operation as it is shown, with this body. */
const sendAsShown = async (method, route, operation, body) => server.request(method.toUpperCase(), target(route, operation), {
  headers: { ...await credentials(server, description, operation), ...ownHeaders(operation) },
  ...(body === undefined ? {} : { body: asChosen(JSON.stringify(body)) }),
});

for (const { path: route, method, operation, place } of operations) {
  const bodies = Object.entries(operation.requestBody?.content['application/json']?.examples ?? {});
  const unprepared = bodies.filter(([, each]) => !each['x-prepared']);
  if (unprepared.length === 0) {
    check(`${method.toUpperCase()} ${route}`, async () => {
      const answer = await sendAsShown(method, route, operation, bodies[0]?.[1].value);
      // A link that opens something, or a thing that only a door makes: there is none yet, and the example says so.
      const status = operation['x-example-status'] ?? '200';
      const prepared = operation['x-prepared'] && status === '200';
      assertAnswer(answer, status, operation, place, prepared ? undefined : operation.responses[status].content?.['application/json']?.example);
    });
    continue;
  }
  for (const [name, { value }] of unprepared) {
    check(`${method.toUpperCase()} ${route}: ${name}`, async () => {
      const answered = Object.entries(operation.responses)
        .filter(([, response]) => response.content?.['application/json']?.examples?.[name]);
      assert.equal(answered.length, 1, `the request example ${name} has one example of an answer`);
      const [[status, response]] = answered;
      const answer = await sendAsShown(method, route, operation, value);
      assertAnswer(answer, status, operation, place, response.content['application/json'].examples[name].value);
      const accepted = status.startsWith('2') && !answer.json().code;
      if (accepted) assertKeeps(value, ...place, 'requestBody', 'content', 'application/json', 'schema');
    });
  }
}

/** "operationId", or "operationId: example" for a body's, of everything that is marked with the story's name. */
const preparedBy = (story) => operations.flatMap(({ operation }) => [
  ...(operation['x-prepared'] === story ? [operation.operationId] : []),
  ...Object.entries(operation.requestBody?.content['application/json']?.examples ?? {})
    .filter(([, each]) => each['x-prepared'] === story).map(([name]) => `${operation.operationId}: ${name}`),
]);

test('each example that needs a story has one', () => {
  const marks = operations.flatMap(({ operation }) => [operation, ...Object.values(operation.requestBody?.content['application/json']?.examples ?? {})]
    .map((each) => each['x-prepared']).filter((mark) => mark !== undefined));
  assert.deepEqual([...new Set(marks)].sort(), Object.keys(stories).sort());
});

for (const [name, tell] of Object.entries(stories)) {
  test(`the story of ${name} goes as its examples show`, { timeout: 120_000 }, async (t) => {
    const own = await Server.start({ clock: guideClock });
    t.after(async () => {
      await closeReceivers();
      await own.stop();
    });
    const byId = new Map(operations.map((each) => [each.operation.operationId, each]));
    const story = new Story(own, description, (answer, operationId, body) => {
      const { operation, place } = byId.get(operationId);
      assertAnswer(answer, String(answer.status), operation, place);
      if (body !== undefined) assertKeeps(body, ...place, 'requestBody', 'content', 'application/json', 'schema');
    });
    await Server.logged(() => own, () => tell(story))(t);
    assert.deepEqual([...story.told].sort(), preparedBy(name).sort(), 'what it asks is what is marked with its name');
  });
}

check('the operator\'s routes ask for the token', async () => {
  for (const { path: route, method, operation } of operations.filter((each) => each.operation.security?.[0]?.operator)) {
    for (const headers of [{}, { Authorization: 'Bearer 0' }, { Authorization: token }]) {
      const answer = await server.request(method.toUpperCase(), target(route, operation), { headers });
      assert.equal(answer.status, 401, `${method} ${route}: ${answer.text}`);
      assertKeeps(answer.json(), 'components', 'schemas', 'ApiError');
    }
  }
});

check('the hub\'s routes ask for a token of the right kind', async () => {
  for (const { path: route, method, operation } of operations) {
    const [scheme] = Object.keys(operation.security?.[0] ?? {});
    if (scheme !== 'serviceJwt' && scheme !== 'reviewerJwt') continue;
    const other = scheme === 'serviceJwt' ? server.sandbox.reviewer : server.sandbox.hub;
    for (const [headers, status, code] of [
      [{}, 401, 'TOKEN_MISSING'],
      [{ Authorization: 'Bearer 0' }, 401, 'TOKEN_MALFORMED'],
      [{ Authorization: `ServiceJWT ${await serviceJwt(other)}` }, 403, 'SERVICE_NOT_ALLOWED'],
    ]) {
      const answer = await server.request(method.toUpperCase(), target(route, operation), { headers });
      assert.equal(answer.status, status, `${method} ${route}: ${answer.text}`);
      assert.equal(answer.json().code, code, `${method} ${route}: ${answer.text}`);
      assertKeeps(answer.json(), 'components', 'schemas', 'HubError');
    }
  }
});

check('a session opens the operator\'s routes', async () => {
  const { operator } = server.sandbox;
  const opened = await server.request('POST', '/api/session', { body: operator });
  const headers = { Authorization: `Bearer ${opened.json().token}` };
  assert.equal((await server.request('GET', '/api/purchase/rates', { headers })).status, 200);
});

check('shops\' reads ask for a key', async () => {
  for (const { path: route, method, operation } of operations) {
    if (method !== 'get' || !route.startsWith('/v1/') || operation.security) continue;
    const answer = await server.request('GET', target(route, operation), { headers: { Authorization: 'no key' } });
    assert.equal(answer.json().code, 3051, `${route}: ${answer.text}`);
  }
});

check('the server hands out this description', async () => {
  const served = (await server.request('GET', '/openapi.yaml')).text;
  assert.ok(served === text, 'the program carries another description than api/openapi.yaml: was it built since?');
  // Where an example is shown by its address, that is the operation's own: what it answers is this description.
  const elsewhere = operations.flatMap(({ path: route, operation }) => Object.values(operation.responses[200]?.content?.['application/json']?.examples ?? {})
    .flatMap(({ externalValue }) => (externalValue === undefined ? [] : [[route, externalValue]])));
  assert.deepEqual(elsewhere, [['/openapi.json', '/openapi.json']]);
  assert.deepEqual((await server.request('GET', '/openapi.json')).json(), description);
});
