import { scopeLabel, scopeRank, scopes } from '#contract/scope.ts';

import type { PathScope } from '../../util/paths.ts';

import { locationWords } from '../flows/flow-names.ts';
import type { Choice } from '../options/choice.ts';
import { useChosenOption } from '../options/option-source.ts';

import type { Filter } from './filter.ts';

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

/**
 * A filter by what the server searches: what is on is always named.
 * @param known what the page knows of it already
 */
export function useSourceFilter(
  filter: Pick<Filter, 'id' | 'label' | 'value' | 'onChange'> & Required<Pick<Filter, 'source'>>,
  known?: Choice,
): Filter {
  const chosen = useChosenOption(filter.source, filter.value, known);
  return { ...filter, options: chosen === undefined ? [] : [chosen] };
}

/** Options of a closed set, in words. */
export function optionsOf(
  values: readonly string[],
  words: Partial<Record<string, string>> = {},
): Choice[] {
  return values.map((value) => ({ value, label: words[value] ?? value }));
}

/** Options of objects, by their ids. */
export function namedOptions(rows: readonly { id: string | number; name: string }[] = []) {
  return rows.map(({ id, name }): Choice => ({ value: String(id), label: name }));
}

/** Options of a flag. */
export function flagOptions(yes: string, no: string): Choice[] {
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

/** Filters by cloud, and by a location with its cloud, as `ec2:us-east-1`, since clouds use the same names. */
export function locationFilters(
  { cloud = '', location }: Located,
  patch: Patch,
  from: { clouds: Filter['options']; source: NonNullable<Filter['source']> },
): [cloud: Filter, location: Filter] {
  const isOn = cloud !== '' && location !== '';
  const value = isOn ? `${cloud}:${location}` : '';
  const label = locationWords({ cloudPlatform: cloud, cloudLocation: location });
  return [
    {
      id: 'cloud',
      label: 'Cloud',
      options: from.clouds,
      value: cloud,
      onChange: (next) => patch({ cloud: next, location: '' }),
    },
    {
      id: 'location',
      label: 'Location',
      options: isOn ? [{ value, label }] : [],
      source: from.source,
      value,
      onChange: (next) => {
        const [platform = '', ...rest] = next.split(':');
        patch(next === '' ? { location: '' } : { cloud: platform, location: rest.join(':') });
      },
    },
  ];
}
