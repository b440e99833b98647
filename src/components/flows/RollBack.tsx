import { Textarea } from '@mantine/core';
import { Link } from 'react-router';
import type { Data } from '#contract/operations.ts';
import type { RollBackPart } from '#contract/replacements/replacements.ts';

import { useShownPlan } from '../../api/query.ts';
import { rollBackPreviewQuery, useRollBackReplacement } from '../../api/replacements.ts';
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

import { locationWords } from './flow-names.ts';
import classes from './flows.module.css';
import { namesOf } from './replaced-words.ts';

export type ReplacementDetail = Data<'replacementGet'>;
type Preview = Data<'replacementRollBackPreview'>;

/** What is counted: a role once, or once for each place where there may be several. */
function amount(replacement: ReplacementDetail, count: number): string {
  return formatQuantity(count, replacement.pairs.length === 1 ? 'role' : 'role image');
}

/** What rolling back does, in one sentence. */
function restoreWords(replacement: ReplacementDetail, { restore }: Preview): string {
  const [old, now] = [namesOf(replacement, 'oldImage'), namesOf(replacement, 'newImage')];
  if (replacement.pairs.length > 1)
    return `${amount(replacement, restore)} ${restore === 1 ? 'goes' : 'go'} back from ${now} to ${old}.`;
  return `${amount(replacement, restore)} ${restore === 1 ? 'gets' : 'get'} ${old} back in place of ${now}.`;
}

/** What happened, once it has. */
export function rolledBackWords(replacement: ReplacementDetail, roles: number): string {
  return `Put ${namesOf(replacement, 'oldImage')} back in ${formatQuantity(roles, 'role')}.`;
}

interface RollBackProps {
  at: PathScope;
  replacement: ReplacementDetail;
  /** Only these roles, or in these places; all of it unless said. */
  part?: Omit<RollBackPart, 'reason'>;
  /** With the id of the replacement that the roll-back is, and what it did. */
  onDone: (id: string | undefined, message: string) => void;
  onCancel: () => void;
}

const whole: NonNullable<RollBackProps['part']> = {};

/** The inside of a dialog that rolls a replacement back: exactly what comes back, and what cannot. */
export function RollBack({ at, replacement, part = whole, onDone, onCancel }: RollBackProps) {
  const rollBack = useRollBackReplacement(at);
  const shown = useShownPlan(rollBackPreviewQuery(at, replacement.id, part), rollBack);
  const preview = shown.data;
  const reason = useReason();
  useUnsaved(isUnsaved(reason.isDirty, rollBack));
  const change = rollBack.change({
    params: { replacementId: replacement.id },
    body: { ...part, ...reason.part },
    digest: preview?.digest,
  });
  const carryOut = () =>
    rollBack.mutate(change, {
      onSuccess: (answer) => {
        const words = [rolledBackWords(replacement, answer.data.length)];
        for (const { message } of answer.warnings) words.push(message);
        onDone(answer.meta.replacement?.id, words.join(' '));
      },
    });
  const verdict = preview === undefined ? undefined : reasonAgainst(preview);
  return (
    <DialogBody>
      {preview === undefined ? (
        <p className="dim">Working out what comes back…</p>
      ) : (
        <Effects replacement={replacement} preview={preview} />
      )}
      {shown.error !== null && (
        <ErrorNotice error={shown.error} onRetry={() => void shown.refetch()} />
      )}
      <Textarea {...reason.props} minRows={1} maxRows={6} />
      {rollBack.error !== null && <ErrorNotice error={rollBack.error} />}
      <DialogActions changes={reason.problem === undefined ? [change] : undefined}>
        <ActionButton onClick={onCancel}>Cancel</ActionButton>
        <ActionButton
          variant="filled"
          pending={rollBack.isPending}
          disabledReason={shown.problem ?? verdict ?? reason.problem}
          onClick={carryOut}
          startsFocused
        >
          {preview === undefined
            ? 'Roll back'
            : `Roll back ${amount(replacement, preview.restore)}`}
        </ActionButton>
      </DialogActions>
    </DialogBody>
  );
}

interface EffectsProps {
  replacement: ReplacementDetail;
  preview: Preview;
}

function Effects({ replacement, preview }: EffectsProps) {
  const { newImage, pairs } = replacement;
  return (
    <>
      <p>{restoreWords(replacement, preview)}</p>
      {pairs.length === 1 ? (
        <FlagNote replacement={replacement} />
      ) : (
        <FlagsNote replacement={replacement} />
      )}
      <p>
        Servers are left alone: those started since run{' '}
        {pairs.length === 1 ? newImage.cloudImageId : 'the new images'} until they are relaunched.
      </p>
      <Conflicts replacement={replacement} preview={preview} />
    </>
  );
}

function FlagNote({ replacement }: Pick<EffectsProps, 'replacement'>) {
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

/** The same for many images. */
function FlagsNote({ replacement: { pairs } }: Pick<EffectsProps, 'replacement'>) {
  const flagged = pairs.filter((pair) => pair.deprecatedOldImage && pair.oldImage.deprecated);
  if (flagged.length === 0) return null;
  return (
    <p>
      This replacement deprecated {formatQuantity(flagged.length, 'image')}; that is taken back too
      where all of it is rolled back, unless somebody has changed it since.
    </p>
  );
}

/** Roles that were changed since and stay as they are. */
function Conflicts({ replacement, preview }: EffectsProps) {
  const { conflicts, roleList } = preview;
  if (conflicts === 0) return null;
  const isMany = replacement.pairs.length > 1;
  return (
    <section className={classes['section']} aria-label="Roles that stay as they are">
      <h3>
        {amount(replacement, conflicts)} changed since and{' '}
        {conflicts === 1 ? 'stays as it is' : 'stay as they are'}
      </h3>
      <ul className={classes['list']}>
        {roleList
          .filter((role) => role.outcome === 'conflict')
          .map((role) => (
            <li key={`${role.id} ${locationWords(role)}`}>
              <Link to={paths.role(scopeOfPlace(role), role.id)} target="_blank">
                {role.name}
              </Link>
              {isMany && ` in ${locationWords(role)}`}: {role.reason}
            </li>
          ))}
      </ul>
    </section>
  );
}
