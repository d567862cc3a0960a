// The card's form. It keeps what was typed when a try fails, and says what is wrong beside each field.
import { type ComponentChildren, type RefObject } from 'preact';
import { useState } from 'preact/hooks';

import { money } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Field, focusFirstFault, SubmitButton } from '../base/ui';
import { type Card, type CardField, caretAfter, faultsOf, groupCvc, groupExpiry, groupNumber } from './card';
import type { Session } from './session';
import { texts } from './texts';

interface Properties {
  session: Session;
  /** The server's time now. */
  now(): Date;
  card: Card;
  onCard(card: Card): void;
  busy: boolean;
  formRef: RefObject<HTMLFormElement>;
  /** Stands before the button. */
  children?: ComponentChildren;
  /** Whether what stands there lets the payment go on; it says itself why not. */
  isReady(): boolean;
  /** Resolves to the fields that the server refused. */
  onPay(card: Card): Promise<Record<string, string>>;
}

const shapes: Record<CardField, (typed: string) => string> = {
  number: groupNumber,
  expiry: groupExpiry,
  cvc: groupCvc,
  holder: (typed) => typed.slice(0, 100),
};

export function CardForm({ session, now, card, onCard, busy, formRef, children, isReady, onPay }: Properties) {
  const language = useLanguage();
  const text = useTexts(texts);
  const [errors, setErrors] = useState<Partial<Record<CardField, string>>>({});

  const change = (field: CardField) => (typed: string, input: HTMLInputElement) => {
    const shaped = shapes[field](typed);
    const caret = caretAfter(typed, input.selectionStart ?? typed.length, shaped);
    if (field !== 'holder') {
      input.value = shaped;
      input.setSelectionRange(caret, caret);
    }
    onCard({ ...card, [field]: shaped });
    if (errors[field]) setErrors({ ...errors, [field]: undefined });
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const found: Partial<Record<CardField, string>> = {};
    for (const [field, fault] of Object.entries(faultsOf(card, now()))) found[field as CardField] = text.faults[fault];
    const isComplete = isReady() && Object.keys(found).length === 0;
    if (isComplete) {
      for (const field of Object.keys(await onPay(card))) {
        if (field === 'number' || field === 'expiry' || field === 'cvc') found[field] = text.faults[field];
        else if (field === 'holder') found[field] = text.refusedField;
      }
    }
    setErrors(found);
    if (!isComplete || Object.keys(found).length > 0) focusFirstFault(formRef.current);
  };

  const field = (name: CardField) => ({
    label: text.fields[name],
    name,
    value: card[name],
    onValue: change(name),
    error: errors[name],
    required: true,
    'aria-required': true,
  });

  return (
    <form class="card-form" ref={formRef} onSubmit={submit} noValidate>
      <Field {...field('number')} inputMode="numeric" autoComplete="cc-number" placeholder="1234 5678 9012 3456" class="code" />
      <div class="field-pair">
        <Field {...field('expiry')} inputMode="numeric" autoComplete="cc-exp" placeholder="MM/YY" class="code" />
        <Field {...field('cvc')} inputMode="numeric" autoComplete="cc-csc" placeholder="123" class="code" />
      </div>
      <Field {...field('holder')} autoComplete="cc-name" hint={text.holderHint} spellcheck={false} />
      {children}
      <SubmitButton busy={busy} busyLabel={text.paying}>
        {session.purpose === 'keep' ? text.keep : text.pay(money(session.amount, session.currency, language))}
      </SubmitButton>
      <p class="fine muted">{session.purpose === 'pay' ? text.secure : text.secureKept}</p>
    </form>
  );
}
