import { IconPhotoOff, IconPlus, IconReplace, IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Role } from '#contract/roles.ts';

import { ActionButton } from '../../components/ActionButton.tsx';
import type { ActionItem } from '../../components/ActionMenu.tsx';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import type { Column } from '../../components/table.ts';
import { locationWords } from '../../components/flows/flow-names.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { objectState } from '../../util/object-state.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { placeKey } from './places.ts';
import type { Place, RoleCell } from './places.ts';
import classes from './RoleImages.module.css';
import { RoleImageDialogs, roleImageDialogNames } from './RoleImageDialogs.tsx';
import { usePlaces } from './use-places.ts';

/** One place of the role's matrix, with its image or without. */
type Row = Place & { image?: RoleCell['image'] };

function columnsOf(at: PathScope): readonly Column<Row>[] {
  return [
    {
      id: 'location',
      header: 'Location',
      isName: true,
      width: '10.5rem',
      cell: (row) => <CloudLocation platform={row.cloudPlatform} location={row.cloudLocation} />,
    },
    {
      id: 'image',
      header: 'Image',
      cell: ({ image }) =>
        image === undefined ? (
          <span className={classes['missing']}>
            <IconPhotoOff size={16} aria-hidden /> No image
          </span>
        ) : (
          <Link to={paths.image(at, image.id)}>{image.name}</Link>
        ),
    },
    {
      id: 'state',
      header: 'Status',
      width: '7.25rem',
      cell: ({ image }) => image && <StatusBadge state={objectState(image)} />,
    },
    {
      id: 'scope',
      header: 'Scope',
      width: '7.25rem',
      cell: ({ image }) => image && <ScopeBadge scope={image.scope} />,
    },
  ];
}

/** The role's image in each location, with the locations where it has none. */
export function RoleImages({ at, role }: { at: PathScope; role: Role }) {
  const { open } = useDialog(roleImageDialogNames);
  const cells = role.images ?? [];
  const byPlace = new Map(cells.map((cell) => [placeKey(cell), cell.image]));
  const places = usePlaces(at, cells, role.os.id);
  const rows = places.map((place): Row => {
    const image = byPlace.get(placeKey(place));
    return image === undefined ? place : { ...place, image };
  });
  const reason = reasonAgainst(role.actions?.addImage);
  const missing = rows.filter((row) => row.image === undefined);
  const actionsOf = (row: Row): ActionItem[] =>
    row.image === undefined
      ? [
          {
            id: 'add',
            label: 'Add image',
            icon: <IconPlus size={16} aria-hidden />,
            disabledReason: reason,
            onSelect: () => open('add-image', placeKey(row)),
          },
        ]
      : changesOf(row.image.id, reason, open);
  return (
    <DetailSection title={`Images in ${formatQuantity(cells.length, 'location')}`}>
      <div className={classes['head']}>
        <p className="small dim">{headWords(cells.length, missing.length, role)}</p>
        <ActionButton
          icon={<IconPlus size={16} aria-hidden />}
          disabledReason={reason}
          onClick={() => open('add-image')}
        >
          Add image
        </ActionButton>
      </div>
      <DataTable
        label="Images by location"
        columns={columnsOf(at)}
        rows={rows}
        rowKey={placeKey}
        rowLabel={locationWords}
        actions={actionsOf}
        empty={
          <EmptyState title={`No ${role.osName} images here yet`}>
            <Link to={paths.newImage(at)}>Register an image</Link> with {role.osName} first, then
            add it to the role.
          </EmptyState>
        }
      />
      <RoleImageDialogs at={at} role={role} missing={missing} />
    </DetailSection>
  );
}

function changesOf(
  imageId: string,
  disabledReason: string | undefined,
  open: (dialog: 'replace-image' | 'remove-image', on: string) => void,
): ActionItem[] {
  return [
    {
      id: 'replace',
      label: 'Replace in this role',
      icon: <IconReplace size={16} aria-hidden />,
      disabledReason,
      onSelect: () => open('replace-image', imageId),
    },
    {
      id: 'remove',
      label: 'Remove from this role',
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      startsGroup: true,
      disabledReason,
      onSelect: () => open('remove-image', imageId),
    },
  ];
}

function headWords(held: number, missing: number, role: Role): string {
  if (held === 0) return 'Servers start from these images. Until there is one, no farm can use it.';
  if (missing === 0) return `It can run in every location that has ${role.osName} images.`;
  return `It cannot run in ${formatQuantity(missing, 'more location')} that ${missing === 1 ? 'has' : 'have'} ${role.osName} images.`;
}
