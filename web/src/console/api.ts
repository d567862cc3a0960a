// The operator's API as the console asks it. A session that has ended is noticed wherever it is.
import { type Answer, send } from '../base/fetch';
import type { Language } from '../base/language';
import { codes, koreanRule, koreanSentence } from './refusals';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
/** A thing as the API tells it. */
export type Item = { [name: string]: Json };

export type Role = 'owner' | 'operator' | 'auditor';

export interface Me {
  id: string;
  email: string | null;
  name: string;
  role: Role;
}

export type Method = 'POST' | 'PUT' | 'DELETE';

export type Query = Record<string, string>;

export const at = (path: string, query: Query = {}): string => {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return `/api${path}${asked.size > 0 ? `?${asked}` : ''}`;
};

export const get = (path: string, query: Query = {}): Promise<Answer> => send('GET', at(path, query));

export const change = (method: Method, path: string, body?: Json): Promise<Answer> => send(method, at(path), body);

interface Refusal {
  code?: string;
  message?: string;
}

const refusalOf = (answer: Answer): Refusal => (answer.body as { error?: Refusal } | null)?.error ?? {};

/** What is wrong with several members stands in one message ("name must be a text; rate must be a whole number"). */
const partsOf = (message: string): string[] => message.split('; ');

/** What an answer says went wrong. The server says it in English, and in Korean the console does. */
export function faultOf(answer: Answer, language: Language): string {
  const { code = '', message = String(answer.status) } = refusalOf(answer);
  return language === 'en' ? message : koreanOf(code, message);
}

/** By its sentences, else by its code, which says less; what a parameter must be is better said in English than not at all. */
function koreanOf(code: string, message: string): string {
  const said = partsOf(message).map((part) => [part, koreanSentence(part)] as const);
  if (code === 'invalid_parameters') return said.map(([part, korean]) => korean ?? part).join(' ');
  const known = said.map(([, korean]) => korean);
  return known.every((korean) => korean !== null) ? known.join(' ') : (codes[code] ?? message);
}

/** The same by the members that it names: what is wrong with each of `names`, and what is said of none of them. */
export function faultsOf(answer: Answer, names: string[], language: Language): { of: Record<string, string>; rest: string | null } {
  const { code = '', message = String(answer.status) } = refusalOf(answer);
  const of: Record<string, string> = {};
  const rest: string[] = [];
  let last: string | null = null;
  for (const part of partsOf(message)) {
    const named = names.find((name) => part.startsWith(`${name} `) || part.startsWith(`${name}: `));
    if (named !== undefined) of[named] = part.slice(named.length).replace(/^:? /, '');
    // A semicolon within what is said of one of them.
    else if (last !== null) of[last] += `; ${part}`;
    else rest.push(part);
    last = named ?? last;
  }
  const isKorean = language === 'ko';
  const said = Object.fromEntries(Object.entries(of).map(([name, rule]) => [name, isKorean ? koreanRule(rule) : rule]));
  const left = rest.join('; ');
  return { of: said, rest: rest.length === 0 ? null : isKorean ? koreanOf(code, left) : left };
}

/** Why something was not delivered. */
export const reasonOf = (reason: string, language: Language): string => (language === 'ko' ? (koreanSentence(reason) ?? reason) : reason);

/** A member of a thing, by its path through objects: "contact.email". */
export function member(item: Item, path: string): Json {
  let value: Json | undefined = item;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
    value = value[name];
  }
  return value ?? null;
}

export const textOf = (item: Item, path: string): string => {
  const value = member(item, path);
  return value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
};
