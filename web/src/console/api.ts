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
