import type { Texts } from '../base/language';
import { longest, type Rule, shortest, type Strength } from './password';

export interface InviteTexts {
  title: string;
  loading: string;
  welcome(company: string): string;
  intro: string;
  email: string;
  password: string;
  rulesTitle: string;
  rules: Record<Rule, string>;
  kept: string;
  notKept: string;
  strength: string;
  strengths: Record<Strength, string>;
  submit: string;
  submitting: string;
  validUntil(when: string): string;
  refused: string;
  keepRules: string;
  busy(seconds: string): string;
  noAnswer: string;
  expiredTitle: string;
  expiredText: string;
  usedTitle: string;
  usedText: string;
  signIn: string;
  notFoundTitle: string;
  notFoundText: string;
  brokenTitle: string;
  brokenText: string;
  again: string;
}

export const texts: Texts<InviteTexts> = {
  ko: {
    title: '초대 수락',
    loading: '초대를 확인하는 중입니다',
    welcome: (company) => `${company} 담당자님, 환영합니다`,
    intro: '비밀번호를 정하면 캠페인과 예치금을 볼 수 있습니다.',
    email: '로그인 이메일',
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
    submit: '비밀번호 정하고 시작하기',
    submitting: '저장하는 중입니다',
    validUntil: (when) => `이 초대는 ${when}까지 쓸 수 있습니다.`,
    refused: '이 비밀번호는 쓸 수 없습니다. 다른 비밀번호를 정해 주세요.',
    keepRules: '아래 규칙을 모두 지켜 주세요.',
    busy: (seconds) => `지금은 요청이 많습니다. ${seconds}초 뒤에 다시 시도해 주세요.`,
    noAnswer: '응답을 받지 못했습니다. 연결을 확인한 뒤 다시 시도해 주세요.',
    expiredTitle: '초대 기간이 지났습니다',
    expiredText: '초대는 24시간 동안 쓸 수 있습니다. 가입한 곳에 초대 메일을 다시 보내 달라고 요청해 주세요.',
    usedTitle: '이미 수락한 초대입니다',
    usedText: '정한 비밀번호로 로그인해 주세요.',
    signIn: '로그인하러 가기',
    notFoundTitle: '초대를 찾을 수 없습니다',
    notFoundText: '메일의 주소가 잘리지 않았는지 확인해 주세요.',
    brokenTitle: '초대를 확인하지 못했습니다',
    brokenText: '연결을 확인한 뒤 다시 시도해 주세요.',
    again: '다시 시도',
  },
  en: {
    title: 'Accept your invitation',
    loading: 'Looking up your invitation',
    welcome: (company) => `Welcome, ${company}`,
    intro: 'Choose a password to see your campaigns and your deposit.',
    email: 'Sign-in e-mail',
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
    submit: 'Set password and start',
    submitting: 'Saving',
    validUntil: (when) => `This invitation can be used until ${when} (Seoul).`,
    refused: 'This password cannot be used. Please choose another one.',
    keepRules: 'Please keep all the rules below.',
    busy: (seconds) => `Too many requests at the moment. Please try again in ${seconds} s.`,
    noAnswer: 'No answer came. Check your connection and try again.',
    expiredTitle: 'This invitation has expired',
    expiredText: 'Invitations can be used for 24 hours. Ask where you signed up to have it sent again.',
    usedTitle: 'This invitation has been accepted',
    usedText: 'Sign in with the password that you chose.',
    signIn: 'Go to sign-in',
    notFoundTitle: 'There is no such invitation',
    notFoundText: 'Check that the address from your mail is complete.',
    brokenTitle: 'Your invitation could not be looked up',
    brokenText: 'Check your connection and try again.',
    again: 'Try again',
  },
};
