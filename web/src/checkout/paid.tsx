// Paid. The customer goes back to where the order came from, after a moment or at once, or stays.
import { useEffect, useState } from 'preact/hooks';

import { count, money } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Outcome } from '../base/ui';
import type { Session } from './session';
import { texts } from './texts';

const returnAfterSeconds = 8;

/** `target`: where to; null: nowhere. */
export function Paid({ session, target }: { session: Session; target: URL | null }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const [seconds, setSeconds] = useState<number | null>(target ? returnAfterSeconds : null);

  useEffect(() => {
    if (seconds === null || !target) return undefined;
    if (seconds === 0) {
      location.assign(target);
      return undefined;
    }
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [seconds]);

  const [title, said] =
    session.purpose === 'keep' ? [text.keptTitle, text.keptText] : [text.paidTitle, text.paidText(money(session.amount, session.currency, language))];
  return (
    <Outcome tone="good" title={title} text={said}>
      {session.refunded > 0 && (
        <p>{text.partlyRefunded(money(session.refunded, session.currency, language), money(session.amount - session.refunded, session.currency, language))}</p>
      )}
      <p class="muted">
        {text.reference} <span class="code">{session.reference}</span>
      </p>
      {target && (
        <>
          <a class="button button-primary" href={target.href}>
            {text.returnTo(target.host)}
          </a>
          {seconds !== null && (
            <p class="fine muted">
              {text.returning(target.host, count(seconds, language))}{' '}
              <button type="button" class="link-button" onClick={() => setSeconds(null)}>
                {text.stay}
              </button>
            </p>
          )}
        </>
      )}
    </Outcome>
  );
}
