// Who comes into the brand's portal. Its contact takes access away from others, and is asked once more before.
import { useContext, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { date } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { type Manager, type Me, readManagers, withdrawAccess } from './api';
import { SignedOut, useLoaded } from './load';
import { Absent } from './parts';
import { texts } from './texts';

export function Managers({ me }: { me: Me }) {
  const text = useTexts(texts);
  const [loaded, again] = useLoaded('managers', readManagers);
  return (
    <section class="card managers" aria-labelledby="managers">
      <h2 id="managers">{text.managers}</h2>
      <p class="muted">{me.contact ? text.managersText : text.managersOthersText}</p>
      {loaded.is === 'there' ? (
        <ul class="movements">
          {loaded.value.managers.map((manager) => (
            <Row key={manager.managerId} manager={manager} may={me.contact && !manager.contact} onWithdrawn={again} />
          ))}
        </ul>
      ) : (
        <Absent loaded={loaded} again={again} />
      )}
    </section>
  );
}

function Row({ manager, may, onWithdrawn }: { manager: Manager; may: boolean; onWithdrawn(): void }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const signedOut = useContext(SignedOut);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);

  const withdraw = async () => {
    if (busy) return;
    setBusy(true);
    setFailed(false);
    try {
      const { status } = await withdrawAccess(manager.managerId);
      if (status === 401) return signedOut();
      // Not there: an operator was faster.
      if (status === 200 || status === 404) return onWithdrawn();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
    setBusy(false);
    setFailed(true);
  };

  const facts = [
    manager.contact ? text.contact : null,
    manager.hasPassword ? null : text.invited,
    text.since(date(manager.since, language)),
  ];
  return (
    <li>
      <div>
        <strong>{manager.name}</strong>
        <p class="manager-email">{manager.email}</p>
        <p class="fine muted">{facts.filter((fact) => fact !== null).join(' · ')}</p>
        {asked && <p role="status">{text.withdrawText}</p>}
        {failed && (
          <p class="field-error" role="alert">
            {text.noAnswer}
          </p>
        )}
      </div>
      {may && (
        <div class="choices">
          {asked && (
            <button type="button" class="button button-small button-grave" disabled={busy} onClick={() => void withdraw()}>
              {text.withdraw}
              <span class="visually-hidden"> ({manager.email})</span>
            </button>
          )}
          <button type="button" class="button button-small" disabled={busy} onClick={() => setAsked(!asked)}>
            {asked ? text.keep : text.withdrawAsk}
            <span class="visually-hidden"> ({manager.email})</span>
          </button>
        </div>
      )}
    </li>
  );
}
