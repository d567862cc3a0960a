// Forms over the members of a thing: how each is shown to people and how it is sent. What is changed is sent, and nothing else.
import type { Action, Input } from './action';
import { type Item, type Json, textOf } from './api';
import { type Words, words } from './words';

/** `name`: of the member, there and in the request. */
export interface Field extends Input {
  shown?(item: Item): string;
  sent?(value: string): Json;
}

const shownOf = (field: Field, item: Item): string => (field.shown ? field.shown(item) : textOf(item, field.name));

/** `item`: what is changed; none: a new one. */
export const inputsOf = (fields: Field[], item?: Item): Field[] =>
  fields.map((field) => (item ? { ...field, value: shownOf(field, item) } : field));

export function bodyOf(fields: Field[], values: Record<string, string>, item?: Item): { [name: string]: Json } {
  const given = fields.filter((field) => {
    const value = values[field.name] ?? '';
    return item ? value !== shownOf(field, item) : value !== '';
  });
  return Object.fromEntries(given.map((field) => [field.name, field.sent ? field.sent(values[field.name] ?? '') : (values[field.name] ?? '')]));
}

type Form = Omit<Action, 'form' | 'inputs' | 'call' | 'for'> & Partial<Pick<Action, 'for'>> & { method: 'POST' | 'PUT'; path: string; item?: Item; and?: Item };

/** Makes a thing of `fields`, or changes `item`. `and`: sent with it. For operators, unless it says for whom. */
export const formOf = (fields: Field[], action: Form): Action => ({
  for: 'operator',
  ...action,
  form: true,
  inputs: inputsOf(fields, action.item),
  call: (values) => ({ method: action.method, path: action.path, body: { ...bodyOf(fields, values, action.item), ...action.and } }),
});

/** Of a whole number from `low` to `high`. */
export const number = (name: string, label: Words, low: number, high: number, value: string): Field => ({
  name,
  label,
  type: 'number',
  value,
  rule: words(`${low.toLocaleString('ko-KR')}부터 ${high.toLocaleString('ko-KR')}까지의 정수여야 합니다.`, `Must be a whole number from ${low.toLocaleString('en-US')} to ${high.toLocaleString('en-US')}.`),
});

const yes = words('예', 'Yes');
const no = words('아니요', 'No');

/** Of a member that is true or false. */
export const flag: Pick<Field, 'options' | 'sent'> = { options: [['false', no], ['true', yes]], sent: (value) => value === 'true' };

const linesOf = (value: string): string[] => value.split('\n').map((line) => line.trim()).filter(Boolean);

/** Of a list of texts: one in a line. */
export const lines = (name: string): Pick<Field, 'type' | 'shown' | 'sent'> => ({
  type: 'multiline',
  shown: (item) => (item[name] as string[]).join('\n'),
  sent: linesOf,
});

const seoul = 9 * 3_600_000;

/** Of a moment, by the clock of Seoul; empty: none. */
export const moment = (name: string): Pick<Field, 'type' | 'shown' | 'sent'> => ({
  type: 'datetime-local',
  shown: (item) => {
    const at = textOf(item, name);
    return at === '' ? '' : new Date(Date.parse(at) + seoul).toISOString().slice(0, 16);
  },
  sent: (value) => (value === '' ? null : `${value}:00+09:00`),
});

/** Of a list of rates: in each line what they are for, the base and the incentive ("shoes 8% 1%"), which may be left out. Where
 * both are given the code may have blanks in it, which are kept. */
export const rates = (name: string, key: 'code' | 'from_sales'): Pick<Field, 'type' | 'shown' | 'sent'> => ({
  type: 'multiline',
  shown: (item) => (item[name] as Item[]).map((each) => [key, 'base', 'incentive'].map((member) => textOf(each, member)).join(' ')).join('\n'),
  sent: (value) =>
    linesOf(value).map((line) => {
      const [, of = '', base, incentive] = /^(.*?\S)\s+(\S+)\s+(\S+)$/s.exec(line) ?? /^(\S+)(?:\s+(\S+))?$/.exec(line) ?? [];
      return { [key]: of, ...(base === undefined ? {} : { base }), ...(incentive === undefined ? {} : { incentive }) };
    }),
});
