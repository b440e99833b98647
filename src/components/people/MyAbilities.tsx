import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Session } from '#contract/organisation/scopes.ts';

import { abilityQuery } from '../../api/people/people.ts';
import { scopePath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { placeName, scopeOfPlace } from '../../util/places.ts';
import { ErrorNotice } from '../ErrorNotice.tsx';

import { Abilities } from './Abilities.tsx';

/** What the one who is signed in may do, at each of the scopes where they hold a right. */
export function MyAbilities({ grants }: { grants: Session['grants'] }) {
  const scopes = new Map(
    grants.map((grant) => [scopePath(scopeOfPlace(grant)), placeName(grant)] as const),
  );
  const places = new Map(grants.map((grant) => [scopePath(scopeOfPlace(grant)), grant]));
  const [chosen, choose] = useState<string>();
  const place = places.get(chosen ?? '') ?? grants[0];
  if (place === undefined) return null;
  return (
    <>
      {scopes.size > 1 && (
        <NativeSelect
          label="Where"
          data={[...scopes].map(([value, label]) => ({ value, label }))}
          value={scopePath(scopeOfPlace(place))}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
      )}
      <AbilitiesAt at={scopeOfPlace(place)} />
    </>
  );
}

/** What the one who is signed in may do at a scope. */
export function AbilitiesAt({ at }: { at: PathScope }) {
  const { data, error } = useQuery(abilityQuery(at));
  return error === null ? <Abilities abilities={data} /> : <ErrorNotice error={error} />;
}
