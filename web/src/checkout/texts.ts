import type { Texts } from '../base/language';
import type { CardField, Fault } from './card';

export interface CheckoutTexts {
  title: string;
  loading: string;
  order: string;
  total: string;
  quantity(n: string): string;
  payBefore(when: string): string;
  cardTitle: string;
  fields: Record<CardField, string>;
  holderHint: string;
  faults: Record<Fault, string>;
  refusedField: string;
  pay(amount: string): string;
  paying: string;
  secure: string;
  secureKept: string;
  or: string;
  toss: string;
  tossFailed: string;
  notCompleted: string;
  declines: Record<string, string>;
  declinedOtherwise: string;
  declinedTitle: string;
  unknownTitle: string;
  unknownText: string;
  busy(seconds: string): string;
  tooManyDeclines(minutes: string): string;
  testTitle: string;
  testText: string;
  testUse: string;
  testOutcomes: Record<string, string>;
  testCode: string;
  authTitle: string;
  authText: string;
  authCode: string;
  authMissing: string;
  authSubmit: string;
  pendingTitle: string;
  pendingText: string;
  pendingLong: string;
  paidTitle: string;
  paidText(amount: string): string;
  partlyRefunded(back: string, left: string): string;
  reference: string;
  returnTo(host: string): string;
  returning(host: string, seconds: string): string;
  stay: string;
  cancel(host: string): string;
  cancelledTitle: string;
  cancelledText: string;
  expiredTitle: string;
  expiredText: string;
  refundingTitle: string;
  refundingText: string;
  refundedTitle: string;
  refundedText: string;
  notFoundTitle: string;
  notFoundText: string;
  brokenTitle: string;
  brokenText: string;
  again: string;
  close: string;
  back: string;
  seller: string;
  pdf: string;
  dueNow: string;
  zeroFloor: string;
  schedule: string;
  scheduleAll(months: string): string;
  scheduleMonth: string;
  scheduleDate: string;
  scheduleAmount: string;
  month(n: string): string;
  months(first: string, last: string): string;
  from(date: string): string;
  consent: string;
  consentText(seller: string, amount: string): string;
  consentToKeep: string;
  consentMissing: string;
  keep: string;
  keepTitle: string;
  keptTitle: string;
  keptText: string;
  refusedTitle: string;
  refusals: Record<string, string>;
  refusedOtherwise: string;
}

