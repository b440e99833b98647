import { Checkbox, TextInput } from '@mantine/core';
import type { NewApiKey } from '#contract/people/api-keys.ts';

import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';

import { useScopes } from './use-scopes.ts';

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
