// What the server says went wrong, in the reader's language.
import type { Answer } from './fetch';
import type { Language } from './language';
import { codes, koreanRule, koreanSentence } from './refusals';

interface Refusal {
  code?: string;
  message?: string;
}

const refusalOf = (answer: Answer): Refusal => (answer.body as { error?: Refusal } | null)?.error ?? {};

/** What is wrong with several members stands in one message ("name must be a text; rate must be a whole number"). */
const partsOf = (message: string): string[] => message.split('; ');

/** What an answer says went wrong. The server says it in English, and in Korean its pages do. */
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
