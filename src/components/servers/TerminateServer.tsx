import type { Server } from '#contract/farms/servers.ts';

import { useTerminateServer } from '../../api/servers.ts';
import { environmentOf } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { ChangeDialog } from '../dialogs/ChangeDialog.tsx';
import type { ObjectDialogProps } from '../objects/object-actions.tsx';

import { serverLabel } from './server-words.ts';

/** Terminates a server, and says before whether a new one starts in its place. */
export function TerminateServer(props: ObjectDialogProps<Server>) {
  const { object: server } = props;
  return (
    <Termination
      {...props}
      title={`Terminate ${serverLabel(server)}?`}
      label="Terminate server"
      outlook={server.afterTermination?.reason}
      reason={reasonAgainst(server.actions?.terminate)}
    />
  );
}

/** Terminates a server for good: its farm role keeps no more than stay. */
export function TerminateAndLower(props: ObjectDialogProps<Server>) {
  const { object: server } = props;
  const { minInstances, lowersTo } = server.afterTermination ?? {};
  return (
    <Termination
      {...props}
      lowerMinimum
      title={`Terminate ${serverLabel(server)} and keep one less?`}
      label="Terminate and keep one less"
      outlook={
        lowersTo == null
          ? server.afterTermination?.reason
          : `No new one starts in its place: the minimum of ${server.farmRole.alias} goes from ${minInstances} to ${lowersTo}.`
      }
      reason={reasonAgainst(server.actions?.terminateAndLower)}
    />
  );
}

interface TerminationProps extends ObjectDialogProps<Server> {
  title: string;
  label: string;
  /** What happens then. */
  outlook: string | undefined;
  reason: string | undefined;
  lowerMinimum?: true;
}

function Termination({ object: server, onClose, lowerMinimum, ...words }: TerminationProps) {
  const termination = useTerminateServer(environmentOf(server));
  const change = termination.change({
    params: { serverId: server.id },
    body: lowerMinimum === undefined ? {} : { lowerMinimum },
  });
  return (
    <ChangeDialog
      title={words.title}
      confirmLabel={words.label}
      danger
      operation={termination}
      change={change}
      done={`${serverLabel(server)} of ${server.farm.name} is being terminated.`}
      onClose={onClose}
      disabledReason={words.reason}
    >
      <p>
        {server.cloudServerId ?? 'It'} of farm {server.farm.name} runs{' '}
        {server.image?.name ?? 'nothing yet'}. What runs on it stops, and what it keeps on its own
        disks is lost.
      </p>
      {words.outlook !== undefined && <p>{words.outlook}</p>}
    </ChangeDialog>
  );
}
