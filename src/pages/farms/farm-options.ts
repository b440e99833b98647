import { useQuery } from '@tanstack/react-query';

import { sessionQuery } from '../../api/session.ts';
import { fixedOptions, optionPage } from '../../components/options/option-source.ts';
import type { OptionSource } from '../../components/options/option-source.ts';
import { ownerOptions } from '../../components/options/sources.ts';
import type { PathScope } from '../../util/paths.ts';

const zones = fixedOptions(
  ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')].map((value) => ({
    value,
    label: value,
  })),
);

/** Time zones by name; as many at once as other pickers have. */
export const timezoneOptions: OptionSource = {
  useOptions: (wanted) => {
    const found = zones.useOptions(wanted);
    return { ...found, options: found.options.slice(0, optionPage.maxResults) };
  },
};

/** Who may own a farm here, as far as is known: those who own farms already, and whoever asks. */
export function newOwnerOptions(at: PathScope): OptionSource {
  return {
    useOptions: (wanted) => {
      const found = ownerOptions(at).useOptions(wanted);
      const me = useQuery(sessionQuery).data?.user;
      const own = me && { value: String(me.id), label: me.name, detail: `you · ${me.email}` };
      const { options } = fixedOptions(own === undefined ? [] : [own]).useOptions(wanted);
      const others = found.options.filter(({ value }) => value !== own?.value);
      const isMore = others.length === found.options.length;
      return {
        ...found,
        options: [...options, ...others],
        total: found.total + (isMore ? options.length : 0),
      };
    },
  };
}
