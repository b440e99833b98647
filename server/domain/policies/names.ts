import type { Refusal } from '../refusal.ts';

// Patterns of names: docs/domain.md, "Policies". They are no regular expressions, and matching looks at each part of a
// name once for each part of the pattern, so that no pattern can take long.

/** What a placeholder stands for: one part of a name between dashes, or several in a row. */
const placeholders = {
  software: { many: true, fits: (part: string) => /[a-z]/i.test(part) },
  word: { many: false, fits: (part: string) => /[a-z]/i.test(part) },
  version: { many: true, fits: (part: string) => /^[0-9]+$/.test(part) },
  number: { many: false, fits: (part: string) => /^[0-9]+$/.test(part) },
  date: { many: false, fits: (part: string) => isDate(part) },
  any: { many: true, fits: () => true },
} as const satisfies Record<string, { many: boolean; fits: (part: string) => boolean }>;

/** `20260728`. */
function isDate(part: string): boolean {
  if (!/^[0-9]{8}$/.test(part)) return false;
  const [year, month, day] = [part.slice(0, 4), part.slice(4, 6), part.slice(6)];
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(Number(at)) && at.getUTCDate() === Number(day);
}

interface TemplatePart {
  many: boolean;
  fits: (part: string) => boolean;
}

/** The parts of a pattern, each a placeholder or a word that stands for itself. */
export type Template = { parts: readonly TemplatePart[] };

const mostParts = 20;

/** @returns a refusal where the pattern is none */
export function readTemplate(text: string): Template | Refusal {
  const texts = text.split('-');
  if (texts.length > mostParts)
    return invalid(`A pattern may have at most ${mostParts} parts between dashes.`);
  const parts: TemplatePart[] = [];
  for (const part of texts) {
    const read = readPart(part);
    if (read === undefined)
      return invalid(
        `"${part}" is no part of a pattern. Parts stand between dashes: words of letters and digits, and ${Object.keys(
          placeholders,
        )
          .map((name) => `{${name}}`)
          .join(', ')}.`,
      );
    parts.push(read);
  }
  return { parts };
}

function readPart(text: string): TemplatePart | undefined {
  if (/^[A-Za-z0-9]+$/.test(text)) {
    const word = text.toLowerCase();
    return { many: false, fits: (part) => part.toLowerCase() === word };
  }
  const name = /^\{([a-z]+)\}$/.exec(text)?.[1];
  return name !== undefined && Object.hasOwn(placeholders, name)
    ? placeholders[name as keyof typeof placeholders]
    : undefined;
}

function invalid(reason: string): Refusal {
  return { code: 'InvalidValue', field: 'rule.template', reason };
}

/** Whether a name is made as a pattern says. */
export function fitsTemplate(name: string, { parts }: Template): boolean {
  // Which parts of the pattern could be the last one that is matched so far; 0 is none yet.
  let ends = new Set([0]);
  for (const part of name.split('-')) {
    const next = new Set<number>();
    for (const end of ends) {
      if (parts[end]?.fits(part)) next.add(end + 1);
      const last = parts[end - 1];
      if (last?.many && last.fits(part)) next.add(end);
    }
    ends = next;
  }
  return ends.has(parts.length);
}

/** Why a name is refused where a policy for names is enforced. */
export function findNameRefusal(
  name: string,
  policies: readonly { name: string; template: string }[],
): Refusal | undefined {
  for (const policy of policies) {
    const template = readTemplate(policy.template);
    if ('code' in template || fitsTemplate(name, template)) continue;
    return {
      code: 'InvalidValue',
      field: 'name',
      reason: `The name "${name}" is not made as the policy "${policy.name}" demands: ${policy.template}.`,
    };
  }
  return undefined;
}
