import { Link } from 'react-router';
import type { Image } from '#contract/images/images.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { Count } from '../../components/Count.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { mostFirst } from '../../components/table/table.ts';
import type { Column } from '../../components/table/table.ts';
import { tip } from '../../components/tip.ts';
import { formatGb } from '../../util/format.ts';
import { deprecationDetail, objectState } from '../../util/object-state.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

/** Why an image is not simply active, in a sentence; undefined where its state says it all. */
function stateDetail(image: Image): string | undefined {
  if (image.status === 'failed') return image.statusError ?? undefined;
  if (image.status === 'pending_copy') return 'The cloud is still making this copy.';
  if (image.status === 'pending_delete') {
    const retry = image.statusError === null ? '' : ` Last attempt: ${image.statusError}`;
    return `The machine image is being deleted from its cloud.${retry}`;
  }
  return deprecationDetail(image);
}

/**
 * Columns of the list at a scope; counts lead to what they count there. At Corporate there is nothing
 * to inherit, so the scope says nothing.
 */
export function imageColumns(at: PathScope): readonly Column<Image>[] {
  return [...nameColumns(at), ...kindColumns, ...usageColumns(at), ...timeColumns, ...moreColumns];
}

/** Which image it is. */
function nameColumns(at: PathScope): Column<Image>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      isName: true,
      sortKey: 'name',
      cell: (image) => <Link to={paths.image(at, image.id)}>{image.name}</Link>,
      note: (image) => image.description,
    },
    {
      id: 'scope',
      header: 'Scope',
      width: '7.125rem',
      isHiddenByDefault: at.scope === 'scalr',
      cell: (image) => <ScopeBadge scope={image.scope} />,
    },
    {
      id: 'location',
      isSmall: true,
      header: 'Location',
      width: '8.5rem',
      sortKey: 'cloudLocation',
      cell: (image) => (
        <CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} />
      ),
    },
  ];
}

/** What it is, and how it is. */
const kindColumns: readonly Column<Image>[] = [
  {
    id: 'os',
    isSmall: true,
    header: 'OS',
    width: '6.5rem',
    sortKey: 'os',
    cell: (image) => <span {...tip(image.osName)}>{image.osName}</span>,
  },
  {
    id: 'architecture',
    isSmall: true,
    header: 'Arch.',
    width: '3.875rem',
    cell: (image) => image.architecture,
  },
  {
    id: 'status',
    header: 'Status',
    help: 'deprecated',
    width: '7rem',
    cell: (image) => <StatusBadge state={objectState(image)} detail={stateDetail(image)} />,
  },
];

/** Who uses it. */
function usageColumns(at: PathScope): Column<Image>[] {
  return [
    {
      id: 'roles',
      header: 'Roles',
      align: 'end',
      width: '3.125rem',
      ...mostFirst('roles'),
      cell: (image) => (
        <Count value={image.usage?.roles} noun="role" to={paths.roles(at, { image: image.id })} />
      ),
    },
    {
      id: 'servers',
      header: 'Servers',
      align: 'end',
      width: '4rem',
      ...mostFirst('servers'),
      cell: (image) => (
        <Count
          value={image.usage?.servers}
          noun="server"
          to={paths.servers(at, { image: image.id, live: true })}
        />
      ),
    },
  ];
}

const timeColumns: readonly Column<Image>[] = [
  {
    id: 'lastUsed',
    isSmall: true,
    header: 'Last used',
    width: '4.375rem',
    sortKey: 'lastUsed',
    sortsDescendingFirst: true,
    cell: (image) => <RelativeTime isShort at={image.lastUsed} />,
  },
  {
    id: 'added',
    isSmall: true,
    header: 'Added',
    width: '4.25rem',
    sortKey: 'added',
    sortsDescendingFirst: true,
    cell: (image) => <RelativeTime isShort at={image.added} />,
  },
];

/** Shown when chosen. */
const moreColumns: readonly Column<Image>[] = [
  {
    id: 'cloudImageId',
    header: 'Cloud image ID',
    width: '11rem',
    isHiddenByDefault: true,
    cell: (image) => <CopyableId id={image.cloudImageId} what="cloud image ID" />,
  },
  {
    id: 'size',
    header: 'Size',
    align: 'end',
    width: '5rem',
    isHiddenByDefault: true,
    cell: (image) => (image.size === null ? <span className="dim">–</span> : formatGb(image.size)),
  },
  {
    id: 'createdBy',
    header: 'Added by',
    width: '11rem',
    isHiddenByDefault: true,
    cell: (image) => image.createdBy,
  },
];
