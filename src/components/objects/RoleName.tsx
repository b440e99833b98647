import { Link } from 'react-router';

import { paths } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';

interface RoleNameProps {
  of: {
    accountId: number;
    envId: number;
    role: { id: number; name: string };
    observed?: boolean | undefined;
  };
}

/** The Role of a farm role, as a link; what an observed group starts from is no Role, and has a name alone. */
export function RoleName({ of }: RoleNameProps) {
  if (of.observed === true) return of.role.name;
  return <Link to={paths.role(environmentOf(of), of.role.id)}>{of.role.name}</Link>;
}
