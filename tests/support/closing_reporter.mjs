// A reporter for node --test that keeps what tools/test wants of a run: a line "failed FILE" for every file in which a
// test failed, and the runner's closing counts as "# pass 12".
export default async function* closing(events) {
  const failed = new Set();
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.nesting === 0 && /^[a-z]+ \d+$/.test(data.message)) yield `# ${data.message}\n`;
    if (type !== 'test:fail' || data.todo !== undefined) continue;
    const file = data.file ?? data.name;
    if (failed.has(file)) continue;
    failed.add(file);
    yield `failed ${file}\n`;
  }
}
