import { VisuallyHidden } from '@mantine/core';
import { IconHistory, IconPlus, IconStack2 } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { Role } from '#contract/roles/roles.ts';

import { ActionButton } from '../../components/actions/ActionButton.tsx';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { WordHelp } from '../../components/help/WordHelp.tsx';
import { itemOf } from '../../components/objects/object-actions.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import type { Column } from '../../components/table/table.ts';
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
import { roleImageActions } from './role-image-actions.ts';
import { RoleImageDialogs } from './RoleImageDialogs.tsx';
import { usePlaces } from './use-places.ts';
import { useFillers, versionKey } from './versions.ts';
import type { Filler } from './versions.ts';

const none: readonly RoleCell[] = [];
const nothing = <span className="dim">–</span>;

/** One object per place for good: a row that is another object counts as changed. */
const emptyRows = new Map<string, Row>();
function emptyRow({ cloudPlatform, cloudLocation }: Place): Row {
  const place = { cloudPlatform, cloudLocation };
  const row = emptyRows.get(placeKey(place)) ?? place;
  emptyRows.set(placeKey(place), row);
  return row;
}

/** One place of the role's matrix: its cell, or a place without one. */
type Row = Place & { image?: RoleCell['image'] };

type Open = ReturnType<typeof useDialog<string>>['open'];

function columnsOf(
  at: PathScope,
  reasonAgainstAdding: string | undefined,
  open: Open,
  fillers: ReadonlyMap<string, Filler>,
): readonly Column<Row>[] {
  return [
    {
      id: 'location',
      header: 'Location',
      isName: true,
      width: '10rem',
      cell: (row) => <CloudLocation platform={row.cloudPlatform} location={row.cloudLocation} />,
    },
    {
      id: 'image',
      header: 'Image',
      cell: (row) =>
        row.image === undefined ? (
          <Gap
            {...{ row, open }}
            filler={fillers.get(placeKey(row))}
            disabledReason={reasonAgainstAdding}
          />
        ) : (
          <Version at={at} image={row.image} />
        ),
    },
    {
      id: 'state',
      header: 'Status',
      width: '6.875rem',
      cell: ({ image }) => (image ? <StatusBadge state={objectState(image)} /> : nothing),
    },
    {
      id: 'scope',
      header: 'Scope',
      width: '6.5rem',
      cell: ({ image }) => (image ? <ScopeBadge scope={image.scope} /> : nothing),
    },
  ];
}

interface GapProps {
  row: Row;
  filler: Filler | undefined;
  disabledReason: string | undefined;
  open: Open;
}

/** A place without an image, which one fills; also with the version that the role has elsewhere, where that is there. */
function Gap({ row, filler, disabledReason, open }: GapProps) {
  const where = <VisuallyHidden> in {locationWords(row)}</VisuallyHidden>;
  const look = { variant: 'subtle', size: 'xs', disabledReason } as const;
  return (
    <span className={classes['missing']}>
      No image{' '}
      <ActionButton
        {...look}
        icon={<IconPlus size={14} aria-hidden />}
        onClick={() => open('add-image', placeKey(row))}
        onIntent={roleImageActions['add-image']?.dialog.fetchAhead}
      >
        Add image {where}
      </ActionButton>
      {filler !== undefined && (
        <ActionButton
          {...look}
          icon={<IconStack2 size={14} aria-hidden />}
          onClick={() => open('add-version', versionKey(filler))}
          onIntent={roleImageActions['add-version']?.dialog.fetchAhead}
        >
          Fill with {filler.name} {where}
        </ActionButton>
      )}
    </span>
  );
}

/** The version that stands in a place; and where that is behind its line, which one is not. */
function Version({ at, image }: { at: PathScope; image: RoleCell['image'] }) {
  const { id, name, newer } = image;
  return (
    <div className={classes['version']}>
      <Link to={paths.image(at, id)}>{name}</Link>
      {newer !== null && (
        <span className={classes['behind']}>
          <StatusBadge state="old" word="behind" />
          <Link to={paths.imageSet(at, newer.id)}>{newer.name}</Link>
        </span>
      )}
    </div>
  );
}

interface RoleImagesProps {
  at: PathScope;
  role: Role;
  /** Shows what was in the role at an earlier moment. */
  onEarlier: () => void;
}

/** The role's image in each location, with the locations where it has none. */
export function RoleImages({ at, role, onEarlier }: RoleImagesProps) {
  const { open } = useDialog(Object.keys(roleImageActions));
  const cells = role.images ?? none;
  const places = usePlaces(at, cells, role.os.id);
  const fillers = useFillers(at, cells);
  // The cells themselves, so that a changed one is seen to be another.
  const rows = useMemo(() => {
    const byPlace = new Map(cells.map((cell) => [placeKey(cell), cell]));
    return places?.map((place): Row => byPlace.get(placeKey(place)) ?? emptyRow(place));
  }, [cells, places]);
  const missing = rows?.filter((row) => row.image === undefined) ?? [];
  const reason = reasonAgainst(role.actions?.addImage);
  return (
    <DetailSection title={`Images in ${formatQuantity(cells.length, 'location')}`}>
      <div className={classes['head']}>
        <p className="small dim">
          {rows !== undefined && headWords(cells.length, missing.length, role)}
        </p>
        <HeadActions disabledReason={reason} open={open} onEarlier={onEarlier} />
      </div>
      <DataTable
        label="Images by location"
        columns={columnsOf(at, reason, open, fillers)}
        rows={rows}
        rowKey={placeKey}
        rowLabel={locationWords}
        actions={(row) => changesOf(row, reason, open)}
        skeletonRows={6}
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

interface HeadActionsProps extends Pick<RoleImagesProps, 'onEarlier'> {
  disabledReason: string | undefined;
  open: Open;
}

/** What can be added to the role, wherever it has nothing yet. */
function HeadActions({ disabledReason, open, onEarlier }: HeadActionsProps) {
  return (
    <>
      <ActionButton
        variant="subtle"
        icon={<IconHistory size={16} aria-hidden />}
        onClick={onEarlier}
      >
        Earlier
      </ActionButton>
      <ActionButton
        icon={<IconStack2 size={16} aria-hidden />}
        disabledReason={disabledReason}
        onClick={() => open('add-version')}
        onIntent={roleImageActions['add-version']?.dialog.fetchAhead}
      >
        Add version
      </ActionButton>
      <WordHelp word="version" />
      <ActionButton
        icon={<IconPlus size={16} aria-hidden />}
        disabledReason={disabledReason}
        onClick={() => open('add-image')}
        onIntent={roleImageActions['add-image']?.dialog.fetchAhead}
      >
        Add image
      </ActionButton>
    </>
  );
}

function changesOf(row: Row, disabledReason: string | undefined, open: Open): ActionItem[] {
  const { image } = row;
  const about = image === undefined ? 'gap' : 'cell';
  return Object.entries(roleImageActions)
    .filter(([, action]) => action.about === about)
    .map(([id, action]) =>
      itemOf(
        id,
        action,
        disabledReason,
        () => open(id, image?.id ?? placeKey(row)),
        action.dialog.fetchAhead,
      ),
    );
}

function headWords(held: number, missing: number, role: Role): string {
  if (held === 0) return 'Servers start from these images. Until there is one, no farm can use it.';
  if (missing === 0) return `It can run in every location that has ${role.osName} images.`;
  return `It cannot run in ${formatQuantity(missing, 'more location')} that ${missing === 1 ? 'has' : 'have'} ${role.osName} images.`;
}
