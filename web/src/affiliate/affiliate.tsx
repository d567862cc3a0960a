// An affiliate's own page: sign-in with its id and key, then its rewards, their log, its conversions and statements.
import { useRef, useState } from 'preact/hooks';

import { Failure } from '../base/fetch';
import { LanguageSwitch, useTexts } from '../base/language';
import { Field, focusFirstFault, Heading, Logo, Notice, Page, SubmitButton, useTitle } from '../base/ui';
import { readReward, type Site } from './api';
import { Conversions } from './conversions';
import { Log } from './log';
import { RewardForm } from './reward';
import { Statements } from './statements';
import { texts } from './texts';

export function AffiliatePage() {
  const text = useTexts(texts);
  useTitle(text.title);
  const [site, setSite] = useState<Site | null>(null);
  if (site === null) return <SignIn onSignedIn={setSite} />;
  return (
    <div class="page page-portal">
      <header class="portal-header">
        <div class="portal-bar">
          <Logo />
          <div class="portal-account">
            <LanguageSwitch />
            <button type="button" class="button button-small" onClick={() => setSite(null)}>
              {text.signOut}
            </button>
          </div>
        </div>
        <div class="portal-bar">
          <p class="portal-who">
            <strong>{site.id}</strong>
          </p>
        </div>
      </header>
      <main class="affiliate">
        <Heading>{text.title}</Heading>
        <RewardForm site={site} />
        <Log site={site} />
        <Conversions site={site} />
        <Statements site={site} />
      </main>
    </div>
  );
}

function SignIn({ onSignedIn }: { onSignedIn(site: Site): void }) {
  const text = useTexts(texts);
  const [id, setId] = useState('');
  const [key, setKey] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setTried(true);
    if (id.trim() === '' || key.trim() === '') return focusFirstFault(form.current);
    setBusy(true);
    setProblem(null);
    const site = { id: id.trim(), key: key.trim() };
    try {
      const { status } = await readReward(site);
      if (status === 200) return onSignedIn(site);
      setProblem(status < 500 ? text.wrong : text.noAnswer);
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
          label={text.id}
          name="a_id"
          value={id}
          onValue={setId}
          error={tried && id.trim() === '' ? text.missing : undefined}
          autoComplete="username"
          autocapitalize="none"
          spellcheck={false}
          aria-required
        />
        <Field
          label={text.key}
          type="password"
          name="auth_key"
          value={key}
          onValue={setKey}
          error={tried && key.trim() === '' ? text.missing : undefined}
          autoComplete="current-password"
          aria-required
        />
        <SubmitButton busy={busy} busyLabel={text.signingIn}>
          {text.signIn}
        </SubmitButton>
      </form>
    </Page>
  );
}
