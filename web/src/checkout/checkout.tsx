// The checkout: which of its states is shown, and how one leads to the next.
import { useEffect, useRef, useState } from 'preact/hooks';

import { Failure, pause } from '../base/fetch';
import { count } from '../base/format';
import { useLanguage, useTexts } from '../base/language';
import { Heading, Loading, Mark, Notice, Outcome as OutcomePage, Page, useTitle } from '../base/ui';
import { Authentication } from './authentication';
import { groupNumber, noCard, testExpiry, testHolder } from './card';
import { CardForm } from './card_form';
import { Consent } from './consent';
import { type Invoice, readInvoice } from './invoice';
import { cancelTarget, returnTarget, useOpener } from './opener';
import { Paid } from './paid';
import { Schedule } from './schedule';
import {
  authenticate,
  confirmToss,
  confirmTossCard,
  endOf,
  keepAttempt,
  keptAttempt,
  newKey,
  type Outcome,
  pay,
  readSession,
  type Session,
  type TossMethod,
} from './session';
import { Summary } from './summary';
import { TestCards } from './test_cards';
import { texts } from './texts';
import { openToss, takeTossReturn } from './toss';

type Step = { at: 'form' } | { at: 'authentication'; attempt: string } | { at: 'pending'; long: boolean };

type Problem =
  | { kind: 'declined'; code: string }
  | { kind: 'busy'; seconds: number }
  | { kind: 'too_many_declines'; minutes: number }
  | { kind: 'no_answer' | 'not_completed' | 'toss' };

/** Polls at first often, then every five seconds. */
const pollDelaysMs = [700, 1000, 1500, 2000, 3000];
const slowPollMs = 5000;
const longAfterPolls = 9;
const longestTimerMs = 2 ** 31 - 1;

