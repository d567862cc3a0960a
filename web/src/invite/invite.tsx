// The link of an invitation, or of a forgotten password: a manager chooses a password and lands in the portal.
import { useEffect, useRef, useState } from 'preact/hooks';

import { Failure, fieldsOf, read, send } from '../base/fetch';
import { count, dateTime } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { keepsRules, NewPassword } from '../base/new_password';
import { focusFirstFault, Heading, Loading, Notice, Outcome, Page, SubmitButton, useTitle } from '../base/ui';
import { forgottenTexts, texts } from './texts';

interface Invite {
  companyName: string;
  email: string;
  status: 'open' | 'used' | 'expired';
  expiresAt: string;
}

const isForgotten = location.pathname.startsWith('/partner/reset-password/');

const useWords = () => {
  const text = useTexts(texts);
  const forgotten = useTexts(forgottenTexts);
  return isForgotten ? { ...text, ...forgotten } : text;
};

const api = `/partner/api/invites/${location.pathname.split('/').filter(Boolean).pop() ?? ''}`;

export function Invitation() {
  const text = useWords();
  useTitle(text.title);
  const [invite, setInvite] = useState<Invite | null>(null);
  const [absent, setAbsent] = useState<'missing' | 'broken' | null>(null);

  const load = async () => {
    try {
      const { status, value } = await read<Invite>(api);
      setAbsent(value ? null : status === 404 || status === 400 ? 'missing' : 'broken');
      setInvite(value);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setAbsent('broken');
    }
  };
  useEffect(() => void load(), []);

  const content = () => {
    if (absent === 'missing') return <Outcome tone="bad" title={text.notFoundTitle} text={text.notFoundText} />;
    if (absent === 'broken') {
      return (
        <Outcome tone="bad" title={text.brokenTitle} text={text.brokenText}>
          <button type="button" class="button" onClick={() => void load()}>
            {text.again}
          </button>
        </Outcome>
      );
    }
    switch (invite?.status) {
      case undefined:
        return <Loading label={text.loading} />;
      case 'expired':
        return (
          <Outcome tone="wait" title={text.expiredTitle} text={text.expiredText}>
            {isForgotten && (
              <a class="button button-primary" href="/partner/forgot-password">
                {text.askAgain}
              </a>
            )}
          </Outcome>
        );
      case 'used':
        return (
          <Outcome tone="info" title={text.usedTitle} text={text.usedText}>
            <a class="button button-primary" href="/partner">
              {text.signIn}
            </a>
          </Outcome>
        );
      case 'open':
        return <PasswordForm invite={invite as Invite} onGone={() => void load()} />;
    }
  };
  return <Page>{content()}</Page>;
}

function PasswordForm({ invite, onGone }: { invite: Invite; onGone(): void }) {
  const language = useLanguage();
  const text = useWords();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | undefined>();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const refuse = (why: string) => {
    setError(why);
    focusFirstFault(form.current);
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (!keepsRules(password, invite.email, invite.companyName)) return refuse(text.keepRules);
    setBusy(true);
    setProblem(null);
    try {
      const answer = await send('POST', api, { password });
      if (answer.status === 200) {
        const { redirect } = answer.body as { redirect?: string };
        location.assign(redirect?.startsWith('/partner') ? redirect : '/partner');
        return;
      }
      if (answer.status === 422 && 'password' in fieldsOf(answer)) refuse(text.refused);
      else if (answer.status === 410 || answer.status === 404) onGone();
      else if (answer.retryAfterSeconds !== null) setProblem(text.busy(count(answer.retryAfterSeconds, language)));
      else setProblem(text.noAnswer);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      setProblem(text.noAnswer);
    }
    setBusy(false);
  };

  return (
    <form class="card card-form" ref={form} onSubmit={submit} noValidate>
      <Heading>{text.welcome(invite.companyName)}</Heading>
      <p>{text.intro}</p>
      {problem && <Notice tone="bad">{problem}</Notice>}
      <dl class="facts">
        <dt>{text.email}</dt>
        <dd>{invite.email}</dd>
      </dl>
      <NewPassword
        password={password}
        onPassword={(typed) => {
          setPassword(typed);
          setError(undefined);
        }}
        error={error}
        email={invite.email}
        companyName={invite.companyName}
      />
      <SubmitButton busy={busy} busyLabel={text.submitting}>
        {text.submit}
      </SubmitButton>
      <p class="fine muted">{text.validUntil(dateTime(invite.expiresAt, language))}</p>
    </form>
  );
}
