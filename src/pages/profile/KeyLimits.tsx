import { Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { NewApiKey } from '#contract/people/api-keys.ts';

import { scopeListQuery } from '../../api/scopes.ts';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { fixedOptions } from '../../components/options/option-source.ts';
import { placeName } from '../../util/places.ts';

/** What a key is to be narrowed to, as it is filled in. */
export interface Limits {
  /** `accountId 5` or `envId 7`. */
  scope: string | undefined;
  readOnly: boolean;
  /** The last day on which it signs. */
  until: string;
}

export const noLimits: Limits = { scope: undefined, readOnly: false, until: '' };

/** As it is sent: the key signs until that day is over where whoever makes it is. */
export function limitsInBody({ scope, readOnly, until }: Limits): Partial<NewApiKey> {
  const [member, id] = scope?.split(' ') ?? [];
  const end = new Date(`${until}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return {
    ...(member === undefined ? {} : { [member]: Number(id) }),
    ...(readOnly ? { readOnly } : {}),
    ...(Number.isNaN(end.getTime()) ? {} : { expires: end.toISOString() }),
  };
}

/** The scopes that a key can be narrowed to. */
function useScopes() {
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

interface KeyLimitsProps {
  limits: Limits;
  /** What the server said about the day. */
  untilError: string | undefined;
  onChange: (limits: Limits) => void;
}

/** Makes a key able to do less than its user. */
export function KeyLimits({ limits, untilError, onChange }: KeyLimitsProps) {
  const source = useScopes();
  return (
    <>
      <ObjectSelect
        label="Only in"
        description="It sees nothing else. Without it, it reaches all that you do."
        placeholder="Everywhere that I may be"
        noun="scope"
        source={source}
        value={limits.scope}
        onChange={(scope) => onChange({ ...limits, scope })}
      />
      <Checkbox
        label="It may only read"
        checked={limits.readOnly}
        onChange={(event) => onChange({ ...limits, readOnly: event.currentTarget.checked })}
      />
      <TextInput
        type="date"
        label="Last day"
        description="Without it, it signs until you disable it."
        value={limits.until}
        error={untilError}
        onChange={(event) => onChange({ ...limits, until: event.currentTarget.value })}
      />
    </>
  );
}
