// What was sent or waits to be: webhooks, rewards, mail and messages, their attempts, and sending them again.
import { reasonOf } from '../base/fault';
import { useLanguage } from '../base/language';
import { type Action, ActionButton } from './action';
import { type Item, textOf } from './api';
import { type Fact, Nothing, type Statuses } from './cells';
import { type Detail, recordOf } from './detail';
import { type List, Table } from './list';
import { useSay, type Words, words } from './words';

export const deliveryStatuses: Statuses = {
  pending: [words('보내는 중', 'On its way'), 'wait'],
  delivered: [words('전달됨', 'Delivered'), 'good'],
  failed: [words('실패', 'Failed'), 'bad'],
};

const kinds: Statuses = {
  webhook: [words('웹훅', 'Webhook'), 'quiet'],
  reward: [words('보상 통지', 'Reward'), 'quiet'],
  mail: [words('메일', 'Mail'), 'quiet'],
  sms: [words('문자', 'SMS'), 'quiet'],
  kakao: [words('카카오', 'Kakao'), 'quiet'],
  push: [words('푸시', 'Push'), 'quiet'],
};

const optionsOf = (of: Statuses) => Object.entries(of).map(([value, [label]]): [string, typeof label] => [value, label]);

const mayRepeat = words(
  '받는 쪽이 이미 처리했다면 같은 내용을 두 번 받을 수 있습니다. 메시지 번호는 그대로입니다.',
  'Whoever has had it already may get it twice. Its message id stays the same.',
);

/** Why it did not arrive. */
function Reason({ text }: { text: string }) {
  const language = useLanguage();
  return text === '' ? <Nothing /> : <>{reasonOf(text, language)}</>;
}

/** The filters of the list in words, as far as they say something. */
const filterFacts: (Fact & { name: string })[] = [
  { name: 'kind', label: words('종류', 'Kind'), show: { as: 'status', name: 'kind', of: kinds } },
  ...[
    ['site', words('매체', 'Affiliate')] as const,
    ['merchant', words('광고주', 'Merchant')] as const,
    ['order_code', words('주문', 'Order')] as const,
    ['u_id', words('u_id', 'u_id')] as const,
  ].map(([name, label]): Fact & { name: string } => ({ name, label, show: { as: 'code', name } })),
  { name: 'from', label: words('이때부터', 'From'), show: { as: 'time', name: 'from' } },
  { name: 'to', label: words('이때 전까지', 'Before'), show: { as: 'time', name: 'to' } },
];

/** Sends again what failed and fits the filters. */
const resendAll = (filter: Record<string, string>): Action => {
  const facts = filterFacts.filter(({ name }) => (filter[name] ?? '') !== '');
  const which = facts.length === 0 ? words('실패한 전송을 모두', 'All failed deliveries are') : words('다음 조건에 맞는 실패한 전송을 모두', 'All failed deliveries that fit these filters are');
  return {
    label: words('실패한 것 다시 보내기', 'Resend all that failed'),
    for: 'operator',
    grave: true,
    text: words(`${which.ko} 다시 보냅니다. 한 번에 1,000건까지입니다. ${mayRepeat.ko}`, `${which.en} sent again, at most 1,000 at a time. ${mayRepeat.en}`),
    ...(facts.length === 0 ? {} : { subject: { item: filter, facts } }),
    call: () => ({
      method: 'POST',
      path: '/deliveries/resend',
      body: { filter: { ...Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== '')), status: 'failed' } },
    }),
    done: sentAgain,
  };
};

function sentAgain([answer = {}]: Item[]): Words {
  const count = Number(answer['resent'] ?? 0);
  if (count === 0) return words('다시 보낼 것이 없습니다', 'There was nothing to send again');
  const rest = answer['more'] === true ? words(' 아직 남은 것이 있습니다.', ' There are more.') : words('', '');
  return words(`${count.toLocaleString('ko-KR')}건을 다시 보냅니다.${rest.ko}`, `${count.toLocaleString('en-US')} ${count === 1 ? 'is' : 'are'} sent again.${rest.en}`);
}

export const deliveries: List = {
  title: words('전송', 'Deliveries'),
  source: '/deliveries',
  member: 'deliveries',
  filters: [
    { name: 'status', label: words('상태', 'Status'), options: optionsOf(deliveryStatuses) },
    { name: 'kind', label: words('종류', 'Kind'), options: optionsOf(kinds) },
    { name: 'site', label: words('매체', 'Affiliate') },
    { name: 'merchant', label: words('광고주', 'Merchant') },
    { name: 'order_code', label: words('주문', 'Order') },
    { name: 'u_id', label: words('u_id', 'u_id') },
    { name: 'from', label: words('이날부터', 'From'), type: 'date' },
    { name: 'to', label: words('이날까지', 'To'), type: 'until' },
  ],
  columns: [
    { label: words('번호', 'Id'), show: { as: 'link', name: 'id', to: (item) => ['deliveries', textOf(item, 'id')] } },
    { label: words('종류', 'Kind'), show: { as: 'status', name: 'kind', of: kinds } },
    { label: words('내용', 'Topic'), show: { as: 'code', name: 'topic' } },
    { label: words('받는 곳', 'Receiver'), show: { as: 'text', name: 'target' } },
    { label: words('상태', 'Status'), show: { as: 'status', name: 'status', of: deliveryStatuses } },
    { label: words('마지막 오류', 'Last error'), show: { as: 'made', of: (item) => <Reason text={textOf(item, 'last_error')} /> } },
    { label: words('일시', 'When'), show: { as: 'time', name: 'created_at' } },
    { label: words('시도', 'Attempts'), show: { as: 'number', name: 'attempts' }, end: true },
  ],
  empty: words('조건에 맞는 전송이 없습니다.', 'There is no such delivery.'),
  actions: (again, shown) => <ActionButton action={resendAll(shown)} onDone={again} />,
};

