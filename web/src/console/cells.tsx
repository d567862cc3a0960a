// How a value of the API is shown: one way for each kind, in lists and in details alike.
import { type ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { dateTime } from '../base/format';
import { type Language, useLanguage } from '../base/language';
import { type Item, member, textOf } from './api';
import { Link } from './route';
import { useSay, type Words, words } from './words';

/** What is shown of a thing. `name`: the member's path. `word`: of a code that may have words; one that has none is shown as it is. */
export type Show =
  | { as: 'text' | 'code' | 'time' | 'number'; name: string }
  | { as: 'money'; name: string; currency?: string }
  | { as: 'flag'; name: string }
  | { as: 'status'; name: string; of: Statuses }
  | { as: 'word'; name: string; of: Record<string, Words> }
  | { as: 'link'; name: string; to(item: Item): string[] | null; query?(item: Item): Record<string, string>; label?: Words }
  | { as: 'made'; of(item: Item, again: () => void): ComponentChildren };

/** The words of a status and how it looks. */
export type Statuses = Record<string, [Words, 'good' | 'wait' | 'bad' | 'quiet']>;

const locales: Record<Language, string> = { ko: 'ko-KR', en: 'en-US' };
const yes = words('예', 'Yes');
const no = words('아니요', 'No');
const nothing = words('없음', 'None');

/** The exact decimal text of a whole number of 10^-scale: "50600000000000000000000" with a scale of 18 is "50600". */
export function decimalOf(units: string, scale: number): string {
  const value = BigInt(units);
  const one = 10n ** BigInt(scale);
  const size = value < 0n ? -value : value;
  const fraction = String(size % one).padStart(scale, '0').replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${size / one}${fraction && `.${fraction}`}`;
}

/** An amount as the API writes it: whole won, or a decimal text of points. `places`: of its fraction that are shown. */
export function amountText(value: string, currency: string, language: Language, places = 4): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const digits = `${new Intl.NumberFormat(locales[language]).format(BigInt(whole))}${fraction ? `.${fraction.slice(0, places)}` : ''}`;
  const signed = value.startsWith('-') && !digits.startsWith('-') ? `-${digits}` : digits;
  if (currency === 'KRW') return signed.startsWith('-') ? `−₩${signed.slice(1)}` : `₩${signed}`;
  return `${signed.replace('-', '−')} ${currency === 'POINT' ? 'P' : currency}`;
}

export function Status({ value, of }: { value: string; of: Statuses }) {
  const say = useSay();
  const known = of[value];
  return <span class={`badge badge-${known?.[1] ?? 'quiet'}`}>{known ? say(known[0]) : value}</span>;
}

export function Nothing() {
  const say = useSay();
  return (
    <span class="muted">
      <span aria-hidden="true">–</span>
      <span class="visually-hidden">{say(nothing)}</span>
    </span>
  );
}

const copied = words('복사했습니다', 'Copied');
const copy = words('복사', 'Copy');

/** A long code in full, with a button that copies it. */
export function Code({ value }: { value: string }) {
  const say = useSay();
  const [done, setDone] = useState(false);
  return (
    <span class="copyable">
      <code>{value}</code>
      <button
        type="button"
        class="button button-tiny"
        aria-label={`${say(copy)}: ${value}`}
        onClick={() => {
          void navigator.clipboard?.writeText(value).then(() => setDone(true));
        }}
      >
        {say(done ? copied : copy)}
      </button>
    </span>
  );
}

/** A word that may be broken where a line ends. */
const isLong = (label: string): boolean => /^\S{17,}$/.test(label);

/** An id that no line of a table has room for: longer than the code of an order, which people read as a whole. */
const isLongId = (label: string): boolean => /^\S{24,}$/.test(label);

/** A table shortens a long id in its middle: what is made at one time begins alike. The whole of it is its title. */
function Id({ value }: { value: string }) {
  if (!isLongId(value) || !/\d/.test(value)) return <>{value}</>;
  return (
    <span class="id" title={value}>
      <span>{value.slice(0, -8)}</span>
      {value.slice(-8)}
    </span>
  );
}

/** The day and the time of day, which may stand in two lines. */
export function Moment({ at }: { at: string }) {
  const said = dateTime(at, useLanguage());
  const between = said.lastIndexOf(' ');
  return (
    <time dateTime={at}>
      <span>{said.slice(0, between)}</span> <span>{said.slice(between + 1)}</span>
    </time>
  );
}

/** `again`: loads anew what stands around the cell. */
export function Cell({ item, show, again = () => undefined }: { item: Item; show: Show; again?: () => void }) {
  const language = useLanguage();
  const say = useSay();
  if (show.as === 'made') return <>{show.of(item, again)}</>;
  const value = member(item, show.name);
  if (value === null || value === '') return <Nothing />;
  const text = textOf(item, show.name);
  switch (show.as) {
    case 'text':
      return isLong(text) ? <span class="long">{text}</span> : <>{text}</>;
    case 'code':
      return (
        <code>
          <Id value={text} />
        </code>
      );
    case 'number':
      return <span class="number">{new Intl.NumberFormat(locales[language]).format(Number(text))}</span>;
    case 'time':
      return <Moment at={text} />;
    case 'money':
      return <span class="number">{amountText(text, show.currency ?? (textOf(item, 'currency') || 'KRW'), language)}</span>;
    case 'flag':
      return <>{say(value === true ? yes : no)}</>;
    case 'word': {
      const known = show.of[text];
      return <>{known ? say(known) : text}</>;
    }
    case 'status':
      return <Status value={text} of={show.of} />;
    case 'link': {
      const to = show.to(item);
      const label = show.label ? say(show.label) : text;
      if (to === null) return <>{label}</>;
      return (
        <Link to={to} query={show.query?.(item) ?? {}}>
          <Id value={label} />
        </Link>
      );
    }
  }
}

/** What was paid and did not go back. */
export const leftOf = (item: Item): string => String(BigInt(textOf(item, 'amount')) - BigInt(textOf(item, 'refunded')));

const refunded = words('환불', 'Refunded');
const left = words('남은 금액', 'Left');

/** The amount, and under it what went back of it and what is left. */
export function AmountLeft({ item }: { item: Item }) {
  const say = useSay();
  const language = useLanguage();
  const shown = (value: string) => amountText(value, textOf(item, 'currency'), language);
  const amount = <span class="number">{shown(textOf(item, 'amount'))}</span>;
  const back = textOf(item, 'refunded');
  if (back === '0') return amount;
  return (
    <span class="stacked">
      {amount}
      <small class="muted number">{`${say(refunded)} ${shown(back)}`}</small>
      <small class="muted number">{`${say(left)} ${shown(leftOf(item))}`}</small>
    </span>
  );
}

/** What is told of a thing. */
export interface Fact {
  label: Words;
  show: Show;
}

export function Facts({ facts, item, narrow = false }: { facts: Fact[]; item: Item; narrow?: boolean }) {
  const say = useSay();
  return (
    <dl class={narrow ? 'facts' : 'facts facts-grid'}>
      {facts.map(({ label, show }) => (
        <div key={label.en}>
          <dt>{say(label)}</dt>
          <dd>
            <Cell item={item} show={show} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
