import { Textarea } from '@mantine/core';
import { Link } from 'react-router';
import type { Data } from '#contract/operations.ts';

import { useRollBackReplacement } from '../../api/replacements.ts';
import { isUnsaved, useUnsaved } from '../../hooks/use-unsaved.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { useReason } from '../forms/use-reason.ts';

import classes from './flows.module.css';

export type ReplacementDetail = Data<'replacementGet'>;

/** What rolling back does, in one sentence. */
function restoreWords({ oldImage, newImage, rollBack }: ReplacementDetail): string {
  return `${formatQuantity(rollBack.restore, 'role')} ${rollBack.restore === 1 ? 'gets' : 'get'} ${oldImage.name} back in place of ${newImage.name}.`;
}

/** What happened, once it has. */
export function rolledBackWords(replacement: ReplacementDetail, roles: number): string {
  return `Put ${replacement.oldImage.name} back in ${formatQuantity(roles, 'role')}.`;
}

interface RollBackProps {
  at: PathScope;
  replacement: ReplacementDetail;
  /** With the id of the replacement that the roll-back is, and what it did. */
  onDone: (id: string | undefined, message: string) => void;
  onCancel: () => void;
}

/** The inside of a dialog that rolls one replacement back: exactly what comes back, and what cannot. */
export function RollBack({ at, replacement, onDone, onCancel }: RollBackProps) {
  const rollBack = useRollBackReplacement(at);
  const reason = useReason();
  useUnsaved(isUnsaved(reason.isDirty, rollBack));
  const verdict = reasonAgainst(replacement.rollBack);
  const change = rollBack.change({
    params: { replacementId: replacement.id },
    body: reason.part,
    digest: replacement.rollBack.digest,
  });
  const carryOut = () =>
    rollBack.mutate(change, {
      onSuccess: (answer) => {
        const words = [rolledBackWords(replacement, answer.data.length)];
        for (const { message } of answer.warnings) words.push(message);
        onDone(answer.meta.replacement?.id, words.join(' '));
      },
    });
  return (
    <DialogBody>
      <Effects replacement={replacement} />
      <Textarea {...reason.props} minRows={1} maxRows={6} />
      {rollBack.error !== null && <ErrorNotice error={rollBack.error} />}
      <DialogActions changes={reason.problem === undefined ? [change] : undefined}>
        <ActionButton onClick={onCancel}>Cancel</ActionButton>
        <ActionButton
          variant="filled"
          pending={rollBack.isPending}
          disabledReason={verdict ?? reason.problem}
          onClick={carryOut}
          startsFocused
        >
          {`Roll back ${formatQuantity(replacement.rollBack.restore, 'role')}`}
        </ActionButton>
      </DialogActions>
    </DialogBody>
  );
}

function Effects({ replacement }: { replacement: ReplacementDetail }) {
  return (
    <>
      <p>{restoreWords(replacement)}</p>
      <FlagNote replacement={replacement} />
      <p>
        Servers are left alone: those started since run {replacement.newImage.cloudImageId} until
        they are relaunched.
      </p>
      <Conflicts replacement={replacement} />
    </>
  );
}

function FlagNote({ replacement }: { replacement: ReplacementDetail }) {
  const { oldImage, deprecatedOldImage } = replacement;
  if (!oldImage.deprecated) return null;
  return (
    <p>
      {deprecatedOldImage
        ? `This replacement deprecated ${oldImage.name}; that is taken back too, unless somebody has changed it since.`
        : `${oldImage.name} is deprecated and stays so: the roles get it back all the same.`}
    </p>
  );
}

/** Roles that were changed since and stay as they are. */
function Conflicts({ replacement }: { replacement: ReplacementDetail }) {
  const { rollBack, roleList } = replacement;
  if (rollBack.conflicts === 0) return null;
  const conflicts = roleList.filter((role) => role.outcome === 'conflict');
  return (
    <section className={classes['section']} aria-label="Roles that stay as they are">
      <h3>
        {formatQuantity(rollBack.conflicts, 'role')} changed since and{' '}
        {rollBack.conflicts === 1 ? 'stays as it is' : 'stay as they are'}
      </h3>
      <ul className={classes['list']}>
        {conflicts.map((role) => (
          <li key={role.id}>
            <Link to={paths.role(scopeOfPlace(role), role.id)} target="_blank">
              {role.name}
            </Link>
            : {role.reason}
          </li>
        ))}
      </ul>
    </section>
  );
}
