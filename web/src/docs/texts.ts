import type { Texts } from '../base/language';

export interface DocsTexts {
  title: string;
  /** For whom the reference below is in another language; empty: for nobody. */
  inEnglish: string;
  loading: string;
  failed: string;
  again: string;
  search: string;
  nothing: string;
  contents: string;
  authorization: string;
  open: string;
  oneOf: string;
  parameters: string;
  required: string;
  body: string;
  answers: string;
  example: string;
  answer: string;
  copy: string;
  copied: string;
  fields: string;
  close: string;
  raw: string;
}

export const texts: Texts<DocsTexts> = {
  ko: {
    title: 'API',
    inEnglish: '이 API 문서의 설명과 예는 영어로 되어 있습니다.',
    loading: '불러오는 중',
    failed: 'API 설명을 불러오지 못했습니다.',
    again: '다시 시도',
    search: '경로나 낱말로 찾기',
    nothing: '찾는 API가 없습니다.',
    contents: '차례',
    authorization: '인증',
    open: '인증 없이 부를 수 있습니다',
    oneOf: '다음 가운데 하나',
    parameters: '매개변수',
    required: '필수',
    body: '요청 본문',
    answers: '응답',
    example: '요청 예',
    answer: '응답 예',
    copy: '복사',
    copied: '복사했습니다',
    fields: '필드 보기',
    close: '접기',
    raw: '원본',
  },
  en: {
    title: 'API',
    inEnglish: '',
    loading: 'Loading',
    failed: 'The description could not be loaded.',
    again: 'Try again',
    search: 'Find by path or word',
    nothing: 'No operation says that.',
    contents: 'Contents',
    authorization: 'Authorization',
    open: 'Takes no credentials',
    oneOf: 'one of',
    parameters: 'Parameters',
    required: 'required',
    body: 'Body of the request',
    answers: 'Answers',
    example: 'Example request',
    answer: 'Its answer',
    copy: 'Copy',
    copied: 'Copied',
    fields: 'Show fields',
    close: 'Hide',
    raw: 'Source',
  },
};
