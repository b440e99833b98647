import { Popover } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { BootImage } from '#contract/farms/boot-image.ts';
import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { bootImageQuery } from '../../api/farms.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import classes from './WhyImage.module.css';

/** Says on request why a server that starts now would start from this image. */
export function WhyImage({ at, farmRole }: { at: PathScope; farmRole: FarmRole }) {
  const [isOpen, setOpen] = useState(false);
  const label = `Why ${farmRole.alias} starts from ${farmRole.image.name}`;
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      width={320}
      position="bottom-start"
      withArrow
      trapFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={classes['button']}
          aria-label={label}
          onClick={() => setOpen(!isOpen)}
        >
          <IconHelpCircle size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} tabIndex={-1}>
        {isOpen && <Answer at={at} farmRoleId={farmRole.id} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Answer({ at, farmRoleId }: { at: PathScope; farmRoleId: number }) {
  const { data, error, refetch } = useQuery(bootImageQuery(at, farmRoleId));
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p aria-busy>Looking ...</p>;
  return <Reasons at={at} boot={data} />;
}

/** What a group of a cloud starts from, in the words that say the way; where nothing starts any, what runs. */
function ObservedReasons({ boot: { image, words, since } }: { boot: BootImage }) {
  return (
    <div className={classes['reasons']}>
      <p>
        {words === null ? (
          <>
            Nothing that was found starts servers here. <strong>{image.name}</strong> is what these
            run.
          </>
        ) : (
          <>
            <strong>{image.name}</strong> ({image.cloudImageId}): the group {words}.
          </>
        )}
      </p>
      {since !== null && (
        <p>
          So it was found <RelativeTime at={since} />.
        </p>
      )}
    </div>
  );
}

function Reasons({ at, boot }: { at: PathScope; boot: BootImage }) {
  const { image, role, rule, cloudLocation, since, by, replacement } = boot;
  if (rule === 'observed') return <ObservedReasons boot={boot} />;
  const where = rule === 'location' ? `in ${cloudLocation}` : 'in all locations of this cloud';
  return (
    <div className={classes['reasons']}>
      <p>
        A server that starts now starts from <strong>{image.name}</strong> ({image.cloudImageId}):
        role {role.name} has it {where}.
      </p>
      {replacement !== null && (
        <p>
          <Link to={paths.replacement(at, replacement.id)}>
            {replacement.rollsBack === null ? 'A replacement' : 'A roll-back'}
          </Link>{' '}
          by {replacement.by} put it there <RelativeTime at={replacement.at} />
          {replacement.reason === null ? '.' : `: ${replacement.reason}`}
        </p>
      )}
      {replacement === null && since !== null && (
        <p>
          {by} put it there <RelativeTime at={since} />.
        </p>
      )}
    </div>
  );
}
