// What api/openapi.yaml shows of things that must be made first: a story makes them as clients do, and asks each operation that the
// description marks with the story's name (`x-prepared`). The answer must be the one that is shown, but for ids, times and tokens.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { serviceJwt } from '../support/hub.mjs';
import { basic } from '../support/invoice.mjs';

/** Every operation by its operationId: {path, method, operation}. */
export const operationsOf = (description) => new Map(Object.entries(description.paths).flatMap(([route, item]) =>
  Object.entries(item).map(([method, operation]) => [operation.operationId, { path: route, method, operation }])));

/** An object of the description, or the one that it refers to. */
export const resolved = (description, object) =>
  (object.$ref ? object.$ref.slice(2).split('/').reduce((at, step) => at[step], description) : object);

/** The token of the operator of a server that runs. */
export const operatorToken = (server) => JSON.parse(fs.readFileSync(path.join(server.directory, 'control.json'), 'utf8')).token;

/** The first of the security schemes that the operation takes, as headers. `cookie`: of a partner's session. */
export async function credentials({ sandbox, ...server }, description, operation, cookie) {
  const [scheme] = Object.keys((operation.security ?? description.security)[0] ?? {});
  switch (scheme) {
    case undefined: return {};
    case 'accessKey': return { Authorization: sandbox.purchase.access_key };
    case 'operator': return { Authorization: `Bearer ${operatorToken(server)}` };
    case 'portalSession': return cookie ? { Cookie: cookie } : {};
    case 'serviceJwt': return { Authorization: `ServiceJWT ${await serviceJwt(sandbox.hub)}` };
    case 'reviewerJwt': return { Authorization: `ServiceJWT ${await serviceJwt(sandbox.reviewer)}` };
    case 'invoiceKeys': return { Authorization: basic(sandbox.invoice) };
    default: return assert.fail(`the security scheme ${scheme} of ${operation.operationId} is not known here`);
  }
}

/** What may differ between two true answers: the first form that fits a shown text must fit the other, too. */
const forms = [
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/,
  /^https?:\/\/\S+$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  /^HUBPAY-\d{8}-[0-9A-Z]{4,}$/,
  /^(0x)?[0-9a-fA-F]{16,}$/,
  /^(?=.*\d)[\w.~+/=:-]{20,}$/,
  /^\d{9,}$/,
  /^\d{8}[0-9A-Za-z]{6}$/, // of a click
];

/** How long something took, and the record, of which clicks and due work may have taken more or fewer before. */
const changing = new Set(['duration_ms', 'record']);

/** A text without what may differ in the middle of it: links, and long numbers. */
const plain = (text) => text.replace(/https?:\/\/[\w.:/-]+/g, 'link').replace(/\d{6,}/g, 'number');

/** Fails unless `is` says what `shown` says: the same fields, the same values but for those of a form that changes. */
function assertLike(shown, is, place) {
  if (typeof shown === 'string' && typeof is === 'string') {
    if (shown === is) return;
    const form = forms.find((each) => each.test(shown));
    assert.ok(form?.test(is) || plain(shown) === plain(is), `${place} is shown as ${shown} and is ${is}`);
  } else if (shown && is && typeof shown === 'object' && typeof is === 'object') {
    assert.deepEqual(Object.keys(is).sort(), Object.keys(shown).sort(), place);
    for (const key of Object.keys(shown)) if (!changing.has(key)) assertLike(shown[key], is[key], `${place}.${key}`);
  } else {
    assert.deepEqual(is, shown, place);
  }
}

/** A story on a server of its own. */
export class Story {
  /** What it asked: "operationId", or "operationId: example". */
  told = new Set();
  /** The cookie of a partner's session, once there is one. */
  cookie = null;
  #shown = new Map();

  /** `judge(answer, operationId, body)` is called with every answer and what was sent. */
  constructor(server, description, judge) {
    this.server = server;
    this.description = description;
    this.operations = operationsOf(description);
    this.judge = judge;
  }

  /** The examples write `shown` where this server has `is`. */
  show(shown, is) {
    this.#shown.set(shown, is);
    return is;
  }

  /**
   * Asks an operation with what the description shows: its path and query, unless `parameters` say otherwise, and the body of that
   * example, with these `headers` over its credentials. Gives the answer, which must be the one that is shown.
   */
  async ask(operationId, { example, headers: own, ...parameters } = {}) {
    const { path: route, method, operation } = this.operations.get(operationId) ?? assert.fail(`there is no operation ${operationId}`);
    const name = example === undefined ? operationId : `${operationId}: ${example}`;
    const query = new URLSearchParams();
    const headers = { ...await credentials(this.server, this.description, operation, this.cookie), ...own };
    let filled = route;
    for (const each of (operation.parameters ?? []).map((parameter) => resolved(this.description, parameter))) {
      const value = parameters[each.name] ?? (each.in === 'query' ? undefined : each.example);
      if (value === undefined) continue;
      if (each.in === 'path') filled = filled.replace(`{${each.name}}`, encodeURIComponent(value));
      else if (each.in === 'query') query.set(each.name, value);
      else headers[each.name] = String(value);
    }
    const asked = operation.requestBody?.content['application/json'].examples?.[example];
    assert.ok(example === undefined || asked, `${name} is not shown`);
    const body = asked && [...this.#shown].reduce((text, [shown, is]) => text.replaceAll(shown, is), JSON.stringify(asked.value));
    const answer = await this.server.request(method.toUpperCase(), `${filled}${`${query}` === '' ? '' : `?${query}`}`, { headers, body });
    assert.ok(answer.status >= 200 && answer.status < 300, `${name}: ${answer.status} ${answer.text}`);
    this.told.add(name);
    this.judge?.(answer, operationId, asked?.value);
    const content = resolved(this.description, operation.responses[answer.status]).content['application/json'];
    const shown = example === undefined ? content.example : content.examples?.[example]?.value;
    const is = answer.json();
    if (this.record) return this.record(operationId, String(answer.status), example, is, this.#shown), is;
    assert.notEqual(shown, undefined, `${name}: the answer is not shown`);
    assertLike(shown, is, name);
    return is;
  }
}
