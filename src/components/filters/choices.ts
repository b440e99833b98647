import { scopeLabel, scopeRank, scopes } from '#contract/scope.ts';

import type { PathScope } from '../../util/paths.ts';

import type { Filter, FilterOption } from './filter.ts';

type Values = Record<string, string | number | boolean | readonly string[] | undefined>;
type Patch = (change: Record<string, string>) => void;

/** Makes filters of what an address holds: `filter('os', 'OS', options)` is by its field `os`. */
export function filtersBy<State extends Values>(state: State, patch: Patch) {
  return (id: keyof State & string, label: string, options: Filter['options']): Filter => ({
    id,
    label,
    options,
    value: state[id]?.toString() ?? '',
    onChange: (value) => patch({ [id]: value }),
  });
}

/** Options of a closed set, in words. */
export function optionsOf(
  values: readonly string[],
  words: Partial<Record<string, string>> = {},
): FilterOption[] {
  return values.map((value) => ({ value, label: words[value] ?? value }));
}

/** Options of objects, by their ids. */
export function namedOptions(rows: readonly { id: string | number; name: string }[] = []) {
  return rows.map(({ id, name }): FilterOption => ({ value: String(id), label: name }));
}

/** Options of a flag. */
export function flagOptions(yes: string, no: string): FilterOption[] {
  return optionsOf(['true', 'false'], { true: yes, false: no });
}

/** The filter by the scope of what a list inherits; none at Corporate, which inherits nothing. */
export function scopeFilters(
  at: PathScope,
  filter: (id: 'scope', label: string, options: Filter['options']) => Filter,
): Filter[] {
  const seen = scopes.filter((scope) => scopeRank[scope] <= scopeRank[at.scope]);
  return seen.length > 1 ? [filter('scope', 'Scope', optionsOf(seen, scopeLabel))] : [];
}

interface Located {
  cloud?: string | undefined;
  location: string;
}

/** A location as the value of a filter: `ec2:us-east-1`, since clouds use the same names. */
export function locationValue({ cloud = '', location }: Located): string {
  return cloud === '' || location === '' ? '' : `${cloud}:${location}`;
}

/** Filters by cloud, and by a location with its cloud. */
export function locationFilters(
  state: Located,
  patch: Patch,
  options: Record<'cloud' | 'location', Filter['options']>,
): [cloud: Filter, location: Filter] {
  return [
    {
      id: 'cloud',
      label: 'Cloud',
      options: options.cloud,
      value: state.cloud ?? '',
      onChange: (value) => patch({ cloud: value, location: '' }),
    },
    {
      id: 'location',
      label: 'Location',
      options: options.location,
      value: locationValue(state),
      onChange: (value) => {
        const [cloud = '', ...rest] = value.split(':');
        patch(value === '' ? { location: '' } : { cloud, location: rest.join(':') });
      },
    },
  ];
}
