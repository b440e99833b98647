import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Warning } from '#contract/envelope.ts';
import type { ReplacementPreview } from '#contract/replacements/replacements.ts';

import { replacementQuery } from '../../api/replacements.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { Notice } from '../Notice.tsx';

import classes from './flows.module.css';
import { stayingWords } from './replace-words.ts';

/** What was carried out, as the server answered. */
export interface Replaced {
  /** Undefined when no role changed. */
  id: string | undefined;
  roles: number;
  outsideReach: number;
  deprecated: boolean;
  warnings: readonly Warning[];
  preview: ReplacementPreview;
}

/** Takes the focus, since the button that led here is gone, so that it is read. */
export function Outcome({ children }: { children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <div ref={ref} tabIndex={-1} className={classes['outcome']}>
      {children}
    </div>
  );
}

function doneWords({ roles, deprecated, preview }: Replaced): string {
  const replaced =
    roles === 0 ? 'No role changed.' : `Replaced in ${formatQuantity(roles, 'role')}.`;
  return deprecated ? `${replaced} ${preview.oldImage.name} is deprecated now.` : replaced;
}

interface ReplaceResultProps {
  at: PathScope;
  replaced: Replaced;
  onRollBack: () => void;
  onClose: () => void;
}

/**
 * What has happened, what is still on the old image, and the way back. Its links take the dialog's place
 * in the history: Back must not open again what is done.
 */
export function ReplaceResult({ at, replaced, onRollBack, onClose }: ReplaceResultProps) {
  const { id, outsideReach, warnings } = replaced;
  const { oldImage, counts } = replaced.preview;
  const { data: made } = useQuery({ ...replacementQuery(at, id ?? ''), enabled: id !== undefined });
  const { serversOnOldImage = counts.servers, farmsOnOldImage = counts.farms } = made ?? {};
  const staying = stayingWords(serversOnOldImage, farmsOnOldImage, oldImage.cloudImageId);
  return (
    <DialogBody>
      <Outcome>
        <p>
          {doneWords(replaced)} {staying}
        </p>
        {outsideReach > 0 && (
          <p>
            {formatQuantity(outsideReach, 'role')} out of reach still{' '}
            {outsideReach === 1 ? 'uses' : 'use'} the old image.
          </p>
        )}
      </Outcome>
      <Warnings warnings={warnings} />
      <p>
        {staying !== undefined && (
          <>
            <Link replace to={paths.usage(at, { image: oldImage.id })}>
              Show what is still on it
            </Link>
            {' · '}
          </>
        )}
        {id !== undefined && (
          <Link replace to={paths.replacement(at, id)}>
            Show this replacement
          </Link>
        )}
      </p>
      <DialogActions changes={noChanges}>
        {id !== undefined && (
          <ActionButton disabledReason={reasonAgainst(made?.rollBack)} onClick={onRollBack}>
            Replace back
          </ActionButton>
        )}
        <ActionButton variant="filled" onClick={onClose}>
          Close
        </ActionButton>
      </DialogActions>
    </DialogBody>
  );
}

function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null;
  return (
    <Notice tone="warning">
      <ul>
        {warnings.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </Notice>
  );
}
