// Loads what a view shows. An answer that comes after the view has moved on is dropped; a session that has ended leads to the
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
