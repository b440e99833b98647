import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Farm } from '#contract/farms/farms.ts';
import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { useLaunchFarm, useResumeFarm, useSuspendFarm } from '../../api/farm-changes.ts';
import { farmRoleListQuery } from '../../api/farms.ts';
import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { blockerLink } from '../../components/blocker-link.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { formatQuantity } from '../../util/format.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

/** Launches a farm, and says before what starts from which images. */
export function LaunchFarm(props: ObjectDialogProps<Farm>) {
  const { object: farm } = props;
  const operation = useLaunchFarm(environmentOf(farm));
  const change = operation.change({ params: { farmId: farm.id }, ifMatch: farm.version });
  const roles = useQuery(farmRoleListQuery(environmentOf(farm), farm.id, { include: ['usage'] }));
  const starting = (roles.data?.data ?? []).map((role) => ({ role, count: missing(role) }));
  const total = starting.reduce((sum, { count }) => sum + count, 0);
  return (
    <Step
      {...props}
      {...{ operation, change }}
      verb="Launch"
      done={`is launched: ${formatQuantity(total, 'server')} of it ${total === 1 ? 'starts' : 'start'}`}
      reason={reasonAgainst(farm.actions?.launch)}
    >
      {total === 0 ? (
        <p>No server starts: no role of it with its scaling on lacks any.</p>
      ) : (
        <p>
          {formatQuantity(total, 'server')} {total === 1 ? 'starts' : 'start'}, as many as its roles
          keep at least:
        </p>
      )}
      <ul aria-label="What starts">
        {starting
          .filter(({ count }) => count > 0)
          .map(({ role, count }) => (
            <li key={role.id}>
              {formatQuantity(count, 'server')} of {role.alias} on {role.image.name}
            </li>
          ))}
      </ul>
    </Step>
  );
}

/** How many servers a launch starts of a farm role: docs/domain.md, "What farms do". */
function missing({ scaling, servers }: FarmRole): number {
  return scaling.enabled ? Math.max(scaling.minInstances - (servers?.live ?? 0), 0) : 0;
}

/** Puts a farm to sleep with all its servers. */
export function SuspendFarm(props: ObjectDialogProps<Farm>) {
  const { object: farm } = props;
  const operation = useSuspendFarm(environmentOf(farm));
  return (
    <Step
      {...props}
      operation={operation}
      change={operation.change({ params: { farmId: farm.id }, ifMatch: farm.version })}
      verb="Suspend"
      done="is suspended"
      reason={reasonAgainst(farm.actions?.suspend)}
    >
      <p>
        What runs on its {formatQuantity(farm.servers?.live ?? 0, 'server')} stops until the farm is
        resumed. They keep their images; those not launched yet are called off.
      </p>
    </Step>
  );
}

/** Wakes a farm up with all its servers. */
export function ResumeFarm(props: ObjectDialogProps<Farm>) {
  const { object: farm } = props;
  const operation = useResumeFarm(environmentOf(farm));
  const old = farm.servers?.old ?? 0;
  return (
    <Step
      {...props}
      operation={operation}
      change={operation.change({ params: { farmId: farm.id }, ifMatch: farm.version })}
      verb="Resume"
      done="is resumed"
      reason={reasonAgainst(farm.actions?.resume)}
    >
      <p>
        Its {formatQuantity(farm.servers?.live ?? 0, 'server')} run again, each on the image that it
        had{old > 0 ? `: ${formatQuantity(old, 'server')} on old images.` : '.'}
      </p>
    </Step>
  );
}

type StepId = 'farmLaunch' | 'farmSuspend' | 'farmResume';
interface StepProps<Id extends StepId> extends ObjectDialogProps<Farm> {
  operation: Operation<Id>;
  change: Change<Id>;
  verb: string;
  /** What has happened then. */
  done: string;
  reason: string | undefined;
  /** What it means. */
  children: ReactNode;
}

function Step<Id extends StepId>(props: StepProps<Id>) {
  const { at, object: farm, onClose, operation, change, verb } = props;
  return (
    <ChangeDialog
      title={`${verb} ${farm.name}?`}
      confirmLabel={`${verb} farm`}
      operation={operation}
      change={change}
      done={`${farm.name} ${props.done}.`}
      onClose={onClose}
      disabledReason={props.reason}
      renderBlocker={blockerLink(at)}
    >
      {props.children}
    </ChangeDialog>
  );
}
