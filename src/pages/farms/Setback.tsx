import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { Notice } from '../../components/Notice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatQuantity } from '../../util/format.ts';

/** Why servers of a farm role do not come up, and when that is tried again; nothing where they do. */
export function Setback({ farmRole: { alias, setback } }: { farmRole: FarmRole }) {
  if (!setback) return null;
  return (
    <Notice tone="warning">
      Servers of {alias} do not come up: {setback.reason}{' '}
      {formatQuantity(setback.failures, 'attempt')} failed, the last one{' '}
      <RelativeTime at={setback.at} />.
    </Notice>
  );
}
