import { useMemo } from 'react';
import { Link } from 'react-router';

import { locationWords } from '../../components/flows/flow-names.ts';
import { Cut } from '../../components/flows/ReplacementPreview.tsx';
import type { ReplacementDetail } from '../../components/flows/RollBack.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column, Selection } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { paths } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

import classes from './PlanPage.module.css';
import { nowWords } from './replacement-words.ts';

type RoleImage = ReplacementDetail['roleList'][number];
/** A role with all its places that a replacement changed. */
type ChangedRole = Pick<RoleImage, 'id' | 'name' | 'scope'> & {
  first: RoleImage;
  images: readonly RoleImage[];
};

interface ChangedRolesProps {
  replacement: ReplacementDetail;
  selection: Selection;
}

/** The roles that a replacement changed, and what each has there by now. */
export function ChangedRoles({ replacement, selection }: ChangedRolesProps) {
  const { roleList, roles } = replacement;
  const rows = useMemo(() => rolesOf(roleList), [roleList]);
  return (
    <DetailSection title="Roles that changed">
      <DataTable
        label="Roles that changed"
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        rowLabel={rowLabel}
        {...(rows.length > 1 ? { selection } : {})}
      />
      <Cut shown={rows.length} all={roles} />
    </DetailSection>
  );
}

function rolesOf(list: readonly RoleImage[]): ChangedRole[] {
  return [...Map.groupBy(list, ({ id }) => id).values()].flatMap((images) => {
    const [first] = images;
    return first === undefined
      ? []
      : [{ id: first.id, name: first.name, scope: first.scope, first, images }];
  });
}

const rowKey = ({ id }: ChangedRole) => String(id);
const rowLabel = ({ name }: ChangedRole) => name;

const columns: readonly Column<ChangedRole>[] = [
  {
    id: 'name',
    header: 'Role',
    isName: true,
    width: '14rem',
    cell: ({ first }) => <Link to={paths.role(scopeOfPlace(first), first.id)}>{first.name}</Link>,
  },
  {
    id: 'scope',
    header: 'Scope',
    width: '14rem',
    cell: ({ first }) => <PlaceBadge place={first} />,
  },
  {
    id: 'now',
    header: 'Now',
    cell: ({ images }) => (
      <span className={classes['wrap']}>
        <Now images={images} />
      </span>
    ),
  },
];

/** What the role has by now, with the places where it has several. */
function Now({ images }: { images: readonly RoleImage[] }) {
  const groups = Map.groupBy(images, ({ now, currentImage }) =>
    now === 'otherImage' ? `${now} ${currentImage?.id ?? ''}` : now,
  );
  return [...groups].map(([key, [first, ...more]], index) => {
    if (first === undefined) return null;
    const places = [first, ...more].map(locationWords).join(', ');
    return (
      <span key={key}>
        {index > 0 && '; '}
        <NowWords image={first} />
        {images.length > 1 && <span className="dim"> in {places}</span>}
      </span>
    );
  });
}

function NowWords({ image: { now, currentImage, ...role } }: { image: RoleImage }) {
  if (now !== 'otherImage' || currentImage === null) return nowWords[now];
  return (
    <>
      edited since: has{' '}
      <Link to={paths.image(scopeOfPlace(role), currentImage.id)}>{currentImage.name}</Link>
    </>
  );
}
