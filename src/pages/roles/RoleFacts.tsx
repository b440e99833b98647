import { Link } from 'react-router';
import type { Role } from '#contract/roles/roles.ts';

import { FactList } from '../../components/FactList.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

/** What a role is. */
export function RoleFacts({ at, role }: { at: PathScope; role: Role }) {
  return (
    <FactList
      facts={[
        ...(role.description === '' ? [] : [{ label: 'Description', value: role.description }]),
        { label: 'Scope', value: <PlaceBadge place={role} /> },
        { label: 'OS', value: role.osName },
        {
          label: 'Category',
          value: (
            <Link to={paths.roles(at, { category: role.category.id })}>{role.categoryName}</Link>
          ),
        },
        { label: 'Scalr agent', value: role.useScalrAgent ? 'used' : 'not used' },
        ...(role.builtinAutomation.length === 0
          ? []
          : [{ label: 'Automation', value: role.builtinAutomation.join(', ') }]),
        { label: 'Quick start', value: role.quickStart ? 'yes' : 'no' },
        {
          label: 'Added',
          value: (
            <>
              <RelativeTime at={role.added} /> by {role.createdBy}
            </>
          ),
        },
        { label: 'Last used', value: <RelativeTime at={role.lastUsed} /> },
        { label: 'ID', value: <span className="mono">{role.id}</span> },
      ]}
    />
  );
}
