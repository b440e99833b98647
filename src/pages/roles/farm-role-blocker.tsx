import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Blocker } from '#contract/errors.ts';

import { blockerLink } from '../../components/blocker-link.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { roleFarmsQuery } from './RoleFarms.tsx';

/** A farm role in the way by the name of its farm: in the farms of a role they are often called alike. */
export function useFarmRoleBlocker(at: PathScope, roleId: number): (blocker: Blocker) => ReactNode {
  const farms = useQuery(roleFarmsQuery(at, roleId)).data?.data ?? [];
  const usual = blockerLink(at);
  return (blocker) => {
    const farm = farms.find(({ id }) => id === blocker.farmId);
    if (farm === undefined) return usual(blocker);
    return (
      <Link to={paths.farm(at, farm.id)}>
        {blocker.name} in farm {farm.name} ({farm.envName})
      </Link>
    );
  };
}
