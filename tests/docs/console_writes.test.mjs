// The console offers what the operator's API can do: each write of api/openapi.yaml that takes an operator's session is asked for somewhere
// in web/src/console, or stands here with the reason why it is not.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import YAML from 'yaml';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { paths } = YAML.parse(fs.readFileSync(path.join(root, 'api/openapi.yaml'), 'utf8'));

/** What the console does not offer, and why. */
const notOffered = {
  'POST /api/affiliates/{}/deliveries/{}/resend': 'the affiliate’s own; an operator sends it again among all deliveries',
  'POST /api/affiliates/{}/deliveries/resend': 'the affiliate’s own; an operator sends them again among all deliveries',
};

const writes = ['post', 'put', 'delete', 'patch'];
const asked = Object.entries(paths).flatMap(([route, item]) => Object.entries(item)
  .filter(([method, { security = [] }]) => writes.includes(method) && security.some((each) => each.operator))
  .map(([method]) => `${method.toUpperCase()} ${route.replace(/\{[^}]*\}/g, '{}')}`));

/** Texts that begin with a slash; what is put into one at run time is {}. */
const shapeOf = (literal) => literal.slice(1, -1).replace(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '{}');
const literal = /`\/[^`]*`|'\/[^']*'/g;

/**
 * What a source asks for, as "PUT /api/shops/{}". A path that is made of another one stands for each that this one is set to in the source,
 * or where it is a parameter for each path that the source has.
 */
function callsOf(source) {
  const all = [...source.matchAll(literal)].map(([found]) => shapeOf(found));
  const namedAs = (name) => {
    const set = [...source.matchAll(new RegExp(`const ${name} = (${literal.source})`, 'g'))].map(([, found]) => shapeOf(found));
    return set.length > 0 ? set : all;
  };
  const pathsOf = (written) => {
    if (/^\w+$/.test(written)) return namedAs(written);
    const [, name, rest] = /^`\$\{(\w+)\}(.*)`$/.exec(written) ?? [];
    return name === undefined ? [shapeOf(written)] : namedAs(name).map((before) => before + shapeOf(`\`${rest}\``));
  };
  const described = [...source.matchAll(/method: '([A-Z]+)',\s*path(?:: (`[^`]*`|'[^']*'|\w+))?/g)].map(([, method, written]) => [method, written ?? 'path']);
  const sent = [...source.matchAll(/change\('([A-Z]+)', ('[^']*')/g)].map(([, method, written]) => [method, written]);
  return [...described, ...sent].flatMap(([method, written]) => pathsOf(written).map((each) => `${method} /api${each}`));
}

/** Whether `call` is `route`; what is put into a path may be a word of the route that the source has, too. */
function fits(call, route, source) {
  const [ours, theirs] = [call.split('/'), route.split('/')];
  return ours.length === theirs.length && ours.every((part, index) => part === theirs[index] || (part === '{}' && source.includes(`'${theirs[index]}'`)));
}

const folder = path.join(root, 'web/src/console');
const offered = fs.readdirSync(folder).filter((name) => /\.tsx?$/.test(name)).flatMap((name) => {
  const source = fs.readFileSync(path.join(folder, name), 'utf8');
  const calls = callsOf(source);
  return asked.filter((route) => calls.some((call) => fits(call, route, source)));
});

test('an operator can do all of the API in the console, but for what is named here', () => {
  assert.ok(asked.length > 50);
  assert.deepEqual(asked.filter((route) => !offered.includes(route) && !(route in notOffered)), [], 'the console does not offer');
});

test('what is said not to be offered is not, and is there', () => {
  for (const route of Object.keys(notOffered)) {
    assert.ok(asked.includes(route), `${route} is no write of the API`);
    assert.ok(!offered.includes(route), `the console offers ${route}`);
  }
});
