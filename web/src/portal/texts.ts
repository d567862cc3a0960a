import type { Texts } from '../base/language';
import type { CampaignStatus, Movement, Progress, ReviewStatus } from './api';

export interface PortalTexts {
  title: string;
  loading: string;
  brokenTitle: string;
  brokenText: string;
  again: string;
  signInTitle: string;
  signInText: string;
  email: string;
  password: string;
  missing: string;
  signIn: string;
  signingIn: string;
  wrong: string;
  busy(seconds: string): string;
  noAnswer: string;
  noPassword: string;
  forgotten: string;
  forgottenTitle: string;
  forgottenText: string;
  sendLink: string;
  sendingLink: string;
  busyMinutes(minutes: string): string;
  noMail: string;
  linkAskedTitle: string;
  linkAskedText(email: string): string;
  toSignIn: string;
  account: string;
  accountHint: string;
  company: string;
  changePassword: string;
  changePasswordText: string;
  currentPassword: string;
  wrongCurrent: string;
  keepRules: string;
  saving: string;
  passwordChanged: string;
  managers: string;
  managersText: string;
  managersOthersText: string;
  contact: string;
  invited: string;
  since(when: string): string;
  withdrawAsk: string;
  withdrawText: string;
  withdraw: string;
  keep: string;
  signOut: string;
  navigation: string;
  campaigns: string;
  deposit: string;
  accessRequests: string;
  accessRequestsText: string;
  letIn: string;
  letInText: string;
  decline: string;
  declineText: string;
  filter: string;
  all: string;
  noCampaigns: string;
  noCampaignsText: string;
  noMatch: string;
  statuses: Record<CampaignStatus, string>;
  phases: Record<string, string>;
  recruit: string;
  reviews: string;
  of(part: string, whole: string): string;
  period: string;
  until(start: string, end: string): string;
  due: string;
  channel: string;
  price: string;
  reward: string;
  budget: string;
  order: string;
  productPage: string;
  opensNew: string;
  updated(when: string): string;
  created: string;
  funnel: string;
  applications: string;
  reviewsTitle: string;
  progress: Record<Exclude<keyof Progress, 'offerCount'>, string>;
  offerCount: string;
  seeReviews: string;
  noReviews: string;
  noReviewsText: string;
  noReviewMatch: string;
  reviewStates: Record<ReviewStatus, string>;
  reviewsOf: string;
  reviewer: string;
  written: string;
  judged: string;
  paid: string;
  notPaid: string;
  willPay(amount: string): string;
  reviewPage: string;
  backToReviews: string;
  noSuchReview: string;
  back: string;
  notFoundTitle: string;
  notFoundText: string;
  previous: string;
  next: string;
  pages: string;
  pageOf(page: string, total: string): string;
  available: string;
  availableHint: string;
  held: string;
  heldHint: string;
  posted: string;
  postedHint: string;
  history: string;
  noHistory: string;
  kinds: Record<Movement['kind'], string>;
  more: string;
  loadingMore: string;
  campaignLink: string;
}

