// The field in which a manager chooses a password: how strong it is, and which rules it keeps.
import { type Texts, useTexts } from './language';
import { longest, type Rule, rulesKept, shortest, type Strength, strengthOf } from './password';
import { PasswordField } from './password_field';

interface NewPasswordTexts {
  password: string;
  rulesTitle: string;
  rules: Record<Rule, string>;
  kept: string;
  notKept: string;
  strength: string;
  strengths: Record<Strength, string>;
}

const texts: Texts<NewPasswordTexts> = {
  ko: {
    password: '새 비밀번호',
    rulesTitle: '비밀번호 규칙',
    rules: {
      length: `${shortest}자 이상 ${longest}자 이하`,
      variety: '서로 다른 문자 5개 이상',
      personal: '이메일이나 회사 이름이 들어가지 않을 것',
    },
    kept: '충족',
    notKept: '아직 아님',
    strength: '안전도',
    strengths: { 0: '입력 전', 1: '약함', 2: '보통', 3: '좋음', 4: '아주 좋음' },
  },
  en: {
    password: 'New password',
    rulesTitle: 'Password rules',
    rules: {
      length: `${shortest} to ${longest} characters`,
      variety: 'At least 5 different characters',
      personal: 'Neither your e-mail nor your company’s name in it',
    },
    kept: 'kept',
    notKept: 'not yet',
    strength: 'Strength',
    strengths: { 0: 'nothing typed yet', 1: 'weak', 2: 'fair', 3: 'good', 4: 'very good' },
  },
};

export interface NewPasswordProperties {
  password: string;
  onPassword(typed: string): void;
  error: string | undefined;
  /** Of whom it is to be: it may be made of neither. */
  email: string;
  companyName: string;
}

/** Whether every rule is kept. The server has the last word. */
export const keepsRules = (password: string, email: string, companyName: string): boolean =>
  Object.values(rulesKept(password, email, companyName)).every(Boolean);

export function NewPassword({ password, onPassword, error, email, companyName }: NewPasswordProperties) {
  const text = useTexts(texts);
  const kept = rulesKept(password, email, companyName);
  const strength = strengthOf(password);
  return (
    <>
      {/* Password managers store the address from a field of the form. */}
      <input class="visually-hidden" type="email" name="email" autocomplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />
      <PasswordField
        label={text.password}
        name="password"
        value={password}
        onValue={onPassword}
        error={error}
        autoComplete="new-password"
        maxLength={longest}
        aria-required
      />
      <div class="strength">
        <div class={`strength-bar strength-${strength}`} aria-hidden="true">
          {[1, 2, 3, 4].map((step) => (
            <span key={step} class={step <= strength ? 'reached' : ''} />
          ))}
        </div>
        <span role="status">
          {text.strength}: {text.strengths[strength]}
        </span>
      </div>
      <h2 class="eyebrow" id="rules">
        {text.rulesTitle}
      </h2>
      <ul class="rules" aria-labelledby="rules">
        {(Object.keys(kept) as Rule[]).map((rule) => (
          <li key={rule} class={kept[rule] ? 'kept' : ''}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              {kept[rule] ? <path d="M3 8.500l3.500 3.500L13 5" /> : <circle cx="8" cy="8" r="3" />}
            </svg>
            {text.rules[rule]}
            <span class="visually-hidden">: {kept[rule] ? text.kept : text.notKept}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
