// The book: accounts and what moved them, where money came from, and where the book stands.
import { type Language, useLanguage } from '../base/language';
import { Heading, useTitle } from '../base/ui';
import { type Item, textOf } from './api';
import { amountText, Code, Facts } from './cells';
import { type Detail, recordOf } from './detail';
import { type List, SubList } from './list';
import { Absent, useLoaded } from './load';
import { useSay, words } from './words';

const account = words('계정', 'Account');

export const accounts: List = {
  title: words('원장', 'Ledger'),
  source: '/ledger/accounts',
  member: 'accounts',
  filters: [{ name: 'prefix', label: words('계정 이름의 앞부분', 'How its name begins') }],
  columns: [
    { label: account, show: { as: 'link', name: 'name', to: (item) => ['ledger', 'accounts', textOf(item, 'ref')] } },
    { label: words('통화', 'Currency'), show: { as: 'text', name: 'currency' } },
    { label: words('잔액', 'Balance'), show: { as: 'money', name: 'posted' }, end: true },
    { label: words('묶인 금액', 'Held'), show: { as: 'money', name: 'held' }, end: true },
    { label: words('사용 가능', 'Available'), show: { as: 'money', name: 'available' }, end: true },
  ],
  empty: words('이렇게 시작하는 계정이 없습니다.', 'No account’s name begins so.'),
};

/** `lang`: in which the server says what each record is. */
const entries = (ref: string, lang: Language): List => ({
  title: words('거래', 'Entries'),
  source: `/ledger/accounts/${encodeURIComponent(ref)}/entries`,
  member: 'entries',
  fixed: { lang },
  columns: [
    { label: words('기록', 'Record'), show: recordOf('record') },
    { label: words('일시', 'When'), show: { as: 'time', name: 'at' } },
    { label: words('종류', 'Kind'), show: { as: 'code', name: 'kind' } },
    { label: words('설명', 'What'), show: { as: 'text', name: 'what' } },
    { label: words('금액', 'Amount'), show: { as: 'money', name: 'amount' }, end: true },
    { label: words('보류', 'Hold'), show: { as: 'money', name: 'held' }, end: true },
  ],
  empty: words('거래가 없습니다.', 'Nothing moved it.'),
});

function Entries({ of }: { of: string }) {
  return <SubList list={entries(of, useLanguage())} />;
}

export const accountDetail = (ref: string): Detail => ({
  source: `/ledger/accounts/${encodeURIComponent(ref)}`,
  kind: account,
  back: { to: ['ledger', 'accounts'], label: words('원장', 'Ledger') },
  name: (item) => textOf(item, 'name'),
  facts: [
    { label: words('통화', 'Currency'), show: { as: 'text', name: 'currency' } },
    { label: words('잔액', 'Balance'), show: { as: 'money', name: 'posted' } },
    { label: words('묶인 금액', 'Held'), show: { as: 'money', name: 'held' } },
    { label: words('사용 가능', 'Available'), show: { as: 'money', name: 'available' } },
    { label: words('하한', 'Floor'), show: { as: 'status', name: 'floor', of: { zero: [words('0 아래로 내려가지 않음', 'Never below zero'), 'quiet'], none: [words('없음', 'None'), 'quiet'] } } },
  ],
  more: () => <Entries of={ref} />,
});

// ---- where money came from -------------------------------------------------------------------------------------------------

interface Step {
  record: number;
  kind: string;
  at: string;
  what: string;
  from: number[];
  postings: Item[];
  holds: Item[];
}

const box = { width: 330, height: 92, gapX: 28, gapY: 56 };

/** Places each step under all that came from it: the nearest on top, in as many columns as a row needs. */
function placed(path: Step[]): { step: Step; x: number; y: number }[] {
  const depth = new Map<number, number>();
  const first = path[0];
  if (first) depth.set(first.record, 0);
  // A source is older than what came from it, so that going from the newest every depth is known when it is needed.
  for (const step of [...path].sort((a, b) => b.record - a.record)) {
    for (const source of step.from) depth.set(source, Math.max(depth.get(source) ?? 0, (depth.get(step.record) ?? 0) + 1));
  }
  const used = new Map<number, number>();
  return path.map((step) => {
    const row = depth.get(step.record) ?? 0;
    const column = used.get(row) ?? 0;
    used.set(row, column + 1);
    return { step, x: column * (box.width + box.gapX), y: row * (box.height + box.gapY) };
  });
}

/** How wide a text is, in Latin letters: a Korean one is as wide as two. */
const widthOf = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > '\u10ff' ? 2 : 1), 0);

/** Breaks a sentence into two lines that fit a box. */
function lines(sentence: string, most = 44): string[] {
  const found = [''];
  for (const word of sentence.split(' ')) {
    const last = found[found.length - 1] ?? '';
    if (widthOf(`${last} ${word}`) <= most) found[found.length - 1] = last === '' ? word : `${last} ${word}`;
    else found.push(word);
  }
  if (found.length <= 2) return found;
  let second = found[1] ?? '';
  while (widthOf(second) > most - 2) second = second.slice(0, -1);
  return [found[0] ?? '', `${second}…`];
}

