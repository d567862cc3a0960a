// Loads what a view shows, at once or page by page. An answer that comes after the view has moved on is dropped; a session that has ended leads to the
// sign-in page, at whichever view it is noticed.
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';

export const SignedOut = createContext<() => void>(() => undefined);

export type Loaded<T> = { is: 'loading' } | { is: 'missing' } | { is: 'broken' } | { is: 'there'; value: T };

/** Loads again whenever `what` changes, and on again(). */
export function useLoaded<T>(what: string, load: () => Promise<{ status: number; value: T | null }>): [Loaded<T>, () => void] {
  const signedOut = useContext(SignedOut);
  const [loaded, setLoaded] = useState<Loaded<T>>({ is: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    setLoaded({ is: 'loading' });
    load().then(
      ({ status, value }) => {
        if (!isCurrent) return;
        if (status === 401) signedOut();
        else if (value !== null) setLoaded({ is: 'there', value });
        else setLoaded({ is: status === 404 || status === 403 || status === 400 ? 'missing' : 'broken' });
      },
      (error: unknown) => {
        if (!(error instanceof Failure)) throw error;
        if (isCurrent) setLoaded({ is: 'broken' });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [what, round]);
  return [loaded, () => setRound(round + 1)];
}

export interface Rows<T> {
  rows: T[];
  /** The cursor of the next page; null: there is none. */
  next: string | null;
}

interface More<T> {
  rows: T[];
  isMore: boolean;
  busy: boolean;
  broken: boolean;
  more(): void;
}

/** The rows of a list that have come so far, beginning with `first`, and how to have more of them. */
export function useMore<T>(first: Rows<T>, load: (cursor: string) => Promise<{ status: number; value: Rows<T> | null }>): More<T> {
  const signedOut = useContext(SignedOut);
  const [{ rows, next }, setThere] = useState(first);
  const [busy, setBusy] = useState(false);
  const [broken, setBroken] = useState(false);
  useEffect(() => setThere(first), [first]);

  const more = async () => {
    if (busy || next === null) return;
    setBusy(true);
    setBroken(false);
    try {
      const { status, value } = await load(next);
      if (status === 401) return signedOut();
      if (value) setThere({ rows: [...rows, ...value.rows], next: value.next });
      else setBroken(true);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setBroken(true);
    }
    setBusy(false);
  };
  return { rows, isMore: next !== null, busy, broken, more: () => void more() };
}
