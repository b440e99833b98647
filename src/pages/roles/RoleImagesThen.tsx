import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { RoleImageDetail } from '#contract/roles/role-images.ts';
import type { Role } from '#contract/roles/roles.ts';

import { roleImageListQuery } from '../../api/role-images.ts';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { ThenNotice } from '../../components/then/ThenNotice.tsx';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { objectState } from '../../util/object-state.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

const columnsOf = (at: PathScope): readonly Column<RoleImageDetail>[] => [
  {
    id: 'location',
    header: 'Location',
    isName: true,
    width: '10rem',
    cell: ({ details }) =>
      details && (
        <CloudLocation platform={details.cloudPlatform} location={details.cloudLocation} />
      ),
  },
  {
    id: 'image',
    header: 'Image',
    cell: ({ image, details }) => (
      <Link to={paths.image(at, image.id)}>{details?.name ?? image.id}</Link>
    ),
  },
  {
    id: 'cloudImageId',
    header: 'Cloud image ID',
    width: '11rem',
    cell: ({ details }) =>
      details && <CopyableId id={details.cloudImageId} what="cloud image ID" />,
  },
  {
    id: 'state',
    header: 'Status',
    width: '6.875rem',
    cell: ({ details }) => details && <StatusBadge state={objectState(details)} />,
  },
  {
    id: 'scope',
    header: 'Scope',
    width: '6.5rem',
    cell: ({ details }) => details && <ScopeBadge scope={details.scope} />,
  },
];

const rowKey = ({ image }: RoleImageDetail) => image.id;
const rowLabel = ({ image, details }: RoleImageDetail) => details?.name ?? image.id;

interface RoleImagesThenProps {
  at: PathScope;
  role: Role;
  /** ISO 8601. */
  moment: string;
  onChange: (moment: string) => void;
  onBack: () => void;
}

/** What stood in a role at a moment, as it was then; nothing can be done to it. */
export function RoleImagesThen({ at, role, moment, onChange, onBack }: RoleImagesThenProps) {
  const query = { at: moment, maxResults: 100, include: ['details' as const] };
  const list = useQuery(roleImageListQuery(at, role.id, query));
  return (
    <DetailSection title="Images at an earlier moment">
      <ThenNotice what="images of the role" {...{ moment, onChange, onBack }} />
      {list.error === null ? (
        <DataTable
          label="Images by location, then"
          columns={columnsOf(at)}
          rows={list.data?.data}
          rowKey={rowKey}
          rowLabel={rowLabel}
          skeletonRows={4}
          empty={<EmptyState title="It had no images then">Or it was not there yet.</EmptyState>}
        />
      ) : (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
    </DetailSection>
  );
}
