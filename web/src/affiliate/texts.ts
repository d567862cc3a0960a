import type { Texts } from '../base/language';
import type { Conversion, Delivery, Reward, Statement } from './api';

export interface AffiliateTexts {
  title: string;
  signInTitle: string;
  signInText: string;
  id: string;
  key: string;
  missing: string;
  signIn: string;
  signingIn: string;
  wrong: string;
  noAnswer: string;
  signOut: string;
  loading: string;
  again: string;
  reward: string;
  rewardText: string;
  rewardStates: Record<Reward['status'], string>;
  url: string;
  urlHint: string;
  uniqId: string;
  save: string;
  keep: string;
  saving: string;
  saved: string;
  test: string;
  testing: string;
  testGood(status: number, ms: number): string;
  testBad(why: string): string;
  log: string;
  filters: { merchant: string; order_code: string; u_id: string; status: string; from: string; to: string };
  all: string;
  search: string;
  deliveryStates: Record<Delivery['status'], string>;
  attempts(count: number): string;
  resend: string;
  resendFailed: string;
  resendWarning: string;
  resent(count: number): string;
  noDeliveries: string;
  more: string;
  conversions: string;
  month: string;
  noConversions: string;
  rows(count: number): string;
  conversionStates: Record<Conversion['status'], string>;
  statements: string;
  noStatements: string;
  settled(settled: number, cancelled: number): string;
  payoutStates: Record<NonNullable<Statement['payout']>['status'], string>;
  noPayout: string;
}

export const texts: Texts<AffiliateTexts> = {
  ko: {
    title: '매체 페이지',
    signInTitle: '매체 로그인',
    signInText: '매체 아이디와 인증키를 입력해 주세요. 인증키는 이 화면을 닫으면 지워집니다.',
    id: '매체 아이디',
    key: '인증키',
    missing: '입력해 주세요.',
    signIn: '로그인',
    signingIn: '로그인 중',
    wrong: '아이디나 인증키가 맞지 않습니다.',
    noAnswer: '서버가 응답하지 않습니다. 잠시 후 다시 시도해 주세요.',
    signOut: '로그아웃',
    loading: '불러오는 중',
    again: '다시 시도',
    reward: '리워드 API',
    rewardText: '실적이 발생하면 이 주소로 리워드 데이터를 POST로 보냅니다. 받는 페이지는 10초 안에 2xx로 응답해야 합니다.',
    rewardStates: { NONE: '신청 전', REQUESTED: '승인 대기', APPROVED: '승인됨', REJECTED: '거절됨' },
    url: '리워드 데이터를 받을 주소',
    urlHint: 'https로 시작하는 공개 주소',
    uniqId: '구매마다 같은 uniq_id도 받기',
    save: '저장하고 승인 신청',
    keep: '저장',
    saving: '저장 중',
    saved: '저장했습니다.',
    test: '테스트 전송',
    testing: '보내는 중',
    testGood: (status, ms) => `받는 페이지가 ${status}(으)로 응답했습니다. ${ms}ms 걸렸습니다.`,
    testBad: (why) => `전송하지 못했습니다: ${why}`,
    log: '전송 내역',
    filters: { merchant: '광고주', order_code: '주문 번호', u_id: '회원 식별 값(u_id)', status: '결과', from: '시작일', to: '종료일' },
    all: '전체',
    search: '조회',
    deliveryStates: { pending: '대기', delivered: '성공', failed: '실패' },
    attempts: (count) => `${count}회 시도`,
    resend: '재전송',
    resendFailed: '실패한 건 모두 재전송',
    resendWarning: '재전송하면 실적이 중복될 수 있습니다. trlog_id로 구별해 주세요.',
    resent: (count) => `${count}건을 다시 보냅니다.`,
    noDeliveries: '조건에 맞는 전송 내역이 없습니다.',
    more: '더 보기',
    conversions: '실적',
    month: '월',
    noConversions: '이 달의 실적이 없습니다.',
    rows: (count) => `${count}건`,
    conversionStates: { 100: '정상', 200: '정산 대기', 210: '정산 완료', 300: '취소 요청', 310: '취소' },
    statements: '정산',
    noStatements: '아직 확정된 달이 없습니다.',
    settled: (settled, cancelled) => `확정 ${settled}건, 취소 ${cancelled}건`,
    payoutStates: { held: '지급 예정', paid: '지급 완료', failed: '지급 실패' },
    noPayout: '지급 전',
  },
  en: {
    title: 'Affiliates',
    signInTitle: 'Sign in as an affiliate',
    signInText: 'Enter your affiliate id and your authentication key. The key is forgotten when you leave this page.',
    id: 'Affiliate id',
    key: 'Authentication key',
    missing: 'Please fill this in.',
    signIn: 'Sign in',
    signingIn: 'Signing in',
    wrong: 'This id and key do not belong together.',
    noAnswer: 'The server does not answer. Please try again in a while.',
    signOut: 'Sign out',
    loading: 'Loading',
    again: 'Try again',
    reward: 'Reward API',
    rewardText: 'Every conversion is sent to this address as a POST. Your page must answer 2xx within ten seconds.',
    rewardStates: { NONE: 'Not asked for', REQUESTED: 'Waits for approval', APPROVED: 'Approved', REJECTED: 'Refused' },
    url: 'Address for reward data',
    urlHint: 'A public address that begins with https',
    uniqId: 'Send uniq_id, which all rows of a purchase share',
    save: 'Save and ask for approval',
    keep: 'Save',
    saving: 'Saving',
    saved: 'Saved.',
    test: 'Send a test',
    testing: 'Sending',
    testGood: (status, ms) => `Your page answered ${status} in ${ms} ms.`,
    testBad: (why) => `This did not arrive: ${why}`,
    log: 'Delivery log',
    filters: { merchant: 'Merchant', order_code: 'Order code', u_id: 'Member (u_id)', status: 'Result', from: 'From', to: 'Until' },
    all: 'All',
    search: 'Search',
    deliveryStates: { pending: 'Waiting', delivered: 'Delivered', failed: 'Failed' },
    attempts: (count) => (count === 1 ? '1 attempt' : `${count} attempts`),
    resend: 'Send again',
    resendFailed: 'Send all failed ones again',
    resendWarning: 'What is sent again may arrive twice. Tell repeats by trlog_id.',
    resent: (count) => (count === 1 ? '1 is on its way again.' : `${count} are on their way again.`),
    noDeliveries: 'Nothing in the log matches.',
    more: 'Show more',
    conversions: 'Conversions',
    month: 'Month',
    noConversions: 'There are no conversions in this month.',
    rows: (count) => (count === 1 ? '1 row' : `${count} rows`),
    conversionStates: { 100: 'Normal', 200: 'Being settled', 210: 'Settled', 300: 'To be cancelled', 310: 'Cancelled' },
    statements: 'Statements',
    noStatements: 'No month is final yet.',
    settled: (settled, cancelled) => `${settled} settled, ${cancelled} cancelled`,
    payoutStates: { held: 'Will be paid', paid: 'Paid', failed: 'Not paid' },
    noPayout: 'Not paid yet',
  },
};
