import { imageSetListQuery } from '../../api/image-sets.ts';
import { replacerListQuery } from '../../api/replacements.ts';
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

/** Who has planned or made replacements that a scope sees. */
export function replacerOptions(at: PathScope): OptionSource {
  return serverOptions<'replacerList'>(
    ({ query }) => replacerListQuery(at, { ...optionPage, sort: 'name', query }),
    ({ id, name }) => ({ value: id, label: id, ...(name === null ? {} : { detail: name }) }),
  );
}
