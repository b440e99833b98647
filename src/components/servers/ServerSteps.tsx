import type { ReactNode } from 'react';
import type { Server } from '#contract/farms/servers.ts';

import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { useRebootServer, useResumeServer, useSuspendServer } from '../../api/servers.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { ChangeDialog } from '../dialogs/ChangeDialog.tsx';
import type { ObjectDialogProps } from '../objects/object-actions.tsx';

import { serverLabel } from './server-words.ts';

/** Starts the machine of a server again, as it is. */
export function RebootServer(props: ObjectDialogProps<Server>) {
  const { object: server } = props;
  const operation = useRebootServer(environmentOf(server));
  return (
    <Step
      {...props}
      operation={operation}
      change={operation.change({ params: { serverId: server.id }, body: {} })}
      verb="Reboot"
      done="is being rebooted"
      reason={reasonAgainst(server.actions?.reboot)}
    >
      It is away for a moment, and keeps its image, its disks and its addresses.
    </Step>
  );
}

/** Puts a server to sleep. */
export function SuspendServer(props: ObjectDialogProps<Server>) {
  const { object: server } = props;
  const operation = useSuspendServer(environmentOf(server));
  return (
    <Step
      {...props}
      operation={operation}
      change={operation.change({ params: { serverId: server.id } })}
      verb="Suspend"
      done="is being suspended"
      reason={reasonAgainst(server.actions?.suspend)}
    >
      What runs on it stops until it is resumed. It still counts among the servers of its farm role,
      so none starts in its place.
    </Step>
  );
}

/** Wakes a server up, on the image that it had. */
export function ResumeServer(props: ObjectDialogProps<Server>) {
  const { object: server } = props;
  const operation = useResumeServer(environmentOf(server));
  return (
    <Step
      {...props}
      operation={operation}
      change={operation.change({ params: { serverId: server.id } })}
      verb="Resume"
      done="is being resumed"
      reason={reasonAgainst(server.actions?.resume)}
    >
      It runs {server.image?.name ?? 'its image'} again
      {server.stale ? `, not ${server.roleImage.name}, which its role has now.` : '.'}
    </Step>
  );
}

type StepId = 'serverReboot' | 'serverSuspend' | 'serverResume';
interface StepProps<Id extends StepId> extends ObjectDialogProps<Server> {
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
  const { object: server, onClose, operation, change, verb } = props;
  return (
    <ChangeDialog
      title={`${verb} ${serverLabel(server)}?`}
      confirmLabel={`${verb} server`}
      operation={operation}
      change={change}
      done={`${serverLabel(server)} of ${server.farm.name} ${props.done}.`}
      onClose={onClose}
      disabledReason={props.reason}
    >
      <p>
        {server.cloudServerId ?? 'It'} of farm {server.farm.name}: {props.children}
      </p>
    </ChangeDialog>
  );
}
