import { useQuery } from '@tanstack/react-query';
import { replacementStates } from '#contract/replacements/replacements.ts';

import { imageSetListQuery } from '../../api/image-sets.ts';
import { replacementListQuery } from '../../api/replacements.ts';
import { optionPage, serverOptions } from '../../components/options/option-source.ts';
import type { OptionSource } from '../../components/options/option-source.ts';
import type { PathScope } from '../../util/paths.ts';

/** Lines of images that a scope sees, those with the newest version first. */
export function lineOptions(at: PathScope): OptionSource {
  const newest = serverOptions<'imageSetList'>(
    ({ query }) => imageSetListQuery(at, { ...optionPage, sort: '-added', newest: true, query }),
    ({ line }) => ({ value: line, label: line }),
  );
  return {
    useOptions: (wanted) => {
      const found = newest.useOptions(wanted);
      // A line may be at several scopes.
      const options = [...new Map(found.options.map((one) => [one.value, one])).values()];
      return { ...found, options, total: found.total - (found.options.length - options.length) };
    },
  };
}

const latestReplacements = 100;

/** Who planned or made the latest replacements; whoever else is meant can be typed in full. */
export function replacerOptions(at: PathScope): OptionSource {
  return {
    useOptions: (wanted) => {
      const { data, isFetching } = useQuery({
        ...replacementListQuery(at, {
          sort: '-at',
          maxResults: latestReplacements,
          state: [...replacementStates],
        }),
        enabled: wanted !== undefined,
      });
      const text = wanted !== undefined && 'query' in wanted ? wanted.query.trim() : '';
      const people = new Set(
        (data?.data ?? []).flatMap(({ by, planned }) => [by, ...(planned ? [planned.by] : [])]),
      );
      if (text.includes('@')) people.add(text);
      const options = [...people]
        .filter((person) => person.toLowerCase().includes(text.toLowerCase()))
        .map((person) => ({ value: person, label: person }));
      return { options, total: options.length, isCapped: false, isSearching: isFetching };
    },
  };
}
