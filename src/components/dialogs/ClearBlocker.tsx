import { useQuery } from '@tanstack/react-query';

import { useEach } from '../../api/each.ts';
import { roleQuery } from '../../api/roles.ts';
import { announce } from '../../util/announce.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { RemoveRoleImage } from '../flows/RemoveRoleImage.tsx';
import { ReplaceRoleImage } from '../flows/ReplaceRoleImage.tsx';
import { ObjectNotShown } from '../objects/ObjectNotShown.tsx';

import { blockerName, clearingChanges, clearingWords } from './clearing.ts';
import type { ClearableBlocker } from './clearing.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';

interface ClearBlockerProps {
  blocker: ClearableBlocker;
  onClose: () => void;
}

/** Clears one thing that stands in the way of a deletion, in a dialog before that of the deletion. */
export function ClearBlocker({ blocker, onClose }: ClearBlockerProps) {
  const { operation } = blocker.clearBy[0];
  const Content =
    operation === 'roleImageDelete' || operation === 'roleImageReplace' ? ClearRole : ClearByCalls;
  return <Content {...{ blocker, onClose }} />;
}

/** Takes the image out of the role that holds it, or puts another in its place. */
function ClearRole({ blocker, onClose }: ClearBlockerProps) {
  const [step] = blocker.clearBy;
  const at = scopeOfPlace(step);
  const { data: role, error } = useQuery(roleQuery(at, step.params['roleId'] ?? 0));
  if (error !== null) return <ObjectNotShown noun="role" {...{ error, onClose }} />;
  const cell = role?.images?.find(({ image }) => image.id === step.params['imageId']);
  if (role === undefined || cell === undefined) return null;
  const Content = step.operation === 'roleImageDelete' ? RemoveRoleImage : ReplaceRoleImage;
  return <Content {...{ at, role, cell, onClose }} />;
}

/** Asks, and carries the calls out one after the other. */
function ClearByCalls({ blocker, onClose }: ClearBlockerProps) {
  const { plan } = useEach();
  const words = clearingWords(blocker);
  const name = blockerName(blocker);
  const { changes, run, outcomes, isRunning } = plan(
    clearingChanges(blocker).map((change) => ({ key: change.id, change })),
  );
  const failed = [...outcomes.values()].find((outcome) => outcome.state === 'failed');
  const confirm = async () => {
    if (!(await run())) return;
    announce(words.done(name));
    onClose();
  };
  return (
    <ConfirmDialog
      title={words.title(name)}
      confirmLabel={words.label}
      danger
      changes={changes}
      onConfirm={() => void confirm()}
      onClose={onClose}
      error={isRunning ? null : failed?.error}
      pending={isRunning}
    >
      <p>{words.meaning}</p>
    </ConfirmDialog>
  );
}
