import { Link } from 'react-router';
import type { Farm } from '#contract/farms/farms.ts';

import { Notice } from '../../components/Notice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

type Observed = NonNullable<Farm['observed']>;

const managers = { terraform: 'Terraform', cloudformation: 'CloudFormation' } as const;

/** What runs a farm that Slipway only counts, who owns it by its tags, and when it was seen. */
export function ObservedNotice({ at, observed }: { at: PathScope; observed: Observed }) {
  const { credentials, account, cloudLocation, ownerTag, managedBy, read, notRead, notMoved } =
    observed;
  return (
    <Notice tone={notRead === null ? 'info' : 'warning'}>
      <strong>Observed:</strong> {whatRuns(observed)} Slipway counts its servers, and{' '}
      {notMoved === null
        ? 'moves them to another image where somebody asks.'
        : 'does not change them.'}{' '}
      It was found in {cloudLocation || 'its cloud'} of account {account} with{' '}
      <Link to={paths.clouds(at)}>{credentials.name}</Link>, and read <RelativeTime at={read} />.
      {notRead !== null && <> It was not seen since: {notRead}</>}
      {ownerTag !== null && <> Its owner by its tag: {ownerTag}.</>}
      {managedBy !== null && <> {managers[managedBy]} set it up: change it there.</>}
      {observed.kind === 'group' && notMoved !== null && <> {notMoved}</>}
    </Notice>
  );
}

function whatRuns({ kind, name, minimum, desired, maximum }: Observed): string {
  if (kind === 'tag') return `servers with the tag "${name}".`;
  if (kind === 'rest') return 'servers that belong to no group.';
  const kept = desired === null ? '' : `, which keeps ${formatQuantity(desired, 'server')}`;
  const range = minimum === null || maximum === null ? '' : ` (${minimum} to ${maximum})`;
  return `the group "${name}" runs it${kept}${range}.`;
}
