import { laterIds } from './later-id.ts';

/** What no shell gives a meaning to, wherever it stands. */
const plain = /^[\w%+,./:@-]+$/;

function quotePlain(text: string): string {
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * One word of a command line: bash, zsh and sh hand on the very text, whatever is in it. Ids that are
 * not known yet become variables.
 */
export function shellWord(text: string): string {
  const parts: string[] = [];
  let end = 0;
  for (const found of text.matchAll(laterIds)) {
    if (found.index > end) parts.push(quotePlain(text.slice(end, found.index)));
    parts.push(`"$${found[1] ?? found[2]}"`);
    end = found.index + found[0].length;
  }
  if (end < text.length || text === '') parts.push(quotePlain(text.slice(end)));
  return parts.join('');
}
