// The customer agrees that the card is charged again by itself. Nothing is paid without it.
import { useId } from 'preact/hooks';

import { money } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import type { Invoice } from './invoice';
import { texts } from './texts';

interface Properties {
  /** null: a card is kept for what was agreed elsewhere. */
  invoice: Invoice | null;
  given: boolean;
  missing: boolean;
  onChange(given: boolean): void;
}

export function Consent({ invoice, given, missing, onChange }: Properties) {
  const language = useLanguage();
  const text = useTexts(texts);
  const id = useId();
  const next = invoice?.billing_schedule[1]?.price ?? invoice?.price ?? 0;
  return (
    <div class="consent">
      <p class="fine muted" id={`${id}-text`}>
        {invoice ? text.consentText(invoice.seller.name, money(next, invoice.currency, language)) : text.consentToKeep}
      </p>
      <label>
        <input
          type="checkbox"
          name="consent"
          checked={given}
          required
          aria-invalid={missing ? true : undefined}
          aria-describedby={missing ? `${id}-text ${id}-error` : `${id}-text`}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>{text.consent}</span>
      </label>
      {missing && (
        <p class="field-error" id={`${id}-error`}>
          {text.consentMissing}
        </p>
      )}
    </div>
  );
}
