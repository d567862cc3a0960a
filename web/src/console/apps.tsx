// What opens the doors: connected apps, sellers, holders and their access keys. Owners change them; secrets are shown once.
import { Heading, useTitle } from '../base/ui';
import { type Action, ActionButton, type Input } from './action';
import { type Item, textOf } from './api';
import { Cell, Nothing, type Statuses } from './cells';
import { type Field, flag, formOf, lines, number } from './form';
import { Absent, useLoaded } from './load';
import { type Column } from './list';
import { useSay, type Words, words } from './words';

const statuses: Statuses = {
  ACTIVE: [words('사용 중', 'Active'), 'good'],
  SUSPENDED: [words('중지', 'Suspended'), 'bad'],
};

const languages: [string, Words][] = [['ko', words('한국어', 'Korean')], ['en', words('영어', 'English')]];
const scopes: [string, Words][] = [['sales', words('판매', 'Sales')], ['reviewer', words('리뷰어', 'Reviewer')]];

const once = {
  shared: words('공유 비밀', 'Shared secret'),
  secret: words('비밀 키', 'Secret key'),
  client: words('클라이언트 키', 'Client key'),
  webhook: words('웹훅 서명 키', 'Key of its webhooks'),
  access: words('접근 키', 'Access key'),
  signer: words('서명 주소', 'Signer'),
};

const keepOld: Input = {
  name: 'keep_old',
  label: words('옛 비밀을 남겨 둘 시간', 'How long the old one stays good'),
  value: '24h',
  hint: words('예: 24h, 7d. 0s는 바로 끝냅니다.', 'Such as 24h or 7d; 0s ends it at once.'),
};

const rotate = (base: string, id: string, secret: [string, Words]): Action => ({
  label: words('비밀 교체', 'Rotate'),
  for: 'owner',
  text: words('새 비밀을 만듭니다. 옛 비밀은 정한 시간 뒤에 끝납니다.', 'Makes a new secret. The old one ends after the time given.'),
  inputs: [keepOld],
  call: (values) => ({ method: 'POST', path: `${base}/${encodeURIComponent(id)}/rotate`, body: values }),
  done: words('교체했습니다', 'Rotated'),
  secrets: [secret],
});

const suspend = (base: string, id: string, active: boolean): Action => ({
  label: active ? words('중지', 'Suspend') : words('다시 사용', 'Resume'),
  for: 'owner',
  grave: active,
  text: active ? words('이제부터 모든 요청을 거절합니다.', 'Its requests are refused from now on.') : words('요청을 다시 받습니다.', 'Its requests are taken again.'),
  call: () => ({ method: 'PUT', path: `${base}/${encodeURIComponent(id)}`, body: { status: active ? 'SUSPENDED' : 'ACTIVE' } }),
  done: words('변경했습니다', 'Changed'),
});

/** `item`: the app as it stands, which stands under `base`. */
const settings = (fields: Field[], base: string, id: string, item: Item): Action =>
  formOf(fields, { label: words('설정', 'Settings'), for: 'owner', text: words('바꾼 것만 적용합니다.', 'What you change is set.'), method: 'PUT', path: `${base}/${encodeURIComponent(id)}`, item, done: words('변경했습니다', 'Changed') });

const perSecond = (value: string): Field => number('rate', words('초당 요청', 'Requests a second'), 1, 100_000, value);
const atOnce = (value: string): Field => number('burst', words('한 번에 몰려도 되는 요청', 'Requests at once'), 1, 1_000_000, value);

interface Shelf {
  title: Words;
  source: string;
  member: string;
  empty: Words;
  columns: Column[];
  create: Action;
  actions(item: Item): Action[];
}

const hubFields: Field[] = [
  { name: 'label', label: words('이름', 'Label'), optional: true, rule: words('200바이트까지 쓸 수 있습니다.', 'Must be at most 200 bytes.') },
  { name: 'review_required', label: words('캠페인 심사', 'Campaigns are reviewed'), hint: words('켜면 운영자가 승인한 캠페인만 시작합니다. 이미 진행 중인 캠페인은 그대로입니다.', 'Yes: a campaign begins once an operator has approved it. Those that run stay as they are.'), ...flag },
  { ...number('due_days', words('리뷰 마감(일)', 'Reviews are due (days)'), 0, 365, '14'), hint: words('캠페인이 끝난 날부터', 'From the end of the campaign') },
  { ...number('unconsumed_minutes', words('미사용 주문을 알릴 때까지(분)', 'Unused orders are told after (minutes)'), 1, 43_200, '30'), hint: words('결제하고 이만큼 쓰지 않은 주문이 확인할 주문이 됩니다.', 'A paid order that waits longer needs a look.') },
  perSecond('100'),
  atOnce('200'),
];

