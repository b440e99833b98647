import type { Farm } from '#contract/farms/farms.ts';

import { useDeleteFarm, useTerminateFarm } from '../../api/farm-changes.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { EndingServers } from '../../components/servers/EndingServers.tsx';
import { useTypedCount } from '../../components/servers/TypedCount.tsx';
import { announce } from '../../util/announce.ts';
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
  const confirm = () =>
    operation.mutate(change, {
      onSuccess: () => {
        announce(`${farm.name} is terminated with ${formatQuantity(live, 'server')}.`);
        onClose();
      },
    });
  return (
    <ConfirmDialog
      title={`Terminate ${farm.name}?`}
      confirmLabel={live === 0 ? 'Terminate farm' : `Terminate ${formatQuantity(live, 'server')}`}
      danger
      changes={[change]}
      onConfirm={confirm}
      onClose={onClose}
      error={operation.error}
      pending={operation.isPending}
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
    </ConfirmDialog>
  );
}

/** Deletes a terminated farm with its farm roles. */
export function DeleteFarm({ at, object: farm, onClose, onGone }: ObjectDialogProps<Farm>) {
  const operation = useDeleteFarm(environmentOf(farm));
  const change = operation.change({ params: { farmId: farm.id }, ifMatch: farm.version });
  const confirm = () =>
    operation.mutate(change, {
      onSuccess: () => {
        announce(`${farm.name} is deleted.`);
        (onGone ?? onClose)();
      },
    });
  return (
    <ConfirmDialog
      title={`Delete ${farm.name}?`}
      confirmLabel="Delete farm"
      danger
      changes={[change]}
      onConfirm={confirm}
      onClose={onClose}
      error={operation.error}
      pending={operation.isPending}
      disabledReason={reasonAgainst(farm.actions?.delete)}
      renderBlocker={blockerLink(at)}
    >
      <p>
        Its {formatQuantity(farm.farmRoles ?? 0, 'farm role')}{' '}
        {farm.farmRoles === 1 ? 'goes' : 'go'} with it, and so does the list of servers that it had.
        The roles and their images stay. The farm cannot be brought back.
      </p>
    </ConfirmDialog>
  );
}