export const texts: Texts<CheckoutTexts> = {
  ko: {
    title: '결제',
    loading: '주문을 불러오는 중입니다',
    order: '주문 내용',
    total: '결제 금액',
    quantity: (n) => `${n}개`,
    payBefore: (when) => `${when}까지 결제할 수 있습니다.`,
    cardTitle: '카드로 결제',
    fields: { number: '카드 번호', expiry: '유효 기간', cvc: 'CVC', holder: '카드 소유자 이름' },
    holderHint: '카드에 적힌 그대로 입력해 주세요.',
    faults: {
      missing: '입력해 주세요.',
      number: '카드 번호를 확인해 주세요.',
      expiry: '월/연도 두 자리씩 입력해 주세요. 예: 12/29',
      expired: '유효 기간이 지난 카드입니다.',
      cvc: '카드 뒷면의 세 자리(또는 네 자리) 숫자입니다.',
    },
    refusedField: '이 값을 확인해 주세요.',
    pay: (amount) => `${amount} 결제하기`,
    paying: '결제하고 있습니다',
    secure: '카드 정보는 결제에만 쓰이고 저장되지 않습니다.',
    secureKept: '카드 번호는 저장되지 않습니다. 다음 결제를 위한 결제 키만 보관합니다.',
    or: '또는',
    toss: '토스페이먼츠로 결제',
    tossFailed: '토스페이먼츠 결제창을 열지 못했습니다. 잠시 후 다시 시도하거나 다른 방법으로 결제해 주세요.',
    notCompleted: '결제가 완료되지 않았습니다. 청구된 금액은 없습니다.',
    declinedTitle: '결제되지 않았습니다.',
    declines: {
      card_declined: '카드사가 결제를 거절했습니다. 다른 카드를 쓰거나 카드사에 문의해 주세요.',
      expired_card: '유효 기간이 지난 카드입니다. 다른 카드를 써 주세요.',
      insufficient_funds: '한도나 잔액이 부족합니다. 다른 카드를 써 주세요.',
      not_a_test_card: '이곳은 시험 환경입니다. 아래의 시험 카드만 쓸 수 있습니다.',
      authentication_failed: '본인 인증에 실패했습니다. 다시 시도해 주세요.',
      processing_error: '카드사와 통신하는 중 문제가 생겼습니다. 다시 시도해 주세요.',
    },
    declinedOtherwise: '카드사가 결제를 거절했습니다. 다른 카드로 다시 시도해 주세요.',
    unknownTitle: '응답을 받지 못했습니다.',
    unknownText: '연결을 확인한 뒤 다시 눌러 주세요. 같은 결제로 처리되므로 두 번 청구되지 않습니다.',
    busy: (seconds) => `지금은 요청이 많습니다. ${seconds}초 뒤에 다시 시도해 주세요.`,
    tooManyDeclines: (minutes) => `거절된 결제가 많아 잠시 막혔습니다. ${minutes}분 뒤에 다시 시도해 주세요.`,
    testTitle: '시험 카드',
    testText: '시험 환경이라 실제로 청구되지 않습니다. 카드를 고르면 양식이 채워집니다.',
    testUse: '시험 카드 사용: ',
    testOutcomes: {
      success: '승인',
      declined: '거절',
      'expired card': '유효 기간 만료',
      'insufficient funds': '잔액 부족',
      'needs authentication, code 123456': '본인 인증 필요',
      'no answer in time, but charged': '응답 없음, 실제로는 승인',
      'no answer in time, and not charged': '응답 없음, 승인되지 않음',
      'success, answered twice': '응답이 두 번 옴',
      'success; insufficient funds when charged later without you': '승인, 이후 자동 결제는 잔액 부족',
      'success; declined every other time when charged later without you': '승인, 이후 자동 결제는 한 번씩 걸러 거절',
    },
    testCode: '시험 환경의 인증 번호는 123456입니다.',
    authTitle: '본인 인증',
    authText: '카드사가 보낸 인증 번호를 입력해 주세요.',
    authCode: '인증 번호',
    authMissing: '인증 번호를 입력해 주세요.',
    authSubmit: '인증하고 결제하기',
    pendingTitle: '결제를 확인하고 있습니다',
    pendingText: '카드사의 응답을 기다립니다. 이 화면을 닫지 말아 주세요.',
    pendingLong: '평소보다 오래 걸리고 있습니다. 화면을 닫아도 결제는 한 번만 처리되며, 같은 링크로 결과를 볼 수 있습니다.',
    paidTitle: '결제가 완료되었습니다',
    paidText: (amount) => `결제한 금액은 ${amount}입니다.`,
    partlyRefunded: (back, left) => `이 가운데 ${back}을 환불했고, 환불 뒤 남은 금액은 ${left}입니다.`,
    reference: '주문 번호',
    returnTo: (host) => `${host}(으)로 돌아가기`,
    returning: (host, seconds) => `${seconds}초 뒤 ${host}(으)로 돌아갑니다.`,
    stay: '이 화면에 머물기',
    cancel: (host) => `결제하지 않고 ${host}(으)로 돌아가기`,
    cancelledTitle: '취소된 주문입니다',
    cancelledText: '이 주문은 결제할 수 없습니다. 청구된 금액은 없습니다.',
    expiredTitle: '결제 시간이 지났습니다',
    expiredText: '주문한 곳에서 새 결제 링크를 받아 주세요. 청구된 금액은 없습니다.',
    refundingTitle: '환불하고 있습니다',
    refundingText: '카드사가 환불을 처리하고 있습니다. 며칠 걸릴 수 있습니다.',
    refundedTitle: '환불되었습니다',
    refundedText: '결제한 금액이 카드로 환불되었습니다.',
    notFoundTitle: '결제 링크를 찾을 수 없습니다',
    notFoundText: '주소가 잘리지 않았는지 확인하거나, 주문한 곳에 문의해 주세요.',
    brokenTitle: '주문을 불러오지 못했습니다',
    brokenText: '연결을 확인한 뒤 다시 시도해 주세요.',
    again: '다시 시도',
    close: '닫기',
    back: '돌아가기',
    seller: '판매자',
    pdf: '청구서 PDF',
    zeroFloor: '금액을 넘는 할인',
    dueNow: '지금 결제할 금액',
    schedule: '결제 일정',
    scheduleAll: (months) => `전체 ${months}개월 보기`,
    scheduleMonth: '회차',
    scheduleDate: '결제일',
    scheduleAmount: '금액',
    month: (n) => `${n}회차`,
    months: (first, last) => `${first}–${last}회차`,
    from: (date) => `${date}부터 매월`,
    consent: '정기 결제에 동의합니다 (필수)',
    consentText: (seller, amount) =>
      `지금 쓰는 카드로 결제 일정에 따라 매월 자동으로 결제합니다. 다음 결제 금액은 ${amount}입니다. 해지는 ${seller}에 요청할 수 있습니다.`,
    consentToKeep: '등록한 카드로 약정한 결제일마다 자동으로 결제합니다. 지금 결제되는 금액은 없습니다.',
    keep: '카드 등록하기',
    keepTitle: '카드 등록',
    keptTitle: '카드가 등록되었습니다',
    keptText: '다음 결제부터 이 카드로 결제됩니다.',
    consentMissing: '정기 결제에 동의해야 결제할 수 있습니다.',
    refusedTitle: '결제를 시작할 수 없습니다',
    refusals: {
      PRICE_FROM_BROWSER: '결제 요청에 금액이나 할인이 들어 있어 거절되었습니다. 금액은 판매자의 서버만 정할 수 있습니다.',
      ORIGIN_NOT_ALLOWED: '이 사이트는 판매자가 등록한 주소가 아닙니다. 판매자에게 알려 주세요.',
      SERVICE_NOT_ALLOWED: '판매자를 확인할 수 없습니다. 판매자에게 알려 주세요.',
      INVOICE_NOT_FOUND: '청구서를 찾을 수 없습니다. 판매자에게 문의해 주세요.',
      ALREADY_PAID: '이미 결제가 끝난 청구서입니다.',
    },
    refusedOtherwise: '판매자의 결제 요청이 올바르지 않습니다. 청구된 금액은 없습니다.',
  },
  en: {
    title: 'Payment',
    loading: 'Loading your order',
    order: 'Your order',
    total: 'Amount due',
    quantity: (n) => `× ${n}`,
    payBefore: (when) => `You can pay until ${when} (Seoul).`,
    cardTitle: 'Pay by card',
    fields: { number: 'Card number', expiry: 'Expiry date', cvc: 'CVC', holder: 'Name on card' },
    holderHint: 'Exactly as it stands on the card.',
    faults: {
      missing: 'Please fill this in.',
      number: 'Please check the card number.',
      expiry: 'Two digits each for month and year, such as 12/29.',
      expired: 'This card has expired.',
      cvc: 'The three or four digits on the back of the card.',
    },
    refusedField: 'Please check this.',
    pay: (amount) => `Pay ${amount}`,
    paying: 'Paying',
    secure: 'Your card is used for this payment only and is not stored.',
    secureKept: 'The card’s number is not stored: only a key for the later payments is kept.',
    or: 'or',
    toss: 'Pay with Toss Payments',
    tossFailed: 'The Toss Payments window could not be opened. Try again in a moment, or pay in another way.',
    notCompleted: 'The payment was not completed. You have not been charged.',
    declinedTitle: 'The payment did not go through.',
    declines: {
      card_declined: 'The card’s bank declined it. Use another card, or ask your bank.',
      expired_card: 'This card has expired. Please use another one.',
      insufficient_funds: 'There is not enough credit on this card. Please use another one.',
      not_a_test_card: 'This is a sandbox: only the test cards below can be used.',
      authentication_failed: 'The verification failed. Please try again.',
      processing_error: 'Something went wrong between us and the card’s bank. Please try again.',
    },
    declinedOtherwise: 'The card’s bank declined it. Please try another card.',
    unknownTitle: 'No answer came.',
    unknownText: 'Check your connection and press the button again. It counts as the same payment, so you are not charged twice.',
    busy: (seconds) => `Too many requests at the moment. Please try again in ${seconds} s.`,
    tooManyDeclines: (minutes) => `Too many payments were declined. Please try again in ${minutes} min.`,
    testTitle: 'Test cards',
    testText: 'This is a sandbox, nothing is really charged. Choose a card to fill in the form.',
    testUse: 'Use test card ',
    testOutcomes: {
      success: 'Approved',
      declined: 'Declined',
      'expired card': 'Expired card',
      'insufficient funds': 'Insufficient funds',
      'needs authentication, code 123456': 'Needs verification',
      'no answer in time, but charged': 'No answer, but charged',
      'no answer in time, and not charged': 'No answer, not charged',
      'success, answered twice': 'Answers twice',
      'success; insufficient funds when charged later without you': 'Approved; later charges lack funds',
      'success; declined every other time when charged later without you': 'Approved; every other later charge is declined',
    },
    testCode: 'In the sandbox the code is 123456.',
    authTitle: 'Verify it’s you',
    authText: 'Enter the code that your card’s bank has sent you.',
    authCode: 'Verification code',
    authMissing: 'Please enter the code.',
    authSubmit: 'Verify and pay',
    pendingTitle: 'Confirming your payment',
    pendingText: 'We are waiting for the card’s bank. Please keep this page open.',
    pendingLong:
      'This takes longer than usual. You may close the page: the payment is made once at most, and this link will show how it went.',
    paidTitle: 'Payment complete',
    paidText: (amount) => `${amount} has been paid.`,
    partlyRefunded: (back, left) => `${back} of it went back to you, which leaves ${left}.`,
    reference: 'Order',
    returnTo: (host) => `Return to ${host}`,
    returning: (host, seconds) => `Returning to ${host} in ${seconds} s.`,
    stay: 'Stay on this page',
    cancel: (host) => `Return to ${host} without paying`,
    cancelledTitle: 'This order was cancelled',
    cancelledText: 'It can no longer be paid. You have not been charged.',
    expiredTitle: 'The time to pay has passed',
    expiredText: 'Please ask for a new payment link where you ordered. You have not been charged.',
    refundingTitle: 'Your refund is on its way',
    refundingText: 'The card’s bank is working on it. This can take a few days.',
    refundedTitle: 'Refunded',
    refundedText: 'The amount has been returned to your card.',
    notFoundTitle: 'There is no such payment link',
    notFoundText: 'Check that the address is complete, or ask where you ordered.',
    brokenTitle: 'Your order could not be loaded',
    brokenText: 'Check your connection and try again.',
    again: 'Try again',
    close: 'Close',
    back: 'Go back',
    seller: 'Seller',
    pdf: 'Invoice as PDF',
    zeroFloor: 'Discount beyond the price',
    dueNow: 'Due now',
    schedule: 'Billing schedule',
    scheduleAll: (months) => `Show all ${months} months`,
    scheduleMonth: 'Month',
    scheduleDate: 'Date',
    scheduleAmount: 'Amount',
    month: (n) => n,
    months: (first, last) => `${first}–${last}`,
    from: (date) => `Monthly from ${date}`,
    consent: 'I agree to recurring payments (required)',
    consentText: (seller, amount) =>
      `The card that you pay with now is charged every month, as the billing schedule says. The next payment is ${amount}. To cancel, ask ${seller}.`,
    consentToKeep: 'The card is charged by itself on the days that were agreed. Nothing is charged now.',
    keep: 'Save card',
    keepTitle: 'Save a card',
    keptTitle: 'Card saved',
    keptText: 'It is charged from the next payment on.',
    consentMissing: 'You have to agree to recurring payments before you can pay.',
    refusedTitle: 'The payment cannot begin',
    refusals: {
      PRICE_FROM_BROWSER: 'The call carried a price or a discount and was refused. Only the seller’s server decides what is paid.',
      ORIGIN_NOT_ALLOWED: 'The seller has not registered this site. Please let the seller know.',
      SERVICE_NOT_ALLOWED: 'The seller is not known here. Please let the seller know.',
      INVOICE_NOT_FOUND: 'There is no such invoice. Please ask the seller.',
      ALREADY_PAID: 'This invoice has been paid already.',
    },
    refusedOtherwise: 'The seller’s call for this payment is not right. You have not been charged.',
  },
};