const hub: Shelf = {
  title: words('허브 앱', 'Apps of the hub'),
  source: '/hub/apps',
  member: 'apps',
  empty: words('아직 허브 앱이 없습니다.', 'There is no app of the hub yet.'),
  columns: [
    { label: words('코드', 'Code'), show: { as: 'code', name: 'code' } },
    { label: words('이름', 'Label'), show: { as: 'text', name: 'label' } },
    { label: words('범위', 'Scope'), show: { as: 'word', name: 'scope', of: Object.fromEntries(scopes) } },
    { label: words('상태', 'Status'), show: { as: 'status', name: 'status', of: statuses } },
    { label: words('캠페인 심사', 'Campaigns are reviewed'), show: { as: 'flag', name: 'review_required' } },
    { label: words('리뷰 마감(일)', 'Reviews are due (days)'), show: { as: 'number', name: 'due_days' } },
    { label: words('초당 요청', 'Requests a second'), show: { as: 'number', name: 'rate' } },
  ],
  create: {
    label: words('허브 앱 발급', 'Issue an app of the hub'),
    for: 'owner',
    primary: true,
    text: words('판매 사이트나 자체 리뷰어 서비스를 연결합니다. 리뷰어 범위의 앱은 모든 캠페인의 리뷰를 심사하므로 외부에 발급하지 마세요.', 'Connects a sales site, or a reviewer service of your own. An app of the reviewer scope judges the reviews of all campaigns: do not issue one to others.'),
    inputs: [
      { name: 'code', label: words('서비스 코드', 'Service code'), hint: words('토큰의 iss. 영문, 숫자, - _ .', 'The iss of its tokens: letters, digits, - _ .') },
      { name: 'label', label: words('이름', 'Label'), optional: true },
      { name: 'scope', label: words('범위', 'Scope'), value: 'sales', options: scopes },
    ],
    call: (values) => ({ method: 'POST', path: '/hub/apps', body: values }),
    done: words('발급했습니다', 'Issued'),
    secrets: [['shared_secret', once.shared], ['webhook_key', once.webhook]],
  },
  actions: (item) => [
    settings(hubFields, '/hub/apps', textOf(item, 'code'), item),
    rotate('/hub/apps', textOf(item, 'code'), ['shared_secret', once.shared]),
    suspend('/hub/apps', textOf(item, 'code'), item['status'] === 'ACTIVE'),
  ],
};

const sellerFields: Field[] = [
  { name: 'name', label: words('이름', 'Name'), hint: words('고객에게 보이는 이름', 'As customers see it'), rule: words('200바이트까지의 이름을 입력해 주세요.', 'Must be a name of at most 200 bytes.') },
  { name: 'webhook_url', label: words('웹훅 주소', 'Webhook URL'), optional: true, hint: words('주소를 따로 적지 않은 청구서의 웹훅이 가는 곳', 'Of invoices that name none'), rule: words('https로 시작하는 주소여야 합니다. 그 주소로 보낼 수 있어야 합니다.', 'Must be an https URL that may be sent to.') },
  { name: 'origins', label: words('결제창을 여는 사이트', 'Origins of its pages'), optional: true, hint: words('한 줄에 하나: https://shop.example. 다른 사이트에서는 결제창을 열 수 없습니다.', 'One a line: https://shop.example. No other page may open a checkout.'), rule: words('https://shop.example처럼 한 줄에 하나, 50개까지 써 주세요.', 'Origins such as https://shop.example, one a line, 50 at most.'), ...lines('origins') },
  { name: 'language', label: words('고객에게 보내는 언어', 'Language of its messages'), value: 'ko', hint: words('메일과 문자에 씁니다.', 'Of mails and messages to customers'), options: languages },
  { name: 'time_zone', label: words('시간대', 'Time zone'), value: 'Asia/Seoul', hint: words('구독의 달을 세는 기준', 'In which months are counted'), rule: words('Asia/Seoul 같은 시간대여야 합니다.', 'Must be a time zone such as Asia/Seoul.') },
];

/** How a seller stands on its documents. What is not said is not shown there. */
const documentFields: Field[] = [
  { name: 'registration_number', label: words('사업자등록번호', 'Business number'), optional: true },
  { name: 'representative', label: words('대표자', 'Representative'), optional: true },
  { name: 'address', label: words('주소', 'Address'), optional: true },
  { name: 'email', label: words('이메일', 'E-mail'), type: 'email', optional: true },
  { name: 'phone', label: words('전화', 'Phone'), optional: true },
];

