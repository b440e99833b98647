import type { Filter } from './filter.ts';

/** More options than this are found by typing. */
const atAGlance = 10;

/** Whether the options of a filter are searched, or chosen at a glance. */
export function isSearchable({ source, options }: Pick<Filter, 'source' | 'options'>): boolean {
  return source !== undefined || options.length > atAGlance;
}
