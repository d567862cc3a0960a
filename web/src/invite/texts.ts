import type { Texts } from '../base/language';

export interface InviteTexts {
  title: string;
  loading: string;
  welcome(company: string): string;
  intro: string;
  email: string;
  submit: string;
  submitting: string;
  validUntil(when: string): string;
  refused: string;
  keepRules: string;
  busy(seconds: string): string;
  noAnswer: string;
  expiredTitle: string;
  expiredText: string;
  askAgain: string;
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
    submit: '비밀번호 정하고 시작하기',
    submitting: '저장하는 중입니다',
    validUntil: (when) => `이 초대는 ${when}까지 쓸 수 있습니다.`,
    refused: '이 비밀번호는 쓸 수 없습니다. 다른 비밀번호를 정해 주세요.',
    keepRules: '아래 규칙을 모두 지켜 주세요.',
    busy: (seconds) => `지금은 요청이 많습니다. ${seconds}초 뒤에 다시 시도해 주세요.`,
    noAnswer: '응답을 받지 못했습니다. 연결을 확인한 뒤 다시 시도해 주세요.',
    expiredTitle: '초대 기간이 지났습니다',
    expiredText: '초대는 24시간 동안 쓸 수 있습니다. 가입한 곳에 초대 메일을 다시 보내 달라고 요청해 주세요.',
    askAgain: '링크 다시 받기',
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
    submit: 'Set password and start',
    submitting: 'Saving',
    validUntil: (when) => `This invitation can be used until ${when} (Seoul).`,
    refused: 'This password cannot be used. Please choose another one.',
    keepRules: 'Please keep all the rules below.',
    busy: (seconds) => `Too many requests at the moment. Please try again in ${seconds} s.`,
    noAnswer: 'No answer came. Check your connection and try again.',
    expiredTitle: 'This invitation has expired',
    expiredText: 'Invitations can be used for 24 hours. Ask where you signed up to have it sent again.',
    askAgain: 'Send me another link',
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

/** Where the link of a forgotten password is spoken of in other words. */
export const forgottenTexts: Texts<Partial<InviteTexts>> = {
  ko: {
    title: '비밀번호 재설정',
    loading: '링크를 확인하는 중입니다',
    welcome: (company) => `${company} 비밀번호 재설정`,
    intro: '새 비밀번호를 정하면 다른 기기에서는 모두 로그아웃됩니다.',
    submit: '새 비밀번호로 시작하기',
    validUntil: (when) => `이 링크는 ${when}까지 쓸 수 있습니다.`,
    expiredTitle: '링크 기간이 지났습니다',
    expiredText: '링크는 1시간 동안 쓸 수 있고, 다시 요청하면 먼저 받은 링크는 쓸 수 없습니다.',
    usedTitle: '이미 사용한 링크입니다',
    notFoundTitle: '링크를 찾을 수 없습니다',
    brokenTitle: '링크를 확인하지 못했습니다',
  },
  en: {
    title: 'Choose a new password',
    loading: 'Looking up your link',
    welcome: (company) => `A new password for ${company}`,
    intro: 'A new password signs you out on all other devices.',
    submit: 'Set password and sign in',
    validUntil: (when) => `This link can be used until ${when} (Seoul).`,
    expiredTitle: 'This link has expired',
    expiredText: 'A link can be used for one hour, and another one ends those before it.',
    usedTitle: 'This link has been used',
    notFoundTitle: 'There is no such link',
    brokenTitle: 'Your link could not be looked up',
  },
};
