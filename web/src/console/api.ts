// The operator's API as the console asks it. A session that has ended is noticed wherever it is.
import { type Answer, send } from '../base/fetch';

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

/** What an answer says went wrong. */
export function faultOf(answer: Answer): string {
  const message = (answer.body as { error?: { message?: string } } | null)?.error?.message;
  return message ?? String(answer.status);
}

/**
 * The same by the members that it names ("name must be a text; rate must be a whole number"): what is wrong with each of `names`, and what
 * is said of none of them.
 */
export function faultsOf(answer: Answer, names: string[]): { of: Record<string, string>; rest: string | null } {
  const of: Record<string, string> = {};
  const rest: string[] = [];
  let last: string | null = null;
  for (const part of faultOf(answer).split('; ')) {
    const named = names.find((name) => part.startsWith(`${name} `));
    if (named !== undefined) of[named] = part.slice(named.length + 1);
    // A semicolon within what is said of one of them.
    else if (last !== null) of[last] += `; ${part}`;
    else rest.push(part);
    last = named ?? last;
  }
  return { of, rest: rest.length === 0 ? null : rest.join('; ') };
}

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
