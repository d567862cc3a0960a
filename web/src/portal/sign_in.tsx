import { useRef, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { count } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { PasswordField } from '../base/password_field';
import { Field, focusFirstFault, Heading, Notice, Page, SubmitButton } from '../base/ui';
import { signIn } from './api';
import { Link, paths } from './route';
import { texts } from './texts';

export function SignIn({ onSignedIn }: { onSignedIn(): void }) {
  const language = useLanguage();
  const text = useTexts(texts);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setTried(true);
    if (email.trim() === '' || password === '') return focusFirstFault(form.current);
    setBusy(true);
    setProblem(null);
    try {
      const answer = await signIn(email.trim(), password);
      if (answer.status === 200) return onSignedIn();
      if (answer.retryAfterSeconds !== null || answer.status === 429) {
        setProblem(text.busy(count(answer.retryAfterSeconds ?? 60, language)));
      } else setProblem(answer.status < 500 ? text.wrong : text.noAnswer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setProblem(text.noAnswer);
    }
    setBusy(false);
  };

  return (
    <Page>
      <form class="card card-form" ref={form} onSubmit={submit} noValidate>
        <Heading focus={false}>{text.signInTitle}</Heading>
        <p>{text.signInText}</p>
        {problem && <Notice tone="bad">{problem}</Notice>}
        <Field
          label={text.email}
          type="email"
          name="email"
          value={email}
          onValue={setEmail}
          error={tried && email.trim() === '' ? text.missing : undefined}
          autoComplete="username"
          autocapitalize="none"
          spellcheck={false}
          aria-required
        />
        <PasswordField
          label={text.password}
          name="password"
          value={password}
          onValue={setPassword}
          error={tried && password === '' ? text.missing : undefined}
          autoComplete="current-password"
          aria-required
        />
        <SubmitButton busy={busy} busyLabel={text.signingIn}>
          {text.signIn}
        </SubmitButton>
        <p class="fine">
          <Link href={paths.forgotten}>{text.forgotten}</Link>
        </p>
        <p class="fine muted">{text.noPassword}</p>
      </form>
    </Page>
  );
}
