// Builds the pages: node build.mjs OUT
//
// OUT gets everything that the program carries: the scripts and the sheet named by their content, the pages that load them in
// each language, the API's description as JSON, the browser SDK, a gzip of each file, and embedded.cpp, which makes them part of the program
// (src/web/embedded.h). OUT/sdk is the SDK's npm package, ready for `npm pack`.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

import * as esbuild from 'esbuild';
import ts from 'typescript';
import YAML from 'yaml';

const root = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(root, 'dist'));

/** A page's name, its script's source, and its title in each language. */
const pages = [
  { name: 'checkout', entry: 'src/checkout/main.tsx', titles: { ko: '결제', en: 'Payment' } },
  { name: 'invite', entry: 'src/invite/main.tsx', titles: { ko: '초대 수락', en: 'Accept your invitation' } },
  { name: 'console', entry: 'src/console/main.tsx', titles: { ko: '장부 운영', en: 'Console' } },
  { name: 'portal', entry: 'src/portal/main.tsx', titles: { ko: '파트너 포털', en: 'Partner portal' } },
  { name: 'affiliate', entry: 'src/affiliate/main.tsx', titles: { ko: '매체 페이지', en: 'Affiliates' } },
  { name: 'docs', entry: 'src/docs/main.tsx', titles: { ko: 'API', en: 'API' } },
];
const sheet = 'src/style/main.css';
/** Becomes openapi.json, for the page that shows it and for tools that read no YAML. */
const description = '../api/openapi.yaml';
/** Files that keep their names, because others link to them. */
const publicFiles = ['logo.svg'];

const withoutScript = {
  ko: '이 화면을 쓰려면 자바스크립트를 켜 주세요.',
  en: 'Please switch on JavaScript to use this page.',
};

const types = { '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.ts': 'text/plain; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8', '.json': 'application/json; charset=utf-8' };

/** Below this many bytes a gzip saves nothing worth its header. */
const smallestGzip = 512;

