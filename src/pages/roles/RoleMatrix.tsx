import { VisuallyHidden } from '@mantine/core';
import { IconArchive, IconCircleFilled, IconHistory } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Role } from '#contract/roles/roles.ts';
import { cloudPlatformLabel } from '#contract/images/platforms.ts';

import { tip } from '../../components/tip.ts';
import { locationWords } from '../../components/flows/flow-names.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { placeKey } from './places.ts';
import type { Place, RoleCell } from './places.ts';
import classes from './RoleMatrix.module.css';

interface RoleMatrixProps {
  at: PathScope;
  roles: readonly Role[];
  places: readonly Place[];
  /** The roles belong to the question before; the answer is on its way. */
  isStale: boolean;
}

/** Which roles can run where: roles by locations, with the gaps in sight. */
export function RoleMatrix({ at, roles, places, isStale }: RoleMatrixProps) {
  return (
    <>
      <p className={classes['legend']}>
        <span>
          <Mark kind="active" /> image
        </span>
        <span>
          <Mark kind="behind" /> behind: its line has a newer version
        </span>
        <span>
          <Mark kind="deprecated" /> deprecated image
        </span>
        <span>
          <Mark kind="none" /> no image: the role cannot run there
        </span>
      </p>
      <div className={classes['frame']}>
        <table className={classes['table']} aria-label="Roles by location" aria-busy={isStale}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              {places.map((place) => (
                <th key={placeKey(place)} scope="col" className={classes['place']}>
                  <span>
                    {cloudPlatformLabel[place.cloudPlatform] ?? place.cloudPlatform}{' '}
                    {place.cloudLocation}
                  </span>
                </th>
              ))}
              <th scope="col" className={classes['count']}>
                Missing
              </th>
            </tr>
          </thead>
          <tbody>
            {roles.map((role) => (
              <MatrixRow key={role.id} at={at} role={role} places={places} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function MatrixRow({ at, role, places }: { at: PathScope; role: Role; places: readonly Place[] }) {
  const cells = new Map((role.images ?? []).map((cell) => [placeKey(cell), cell]));
  const missing = places.length - cells.size;
  return (
    <tr>
      <th scope="row">
        <Link to={paths.role(at, role.id)}>{role.name}</Link>
      </th>
      {places.map((place) => (
        <td key={placeKey(place)}>
          <MatrixCell at={at} place={place} cell={cells.get(placeKey(place))} />
        </td>
      ))}
      <td className={classes['count']}>{missing}</td>
    </tr>
  );
}

function MatrixCell({
  at,
  place,
  cell,
}: {
  at: PathScope;
  place: Place;
  cell: RoleCell | undefined;
}) {
  if (cell === undefined) {
    return (
      <>
        <Mark kind="none" />
        <VisuallyHidden>No image</VisuallyHidden>
      </>
    );
  }
  const { image } = cell;
  const behind = image.newer === null ? '' : `, behind ${image.newer.name}`;
  const state = `${image.deprecated ? ', deprecated' : ''}${behind}`;
  return (
    <Link
      className={classes['cell'] ?? ''}
      to={paths.image(at, image.id)}
      aria-label={`${image.name}${state}`}
      {...tip(`${image.name}${state}, ${locationWords(place)}`)}
    >
      <Mark kind={kindOf(image)} />
    </Link>
  );
}

type Kind = 'active' | 'behind' | 'deprecated';

function kindOf({ deprecated, newer }: RoleCell['image']): Kind {
  if (deprecated) return 'deprecated';
  return newer === null ? 'active' : 'behind';
}

const icons = { active: IconCircleFilled, behind: IconHistory, deprecated: IconArchive };

/** Told apart by their shapes as well as by colour. */
function Mark({ kind }: { kind: Kind | 'none' }) {
  if (kind === 'none') return <span className={classes['none']} aria-hidden />;
  const Icon = icons[kind];
  return <Icon className={classes[kind]} size={kind === 'active' ? 12 : 16} aria-hidden />;
}
