// Who asks for access to the brand's portal: whoever onboarded with its business number and another address. Its contact decides.
// Nothing is shown while nobody asks.
import { useContext, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { useTexts } from '../base/language';
import { type AccessRequest, confirmAccess, declineAccess, readAccessRequests } from './api';
import { SignedOut, useLoaded } from './load';
import { texts } from './texts';

export function AccessRequests() {
  const text = useTexts(texts);
  const [loaded, again] = useLoaded('access requests', readAccessRequests);
  if (loaded.is !== 'there' || loaded.value.accessRequests.length === 0) return null;
  return (
    <section class="card access-requests" aria-labelledby="access-requests">
      <h2 id="access-requests">{text.accessRequests}</h2>
      <p class="muted">{text.accessRequestsText}</p>
      <ul class="movements">
        {loaded.value.accessRequests.map((request) => (
          <Row key={request.managerId} request={request} onJudged={again} />
        ))}
      </ul>
    </section>
  );
}

function Row({ request, onJudged }: { request: AccessRequest; onJudged(): void }) {
  const text = useTexts(texts);
  const signedOut = useContext(SignedOut);
  /** What was asked for and is asked once more. */
  const [asked, setAsked] = useState<'let in' | 'decline' | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);

  const judge = async (call: typeof confirmAccess) => {
    if (busy) return;
    setBusy(true);
    setFailed(false);
    try {
      const { status } = await call(request.managerId);
      if (status === 401) return signedOut();
      // Not there: another manager was faster.
      if (status === 200 || status === 404) return onJudged();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
    setBusy(false);
    setFailed(true);
  };

  return (
    <li>
      <div>
        <strong>{request.email}</strong>
        {asked !== null && <p role="status">{asked === 'let in' ? text.letInText : text.declineText}</p>}
        {failed && (
          <p class="field-error" role="alert">
            {text.noAnswer}
          </p>
        )}
      </div>
      <div class="choices">
        {asked !== 'decline' && (
          <button type="button" class={`button button-small${asked === null ? '' : ' button-primary'}`} disabled={busy} onClick={() => (asked === null ? setAsked('let in') : void judge(confirmAccess))}>
            {text.letIn}
            <span class="visually-hidden"> ({request.email})</span>
          </button>
        )}
        {asked !== 'let in' && (
          <button type="button" class={`button button-small${asked === null ? '' : ' button-grave'}`} disabled={busy} onClick={() => (asked === null ? setAsked('decline') : void judge(declineAccess))}>
            {text.decline}
            <span class="visually-hidden"> ({request.email})</span>
          </button>
        )}
        {asked !== null && (
          <button type="button" class="button button-small" disabled={busy} onClick={() => setAsked(null)}>
            {text.keep}
            <span class="visually-hidden"> ({request.email})</span>
          </button>
        )}
      </div>
    </li>
  );
}
