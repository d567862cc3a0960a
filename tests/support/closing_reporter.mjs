// A reporter for node --test that keeps what tools/test wants of a run: a line "failed FILE" for every file in which a
// test failed, the runner's closing counts as "# pass 12", and how long each file's tests took together as "took 34.1 s FILE".
import { fileURLToPath } from 'node:url';

/** Where a test stands: Node.js 18 says it as a URL. */
const pathOf = (file) => (file.startsWith('file:') ? fileURLToPath(file) : file);

export default async function* closing(events) {
  const failed = new Set();
  const took = new Map();
  for await (const { type, data } of events) {
    if ((type === 'test:pass' || type === 'test:fail') && data.nesting === 0 && data.file) {
      const file = pathOf(data.file);
      took.set(file, (took.get(file) ?? 0) + data.details.duration_ms);
    }
    if (type === 'test:diagnostic' && data.nesting === 0 && /^[a-z]+ \d+$/.test(data.message)) yield `# ${data.message}\n`;
    if (type !== 'test:fail' || data.todo !== undefined) continue;
    const file = pathOf(data.file ?? data.name);
    if (failed.has(file)) continue;
    failed.add(file);
    yield `failed ${file}\n`;
  }
  for (const [file, ms] of [...took].sort(([, a], [, b]) => b - a)) yield `took ${(ms / 1000).toFixed(1)} s ${file}\n`;
}
