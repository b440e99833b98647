import type { Farm } from '#contract/farms/farms.ts';

import { useDeleteFarm, useTerminateFarm } from '../../api/farm-changes.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { EndingServers } from '../../components/servers/EndingServers.tsx';
import { useTypedCount } from '../../components/servers/TypedCount.tsx';
import { formatQuantity } from '../../util/format.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

/** Terminates a farm: names the servers that end with it, and has their number typed where they are many. */
export function TerminateFarm({ at, object: farm, onClose }: ObjectDialogProps<Farm>) {
  const home = environmentOf(farm);
  const operation = useTerminateFarm(home);
  const live = farm.servers?.live ?? 0;
  const typed = useTypedCount(live);
  const change = operation.change({
    params: { farmId: farm.id },
    body: {},
    ifMatch: farm.version,
  });
  return (
    <ChangeDialog
      title={`Terminate ${farm.name}?`}
      confirmLabel={live === 0 ? 'Terminate farm' : `Terminate ${formatQuantity(live, 'server')}`}
      danger
      operation={operation}
      change={change}
      done={`${farm.name} is terminated with ${formatQuantity(live, 'server')}.`}
      onClose={onClose}
      disabledReason={reasonAgainst(farm.actions?.terminate) ?? typed.reason}
      renderBlocker={blockerLink(at)}
    >
      <EndingServers at={home} of={{ farm: String(farm.id) }} total={live} />
      <p>
        What runs on them stops, and what they keep on their own disks is lost. The farm and its
        roles stay, and can be launched again: its servers then start on the images that the roles
        have by then.
      </p>
      {typed.field}
    </ChangeDialog>
  );
}

/** Deletes a terminated farm with its farm roles. */
export function DeleteFarm({ at, object: farm, onClose, onGone }: ObjectDialogProps<Farm>) {
  const operation = useDeleteFarm(environmentOf(farm));
  const change = operation.change({ params: { farmId: farm.id }, ifMatch: farm.version });
  return (
    <ChangeDialog
      title={`Delete ${farm.name}?`}
      confirmLabel="Delete farm"
      danger
      operation={operation}
      change={change}
      done={`${farm.name} is deleted.`}
      onDone={onGone ?? onClose}
      onClose={onClose}
      disabledReason={reasonAgainst(farm.actions?.delete)}
      renderBlocker={blockerLink(at)}
    >
      <p>
        Its {formatQuantity(farm.farmRoles ?? 0, 'farm role')}{' '}
        {farm.farmRoles === 1 ? 'goes' : 'go'} with it, and so does the list of servers that it had.
        The roles and their images stay. The farm cannot be brought back.
      </p>
    </ChangeDialog>
  );
}
