// Loads what a view shows. An answer that comes after the view has moved on is dropped.
import { useEffect, useState } from 'preact/hooks';

import { faultOf } from '../base/fault';
import { type Answer, Failure } from '../base/fetch';
import { useLanguage } from '../base/language';
import { Loading, Outcome } from '../base/ui';
import { get, type Query } from './api';
import { useSession } from './session';
import { useSay, words } from './words';

export type Loaded<T> = { is: 'loading' } | { is: 'missing' } | { is: 'wrong'; answer: Answer } | { is: 'broken' } | { is: 'there'; value: T };

/** Loads again whenever path or query change, and on again(), which keeps what is shown until the answer is there. */
export function useLoaded<T>(path: string, query: Query = {}): [Loaded<T>, () => void] {
  const { end } = useSession();
  const [loaded, setLoaded] = useState<Loaded<T>>({ is: 'loading' });
  const [round, setRound] = useState(0);
  const what = JSON.stringify([path, query]);
  useEffect(() => setLoaded({ is: 'loading' }), [what]);
  useEffect(() => {
    let isCurrent = true;
    get(path, query).then(
      (answer) => {
        if (!isCurrent) return;
        if (answer.status === 401) end();
        else setLoaded(loadedOf<T>(answer));
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

function loadedOf<T>(answer: Answer): Loaded<T> {
  if (answer.status === 200) return { is: 'there', value: answer.body as T };
  if (answer.status === 404) return { is: 'missing' };
  return answer.status < 500 ? { is: 'wrong', answer } : { is: 'broken' };
}

const text = {
  loading: words('불러오는 중입니다', 'Loading'),
  missing: words('찾을 수 없습니다', 'There is no such thing'),
  missingText: words('주소를 확인하거나 목록에서 다시 골라 주세요.', 'Check the address, or choose again from the list.'),
  wrong: words('검색 조건이 올바르지 않습니다', 'This cannot be asked'),
  broken: words('불러오지 못했습니다', 'This could not be loaded'),
  brokenText: words('연결을 확인한 뒤 다시 시도해 주세요.', 'Check your connection and try again.'),
  again: words('다시 시도', 'Try again'),
};

/** What stands in place of a view that is not there. */
export function Absent({ loaded, again }: { loaded: Loaded<unknown>; again(): void }) {
  const say = useSay();
  const language = useLanguage();
  if (loaded.is === 'loading') return <Loading label={say(text.loading)} />;
  if (loaded.is === 'missing') return <Outcome tone="bad" title={say(text.missing)} text={say(text.missingText)} />;
  if (loaded.is === 'wrong') return <Outcome tone="bad" title={say(text.wrong)} text={faultOf(loaded.answer, language)} />;
  return (
    <Outcome tone="bad" title={say(text.broken)} text={say(text.brokenText)}>
      <button type="button" class="button" onClick={again}>
        {say(text.again)}
      </button>
    </Outcome>
  );
}
