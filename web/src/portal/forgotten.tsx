// Whoever has forgotten the password asks for a link. What is said does not tell whether the address is known.
import { useRef, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { count } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Field, focusFirstFault, Heading, Notice, Outcome, Page, SubmitButton, useTitle } from '../base/ui';
import { forgetPassword } from './api';
import { Link, paths } from './route';
import { texts } from './texts';

export function ForgottenPassword() {
  const language = useLanguage();
  const text = useTexts(texts);
  useTitle(text.forgottenTitle);
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setTried(true);
    if (email.trim() === '') return focusFirstFault(form.current);
    setBusy(true);
    setProblem(null);
    try {
      const answer = await forgetPassword(email.trim());
      if (answer.status === 202) setAsked(true);
      else if (answer.status === 429) setProblem(text.busyMinutes(count(Math.ceil((answer.retryAfterSeconds ?? 60) / 60), language)));
      else setProblem(answer.status === 404 ? text.noMail : text.noAnswer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setProblem(text.noAnswer);
    }
    setBusy(false);
  };

  if (asked) {
    return (
      <Page>
        <Outcome tone="info" title={text.linkAskedTitle} text={text.linkAskedText(email.trim())}>
          <Link href={paths.campaigns} class="button">
            {text.toSignIn}
          </Link>
        </Outcome>
      </Page>
    );
  }
  return (
    <Page>
      <form class="card card-form" ref={form} onSubmit={submit} noValidate>
        <Heading>{text.forgottenTitle}</Heading>
        <p>{text.forgottenText}</p>
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
          maxLength={254}
          aria-required
        />
        <SubmitButton busy={busy} busyLabel={text.sendingLink}>
          {text.sendLink}
        </SubmitButton>
        <p class="fine">
          <Link href={paths.campaigns}>{text.toSignIn}</Link>
        </p>
      </form>
    </Page>
  );
}