function Drawing({ path }: { path: Step[] }) {
  const say = useSay();
  const nodes = placed(path);
  const width = Math.max(...nodes.map(({ x }) => x)) + box.width + 2;
  const height = Math.max(...nodes.map(({ y }) => y)) + box.height + 2;
  const at = new Map(nodes.map((node) => [node.step.record, node]));
  const arrows = nodes.flatMap((node) =>
    node.step.from.flatMap((source) => {
      const end = at.get(source);
      return end ? [{ key: `${node.step.record}-${source}`, x1: node.x + box.width / 2, y1: node.y + box.height, x2: end.x + box.width / 2, y2: end.y }] : [];
    }),
  );
  return (
    <div class="drawing" tabIndex={0} role="region" aria-label={say(words('그림', 'Drawing'))}>
      <svg viewBox={`-1 -1 ${width} ${height}`} width={width} height={height} role="img" aria-label={say(words('돈이 온 길', 'The way the money came'))}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
            <path d="M0 0L8 4L0 8z" class="arrow-head" />
          </marker>
        </defs>
        {arrows.map(({ key, x1, y1, x2, y2 }) => (
          <path key={key} class="arrow" d={`M${x1} ${y1}C${x1} ${y1 + 28} ${x2} ${y2 - 28} ${x2} ${y2 - 2}`} marker-end="url(#arrow)" />
        ))}
        {nodes.map(({ step, x, y }) => (
          <g key={step.record} transform={`translate(${x} ${y})`}>
            <rect class="step" width={box.width} height={box.height} rx="10" />
            <text class="step-kind" x="14" y="24">
              {step.kind}
            </text>
            <text class="step-record" x={box.width - 14} y="24" text-anchor="end">
              #{step.record}
            </text>
            {lines(step.what).map((line, index) => (
              <text key={index} class="step-what" x="14" y={48 + index * 18}>
                {line}
              </text>
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

export function Explain({ record }: { record: string }) {
  const say = useSay();
  const title = words(`기록 ${record}의 출처`, `Where record ${record} came from`);
  useTitle(say(title));
  const [loaded, again] = useLoaded<{ path: Step[]; cut: boolean }>('/ledger/explain', { entry: record, lang: useLanguage() });
  return (
    <>
      <div class="view-header">
        <Heading>{say(title)}</Heading>
      </div>
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : (
        <>
          <Drawing path={loaded.value.path} />
          {loaded.value.cut && <p class="muted">{say(words('길이 더 있습니다. 처음 100개만 보입니다.', 'There is more. These are the first hundred.'))}</p>}
          <ol class="steps">
            {loaded.value.path.map((step) => (
              <li key={step.record} class="card">
                <p class="eyebrow">
                  #{step.record} · <code>{step.kind}</code>
                </p>
                <p>{step.what}</p>
                <Movements title={words('거래', 'Postings')} list={step.postings} />
                <Movements title={words('보류', 'Holds')} list={step.holds} />
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function Movements({ title, list }: { title: ReturnType<typeof words>; list: Item[] }) {
  const say = useSay();
  const language = useLanguage();
  if (list.length === 0) return null;
  return (
    <>
      <p class="eyebrow">{say(title)}</p>
      <ul class="postings">
        {list.map((each, index) => (
          <li key={index}>
            <code>{textOf(each, 'account')}</code>
            <span class="number">
              {amountText(textOf(each, 'amount'), textOf(each, 'currency'), language)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

// ---- where the book stands -------------------------------------------------------------------------------------------------

export function BookStatus() {
  const say = useSay();
  const title = words('장부 검증', 'Verification');
  useTitle(say(title));
  const [loaded, again] = useLoaded<Item>('/ledger/status');
  return (
    <>
      <div class="view-header">
        <Heading>{say(title)}</Heading>
        <div class="view-actions">
          <button type="button" class="button button-small" onClick={again}>
            {say(words('새로 고침', 'Refresh'))}
          </button>
        </div>
      </div>
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : (
        <>
          <section class="card">
            <Facts
              item={loaded.value}
              facts={[
                { label: words('마지막 기록', 'Last record'), show: recordOf('record') },
                { label: words('배치', 'Batch'), show: { as: 'number', name: 'batch' } },
                { label: words('에포크', 'Epoch'), show: { as: 'number', name: 'epoch' } },
                { label: words('업무 시각', 'Business time'), show: { as: 'time', name: 'businessAt' } },
                { label: words('루트 해시', 'Root hash of the chain'), show: { as: 'made', of: (item) => <Code value={textOf(item, 'hash')} /> } },
                { label: words('마지막 블록', 'Last block'), show: { as: 'text', name: 'block.height' } },
                { label: words('블록 해시', 'Hash of the block'), show: { as: 'made', of: (item) => (textOf(item, 'block.hash') === '' ? '–' : <Code value={textOf(item, 'block.hash')} />) } },
              ]}
            />
          </section>
          <p class="muted view-note">
            {say(
              words(
                '루트 해시를 따로 적어 두면, 나중에 jangbu verify의 결과가 같은 해시인지 비교할 수 있습니다. 모든 기록을 다시 계산하려면 서버에서 jangbu verify를 실행하세요.',
                'Note the root hash elsewhere: jangbu verify must come to the same one later. Run jangbu verify on the server to compute every record anew.',
              ),
            )}
          </p>
        </>
      )}
    </>
  );
}