/** Of an order of the hub, or of an invoice. */
export const deliveriesOf = (code: string, title: Words): List => ({
  title,
  source: '/deliveries',
  member: 'deliveries',
  fixed: { order_code: code },
  columns: [
    { label: words('번호', 'Id'), show: { as: 'link', name: 'id', to: (item) => ['deliveries', textOf(item, 'id')] } },
    { label: words('내용', 'Topic'), show: { as: 'code', name: 'topic' } },
    { label: words('일시', 'When'), show: { as: 'time', name: 'created_at' } },
    { label: words('상태', 'Status'), show: { as: 'status', name: 'status', of: deliveryStatuses } },
  ],
  empty: words('보낸 것이 없습니다.', 'Nothing was sent.'),
});

export const delivery = (id: string): Detail => ({
  source: `/deliveries/${encodeURIComponent(id)}`,
  kind: words('전송', 'Delivery'),
  back: { to: ['deliveries'], label: words('전송', 'Deliveries') },
  name: (item) => `${textOf(item, 'topic')} ${id}`,
  status: { as: 'status', name: 'status', of: deliveryStatuses },
  facts: [
    { label: words('종류', 'Kind'), show: { as: 'status', name: 'kind', of: kinds } },
    { label: words('받는 곳', 'Receiver'), show: { as: 'text', name: 'target' } },
    { label: words('메시지 번호', 'Message id'), show: { as: 'code', name: 'message_id' } },
    { label: words('대상', 'About'), show: { as: 'code', name: 'document' } },
    { label: words('광고주', 'Merchant'), show: { as: 'text', name: 'merchant' } },
    { label: words('주문', 'Order'), show: { as: 'code', name: 'order_code' } },
    { label: words('생성 일시', 'Made'), show: { as: 'time', name: 'created_at' } },
    { label: words('종료 일시', 'Finished'), show: { as: 'time', name: 'finished_at' } },
    { label: words('다음 시도', 'Next attempt'), show: { as: 'time', name: 'next_at' } },
    { label: words('기록', 'Record'), show: recordOf('record') },
  ],
  actions: (item) =>
    textOf(item, 'status') === 'pending'
      ? []
      : [
          {
            label: words('다시 보내기', 'Resend'),
            for: 'operator',
            grave: textOf(item, 'status') === 'delivered',
            text: mayRepeat,
            call: () => ({ method: 'POST', path: `/deliveries/${id}/resend` }),
            done: words('다시 보냅니다', 'It is sent again'),
          },
        ],
  more: (item) => (
    <>
      <Payload item={item} />
      <Attempts item={item} />
    </>
  ),
});

/** What the receiver gets, as it is. */
function Payload({ item }: { item: Item }) {
  const say = useSay();
  const payload = item['payload'] as Item | undefined;
  if (!payload) return null;
  const body = textOf(payload, 'body') || textOf(payload, 'text') || textOf(payload, 'fields');
  let shown = body;
  try {
    shown = JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // It is a text.
  }
  return (
    <section class="sub-list" aria-labelledby="payload">
      <h2 id="payload">{say(words('보낸 내용', 'Payload'))}</h2>
      {textOf(payload, 'url') !== '' && (
        <p>
          <code>{textOf(payload, 'url')}</code>
        </p>
      )}
      {textOf(payload, 'subject') !== '' && (
        <p>
          <strong>{textOf(payload, 'subject')}</strong>
        </p>
      )}
      <pre class="payload" tabIndex={0} aria-labelledby="payload">
        {shown}
      </pre>
    </section>
  );
}

function Attempts({ item }: { item: Item }) {
  const say = useSay();
  const log = (item['log'] ?? []) as Item[];
  return (
    <section class="sub-list">
      <h2>{say(words('시도', 'Attempts'))}</h2>
      {log.length === 0 ? (
        <p class="card empty muted">{say(words('아직 보내지 않았습니다.', 'Nothing was tried yet.'))}</p>
      ) : (
        <Table
          label={say(words('시도', 'Attempts'))}
          items={log}
          columns={[
            { label: words('차례', 'No.'), show: { as: 'number', name: 'attempt' }, end: true },
            { label: words('시작', 'Began'), show: { as: 'time', name: 'started_at' } },
            { label: words('걸린 시간(ms)', 'Took (ms)'), show: { as: 'number', name: 'duration_ms' }, end: true },
            { label: words('상태', 'Status'), show: { as: 'code', name: 'status' } },
            { label: words('오류', 'Error'), show: { as: 'made', of: (item) => <Reason text={textOf(item, 'error')} /> } },
            { label: words('응답', 'Answer'), show: { as: 'code', name: 'answer' } },
          ]}
        />
      )}
    </section>
  );
}
