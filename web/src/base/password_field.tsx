// A password's field with a button that shows what was typed.
import { type ComponentProps } from 'preact';
import { useState } from 'preact/hooks';

import { type Texts, useTexts } from './language';
import { Field } from './ui';

const texts: Texts<{ show: string; hide: string }> = {
  ko: { show: '비밀번호 보기', hide: '비밀번호 숨기기' },
  en: { show: 'Show password', hide: 'Hide password' },
};

export function PasswordField(properties: Omit<ComponentProps<typeof Field>, 'type' | 'after'>) {
  const text = useTexts(texts);
  const [shown, setShown] = useState(false);
  const label = shown ? text.hide : text.show;
  return (
    <Field
      {...properties}
      type={shown ? 'text' : 'password'}
      autocapitalize="none"
      spellcheck={false}
      after={
        <button type="button" class="icon-button" aria-label={label} title={label} onClick={() => setShown(!shown)}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M2 12c2.5-4.5 6-6.5 10-6.5s7.500 2 10 6.500c-2.500 4.500-6 6.500-10 6.500s-7.500-2-10-6.500z" />
            <circle cx="12" cy="12" r="3" />
            {shown && <path d="M4 20L20 4" />}
          </svg>
        </button>
      }
    />
  );
}