const onDocuments = (id: string): Action =>
  formOf(documentFields, {
    label: words('청구서의 판매자 정보', 'Seller on documents'),
    for: 'owner',
    text: words(
      '청구서 PDF에서 판매자 이름 아래에 적을 내용을 모두 새로 정합니다. 비운 항목은 나오지 않습니다. 이미 발행한 청구서에도 적용합니다.',
      'Says anew all that stands under the seller’s name on the PDF of every invoice, also of older ones. What is left empty is not shown.',
    ),
    method: 'PUT',
    path: `/invoice/apps/${encodeURIComponent(id)}/seller`,
    done: words('변경했습니다', 'Changed'),
  });

const invoice: Shelf = {
  title: words('청구 판매자', 'Sellers'),
  source: '/invoice/apps',
  member: 'apps',
  empty: words('아직 판매자가 없습니다.', 'There is no seller yet.'),
  columns: [
    { label: words('이름', 'Name'), show: { as: 'text', name: 'name' } },
    { label: once.client, show: { as: 'code', name: 'client_key' } },
    { label: words('상태', 'Status'), show: { as: 'status', name: 'status', of: statuses } },
    { label: words('웹훅', 'Webhook'), show: { as: 'text', name: 'webhook_url' } },
    { label: words('결제창을 여는 사이트', 'Origins of its pages'), show: { as: 'made', of: (item) => (item['origins'] as string[]).join(', ') || <Nothing /> } },
    { label: words('언어', 'Language'), show: { as: 'word', name: 'language', of: Object.fromEntries(languages) } },
    { label: words('시간대', 'Time zone'), show: { as: 'text', name: 'time_zone' } },
  ],
  create: formOf(sellerFields, {
    label: words('판매자 등록', 'Add a seller'),
    for: 'owner',
    primary: true,
    text: words('청구서를 발행할 판매자를 등록합니다.', 'Adds a business that bills.'),
    method: 'POST',
    path: '/invoice/apps',
    done: words('등록했습니다', 'Added'),
    secrets: [['client_key', once.client], ['secret_key', once.secret], ['webhook_key', once.webhook]],
  }),
  actions: (item) => [
    settings([...sellerFields, perSecond('1000'), atOnce('2000')], '/invoice/apps', textOf(item, 'client_key'), item),
    onDocuments(textOf(item, 'client_key')),
    rotate('/invoice/apps', textOf(item, 'client_key'), ['secret_key', once.secret]),
    suspend('/invoice/apps', textOf(item, 'client_key'), item['status'] === 'ACTIVE'),
  ],
};

const waiting = words('지급까지(초)', 'Points wait (s)');
/** A time of waiting in the largest unit that has no rest. */
function Wait({ seconds }: { seconds: number }) {
  const say = useSay();
  const units: [number, Words][] = [[86_400, words('일', 'days')], [3600, words('시간', 'hours')], [60, words('분', 'minutes')], [1, words('초', 'seconds')]];
  const [size, unit] = units.find(([each]) => seconds > 0 && seconds % each === 0) ?? [1, words('초', 'seconds')];
  const count = seconds / size;
  return <span class="number">{say(words(`${count.toLocaleString('ko-KR')}${unit.ko}`, `${count.toLocaleString('en-US')} ${count === 1 ? unit.en.slice(0, -1) : unit.en}`))}</span>;
}

const registersShops = words('새 상점 자동 등록', 'Registers new shops');

const holderFields: Field[] = [
  { name: 'system', label: words('시스템 이름', 'Name of the system'), rule: words('입력해 주세요.', 'Please fill this in.') },
  { name: 'currency', label: words('통화', 'Currency'), value: 'krw', optional: true, hint: words('적립 환율에 있는 통화 코드', 'A currency code that has a rate') },
  { ...number('waiting', waiting, 0, 315_360_000, '604800'), hint: words('구매하고 이만큼 지나면 포인트를 줍니다. 604800초는 7일입니다.', 'Points are given so long after a purchase; 604800 seconds are seven days.') },
  {
    name: 'openRegistration',
    label: registersShops,
    value: 'false',
    hint: words('예: 등록되지 않은 상점 번호로 첫 구매를 기록할 때 그 상점을 등록합니다. 아니요: 운영자가 상점을 등록해야 합니다.', 'Yes: the first purchase of a shop that nobody has registers it. No: operators register shops.'),
    ...flag,
  },
];

