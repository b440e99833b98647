import { Link } from 'react-router';

import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

interface RollBackListProps {
  at: PathScope;
  replacement: ReplacementDetail;
}

/** What has been rolled back of a replacement, part by part; nothing where nothing was. */
export function RollBackList({ at, replacement: { rollBacks } }: RollBackListProps) {
  if (rollBacks.length === 0) return null;
  return (
    <DetailSection title="Rolled back">
      <ul>
        {rollBacks.map(({ id, at: when, by, complete, roles }) => (
          <li key={id}>
            <Link to={paths.replacement(at, id)}>
              {complete ? 'All that was left' : 'A part'}: {formatQuantity(roles, 'role')}
            </Link>{' '}
            <RelativeTime at={when} /> by {by}
          </li>
        ))}
      </ul>
    </DetailSection>
  );
}
