// The parts that all pages are made of.
import { type ComponentChildren, type JSX, type RefObject } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import { LanguageSwitch, type Texts, useTexts } from './language';

export function Logo() {
  return (
    <span class="logo">
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <rect x="2" y="2" width="20" height="20" rx="5" fill="currentColor" />
        <path d="M7 8h10M7 12h10M7 16h6" stroke="var(--surface)" stroke-width="2" stroke-linecap="round" />
      </svg>
      Jangbu
    </span>
  );
}

const closeLabel: Texts<string> = { ko: '닫기', en: 'Close' };

/** The frame of a page with one task: a narrow column under a quiet header. `onClose`: it stands over another page. */
export function Page({ children, wide = false, onClose = null }: { children: ComponentChildren; wide?: boolean; onClose?: (() => void) | null }) {
  const close = useTexts(closeLabel);
  return (
    <div class={wide ? 'page page-wide' : 'page'}>
      <header class="page-header">
        <Logo />
        <LanguageSwitch />
        {onClose && (
          <button type="button" class="close-button" aria-label={close} title={close} onClick={onClose}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M6 6l12 12M18 6L6 18" />
            </svg>
          </button>
        )}
      </header>
      <main>{children}</main>
    </div>
  );
}

/** A heading that takes the focus when it appears, so that a screen reader says what has come and Tab goes on from there. */
export function Heading({ children, focus = true }: { children: ComponentChildren; focus?: boolean }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) ref.current?.focus();
  }, []);
  return (
    <h1 ref={ref} tabIndex={-1}>
      {children}
    </h1>
  );
}

export type Tone = 'good' | 'bad' | 'info' | 'wait';

const toneIcons: Record<Tone, JSX.Element> = {
  good: <path d="M7 12.5l3.5 3.5L17 9" />,
  bad: <path d="M12 7v6M12 16.5v.5" />,
  info: <path d="M12 11v6M12 7v.5" />,
  wait: <path d="M12 7v5l3 2" />,
};

/** The mark over the words of a state: paid, expired, waiting. */
export function Mark({ tone }: { tone: Tone }) {
  return (
    <svg class={`mark mark-${tone}`} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="11" />
      {toneIcons[tone]}
    </svg>
  );
}

/** What went wrong or is worth knowing, in the flow of the page. An error is said at once by screen readers. */
export function Notice({ tone, children }: { tone: 'bad' | 'info'; children: ComponentChildren }) {
  return (
    <div class={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : 'note'}>
      {children}
    </div>
  );
}

/** A whole page that says how things stand, with what can be done next. */
export function Outcome(properties: { tone: Tone; title: string; text?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <section class="card outcome">
      <Mark tone={properties.tone} />
      <Heading>{properties.title}</Heading>
      {properties.text && <p>{properties.text}</p>}
      {properties.children}
    </section>
  );
}

export function Loading({ label }: { label: string }) {
  return (
    <div class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>{label}</span>
    </div>
  );
}

/** Keeps its width and stays focusable while it is busy, so that the focus is not lost. */
export function SubmitButton({ busy, busyLabel, children }: { busy: boolean; busyLabel: string; children: ComponentChildren }) {
  return (
    <button
      type="submit"
      class="button button-primary"
      aria-disabled={busy}
      onClick={(event) => {
        if (busy) event.preventDefault();
      }}
    >
      {busy && <span class="spinner" aria-hidden="true" />}
      <span>{busy ? busyLabel : children}</span>
    </button>
  );
}

interface FieldProperties extends Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'onInput' | 'value' | 'label'> {
  label: string;
  value: string;
  onValue(value: string, input: HTMLInputElement): void;
  error?: string | undefined;
  hint?: string | undefined;
  /** Stands at the end of the input's row: a button that shows a password. */
  after?: ComponentChildren;
  inputRef?: RefObject<HTMLInputElement>;
}

export function Field({ label, value, onValue, error, hint, after, inputRef, ...input }: FieldProperties) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-row">
        <input
          {...input}
          id={id}
          ref={inputRef ?? null}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value, event.currentTarget)}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
        />
        {after}
      </div>
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** Puts the focus on the first field of a form that is marked as wrong, once the marks are drawn. */
export function focusFirstFault(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus());
}

/** The page's name in the tab and for screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Jangbu`;
  }, [title]);
}
