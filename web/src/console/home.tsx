// The first view: what waits for people, and how much moved in each door.
import { useMemo } from 'preact/hooks';

import { dateTime } from '../base/format';
import { useLanguage } from '../base/language';
import { Heading, Mark, useTitle } from '../base/ui';
import { amountText } from './cells';
import { Absent, useLoaded } from './load';
import { Plot } from './plot';
import { Link } from './route';
import { useSay, type Words, words } from './words';

interface Measure {
  door: string;
  name: string;
  currency: string;
  days: string[];
  today: string;
  total: string;
}

interface Overview {
  now: string;
  firstDay: string;
  measures: Measure[];
  waiting: { kind: string; count: number; more: boolean }[];
}

const doors: [string, Words][] = [
  ['hub', words('허브', 'Hub')],
  ['invoice', words('청구', 'Invoices')],
  ['affiliate', words('제휴', 'Affiliates')],
  ['purchase', words('구매와 포인트', 'Purchases and points')],
];

const names: Record<string, Words> = {
  taken: words('결제', 'Taken'),
  refunded: words('환불', 'Refunded'),
  deposits: words('예치', 'Deposits'),
  rewards: words('리뷰 보상', 'Rewards'),
  commissions: words('수수료', 'Commissions'),
  settled: words('정산', 'Settled'),
  points: words('포인트 지급', 'Points given'),
  taken_back: words('포인트 회수', 'Points taken back'),
};

/** What waits, and where it is looked after. */
const waiting: Record<string, [Words, string[], Record<string, string>]> = {
  'hub.orders': [words('확인이 필요한 주문', 'Orders that need a look'), ['hub', 'orders'], { attention: '1' }],
  'hub.campaigns': [words('심사를 기다리는 캠페인', 'Campaigns that wait for approval'), ['hub', 'campaigns'], { status: 'UNDER_REVIEW' }],
  'hub.access_requests': [words('포털 접근 요청', 'Requests for access to the portal'), ['hub', 'partners'], { access: 'requested' }],
  'invoice.cancels': [words('결정을 기다리는 취소 요청', 'Requests to cancel that wait'), ['invoice', 'cancels'], { status: 'requested' }],
  'invoice.refused_refunds': [words('결제사가 거절한 환불', 'Refunds that the acquirer refused'), ['invoice', 'cancels'], { status: 'failed' }],
  'invoice.bills': [words('결제되지 않은 정기결제', 'Bills that were declined'), ['invoice', 'bills'], { status: 'failed' }],
  'invoice.changes': [words('결정을 기다리는 구독 변경', 'Changes of subscriptions that wait'), ['invoice', 'subscriptions'], { change: 'waits' }],
  'affiliate.reward_requests': [words('승인을 기다리는 보상 통지', 'Postbacks that wait for approval'), ['affiliate', 'affiliates'], { reward: 'REQUESTED' }],
  'affiliate.statements': [words('지급할 정산서', 'Statements that can be paid'), ['affiliate', 'unpaid'], {}],
  'affiliate.payouts': [words('은행 이체를 기다리는 지급', 'Payouts that wait for the bank'), ['affiliate', 'payouts'], { status: 'held' }],
  'affiliate.lists': [words('실적 목록을 받지 못한 광고주', 'Merchants whose lists could not be fetched'), ['affiliate', 'merchants'], { lists: 'behind' }],
  'deliveries.failed': [words('전달하지 못한 전송', 'Deliveries that failed'), ['deliveries'], { status: 'failed' }],
};

export function Home() {
  const say = useSay();
  const language = useLanguage();
  const title = words('오늘', 'Today');
  useTitle(say(title));
  const [loaded, again] = useLoaded<Overview>('/overview');
  if (loaded.is !== 'there') return <Absent loaded={loaded} again={again} />;
  const overview = loaded.value;
  return (
    <>
      <div class="view-header">
        <Heading>{say(title)}</Heading>
        <p class="muted fine">{dateTime(overview.now, language)}</p>
      </div>
      <Waiting list={overview.waiting} />
      <div class="doors">
        {doors.map(([door, label]) => (
          <Door key={door} title={say(label)} firstDay={overview.firstDay} measures={overview.measures.filter((each) => each.door === door)} />
        ))}
      </div>
    </>
  );
}

function Waiting({ list }: { list: Overview['waiting'] }) {
  const say = useSay();
  return (
    <section class="card waiting" aria-labelledby="waiting">
      <h2 id="waiting">{say(words('처리할 일', 'Needs a hand'))}</h2>
      {list.length === 0 ? (
        <p class="all-good">
          <Mark tone="good" /> {say(words('지금은 없습니다.', 'Nothing right now.'))}
        </p>
      ) : (
        <ul>
          {list.map((each) => {
            const known = waiting[each.kind];
            return (
              <li key={each.kind}>
                <span class="waiting-count">
                  {each.count}
                  {each.more ? '+' : ''}
                </span>
                {known ? (
                  <Link to={known[1]} query={known[2]}>
                    {say(known[0])}
                  </Link>
                ) : (
                  each.kind
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function Door({ title, firstDay, measures }: { title: string; firstDay: string; measures: Measure[] }) {
  const say = useSay();
  const language = useLanguage();
  const series = useMemo(
    () => measures.map((each) => ({ label: say(names[each.name] ?? words(each.name, each.name)), currency: each.currency, days: each.days })),
    [measures, language],
  );
  return (
    <section class="card door" aria-label={title}>
      <h2>{title}</h2>
      <table class="measures">
        <thead>
          <tr>
            <td />
            <th scope="col">{say(words('오늘', 'Today'))}</th>
            <th scope="col">{say(words('30일', '30 days'))}</th>
          </tr>
        </thead>
        <tbody>
          {measures.map((each, index) => (
            <tr key={each.name}>
              <th scope="row">
                <span class={`swatch swatch-${index}`} aria-hidden="true" />
                {series[index]?.label}
              </th>
              <td class="number">{amountText(each.today, each.currency, language)}</td>
              <td class="number">{amountText(each.total, each.currency, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Plot title={title} firstDay={firstDay} series={series} />
    </section>
  );
}
