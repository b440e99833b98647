import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { useLaunchFarmRoleServer } from '../../api/farm-role-changes.ts';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

/** Launches one more server of a farm role, and says before on which image. */
export function LaunchServer({ object: farmRole, onClose }: ObjectDialogProps<FarmRole>) {
  const operation = useLaunchFarmRoleServer(environmentOf(farmRole));
  const change = operation.change({ params: { farmRoleId: farmRole.id } });
  const { alias, farm, image, scaling } = farmRole;
  const live = farmRole.servers?.live ?? 0;
  return (
    <ChangeDialog
      {...{ operation, change, onClose }}
      title={`Launch a server of ${alias}?`}
      confirmLabel="Launch server"
      done={({ data }) =>
        `Server #${data.index} of ${alias} starts on ${data.image?.name ?? image.name}.`
      }
      disabledReason={reasonAgainst(farmRole.actions?.launchServer)}
    >
      <p>
        It starts on {image.name} ({image.cloudImageId}) in farm {farm.name}, beside the {live} that
        {live === 1 ? ' lives' : ' live'}.
      </p>
      {live >= scaling.maxInstances && (
        <p>
          There is no room for it: the maximum rises from {scaling.maxInstances} to {live + 1}.
        </p>
      )}
    </ChangeDialog>
  );
}
