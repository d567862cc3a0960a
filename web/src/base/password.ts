// What a manager's password must be, and how hard it would be to guess. The server has the last word.

export const shortest = 10;
export const longest = 128;

export type Rule = 'length' | 'variety' | 'personal';

/** Whether each rule is kept. A password may not be made of the address or the company's name. */
export function rulesKept(password: string, email: string, companyName: string): Record<Rule, boolean> {
  const folded = password.toLowerCase();
  const personal = [email.toLowerCase(), email.toLowerCase().split('@')[0] ?? '', companyName.toLowerCase()]
    .map((each) => each.trim())
    .filter((each) => each.length >= 4);
  return {
    length: password.length >= shortest && password.length <= longest,
    variety: new Set(password).size >= 5,
    personal: password !== '' && !personal.some((each) => folded.includes(each)),
  };
}

export type Strength = 0 | 1 | 2 | 3 | 4;

const sequences = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const common = ['password', 'passw0rd', 'welcome', 'iloveyou', 'admin', 'letmein', 'dragon', 'qwer1234', 'asdf1234', '1q2w3e4r'];

/** How many of the characters carry on from the one before: a repeat, or the next in a row that everybody knows. */
function predictable(text: string): number {
  let found = 0;
  for (let i = 1; i < text.length; i += 1) {
    const pair = text.slice(i - 1, i + 1);
    const reversed = pair.charAt(1) + pair.charAt(0);
    if (pair.charAt(0) === pair.charAt(1) || sequences.some((row) => row.includes(pair) || row.includes(reversed))) found += 1;
  }
  return found;
}

/** A rough measure by length and kinds of characters: it shows a direction, the rules decide. */
export function strengthOf(password: string): Strength {
  if (password === '') return 0;
  const folded = password.toLowerCase();
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length;
  const alphabet = [26, 26, 36, 62, 94][kinds] ?? 94;
  const known = common.reduce((length, word) => length + (folded.includes(word) ? word.length - 1 : 0), 0);
  const effective = Math.max(1, password.length - predictable(folded) - known);
  const bits = effective * Math.log2(alphabet);
  if (bits < 36) return 1;
  if (bits < 52) return 2;
  return bits < 70 ? 3 : 4;
}
