import type { Farm } from '#contract/farms/farms.ts';

import { Notice } from '../../components/Notice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';

type Lock = NonNullable<Farm['lock']>;

/** Who may unlock a farm, as a choice. */
export const unlockerWords: Record<Lock['unlockPermission'], string> = {
  anyone: 'Anyone who may change farms',
  owner: 'The owner only',
  team: 'The owner, and whoever locks it',
};

/** Who locked a farm, when and why. */
export function LockWords({ lock }: { lock: Farm['lock'] }) {
  if (lock === null) return null;
  return (
    <>
      Locked <RelativeTime at={lock.at} /> by {lock.by}
      {lock.comment === '' ? '.' : `: ${lock.comment}`}
    </>
  );
}

const who: Record<Lock['unlockPermission'], string> = {
  anyone: 'Anyone who may change farms can unlock it.',
  owner: 'Only its owner or an administrator can unlock it.',
  team: 'Only its owner, whoever locked it or an administrator can unlock it.',
};

/** That a farm is locked, and what follows; nothing where it is not. */
export function LockNotice({ lock }: { lock: Farm['lock'] }) {
  if (lock === null) return null;
  return (
    <Notice tone="warning">
      <p>
        <LockWords lock={lock} />
      </p>
      <p>It cannot be changed, launched or terminated as a whole. {who[lock.unlockPermission]}</p>
    </Notice>
  );
}
