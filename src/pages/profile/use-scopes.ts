import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { scopeListQuery } from '../../api/scopes.ts';
import { fixedOptions } from '../../components/options/option-source.ts';
import { placeName } from '../../util/places.ts';

/** The accounts and environments that one may choose: `accountId 5`, `envId 7`. */
export function useScopes() {
  const { data } = useQuery(scopeListQuery());
  return useMemo(() => {
    const choices = (data?.data ?? []).flatMap((place) => {
      const { scope, accountId, envId } = place;
      if (scope === 'scalr') return [];
      const value = scope === 'account' ? `accountId ${accountId}` : `envId ${envId}`;
      return [{ value, label: placeName(place) }];
    });
    return fixedOptions(choices);
  }, [data]);
}
