// The commands of documents: blocks that are marked <!-- tested: name --> run as they stand there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { binary, temporaryDirectory } from './server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const shownUrl = 'http://127.0.0.1:8080';

/** Name -> commands of the marked blocks, in order. */
export function testedBlocks(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const marks = [...text.matchAll(/^<!-- tested: (\w+) -->$/gm)].length;
  const blocks = [...text.matchAll(/^<!-- tested: (\w+) -->\n```sh\n([\s\S]*?)^```$/gm)].map(([, name, commands]) => [name, commands]);
  assert.equal(blocks.length, marks, `${file}: a mark stands before a block of sh`);
  return new Map(blocks);
}

/**
 * Runs the blocks in one shell, in a directory that looks like this project with the server's data in it and the program on the
 * path. What each printed, by its name.
 */
export function runBlocks(blocks, server) {
  const project = temporaryDirectory('jangbu-document-');
  fs.mkdirSync(path.join(project, 'build/release'), { recursive: true });
  fs.symlinkSync(binary, path.join(project, 'build/release/jangbu'));
  fs.symlinkSync(path.join(root, 'docs'), path.join(project, 'docs'));
  fs.symlinkSync(server.directory, path.join(project, 'data'));
  const end = '==== end of a block ====';
  const script = [...blocks.values()].map((commands) => `${commands}echo; echo '${end}'`).join('\n').replaceAll(shownUrl, server.baseUrl);
  const printed = execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 55_000,
    env: { ...process.env, PATH: `${path.join(project, 'build/release')}:${process.env.PATH}` },
  });
  const outputs = printed.split(end);
  return Object.fromEntries([...blocks.keys()].map((name, i) => [name, outputs[i].trim()]));
}

/** Fails unless a document tells as many records and rows as its blocks have printed. */
export function assertCounts(file, output) {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  for (const [counted] of Object.values(output).join('\n').matchAll(/\b\d+ records(?: and \d+ rows)?/g))
    assert.match(text, new RegExp(`\\b${counted}\\b(?! and)`), `${file} does not show "${counted}", which its commands print`);
}

/** A document without its code, in which brackets are no links. */
const withoutCode = (text) => text.replace(/^(`{3,}|~{3,})[^]*?^\1$/gm, '').replace(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, 'code');

/** The names under which headings are linked to, as GitHub gives them. */
function anchorsOf(text) {
  const anchors = new Set();
  const plain = text.replace(/^(`{3,}|~{3,})[^]*?^\1$/gm, '');
  for (const [, heading] of plain.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    let name = slug;
    for (let i = 1; anchors.has(name); ++i) name = `${slug}-${i}`;
    anchors.add(name);
  }
  return anchors;
}

/**
 * The links of a Markdown document that lead nowhere, as "document: link": to a file that is not there or lies outside of
 * `top`, or to a heading that the file has not. `count` is told how many relative links there are.
 */
export function deadLinks(top, document, count = () => {}) {
  const dead = [];
  const file = path.join(top, document);
  const text = withoutCode(fs.readFileSync(file, 'utf8'));
  const links = [
    ...[...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+["'(][^)]*)?\)/g)],
    ...[...text.matchAll(/^ {0,3}\[[^\]]+\]: *<?([^\s>]+)>?/gm)],
    ...[...text.matchAll(/<(?:a|img)\s[^>]*?(?:href|src)="([^"]+)"/g)],
  ].map(([, link]) => link).filter((link) => !/^[a-z][a-z+.-]*:|^\/\//i.test(link));
  for (const link of links) {
    const [to, anchor] = link.split('#').map(decodeURIComponent);
    const target = to === '' ? file : path.resolve(path.dirname(file), to);
    const isInside = target === path.resolve(top) || target.startsWith(`${path.resolve(top)}/`);
    const isThere = isInside && fs.existsSync(target);
    if (!isThere || (anchor && target.endsWith('.md') && !anchorsOf(fs.readFileSync(target, 'utf8')).has(anchor))) dead.push(`${document}: ${link}`);
  }
  count(links.length);
  return dead;
}