function html({ titles }, language, script, style) {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${titles[language]} · Jangbu</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/assets/logo.svg">
<link rel="stylesheet" href="/assets/${style}">
<script type="module" src="/assets/${script}"></script>
</head>
<body>
<div id="root"><noscript>${withoutScript[language]}</noscript></div>
</body>
</html>
`;
}

const digest = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 16);

const built = await esbuild.build({
  absWorkingDir: root,
  entryPoints: [...pages.map(({ entry }) => entry), sheet],
  outdir: out,
  entryNames: '[dir]-[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2020', 'chrome111', 'firefox121', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
  write: false,
  metafile: true,
  logLevel: 'warning',
});

/** {name, bytes, kind}: `name` is what an asset or a part of the SDK is asked for by, or the page and its language. */
const files = [];
const nameOfEntry = new Map();
for (const file of built.outputFiles) {
  const key = path.relative(root, file.path);
  const { entryPoint } = built.metafile.outputs[key];
  const label = pages.find(({ entry }) => entry === entryPoint)?.name ?? 'style';
  // The hash is of the bytes themselves, so that equal bytes have one name wherever they were built.
  const name = `${label}-${digest(file.contents)}${path.extname(file.path)}`;
  nameOfEntry.set(entryPoint, name);
  files.push({ name, bytes: Buffer.from(file.contents), kind: 'assets' });
}
for (const name of publicFiles) files.push({ name, bytes: fs.readFileSync(path.join(root, 'src/public', name)), kind: 'assets' });
for (const page of pages) {
  for (const language of Object.keys(page.titles)) {
    const text = html(page, language, nameOfEntry.get(page.entry), nameOfEntry.get(sheet));
    files.push({ name: `${page.name}.${language}.html`, bytes: Buffer.from(text), kind: 'pages' });
  }
}

files.push({
  name: 'openapi.json',
  bytes: Buffer.from(JSON.stringify(YAML.parse(fs.readFileSync(path.join(root, description), 'utf8')))),
  kind: 'pages',
});

const sdkPackage = JSON.parse(fs.readFileSync(path.join(root, 'sdk/package.json'), 'utf8'));

/** One form of the SDK: a classic script, or a module. Pages of shops load it, so that it takes older browsers than ours do. */
async function buildSdk(entry, name, format) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: path.join(out, 'sdk', name),
    bundle: true,
    minify: true,
    format,
    target: ['es2020', 'chrome87', 'firefox98', 'safari15.4'],
    define: { __SDK_VERSION__: JSON.stringify(sdkPackage.version) },
    banner: { js: `/* ${sdkPackage.name} ${sdkPackage.version} */` },
    legalComments: 'none',
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  });
  return { name, bytes: Buffer.from(outputFiles[0].contents), kind: 'sdk' };
}

/** The types of what the SDK exports; all of them stand in one source. */
function sdkTypes() {
  const source = path.join(root, 'src/sdk/commerce.ts');
  const { outputText, diagnostics } = ts.transpileDeclaration(fs.readFileSync(source, 'utf8'), {
    fileName: source,
    reportDiagnostics: true,
    compilerOptions: { isolatedDeclarations: true, declaration: true, target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.ESNext },
  });
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => '\n' }));
  return { name: 'commerce.d.ts', bytes: Buffer.from(outputText), kind: 'sdk' };
}

files.push(
  await buildSdk('src/sdk/classic.ts', 'commerce.js', 'iife'),
  await buildSdk('src/sdk/module.ts', 'commerce.mjs', 'esm'),
  sdkTypes(),
);

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(path.join(out, 'sdk/dist'), { recursive: true });
for (const name of ['package.json', 'README.md']) fs.copyFileSync(path.join(root, 'sdk', name), path.join(out, 'sdk', name));
for (const { name, bytes, kind } of files) if (kind === 'sdk') fs.writeFileSync(path.join(out, 'sdk/dist', name), bytes);

const symbols = [];
const entries = { assets: [], pages: [], sdk: [] };
files.forEach(({ name, bytes, kind }, index) => {
  fs.writeFileSync(path.join(out, name), bytes);
  const gzip = bytes.length < smallestGzip ? Buffer.alloc(0) : zlib.gzipSync(bytes, { level: 9 });
  fs.writeFileSync(path.join(out, `${name}.gz`), gzip);
  for (const [form, file] of [['plain', name], ['gzip', `${name}.gz`]]) {
    const symbol = `jangbu_web_${index}_${form}`;
    symbols.push({ symbol, file: path.join(out, file) });
  }
  const view = (form) => `between(jangbu_web_${index}_${form}, jangbu_web_${index}_${form}_end)`;
  entries[kind].push(`      {"${name}", "${types[path.extname(name)]}", "\\"${digest(bytes)}\\"", ${view('plain')}, ${view('gzip')}},`);
});

const table = (name, rows) => `std::span<const EmbeddedFile> ${name}() {
  static const EmbeddedFile files[] = {
${rows.join('\n')}
  };
  return files;
}`;

fs.writeFileSync(path.join(out, 'embedded.cpp'), `// Made by web/build.mjs.
#include "web/embedded.h"

__asm__(
    ".section .rodata\\n"
${symbols.map(({ symbol, file }) => `    ".global ${symbol}\\n.global ${symbol}_end\\n${symbol}:\\n.incbin \\"${file}\\"\\n${symbol}_end:\\n.byte 0\\n"`).join('\n')}
    ".previous\\n");

${symbols.map(({ symbol }) => `extern "C" const char ${symbol}[];\nextern "C" const char ${symbol}_end[];`).join('\n')}

namespace jangbu::web {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

${table('embedded_assets', entries.assets)}

${table('embedded_pages', entries.pages)}

${table('embedded_sdk', entries.sdk)}

std::string_view sdk_version() { return "${sdkPackage.version}"; }

}  // namespace jangbu::web
`);
