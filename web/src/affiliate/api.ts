// What an affiliate's page asks the server. The key is sent with every request and kept in memory alone.
import { type Answer, send } from '../base/fetch';

export interface Site {
  id: string;
  key: string;
}

export interface Reward {
  status: 'NONE' | 'REQUESTED' | 'APPROVED' | 'REJECTED';
  postback_url: string | null;
  uniq_id: boolean;
}

export interface Trial {
  delivered: boolean;
  tried: boolean;
  status: number | null;
  duration_ms: number | null;
  error: string | null;
  answer: string;
}

export interface Delivery {
  id: number;
  topic: string;
  status: 'pending' | 'delivered' | 'failed';
  merchant: string | null;
  order_code: string | null;
  u_id: string | null;
  created_at: string;
  attempts: number;
  last_status: number | null;
  last_error: string | null;
}

export interface Conversion {
  trlog_id: string;
  m_id: string;
  o_cd: string;
  p_nm: string;
  it_cnt: string;
  user_id: string;
  status: '100' | '200' | '210' | '300' | '310';
  yyyymmdd: string;
  sales: number;
  commission: number;
}

export interface Statement {
  month: string;
  settled: number;
  cancelled: number;
  sales: number;
  commission: number;
  payout: { status: 'held' | 'paid' | 'failed'; amount: number } | null;
}

/** What is paid: "8%", "500KRW". */
export interface PaidRates {
  base: string;
  incentive: string;
}

export interface Program extends PaidRates {
  code: string;
  name: string;
  kind: 'cps' | 'cpa';
  action_name: string | null;
  by_category: (PaidRates & { code: string })[];
  by_product: (PaidRates & { code: string })[];
  tiers: (PaidRates & { from_sales: number })[];
  ends_at: string | null;
}

export interface Merchant {
  merchant_id: string;
  name: string;
  home_url: string;
  deeplinks: boolean;
  hosts: string[];
  programs: Program[];
}

export interface MerchantPage {
  merchants: Merchant[];
  next: string | null;
}

export interface Promo {
  promo: number;
  merchant_id: string;
  event_code: string;
  promo_code: string;
  active: boolean;
  starts_at: string | null;
  ends_at: string | null;
}

export interface PromoPage {
  promos: Promo[];
  next: number | null;
}

export interface ClickDay {
  day: string;
  clicks: number;
  unique: number;
  marked: number;
}

export interface Click {
  click_id: string;
  at: string;
  merchant_id: string;
  u_id: string;
  device: string;
  marks: string[];
}

export type ClickFilter = Record<'merchant_id' | 'u_id', string>;

export interface Account {
  bank: string;
  account: string;
  holder: string;
}

export type Filter = Record<'merchant' | 'order_code' | 'u_id' | 'status' | 'from' | 'to', string>;

const path = (site: Site, rest: string) => `/api/affiliates/${encodeURIComponent(site.id)}${rest}`;

async function read<T>(site: Site, url: string): Promise<{ status: number; value: T | null }> {
  const { status, body } = await send('GET', url, undefined, site.key);
  return { status, value: status === 200 ? (body as T) : null };
}

export const readReward = (site: Site) => read<Reward>(site, path(site, '/reward-api'));
export const setReward = (site: Site, body: object): Promise<Answer> => send('PUT', path(site, '/reward-api'), body, site.key);
export const testReward = (site: Site): Promise<Answer> => send('POST', path(site, '/reward-api/test'), {}, site.key);
export const readStatements = (site: Site) => read<{ statements: Statement[] }>(site, path(site, '/statements'));

export const readBankAccount = (site: Site) => read<Account>(site, path(site, '/bank-account'));
export const setBankAccount = (site: Site, account: Account): Promise<Answer> => send('PUT', path(site, '/bank-account'), account, site.key);

/** The members of a query that say something. */
function queryOf(members: Record<string, string | null>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) if (value !== null && value !== '') query.set(name, value);
  return query.size === 0 ? '' : `?${query}`;
}

export const readMerchants = (site: Site, q: string, after: string | null) => read<MerchantPage>(site, path(site, `/merchants${queryOf({ q, after })}`));
export const readPromos = (site: Site, after: string | null) => read<PromoPage>(site, path(site, `/promos${queryOf({ after })}`));
export const makeLink = (site: Site, merchant_id: string, target: string, u_id: string): Promise<Answer> =>
  send('GET', path(site, `/link${queryOf({ merchant_id, target, u_id })}`), undefined, site.key);
export const readClickDays = (site: Site, month: string) => read<{ month: string; days: ClickDay[] }>(site, path(site, `/clicks/daily${queryOf({ month })}`));
export const readClicks = (site: Site, filter: ClickFilter, cursor: string | null) =>
  read<{ clicks: Click[]; next: string | null }>(site, path(site, `/clicks${queryOf({ ...filter, cursor })}`));

/** What a filter says to the server: a day is Seoul's, and the last one belongs to it. */
const saidBy = (filter: Filter): Partial<Filter> =>
  Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, name === 'from' ? `${value}T00:00:00+09:00` : name === 'to' ? `${value}T23:59:59.999999+09:00` : value]),
  );

export async function readDeliveries(site: Site, filter: Filter, cursor: string | null, limit: string | null = null) {
  const { status, value } = await read<{ deliveries: Delivery[]; next: string | null }>(site, path(site, `/deliveries${queryOf({ ...saidBy(filter), cursor, limit })}`));
  return { status, value: value && { rows: value.deliveries, next: value.next } };
}

/** The most that are counted before they are sent again. */
export const countedAtMost = 100;
const failedOf = (filter: Filter): Filter => ({ ...filter, status: 'failed' });
/** Of those that failed and fit the filter; a test is never sent again. */
export const readFailed = (site: Site, filter: Filter) => readDeliveries(site, failedOf(filter), null, String(countedAtMost));
export const isTest = ({ topic }: Delivery): boolean => topic === 'reward.test';
export const resend = (site: Site, id: number): Promise<Answer> => send('POST', path(site, `/deliveries/${id}/resend`), {}, site.key);
export const resendFailed = (site: Site, filter: Filter): Promise<Answer> => send('POST', path(site, '/deliveries/resend'), { filter: saidBy(failedOf(filter)) }, site.key);

const perPage = 50;
/** A page of a month's conversions, the first is 1, with how many there are in all; the cursor of the next one is its number. */
export async function readConversions(site: Site, month: string, page: number) {
  const query = new URLSearchParams({ a_id: site.id, yyyymmdd: month, page: String(page), per_page: String(perPage) });
  const { status, value } = await read<{ result: string; list_count: number; order_list: Conversion[] }>(site, `/affiliate/translist.php?${query}`);
  return { status, value: value && { rows: value.order_list, count: value.list_count, next: value.list_count > page * perPage ? String(page + 1) : null } };
}
