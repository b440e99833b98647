import { CloudError } from '../call.ts';
import type { HttpAnswer } from './http.ts';

/** What Nova says of a server that something else goes on with. */
const isBusy = /while it is in (vm_state|task_state)/;

/** A service of OpenStack said no. */
export class OpenstackError extends CloudError {
  /** That of HTTP. */
  readonly status: number;

  /** @param service as people call it, such as `Nova` */
  constructor(service: string, answer: Pick<HttpAnswer, 'status' | 'headers' | 'body'>) {
    const { status, headers } = answer;
    const words = readWords(answer.body) || `HTTP ${status}`;
    super(`${service} says: ${words.replace(/\.$/, '')}.`, {
      // In trouble itself, or busy with it; everything else is wrong with what was asked, or a quota is used up.
      willPass: (status >= 500 && status !== 501) || status === 408 || isBusy.test(words),
      // An old Nova says 413, both for this and for what is too large.
      isThrottled: status === 429 || (status === 413 && headers['retry-after'] !== undefined),
    });
    this.status = status;
  }
}

const longest = 500;

/**
 * Why, in the words of the service: each wraps them in JSON of its own, and Glance, and whatever stands before one,
 * in HTML.
 */
function readWords(body: string): string {
  const read = parseJson(body);
  const said = read === undefined ? body : (findMessage(read) ?? '');
  const bare = said
    .replaceAll(/<(title|h1|style|script)[^>]*>[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(amp|lt|gt|quot|#39|#x27|nbsp);/g, (_, name: string) => entities[name] ?? ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return bare.length > longest ? `${bare.slice(0, longest)} ...` : bare;
}

const entities: Partial<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
};

/** `{message}`, or one object deep under a name such as `error` or `badRequest`. */
function findMessage(read: unknown): string | undefined {
  if (typeof read !== 'object' || read === null) return undefined;
  if ('message' in read && typeof read.message === 'string') return read.message;
  return Object.values(read)
    .map(findMessage)
    .find((words) => words !== undefined);
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** @returns nothing where OpenStack has no such thing */
export async function orAbsent<Found>(answer: Promise<Found>): Promise<Found | undefined> {
  return unless(404, answer);
}

/** @returns nothing where OpenStack answers with this status */
export async function unless<Found>(
  status: number,
  answer: Promise<Found>,
): Promise<Found | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OpenstackError && error.status === status) return undefined;
    throw error;
  }
}
