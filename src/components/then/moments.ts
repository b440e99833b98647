import { patternParam } from '../../util/search-params.ts';

/** A moment in an address: `?at=2026-11-27T10:00:00.000Z`. */
export const momentParam = () =>
  patternParam(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/);

const dayMs = 86_400_000;

/** What somebody who looks back is shown first: the same time yesterday. */
export function yesterday(): string {
  return new Date(Date.now() - dayMs).toISOString();
}

/** A moment as a field for date and time has it, in the time zone of the browser. */
export function toLocalInput(moment: string): string {
  const time = new Date(moment);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return Number.isNaN(local.getTime()) ? '' : local.toISOString().slice(0, 19);
}

/** The moment that such a field says; undefined while it says none. */
export function fromLocalInput(text: string): string | undefined {
  const time = new Date(text);
  return text === '' || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
