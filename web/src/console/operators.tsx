// The console's own accounts, and what their owners did.
import { type Action, ActionButton, type Input, rowActions } from './action';
import { type Item, textOf } from './api';
import { Status, type Statuses } from './cells';
import { type List } from './list';
import { useSay, words } from './words';

export const roles: Statuses = {
  owner: [words('소유자', 'Owner'), 'good'],
  operator: [words('운영자', 'Operator'), 'quiet'],
  auditor: [words('감사자', 'Auditor'), 'quiet'],
};

const role = (value: string): Input => ({
  name: 'role',
  label: words('역할', 'Role'),
  value,
  options: [
    ['auditor', words('감사자 – 읽기만', 'Auditor – reads')],
    ['operator', words('운영자 – 계정과 키 말고 모두', 'Operator – all but accounts and keys')],
    ['owner', words('소유자 – 모두', 'Owner – everything')],
  ],
});

const password = words('비밀번호', 'Password');

const create: Action = {
  label: words('계정 만들기', 'Make an account'),
  for: 'owner',
  primary: true,
  text: words('비밀번호를 비워 두면 만들어서 한 번 보여 드립니다.', 'Without a password one is made and shown once.'),
  inputs: [
    { name: 'email', label: words('이메일', 'E-mail'), type: 'email' },
    { name: 'name', label: words('이름', 'Name'), optional: true },
    role('operator'),
    { name: 'password', label: password, type: 'password', optional: true },
  ],
  call: ({ email = '', name = '', role: chosen = '', password: typed = '' }) => ({
    method: 'POST',
    path: '/operators',
    body: { email, name, role: chosen, ...(typed === '' ? {} : { password: typed }) },
  }),
  done: words('만들었습니다', 'Made'),
  secrets: [['email', words('이메일', 'E-mail')], ['password', password]],
};

const actionsOf = (item: Item): Action[] => {
  const path = `/operators/${textOf(item, 'id')}`;
  const email = textOf(item, 'email');
  const active = item['status'] === 'ACTIVE';
  return [
    {
      label: words('역할 변경', 'Change role'),
      for: 'owner',
      text: words(`${email}의 역할을 바꿉니다.`, `Gives ${email} another role.`),
      inputs: [role(textOf(item, 'role'))],
      call: (values) => ({ method: 'PUT', path, body: values }),
      done: words('변경했습니다', 'Changed'),
    },
    {
      label: words('새 비밀번호', 'New password'),
      for: 'owner',
      text: words(`${email}의 열린 세션이 모두 끝납니다.`, `All sessions of ${email} end.`),
      call: () => ({ method: 'POST', path: `${path}/password` }),
      done: words('만들었습니다', 'Made'),
      secrets: [['password', password]],
    },
    {
      label: active ? words('중지', 'Disable') : words('다시 사용', 'Enable'),
      for: 'owner',
      grave: active,
      text: active ? words(`${email}의 로그인을 막고 세션을 끝냅니다.`, `Lets ${email} in no more, and ends its sessions.`) : words(`${email}이 다시 로그인할 수 있습니다.`, `Lets ${email} in again.`),
      call: () => ({ method: 'PUT', path, body: { status: active ? 'DISABLED' : 'ACTIVE' } }),
      done: words('변경했습니다', 'Changed'),
    },
  ];
};

export const operators: List = {
  title: words('운영자 계정', 'Operators'),
  source: '/operators',
  member: 'operators',
  columns: [
    { label: words('이메일', 'E-mail'), show: { as: 'text', name: 'email' } },
    { label: words('이름', 'Name'), show: { as: 'text', name: 'name' } },
    { label: words('역할', 'Role'), show: { as: 'status', name: 'role', of: roles } },
    { label: words('상태', 'Status'), show: { as: 'status', name: 'status', of: { ACTIVE: [words('사용 중', 'Active'), 'good'], DISABLED: [words('중지', 'Disabled'), 'bad'] } } },
    rowActions(actionsOf),
  ],
  empty: words('계정이 없습니다.', 'There is no account.'),
  actions: (again) => <ActionButton action={create} onDone={again} />,
};

const signIns: Statuses = {
  200: [words('로그인', 'Signed in'), 'good'],
  401: [words('로그인 거절', 'Sign-in refused'), 'bad'],
  429: [words('로그인 잠김', 'Locked out'), 'bad'],
};
const signedOut: Statuses = { DELETE: [words('로그아웃', 'Signed out'), 'quiet'] };

/** Sign-ins and sign-outs have words; what was changed is the request that asked for it. */
function What({ item }: { item: Item }) {
  const [method, path] = [textOf(item, 'method'), textOf(item, 'path')];
  const isSession = path === '/api/session';
  if (isSession && method === 'POST') return <Status value={textOf(item, 'status')} of={signIns} />;
  if (isSession && method === 'DELETE') return <Status value={method} of={signedOut} />;
  return <code class="asked">{`${method} ${path}`}</code>;
}

/** Whoever has no account is the server's own machine, or gave an address that nobody has. */
function Who({ item }: { item: Item }) {
  const say = useSay();
  const email = textOf(item, 'actor.email');
  if (email !== '') return <>{email}</>;
  return <>{textOf(item, 'method') === 'POST' && textOf(item, 'path') === '/api/session' ? say(words('모르는 계정', 'No account')) : say(words('서버 (control.json)', 'The server (control.json)'))}</>;
}

export const audit: List = {
  title: words('감사 기록', 'Audit log'),
  source: '/audit',
  member: 'actions',
  filters: [
    { name: 'actor', label: words('계정', 'Account') },
    { name: 'q', label: words('경로, 대상, 주소', 'Path, document, address') },
    { name: 'from', label: words('이날부터', 'From'), type: 'date' },
    { name: 'to', label: words('이날까지', 'To'), type: 'until' },
  ],
  columns: [
    { label: words('기록', 'Record'), show: { as: 'number', name: 'number' }, end: true },
    { label: words('일시', 'When'), show: { as: 'time', name: 'wallAt' } },
    { label: words('누가', 'Who'), show: { as: 'made', of: (item) => <Who item={item} /> } },
    { label: words('무엇을', 'What'), show: { as: 'made', of: (item) => <What item={item} /> } },
    { label: words('대상', 'Document'), show: { as: 'code', name: 'document' } },
    { label: words('어디서', 'Where from'), show: { as: 'code', name: 'address' } },
    { label: words('응답', 'Answer'), show: { as: 'code', name: 'status' }, end: true },
  ],
  empty: words('조건에 맞는 기록이 없습니다.', 'There is no such line.'),
};