const purchase: Shelf = {
  title: words('상점 시스템', 'Shop systems'),
  source: '/purchase/holders',
  member: 'holders',
  empty: words('아직 상점 시스템이 없습니다.', 'There is no shop system yet.'),
  columns: [
    { label: words('번호', 'Number'), show: { as: 'number', name: 'holder' } },
    { label: words('시스템', 'System'), show: { as: 'text', name: 'system' } },
    { label: words('통화', 'Currency'), show: { as: 'text', name: 'currency' } },
    { label: words('지급까지', 'Points wait'), show: { as: 'made', of: (item) => <Wait seconds={Number(textOf(item, 'waiting'))} /> }, end: true },
    { label: registersShops, show: { as: 'flag', name: 'openRegistration' } },
    { label: words('접근 키', 'Access keys'), show: { as: 'made', of: (item, again) => <Keys item={item} again={again} /> } },
  ],
  create: formOf(holderFields, {
    label: words('상점 시스템 등록', 'Add a shop system'),
    for: 'owner',
    primary: true,
    text: words('구매를 기록할 시스템을 등록하고 서명 키를 만듭니다.', 'Adds a system that records purchases, with a signing key of its own.'),
    method: 'POST',
    path: '/purchase/holders',
    done: words('등록했습니다', 'Added'),
    secrets: [['holder', words('번호', 'Number')], ['signer', once.signer]],
  }),
  actions: (item) => [
    {
      label: words('접근 키 만들기', 'Make a key'),
      for: 'owner',
      text: words('이 시스템이 쓸 접근 키를 만듭니다.', 'Makes an access key for this system.'),
      inputs: [{ name: 'label', label: words('용도', 'What it is for'), optional: true }],
      call: ({ label = '' }) => ({ method: 'POST', path: `/purchase/holders/${textOf(item, 'holder')}/keys`, body: label === '' ? {} : { label } }),
      done: words('만들었습니다', 'Made'),
      secrets: [['accessKey', once.access]],
    },
  ],
};

function Keys({ item, again }: { item: Item; again(): void }) {
  const say = useSay();
  const keys = (item['keys'] ?? []) as Item[];
  if (keys.length === 0) return <Nothing />;
  return (
    <ul class="keys">
      {keys.map((key) => {
        const digest = textOf(key, 'digest');
        const revoked = key['revoked'] === true;
        return (
          <li key={digest}>
            <code>{digest.slice(0, 12)}…</code> {textOf(key, 'label')}{' '}
            {revoked ? (
              <span class="badge badge-quiet">{say(words('폐기', 'Revoked'))}</span>
            ) : (
              <ActionButton
                action={{
                  label: words('폐기', 'Revoke'),
                  for: 'owner',
                  grave: true,
                  text: words('이 키의 요청을 바로 거절합니다. 되돌릴 수 없습니다.', 'Requests with this key are refused from now on. This cannot be taken back.'),
                  call: () => ({ method: 'POST', path: '/purchase/keys/revoke', body: { digest } }),
                  done: words('폐기했습니다', 'Revoked'),
                }}
                onDone={again}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

function ShelfView({ shelf }: { shelf: Shelf }) {
  const say = useSay();
  const [loaded, again] = useLoaded<Record<string, Item[]>>(shelf.source);
  return (
    <section class="sub-list" aria-labelledby={shelf.source}>
      <div class="view-header">
        <h2 id={shelf.source}>{say(shelf.title)}</h2>
        <div class="view-actions">
          <ActionButton action={shelf.create} onDone={again} />
        </div>
      </div>
      {loaded.is !== 'there' ? (
        <Absent loaded={loaded} again={again} />
      ) : (loaded.value[shelf.member] ?? []).length === 0 ? (
        <p class="card empty muted">{say(shelf.empty)}</p>
      ) : (
        <ul class="shelf">
          {(loaded.value[shelf.member] ?? []).map((item, index) => (
            <li key={index} class="card">
              <dl class="facts facts-grid">
                {shelf.columns.map((column) => (
                  <div key={column.label.en}>
                    <dt>{say(column.label)}</dt>
                    <dd>
                      <Cell item={item} show={column.show} again={again} />
                    </dd>
                  </div>
                ))}
              </dl>
              <div class="view-actions">
                {shelf.actions(item).map((action) => (
                  <ActionButton key={action.label.en} action={action} onDone={again} />
                ))}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function Apps() {
  const say = useSay();
  const title = words('앱과 키', 'Apps and keys');
  useTitle(say(title));
  return (
    <>
      <div class="view-header">
        <Heading>{say(title)}</Heading>
      </div>
      {[hub, invoice, purchase].map((shelf) => (
        <ShelfView key={shelf.source} shelf={shelf} />
      ))}
    </>
  );
}
