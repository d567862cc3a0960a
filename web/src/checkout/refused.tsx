// A shop's page called for a checkout and was refused: says why, here and to that page. The reason stands in the address, which
// anybody may write: only codes that this page has words for are shown, and nothing here is a secret or leads anywhere.
import { useEffect } from 'preact/hooks';

import { useTexts } from '../base/language';
import { Outcome, Page, useTitle } from '../base/ui';
import { claimedOrigin, isFramed, say, sayError, useFrame } from './opener';
import { safeUrl } from './session';
import { texts } from './texts';

export function Refused() {
  const text = useTexts(texts);
  useTitle(text.refusedTitle);
  const said = new URLSearchParams(location.search);
  const code = (said.get('code') ?? '').replace(/[^A-Z0-9_]/g, '').slice(0, 64) || 'INVOICE_REFUSED';
  const known = Object.prototype.hasOwnProperty.call(text.refusals, code) ? text.refusals[code] : undefined;
  const requestId = said.get('request_id') ?? '';
  const origin = isFramed ? safeUrl(claimedOrigin())?.origin ?? null : null;
  useFrame(origin);
  useEffect(() => {
    if (!origin) return;
    const message = said.get('message') ?? texts.en.refusals[code] ?? texts.en.refusedOtherwise;
    sayError(origin, { error_code: code, message }, requestId);
  }, []);
  return (
    <Page>
      <Outcome tone="bad" title={text.refusedTitle} text={known ?? text.refusedOtherwise}>
        {known && (
          <p class="fine muted">
            <span class="code">{code}</span>
          </p>
        )}
        <button type="button" class="button" onClick={() => (origin ? say(origin, 'cancel', null) : history.back())}>
          {origin ? text.close : text.back}
        </button>
      </Outcome>
    </Page>
  );
}
