import { shortestPassword } from '#contract/people/password-length.ts';

/** What so many people take that it is tried first; longer ones that begin with these and add little are as weak. */
const common = new Set(
  `123 1234 abc abc123 access admin administrator adobe aaaaaa andrew angel apple asdf asdfgh asdfghjkl azerty
  bailey banana baseball basketball batman blink blue buster changeme charlie chelsea chocolate computer cookie
  daniel default demo donald dragon eagle evite family flower football freedom friend friends george ginger
  guest hannah harley hello hockey hunter iloveyou internet jennifer jessica jesus jordan joshua justin killer kitty
  letmein liverpool login london loveme lovely lover maggie manager master matrix matthew michael michelle minecraft
  monday monkey mother mustang naruto ncc1701 nicole nothing operator orange passw0rd passwd password pepper photoshop
  picture pokemon princess purple q1w2e3r4 q1w2e3r4t5 qazwsx qazwsxedc qwer qwert qwerty qwertyui qwertyuiop qwertz
  ranger robert root samsung secret senha server service shadow silver slipway soccer sparky spring starwars summer
  sunshine superman support sysadmin system tennis test tester testing thomas thunder tigger trustno tuesday user
  utente valentina victoria welcome whatever william winter wordpass yankees zaq12wsx zxcv zxcvbn zxcvbnm`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

const rows = [
  '01234567890',
  '09876543210',
  'abcdefghijklmnopqrstuvwxyz',
  'zyxwvutsrqponmlkjihgfedcba',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
];

/** One spelling for what looks the same, so that every keyboard types the same password. */
export function normalPassword(password: string): string {
  return password.normalize('NFC');
}

/**
 * What is wrong with a new password: docs/domain.md, "Passwords". There are no rules on what it is made of.
 * @param own what others know of its owner: address and name
 * @returns the rest of a sentence, or undefined
 */
export function passwordProblem(password: string, own: readonly string[] = []): string | undefined {
  const length = normalPassword(password).match(/./gsu)?.length ?? 0;
  if (length < shortestPassword) return `must have at least ${shortestPassword} characters`;
  const plain = password.normalize('NFKC').toLowerCase();
  if (new Set(plain).size <= 2) return 'repeats one or two characters: take another one';
  if (isCommon(plain)) return 'is one that is tried first: take another one';
  if (own.some((text) => isMostly(plain, text)))
    return 'is your own name or address: take another one';
  return undefined;
}

/** So many digits and marks around a word are hardly more than the word. */
const mostPadding = 6;
/** Numbers up to this are dates and telephone numbers. */
const longestNumber = 11;

function isCommon(plain: string): boolean {
  const core = coreOf(plain);
  if (core === '') return plain.length <= longestNumber;
  const isBare = plain.length - core.length <= mostPadding;
  if (common.has(plain) || (isBare && (common.has(core) || common.has(unmasked(core)))))
    return true;
  // The same once more: passwordpassword, qwerty12qwerty12.
  const half = plain.slice(0, plain.length / 2);
  if (half.repeat(2) === plain && (half.length < shortestPassword || isCommon(half))) return true;
  return rows.some((row) => row.repeat(2).includes(isBare && core.length > 3 ? core : plain));
}

/** Without the digits and marks that are put around a word to make it pass. */
function coreOf(plain: string): string {
  return plain.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '');
}

/** Letters that are written as digits and marks. */
function unmasked(core: string): string {
  const letters: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's' };
  const marks: Record<string, string> = { '@': 'a', $: 's', '!': 'i' };
  return core.replaceAll(/[01345@$!]/g, (mark) => letters[mark] ?? marks[mark] ?? mark);
}

/** Whether a password is hardly more than a text that everybody knows of its owner. */
function isMostly(plain: string, text: string): boolean {
  const known = text.toLowerCase();
  const parts = [known, known.split('@')[0] ?? '', known.replaceAll(/[^\p{L}\p{N}]/gu, '')];
  return parts.some((part) => part.length >= 3 && [plain, coreOf(plain)].includes(part));
}
