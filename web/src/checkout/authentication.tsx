// The step in which the card's bank wants a code.
import { useRef, useState } from 'preact/hooks';

import { useTexts } from '../base/language';
import { Field, focusFirstFault, Heading, Notice, SubmitButton } from '../base/ui';
import { texts } from './texts';

interface Properties {
  sandbox: boolean;
  busy: boolean;
  problem: string | null;
  onCode(code: string): void;
}

export function Authentication({ sandbox, busy, problem, onCode }: Properties) {
  const text = useTexts(texts);
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const submit = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setMissing(code === '');
    if (code === '') focusFirstFault(form.current);
    else onCode(code);
  };

  return (
    <form class="card card-form" ref={form} onSubmit={submit} noValidate>
      <Heading>{text.authTitle}</Heading>
      <p>{text.authText}</p>
      {problem && <Notice tone="bad">{problem}</Notice>}
      {sandbox && <Notice tone="info">{text.testCode}</Notice>}
      <Field
        label={text.authCode}
        name="code"
        value={code}
        onValue={(typed) => {
          setCode(typed.replace(/[^0-9A-Za-z]/g, '').slice(0, 12));
          setMissing(false);
        }}
        error={missing ? text.authMissing : undefined}
        inputMode="numeric"
        autoComplete="one-time-code"
        class="code"
      />
      <SubmitButton busy={busy} busyLabel={text.paying}>
        {text.authSubmit}
      </SubmitButton>
    </form>
  );
}
