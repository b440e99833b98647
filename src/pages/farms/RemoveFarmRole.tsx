import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { useDeleteFarmRole } from '../../api/farm-role-changes.ts';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { EndingServers } from '../../components/servers/EndingServers.tsx';
import { useTypedCount } from '../../components/servers/TypedCount.tsx';
import { formatQuantity } from '../../util/format.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

/** Takes a Role out of a farm: its servers there end. */
export function RemoveFarmRole({ object: farmRole, onClose }: ObjectDialogProps<FarmRole>) {
  const home = environmentOf(farmRole);
  const operation = useDeleteFarmRole(home);
  const { alias, farm, role } = farmRole;
  const live = farmRole.servers?.live ?? 0;
  const typed = useTypedCount(live);
  const change = operation.change({
    params: { farmRoleId: farmRole.id },
    ifMatch: farmRole.version,
  });
  return (
    <ChangeDialog
      title={`Remove ${alias} from ${farm.name}?`}
      confirmLabel={
        live === 0 ? 'Remove from farm' : `Remove and end ${formatQuantity(live, 'server')}`
      }
      danger
      operation={operation}
      change={change}
      done={
        live === 0
          ? `${alias} is removed from ${farm.name}.`
          : `${alias} is removed from ${farm.name} with ${formatQuantity(live, 'server')}.`
      }
      onClose={onClose}
      disabledReason={reasonAgainst(farmRole.actions?.delete) ?? typed.reason}
    >
      <EndingServers
        at={home}
        of={{ farm: String(farm.id), farmRole: String(farmRole.id) }}
        total={live}
      />
      <p>
        {live > 0 &&
          'What runs on them stops, and what they keep on their own disks is lost. None comes back. '}
        Role {role.name} itself stays, and can be added again.
      </p>
      {typed.field}
    </ChangeDialog>
  );
}
