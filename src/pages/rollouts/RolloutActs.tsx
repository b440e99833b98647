import { Suspense } from 'react';
import { useNavigate } from 'react-router';
import type { RolloutDetail } from '#contract/rollouts/rollouts.ts';

import {
  useCancelRollout,
  usePauseRollout,
  useResumeRollout,
  useStartRollout,
  useUndoRollout,
} from '../../api/rollouts.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';
import { useTypedCount } from '../../components/servers/TypedCount.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { formatQuantity } from '../../util/format.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

const ContactOwners = lazyPart(
  async () => (await import('../../components/contact/ContactOwners.tsx')).ContactOwners,
);

interface ActsProps {
  at: PathScope;
  rollout: RolloutDetail;
}

interface DialogProps extends ActsProps {
  onClose: () => void;
}

/** What may be done with a rollout as it is now; what has an effect on servers is asked about first. */
export function RolloutActs({ at, rollout }: ActsProps) {
  const { dialog, open, close } = useDialog(['start', 'cancel', 'undo', 'contact']);
  const { actions, state } = rollout;
  const isPlanned = state === 'planned' || state === 'expired';
  const isOpen = state === 'running' || state === 'paused' || state === 'stopped';
  return (
    <>
      <ActionButton onClick={() => open('contact')} onIntent={ContactOwners.fetchAhead}>
        Contact owners
      </ActionButton>
      {(isPlanned || isOpen) && (
        <ActionButton disabledReason={reasonAgainst(actions.cancel)} onClick={() => open('cancel')}>
          {isPlanned ? 'Cancel plan' : 'Cancel'}
        </ActionButton>
      )}
      {!isPlanned && (
        <ActionButton disabledReason={reasonAgainst(actions.undo)} onClick={() => open('undo')}>
          Undo
        </ActionButton>
      )}
      {isOpen && <PauseOrResume at={at} rollout={rollout} />}
      {isPlanned && (
        <ActionButton
          variant="filled"
          disabledReason={reasonAgainst(actions.start)}
          onClick={() => open('start')}
        >
          Start
        </ActionButton>
      )}
      {dialog === 'start' && isPlanned && <StartDialog {...{ at, rollout }} onClose={close} />}
      {dialog === 'cancel' && <CancelDialog {...{ at, rollout }} onClose={close} />}
      {dialog === 'undo' && <UndoDialog {...{ at, rollout }} onClose={close} />}
      {dialog === 'contact' && (
        <Suspense>
          <ContactOwners at={at} filters={{ rollout: rollout.id }} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

function PauseOrResume({ at, rollout }: ActsProps) {
  const pause = usePauseRollout(at);
  const resume = useResumeRollout(at);
  const params = { rolloutId: rollout.id };
  if (rollout.state === 'running')
    return (
      <ActionButton
        variant="filled"
        pending={pause.isPending}
        disabledReason={reasonAgainst(rollout.actions.pause)}
        onClick={() => pause.mutate(pause.change({ params }))}
      >
        Pause
      </ActionButton>
    );
  return (
    <ActionButton
      variant="filled"
      pending={resume.isPending}
      disabledReason={reasonAgainst(rollout.actions.resume)}
      onClick={() => resume.mutate(resume.change({ params }))}
    >
      Resume
    </ActionButton>
  );
}

/** Names what is about to be moved, and starts exactly that. */
function StartDialog({ at, rollout, onClose }: DialogProps) {
  const start = useStartRollout(at);
  const { plan } = rollout;
  const servers = plan?.counts.servers ?? 0;
  const change = start.change({ params: { rolloutId: rollout.id }, digest: plan?.digest });
  const typed = useTypedCount(servers);
  const byCloud = plan?.groups.length ? ', those of groups by their cloud' : '';
  return (
    <ConfirmDialog
      title={`Move ${formatQuantity(servers, 'server')}?`}
      confirmLabel={`Move ${formatQuantity(servers, 'server')}`}
      changes={[change]}
      onConfirm={() => start.mutate(change, { onSuccess: onClose })}
      onClose={onClose}
      error={start.error}
      pending={start.isPending}
      disabledReason={typed.reason}
    >
      <p>
        Each is terminated, and another is launched in its place{byCloud}, in{' '}
        {formatQuantity(plan?.counts.farms ?? 0, 'farm')}:{' '}
        {namesOf(
          plan?.farms.map(({ name }) => name),
          plan?.counts.farms,
        )}
        . Servers: {namesOf(plan?.servers.map(serverName), servers)}.
      </p>
      {typed.field}
    </ConfirmDialog>
  );
}

const serverName = ({ hostname, farm }: { hostname: string; farm: { name: string } }) =>
  hostname === '' ? `one of ${farm.name}` : hostname;

const namedAtMost = 10;

/** The first names, and how many more there are. */
function namesOf(names: readonly string[] = [], total = names.length): string {
  const shown = names.slice(0, namedAtMost);
  const more = total - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function CancelDialog({ at, rollout, onClose }: DialogProps) {
  const cancel = useCancelRollout(at);
  const change = cancel.change({ params: { rolloutId: rollout.id } });
  return (
    <ConfirmDialog
      title={rollout.started === null ? 'Give this plan up?' : 'Cancel this rollout?'}
      confirmLabel={rollout.started === null ? 'Cancel plan' : 'Cancel rollout'}
      changes={[change]}
      onConfirm={() => cancel.mutate(change, { onSuccess: onClose })}
      onClose={onClose}
      error={cancel.error}
      pending={cancel.isPending}
    >
      <p>
        {rollout.started === null
          ? 'Nothing was moved yet.'
          : `${formatQuantity(rollout.counts.waiting, 'server')} will stay on the old image. What moves now is finished, and what was moved stays on the new one.`}
      </p>
    </ConfirmDialog>
  );
}

function UndoDialog({ at, rollout, onClose }: DialogProps) {
  const navigate = useNavigate();
  const undo = useUndoRollout(at);
  const change = undo.change({ params: { rolloutId: rollout.id } });
  const { moved, moving, baking } = rollout.counts;
  return (
    <ConfirmDialog
      title="Undo this rollout?"
      confirmLabel="Undo rollout"
      danger
      changes={[change]}
      onConfirm={() =>
        undo.mutate(change, {
          onSuccess: ({ data }) => void navigate(paths.rollout(at, data.id), { replace: true }),
        })
      }
      onClose={onClose}
      error={undo.error}
      pending={undo.isPending}
    >
      <p>
        {rollout.groups.length > 0 && 'Groups are moved back to the image that they ran before. '}
        The roles get the images back that they had, for every farm that uses them, and{' '}
        {formatQuantity(moved + moving + baking, 'server')} {moved === 1 ? 'is' : 'are'} moved back
        to them, with the same settings.
      </p>
    </ConfirmDialog>
  );
}
