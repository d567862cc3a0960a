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
  navigation: string;
  views: Record<'links' | 'clicks' | 'conversions' | 'statements' | 'rewards', string>;
  merchants: string;
  merchantsText: string;
  merchantSearch: string;
  noMerchants: string;
  noMerchantFound: string;
  noPrograms: string;
  kinds: Record<'cps' | 'cpa', string>;
  ofProduct(code: string): string;
  ofCategory(code: string): string;
  fromSales(amount: string): string;
  specialRates(count: number): string;
  endsAt(day: string): string;
  opensNew: string;
  close: string;
  makeLink: string;
  makingLink: string;
  target: string;
  targetHint(hosts: string): string;
  targetBad: string;
  mark: string;
  markHint: string;
  link: string;
  copy: string;
  copied: string;
  selected: string;
  promos: string;
  promosText: string;
  noPromos: string;
  promoStates: Record<'good' | 'waits' | 'ended', string>;
  clickDays: string;
  day: string;
  clicks: string;
  unique: string;
  marked: string;
  sum: string;
  noSum: string;
  noClicks: string;
  clicksHint: string;
  clickList: string;
  noClickFound: string;
  noClicksYet: string;
  devices: Record<string, string>;
  marks: Record<string, string>;
  bankAccount: string;
  bankText: string;
  bankFields: Record<'bank' | 'account' | 'holder' | 'key', string>;
  noBank: string;
  setBank: string;
  changeBank: string;
  badAccount: string;
  keyHint: string;
  wrongKey: string;
  bankSaved: string;
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
  resendAsk(count: number, isMore: boolean): string;
  resendRest: string;
  noneFailed: string;
  cancel: string;
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
    navigation: '주 메뉴',
    views: { links: '링크', clicks: '클릭', conversions: '실적', statements: '정산', rewards: '리워드 API' },
    merchants: '광고주',
    merchantsText: '홍보할 수 있는 광고주와 지금 지급하는 커미션입니다.',
    merchantSearch: '광고주 이름이나 아이디',
    noMerchants: '홍보할 수 있는 광고주가 없습니다.',
    noMerchantFound: '조건에 맞는 광고주가 없습니다.',
    noPrograms: '지금 시행 중인 프로그램이 없습니다.',
    kinds: { cps: '구매', cpa: '행동' },
    ofProduct: (code) => `상품 ${code}`,
    ofCategory: (code) => `카테고리 ${code}`,
    fromSales: (amount) => `월 매출 ${amount}부터`,
    specialRates: (count) => `상품, 카테고리, 매출 구간별 커미션 ${count}개`,
    endsAt: (day) => `${day}에 종료`,
    opensNew: '새 창',
    close: '닫기',
    makeLink: '링크 만들기',
    makingLink: '만드는 중',
    target: '연결할 주소',
    targetHint: (hosts) => `이 광고주의 상품이나 행사 페이지(${hosts}). 비우면 첫 화면으로 갑니다.`,
    targetBad: '이 주소로는 링크를 만들 수 없습니다.',
    mark: '구별 값(u_id)',
    markHint: '클릭과 실적에서 링크를 구별하는 값. 비워도 됩니다.',
    link: '만든 링크',
    copy: '복사',
    copied: '복사했습니다.',
    selected: '복사하지 못했습니다. 링크가 선택되어 있으니 직접 복사해 주세요.',
    promos: '프로모션 코드',
    promosText: '고객이 이 코드를 쓰면 클릭이 없어도 매체의 실적입니다.',
    noPromos: '받은 프로모션 코드가 없습니다.',
    promoStates: { good: '사용 가능', waits: '시작 전', ended: '종료' },
    clickDays: '일별 클릭',
    day: '날짜',
    clicks: '클릭',
    unique: '방문자',
    marked: '표시됨',
    sum: '합계',
    noSum: '합계 없음',
    noClicks: '이 달의 클릭이 없습니다.',
    clicksHint: '방문자는 서로 다른 사람의 수로, 127명을 넘으면 추정값입니다. 반복 클릭이나 봇으로 표시된 클릭은 클릭에도 들어 있습니다.',
    clickList: '클릭 내역',
    noClickFound: '조건에 맞는 클릭이 없습니다.',
    noClicksYet: '여기까지는 조건에 맞는 클릭이 없습니다. 더 찾아볼 수 있습니다.',
    devices: { 'web-pc': 'PC 웹', 'web-mobile': '모바일 웹', 'app-ios': 'iOS 앱', 'app-android': '안드로이드 앱' },
    marks: { repeat: '반복', burst: '폭주', bot: '봇', program: '프로그램', look_ahead: '미리 보기' },
    bankAccount: '지급 계좌',
    bankText: '새 계좌의 내용을 모두 입력해 주세요. 변경하면 기록에 남고, 등록된 이메일로 알려 드립니다.',
    bankFields: { bank: '은행', account: '계좌 번호', holder: '예금주', key: '인증키' },
    noBank: '등록한 계좌가 없습니다. 계좌를 등록해야 지급받을 수 있습니다.',
    setBank: '계좌 등록',
    changeBank: '계좌 변경',
    badAccount: '숫자와 -만 쓸 수 있습니다.',
    keyHint: '본인 확인을 위해 한 번 더 입력해 주세요.',
    wrongKey: '인증키가 맞지 않습니다.',
    bankSaved: '지급 계좌를 저장했습니다.',
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
    resendAsk: (count, isMore) => `조회한 조건에 맞는 실패 ${isMore ? `${count}건 이상` : `${count}건`}을 모두 다시 보낼까요?`,
    resendRest: '아직 남은 것이 있으니 한 번 더 눌러 주세요.',
    noneFailed: '조회한 조건에 맞는 실패가 없습니다.',
    cancel: '취소',
    resent: (count) => `${count}건을 다시 보냅니다.`,
    noDeliveries: '조건에 맞는 전송 내역이 없습니다.',
    more: '더 보기',
    conversions: '실적',
    month: '월',
    noConversions: '이 달의 실적이 없습니다.',
    rows: (count) => `${count}건`,
    conversionStates: { 100: '정상', 200: '정산 대기', 210: '정산 완료', 300: '취소 요청', 310: '취소' },
    statements: '월별 정산',
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
    navigation: 'Main menu',
    views: { links: 'Links', clicks: 'Clicks', conversions: 'Conversions', statements: 'Statements', rewards: 'Reward API' },
    merchants: 'Merchants',
    merchantsText: 'Whom you may promote, and the commission that is paid now.',
    merchantSearch: 'Name or id of a merchant',
    noMerchants: 'There is no merchant that you may promote.',
    noMerchantFound: 'No merchant matches.',
    noPrograms: 'No programme is in force now.',
    kinds: { cps: 'sales', cpa: 'actions' },
    ofProduct: (code) => `Product ${code}`,
    ofCategory: (code) => `Category ${code}`,
    fromSales: (amount) => `From ${amount} in a month on`,
    specialRates: (count) => (count === 1 ? '1 special commission' : `${count} special commissions`),
    endsAt: (day) => `Ends on ${day}`,
    opensNew: 'opens in a new window',
    close: 'Close',
    makeLink: 'Make a link',
    makingLink: 'Making it',
    target: 'Address to link to',
    targetHint: (hosts) => `A page of this merchant (${hosts}). Without one the link leads to the home page.`,
    targetBad: 'No link can be made to this address:',
    mark: 'Mark (u_id)',
    markHint: 'Tells your links apart, in clicks and conversions. May be left out.',
    link: 'Your link',
    copy: 'Copy',
    copied: 'Copied.',
    selected: 'This could not be copied. The link is selected: copy it yourself.',
    promos: 'Promotion codes',
    promosText: 'Whoever buys with one of these counts as sent by you, without a click.',
    noPromos: 'You have no promotion codes.',
    promoStates: { good: 'In use', waits: 'Not yet', ended: 'Ended' },
    clickDays: 'Clicks by day',
    day: 'Day',
    clicks: 'Clicks',
    unique: 'Visitors',
    marked: 'Marked',
    sum: 'All',
    noSum: 'no sum',
    noClicks: 'There were no clicks in this month.',
    clicksHint: 'Visitors are different people: exact up to 127, then an estimate. Clicks that are marked as repeats or robots count as clicks, too.',
    clickList: 'Each click',
    noClickFound: 'No click matches.',
    noClicksYet: 'No click matches so far. There is more to look at.',
    devices: { 'web-pc': 'PC', 'web-mobile': 'mobile web', 'app-ios': 'iOS app', 'app-android': 'Android app' },
    marks: { repeat: 'Repeat', burst: 'Burst', bot: 'Bot', program: 'Program', look_ahead: 'Looked ahead' },
    bankAccount: 'Account for payouts',
    bankText: 'Enter all of the new account. The change is recorded, and a mail to your address tells you of it.',
    bankFields: { bank: 'Bank', account: 'Account number', holder: 'Holder', key: 'Authentication key' },
    noBank: 'There is no account yet. Payouts need one.',
    setBank: 'Set the account',
    changeBank: 'Change the account',
    badAccount: 'Must be digits and hyphens.',
    keyHint: 'Once more, to make sure that it is you.',
    wrongKey: 'This is not your key.',
    bankSaved: 'The account was saved.',
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
    resendAsk: (count, isMore) => (isMore ? `${count} or more that match have failed.` : count === 1 ? '1 that matches has failed.' : `${count} that match have failed.`) + ' Send all of them again?',
    resendRest: 'There are more: ask once more for the rest.',
    noneFailed: 'Nothing that matches has failed.',
    cancel: 'Cancel',
    resent: (count) => (count === 1 ? '1 is on its way again.' : `${count} are on their way again.`),
    noDeliveries: 'Nothing in the log matches.',
    more: 'Show more',
    conversions: 'Conversions',
    month: 'Month',
    noConversions: 'There are no conversions in this month.',
    rows: (count) => (count === 1 ? '1 row' : `${count} rows`),
    conversionStates: { 100: 'Normal', 200: 'Being settled', 210: 'Settled', 300: 'To be cancelled', 310: 'Cancelled' },
    statements: 'Month by month',
    noStatements: 'No month is final yet.',
    settled: (settled, cancelled) => `${settled} settled, ${cancelled} cancelled`,
    payoutStates: { held: 'Will be paid', paid: 'Paid', failed: 'Not paid' },
    noPayout: 'Not paid yet',
  },
};