export const texts: Texts<PortalTexts> = {
  ko: {
    title: '파트너 포털',
    loading: '불러오는 중입니다',
    brokenTitle: '불러오지 못했습니다',
    brokenText: '연결을 확인한 뒤 다시 시도해 주세요.',
    again: '다시 시도',
    signInTitle: '파트너 로그인',
    signInText: '캠페인 진행과 예치금을 확인하세요.',
    email: '이메일',
    password: '비밀번호',
    missing: '입력해 주세요.',
    signIn: '로그인',
    signingIn: '로그인하는 중입니다',
    wrong: '이메일이나 비밀번호가 맞지 않습니다.',
    busy: (seconds) => `시도가 너무 많습니다. ${seconds}초 뒤에 다시 시도해 주세요.`,
    noAnswer: '응답을 받지 못했습니다. 연결을 확인한 뒤 다시 시도해 주세요.',
    noPassword: '비밀번호를 아직 정하지 않았다면 초대 메일의 링크를 열어 주세요.',
    forgotten: '비밀번호를 잊으셨나요?',
    forgottenTitle: '비밀번호 재설정',
    forgottenText: '로그인 이메일을 입력하면 새 비밀번호를 정할 수 있는 링크를 보내 드립니다.',
    sendLink: '링크 받기',
    sendingLink: '보내는 중입니다',
    busyMinutes: (minutes) => `요청이 너무 많습니다. ${minutes}분 뒤에 다시 시도해 주세요.`,
    noMail: '여기에서는 메일을 보낼 수 없습니다. 가입한 곳에 문의해 주세요.',
    linkAskedTitle: '메일을 확인해 주세요',
    linkAskedText: (email) => `${email} 주소로 등록된 계정이 있으면 링크를 보냅니다. 링크는 1시간 동안 한 번만 쓸 수 있습니다. 메일이 오지 않으면 주소와 스팸함을 확인해 주세요.`,
    toSignIn: '로그인으로 돌아가기',
    account: '계정',
    accountHint: '회사 이름이나 이메일을 바꾸려면 가입한 곳에 문의해 주세요.',
    company: '회사',
    changePassword: '비밀번호 변경',
    changePasswordText: '변경하면 다른 기기에서는 모두 로그아웃됩니다.',
    currentPassword: '현재 비밀번호',
    wrongCurrent: '현재 비밀번호가 맞지 않습니다.',
    keepRules: '아래 규칙을 모두 지켜 주세요.',
    saving: '저장하는 중입니다',
    passwordChanged: '비밀번호를 변경했습니다. 다른 기기에서는 모두 로그아웃되었습니다.',
    managers: '접근 권한이 있는 사람',
    managersText: '모르는 사람이나 떠난 사람의 접근 권한은 바로 회수하세요.',
    managersOthersText: '접근 권한은 대표 담당자가 승인하고 회수합니다.',
    contact: '대표 담당자',
    invited: '초대됨, 비밀번호 없음',
    since: (when) => `${when}부터`,
    withdrawAsk: '권한 회수',
    withdrawText: '바로 로그아웃되고 다시 로그인할 수 없습니다. 회수했다는 메일을 보냅니다. 회수할까요?',
    withdraw: '회수',
    keep: '취소',
    signOut: '로그아웃',
    navigation: '주 메뉴',
    campaigns: '캠페인',
    deposit: '예치금',
    accessRequests: '접근 요청',
    accessRequestsText: '아래 주소로 귀사의 캠페인이 등록되었습니다. 아는 분이면 승인하세요. 승인하면 초대 메일을, 거절하면 거절했다는 메일을 보냅니다.',
    letIn: '승인',
    letInText: '이 주소로 초대장을 보내고, 캠페인과 예치금을 보게 합니다. 승인할까요?',
    decline: '거절',
    declineText: '이 주소로 거절했다는 메일을 보냅니다. 거절할까요?',
    filter: '상태',
    all: '전체',
    noCampaigns: '아직 캠페인이 없습니다',
    noCampaignsText: '캠페인을 신청하면 여기에 나타납니다.',
    noMatch: '이 상태의 캠페인이 없습니다.',
    statuses: {
      TEMPORARY_SAVED: '임시저장',
      UNDER_REVIEW: '심사중',
      READY: '준비완료',
      IN_PROGRESS: '진행중',
      REVISION_REQUESTED: '수정요청',
      COMPLETED: '완료',
      REJECTED: '반려',
    },
    phases: { 1209: '시작 예정', 1213: '모집', 1214: '리뷰 작성', 1215: '리뷰 검수', 1216: '정산' },
    recruit: '모집',
    reviews: '리뷰 승인',
    of: (part, whole) => `${part} / ${whole}`,
    period: '모집 기간',
    until: (start, end) => `${start} – ${end}`,
    due: '리뷰 마감',
    channel: '판매 채널',
    price: '상품 가격',
    reward: '리뷰어 보상',
    budget: '캠페인 예산',
    order: '주문 번호',
    productPage: '상품 페이지',
    opensNew: '새 창',
    updated: (when) => `${when} 기준`,
    created: '등록일',
    funnel: '진행 현황',
    applications: '지원과 선정',
    reviewsTitle: '리뷰',
    progress: {
      applied: '지원',
      underSelection: '선정 검토 중',
      selected: '선정',
      notSelected: '미선정',
      reviewSubmitted: '제출',
      reviewPending: '검수 대기',
      reviewApproved: '승인',
      reviewRejected: '반려',
      reviewDraft: '작성 중',
    },
    offerCount: '모집 인원',
    seeReviews: '이 캠페인의 리뷰 보기',
    noReviews: '아직 리뷰가 없습니다',
    noReviewsText: '리뷰어가 리뷰를 제출하면 여기에 나타납니다.',
    noReviewMatch: '이 상태의 리뷰가 없습니다.',
    reviewStates: { PENDING: '검수 대기', APPROVED: '승인', REJECTED: '반려' },
    reviewsOf: '캠페인',
    reviewer: '리뷰어',
    written: '작성일',
    judged: '검수일',
    paid: '지급한 보상',
    notPaid: '지급하지 않음',
    willPay: (amount) => `승인되면 ${amount} 지급`,
    reviewPage: '게시된 리뷰 보기',
    backToReviews: '리뷰 목록',
    noSuchReview: '리뷰를 찾을 수 없습니다',
    back: '캠페인 목록',
    notFoundTitle: '캠페인을 찾을 수 없습니다',
    notFoundText: '주소를 확인하거나 목록에서 다시 골라 주세요.',
    previous: '이전',
    next: '다음',
    pages: '쪽 이동',
    pageOf: (page, total) => `${total}쪽 중 ${page}쪽`,
    available: '사용 가능',
    availableHint: '새 캠페인에 쓸 수 있는 금액',
    held: '캠페인에 묶인 금액',
    heldHint: '진행 중인 캠페인의 보상 예산',
    posted: '예치금 잔액',
    postedHint: '사용 가능한 금액과 묶인 금액의 합',
    history: '거래 내역',
    noHistory: '아직 거래가 없습니다.',
    kinds: { charge: '충전', reward: '리뷰어 보상', refund: '환불' },
    more: '더 보기',
    loadingMore: '불러오는 중입니다',
    campaignLink: '캠페인',
  },
  en: {
    title: 'Partner portal',
    loading: 'Loading',
    brokenTitle: 'This could not be loaded',
    brokenText: 'Check your connection and try again.',
    again: 'Try again',
    signInTitle: 'Partner sign-in',
    signInText: 'Follow your campaigns and your deposit.',
    email: 'E-mail',
    password: 'Password',
    missing: 'Please fill this in.',
    signIn: 'Sign in',
    signingIn: 'Signing in',
    wrong: 'The e-mail or the password is not right.',
    busy: (seconds) => `Too many tries. Please try again in ${seconds} s.`,
    noAnswer: 'No answer came. Check your connection and try again.',
    noPassword: 'No password yet? Open the link in your invitation mail.',
    forgotten: 'Forgot your password?',
    forgottenTitle: 'Choose a new password',
    forgottenText: 'Give the e-mail that you sign in with: a link to choose a new password goes there.',
    sendLink: 'Send the link',
    sendingLink: 'Sending',
    busyMinutes: (minutes) => `Too many requests. Please try again in ${minutes} min.`,
    noMail: 'No mail can be sent from here. Please ask where you signed up.',
    linkAskedTitle: 'Look at your mail',
    linkAskedText: (email) => `If there is an account with ${email}, a link goes there. It works once, for one hour. If no mail comes, check the address and your spam folder.`,
    toSignIn: 'Back to sign-in',
    account: 'Account',
    accountHint: 'To change your company’s name or your e-mail, ask where you signed up.',
    company: 'Company',
    changePassword: 'Change password',
    changePasswordText: 'This signs you out on all other devices.',
    currentPassword: 'Current password',
    wrongCurrent: 'This is not your current password.',
    keepRules: 'Please keep all the rules below.',
    saving: 'Saving',
    passwordChanged: 'Your password was changed. All other devices were signed out.',
    managers: 'Who has access',
    managersText: 'Take away the access of whoever you do not know, or who has left, at once.',
    managersOthersText: 'Your company’s contact lets people in and takes access away.',
    contact: 'Contact',
    invited: 'Invited, no password yet',
    since: (when) => `since ${when}`,
    withdrawAsk: 'Withdraw',
    withdrawText: 'This person is signed out at once and cannot sign in again. A mail says so. Withdraw the access?',
    withdraw: 'Yes, withdraw',
    keep: 'Cancel',
    signOut: 'Sign out',
    navigation: 'Main menu',
    campaigns: 'Campaigns',
    deposit: 'Deposit',
    accessRequests: 'Requests for access',
    accessRequestsText: 'A campaign was registered for your company with these addresses. Let in whom you know: an invitation goes out then. Whom you decline is told so.',
    letIn: 'Let in',
    letInText: 'An invitation goes to this address, which then sees your campaigns and your deposit. Let it in?',
    decline: 'Decline',
    declineText: 'A mail tells this address that it was declined. Decline?',
    filter: 'Status',
    all: 'All',
    noCampaigns: 'No campaigns yet',
    noCampaignsText: 'A campaign that you order will appear here.',
    noMatch: 'No campaign has this status.',
    statuses: {
      TEMPORARY_SAVED: 'Draft',
      UNDER_REVIEW: 'Under review',
      READY: 'Ready',
      IN_PROGRESS: 'In progress',
      REVISION_REQUESTED: 'Changes requested',
      COMPLETED: 'Completed',
      REJECTED: 'Rejected',
    },
    phases: { 1209: 'starting soon', 1213: 'recruiting', 1214: 'reviewing', 1215: 'judging', 1216: 'settling' },
    recruit: 'Recruited',
    reviews: 'Reviews approved',
    of: (part, whole) => `${part} / ${whole}`,
    period: 'Recruiting',
    until: (start, end) => `${start} – ${end}`,
    due: 'Reviews due',
    channel: 'Sales channel',
    price: 'Product price',
    reward: 'Reward per review',
    budget: 'Budget',
    order: 'Order',
    productPage: 'Product page',
    opensNew: 'opens in a new window',
    updated: (when) => `As of ${when}`,
    created: 'Created',
    funnel: 'Progress',
    applications: 'Applications',
    reviewsTitle: 'Reviews',
    progress: {
      applied: 'Applied',
      underSelection: 'Under selection',
      selected: 'Selected',
      notSelected: 'Not selected',
      reviewSubmitted: 'Submitted',
      reviewPending: 'Waiting for approval',
      reviewApproved: 'Approved',
      reviewRejected: 'Rejected',
      reviewDraft: 'Being written',
    },
    offerCount: 'Places',
    seeReviews: 'See the reviews of this campaign',
    noReviews: 'No reviews yet',
    noReviewsText: 'Reviews that are handed in will appear here.',
    noReviewMatch: 'No review has this status.',
    reviewStates: { PENDING: 'Waiting for approval', APPROVED: 'Approved', REJECTED: 'Rejected' },
    reviewsOf: 'Campaign',
    reviewer: 'Reviewer',
    written: 'Written',
    judged: 'Judged',
    paid: 'Reward paid',
    notPaid: 'Nothing paid',
    willPay: (amount) => `${amount} when it is approved`,
    reviewPage: 'Open the published review',
    backToReviews: 'All reviews',
    noSuchReview: 'There is no such review',
    back: 'All campaigns',
    notFoundTitle: 'There is no such campaign',
    notFoundText: 'Check the address, or choose again from the list.',
    previous: 'Previous',
    next: 'Next',
    pages: 'Pages',
    pageOf: (page, total) => `Page ${page} of ${total}`,
    available: 'Available',
    availableHint: 'What new campaigns can use',
    held: 'Held for campaigns',
    heldHint: 'The reward budget of live campaigns',
    posted: 'Deposit balance',
    postedHint: 'Available and held together',
    history: 'History',
    noHistory: 'Nothing has been booked yet.',
    kinds: { charge: 'Top-up', reward: 'Reviewer reward', refund: 'Refund' },
    more: 'Show more',
    loadingMore: 'Loading',
    campaignLink: 'Campaign',
  },
};