export function Checkout() {
  const language = useLanguage();
  const text = useTexts(texts);
  useTitle(text.title);
  const [session, setSession] = useState<Session | null>(null);
  const [absent, setAbsent] = useState<'missing' | 'broken' | null>(null);
  const [step, setStep] = useState<Step>({ at: 'form' });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [card, setCard] = useState(noCard);
  /** undefined until it is known whether there is one: what it says of consent must not come too late. */
  const [invoice, setInvoice] = useState<Invoice | null | undefined>(undefined);
  const [consent, setConsent] = useState<'none' | 'missing' | 'given'>('none');
  const form = useRef<HTMLFormElement>(null);
  // One key for one try; it changes only when the try has come to its end, so that a repeat is not a second payment.
  const key = useRef(newKey());
  const serverAheadMs = useRef(0);
  const moving = step.at === 'pending' ? (step.long ? 'long' : 'now') : busy ? 'now' : 'no';
  const opener = useOpener(invoice ?? null, session, moving);
  const now = () => new Date(Date.now() + serverAheadMs.current);

  /** The session anew; null when it could not be had, which a poll keeps to itself: the next one may fare better. */
  const load = async (isPoll = false): Promise<Session | null> => {
    try {
      const { status, value } = await readSession();
      if (!value) {
        if (!isPoll) setAbsent(status === 404 || status === 400 ? 'missing' : 'broken');
        return null;
      }
      serverAheadMs.current = new Date(value.now).getTime() - Date.now();
      setAbsent(null);
      setSession(value);
      return value;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!isPoll) setAbsent('broken');
      return null;
    }
  };

  const stepInto = (loaded: Session) => {
    if (loaded.status !== 'paying') return setStep({ at: 'form' });
    const attempt = keptAttempt();
    setStep(attempt === null ? { at: 'pending', long: false } : { at: 'authentication', attempt });
  };

  /** Where an outcome leads; what it says of fields is returned. */
  const settle = async (outcome: Outcome): Promise<Record<string, string>> => {
    if (outcome.kind !== 'later' && outcome.kind !== 'needs_authentication') keepAttempt(null);
    switch (outcome.kind) {
      case 'paid':
        setCard(noCard);
        setSession((before) => before && { ...before, status: 'paid', returnUrl: outcome.returnUrl ?? before.returnUrl });
        break;
      case 'declined':
        key.current = newKey();
        setProblem({ kind: 'declined', code: outcome.code });
        setStep({ at: 'form' });
        break;
      case 'needs_authentication':
        keepAttempt(outcome.attempt);
        setStep({ at: 'authentication', attempt: outcome.attempt });
        break;
      case 'pending':
        setStep({ at: 'pending', long: false });
        break;
      case 'invalid':
        return outcome.fields;
      case 'later':
        setProblem({ kind: 'busy', seconds: outcome.seconds });
        break;
      case 'too_many_declines':
        setProblem({ kind: 'too_many_declines', minutes: Math.ceil(outcome.seconds / 60) });
        setStep({ at: 'form' });
        break;
      case 'closed': {
        const loaded = await load();
        if (loaded) stepInto(loaded);
      }
    }
    return {};
  };

  /** Does one thing that leads to an outcome; without an answer the same try may be repeated. */
  const attempt = async (action: () => Promise<Outcome>): Promise<Record<string, string>> => {
    setBusy(true);
    setProblem(null);
    try {
      return await settle(await action());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setProblem({ kind: 'no_answer' });
      return {};
    } finally {
      setBusy(false);
    }
  };

  /** Whether it is known if there is an invoice, and which. */
  const loadInvoice = async (): Promise<boolean> => {
    try {
      setInvoice(await readInvoice());
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      setAbsent('broken');
      return false;
    }
  };

  const isReady = (): boolean => {
    if (session?.purpose === 'pay' || consent === 'given') return true;
    setConsent('missing');
    return false;
  };

  const start = async () => {
    const returned = takeTossReturn();
    const reading = loadInvoice();
    const loaded = await load();
    if (!loaded || !(await reading)) return;
    stepInto(loaded);
    if (returned?.kind === 'failure' && loaded.status === 'open') setProblem({ kind: 'not_completed' });
    if (!returned || returned.kind === 'failure' || loaded.status !== 'open') return;
    setStep({ at: 'pending', long: false });
    await attempt(() =>
      returned.kind === 'card' ? confirmTossCard(returned.authKey, returned.customerKey) : confirmToss(returned.paymentKey, returned.orderId, returned.amount),
    );
  };

  useEffect(() => void start(), []);

  // While an outcome is on its way, the session is asked for it.
  const isPending = step.at === 'pending' && !busy && absent === null;
  useEffect(() => {
    if (!isPending) return undefined;
    let left = false;
    void (async () => {
      for (let polls = 0; !left; polls += 1) {
        await pause(pollDelaysMs[polls] ?? slowPollMs);
        if (left) return;
        const loaded = await load(true);
        if (left) return;
        if (!loaded || loaded.status === 'paying') {
          if (polls === longAfterPolls) setStep({ at: 'pending', long: true });
          continue;
        }
        key.current = newKey();
        setStep({ at: 'form' });
        if (loaded.status === 'open') setProblem({ kind: 'not_completed' });
        return;
      }
    })();
    return () => {
      left = true;
    };
  }, [isPending]);

  // When the time to pay has passed, the server says what has become of the checkout.
  useEffect(() => {
    if (session?.status !== 'open') return undefined;
    const left = (endOf(session)?.getTime() ?? Infinity) - now().getTime();
    if (left <= 0 || left > longestTimerMs) return undefined;
    const timer = setTimeout(() => void load(true), left + 1000);
    return () => clearTimeout(timer);
  }, [session?.status, session?.expiresAt]);

  const problemText = (): { title: string; text: string } | null => {
    switch (problem?.kind) {
      case undefined:
        return null;
      case 'declined':
        return { title: text.declinedTitle, text: text.declines[problem.code] ?? text.declinedOtherwise };
      case 'busy':
        return { title: '', text: text.busy(count(problem.seconds, language)) };
      case 'too_many_declines':
        return { title: text.declinedTitle, text: text.tooManyDeclines(count(problem.minutes, language)) };
      case 'no_answer':
        return { title: text.unknownTitle, text: text.unknownText };
      case 'not_completed':
        return { title: '', text: text.notCompleted };
      case 'toss':
        return { title: '', text: text.tossFailed };
    }
  };

  const retry = (
    <button type="button" class="button" onClick={() => void start()}>
      {text.again}
    </button>
  );

  const content = () => {
    if (absent === 'missing') return <OutcomePage tone="bad" title={text.notFoundTitle} text={text.notFoundText} />;
    if (absent === 'broken') {
      return (
        <OutcomePage tone="bad" title={text.brokenTitle} text={text.brokenText}>
          {retry}
        </OutcomePage>
      );
    }
    if (!session || invoice === undefined) return <Loading label={text.loading} />;
    switch (session.status) {
      case 'paid':
        return <Paid session={session} target={opener.isThere ? null : returnTarget(session, invoice)} />;
      case 'cancelled':
        return <OutcomePage tone="info" title={text.cancelledTitle} text={text.cancelledText} />;
      case 'expired':
        return <OutcomePage tone="wait" title={text.expiredTitle} text={text.expiredText} />;
      case 'refunding':
        return <OutcomePage tone="wait" title={text.refundingTitle} text={text.refundingText} />;
      case 'refunded':
        return <OutcomePage tone="good" title={text.refundedTitle} text={text.refundedText} />;
      case 'open':
      case 'paying':
        return open(session, invoice);
    }
  };

  const open = (current: Session, billed: Invoice | null) => {
    const said = problemText();
    if (step.at === 'pending') {
      return (
        <section class="card outcome" role="status">
          <Mark tone="wait" />
          <Heading>{text.pendingTitle}</Heading>
          <p>{step.long ? text.pendingLong : text.pendingText}</p>
          <span class="spinner" aria-hidden="true" />
        </section>
      );
    }
    const toss = current.methods.find((method): method is TossMethod => method.type === 'toss');
    const cancel = cancelTarget(current, billed);
    const keeps = current.purpose !== 'pay';
    const keepsOnly = current.purpose === 'keep';
    const withCard = current.methods.some((method) => method.type === 'card');
    const agreement = keeps && (
      <Consent
        invoice={billed}
        given={consent === 'given'}
        missing={consent === 'missing'}
        onChange={(given) => setConsent(given ? 'given' : 'none')}
      />
    );
    return (
      <div class="checkout">
        <div class="checkout-order">
          <Summary session={current} invoice={billed} />
          {billed && <Schedule invoice={billed} />}
          {step.at === 'form' && withCard && current.sandbox && current.testCards.length > 0 && (
            <TestCards
              cards={current.testCards}
              onChoose={(number) => {
                setCard({ number: groupNumber(number), expiry: testExpiry(now()), cvc: number.startsWith('3') ? '1234' : '123', holder: current.buyer.masked ? testHolder : current.buyer.name });
                setProblem(null);
                requestAnimationFrame(() => form.current?.querySelector<HTMLButtonElement>('[type=submit]')?.focus());
              }}
            />
          )}
        </div>
        {step.at === 'authentication' ? (
          <Authentication
            sandbox={current.sandbox}
            busy={busy}
            problem={said && [said.title, said.text].filter(Boolean).join(' ')}
            onCode={(code) => void attempt(() => authenticate(step.attempt, code))}
          />
        ) : (
          <section class="card checkout-pay">
            <Heading focus={false}>{keepsOnly ? text.keepTitle : withCard ? text.cardTitle : text.title}</Heading>
            {said && (
              <Notice tone="bad">
                {said.title && <strong>{said.title} </strong>}
                {said.text}
              </Notice>
            )}
            {withCard && (
              <CardForm
                session={current}
                now={now}
                card={card}
                onCard={setCard}
                busy={busy}
                formRef={form}
                isReady={isReady}
                onPay={(chosen) => attempt(() => pay(chosen, key.current))}
              >
                {agreement}
              </CardForm>
            )}
            {!withCard && agreement}
            {withCard && toss && <p class="divider">{text.or}</p>}
            {toss && (
              <button type="button" class="button" onClick={() => void chooseToss(toss, current)}>
                {text.toss}
              </button>
            )}
            {cancel && (
              <p class="fine">
                <a href={cancel.href}>{text.cancel(cancel.host)}</a>
              </p>
            )}
          </section>
        )}
      </div>
    );
  };

  const chooseToss = async (method: TossMethod, current: Session) => {
    setProblem(null);
    if (!isReady()) return document.querySelector<HTMLInputElement>('[name=consent]')?.focus();
    try {
      await openToss(method, current);
    } catch (error) {
      const code = (error as { code?: string }).code;
      setProblem({ kind: code === 'USER_CANCEL' ? 'not_completed' : 'toss' });
    }
  };

  return (
    <Page wide onClose={opener.leave}>
      {content()}
    </Page>
  );
}
