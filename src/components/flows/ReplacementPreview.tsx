import type { ReplacementPreview as Preview } from '#contract/replacements/replacements.ts';

import { formatQuantity } from '../../util/format.ts';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { Notice } from '../Notice.tsx';

import classes from './flows.module.css';
import { FarmsOnOldTable, RolePlanTable, TableFrame } from './FlowTables.tsx';
import { refusalWords, stayingWords, summaryWords } from './replace-words.ts';
import type { ReplacementState } from './use-replacement.ts';

/** What a replacement would do: which roles change, and which servers stay on the old image. */
export function ReplacementPreview({ state }: { state: ReplacementState }) {
  const { preview, previewError } = state;
  if (previewError !== null) {
    return <ErrorNotice error={previewError} onRetry={state.retryPreview} />;
  }
  if (preview === undefined) return <p className="dim">Working out what would change…</p>;
  const refusal = refusalWords(preview);
  return (
    <>
      {refusal !== undefined && (
        <Notice tone="warning" urgent>
          {refusal}
        </Notice>
      )}
      <section className={classes['section']} aria-label="Roles that change">
        <h3>{summaryWords(preview)}</h3>
        <p className="dim">{notesOf(preview)}</p>
        {preview.roles.length > 0 && (
          <TableFrame>
            <RolePlanTable roles={preview.roles} />
          </TableFrame>
        )}
        <Cut shown={preview.roles.length} all={preview.counts.change + preview.counts.skip} />
      </section>
      <Staying preview={preview} />
    </>
  );
}

/** What the tables do not say. */
function notesOf(preview: Preview): string {
  const { outsideReach, returnsToEarlierImage } = preview;
  const notes: string[] = [];
  if (outsideReach.roles > 0) {
    const keep = outsideReach.roles === 1 ? 'is' : 'are';
    notes.push(
      `${formatQuantity(outsideReach.roles, 'more role')} that use${outsideReach.roles === 1 ? 's' : ''} the old image ${keep} out of reach and will keep it.`,
    );
  }
  if (returnsToEarlierImage) {
    notes.push('Every role had this image there before: they go back to it.');
  }
  return notes.join(' ');
}

function Staying({ preview }: { preview: Preview }) {
  const { counts, farms, oldImage } = preview;
  if (counts.change === 0) return null;
  const words = stayingWords(counts.servers, counts.farms, oldImage.cloudImageId);
  return (
    <section className={classes['section']} aria-label="Servers that stay on the old image">
      <h3>{words ?? 'No server of these roles runs the old image.'}</h3>
      {farms.length > 0 && (
        <TableFrame>
          <FarmsOnOldTable farms={farms} />
        </TableFrame>
      )}
      <Cut shown={farms.length} all={counts.farms} />
    </section>
  );
}

/** Long lists are cut; the counts are whole. */
export function Cut({ shown, all }: { shown: number; all: number }) {
  if (shown >= all) return null;
  return (
    <p className="small dim">
      {shown} of {all} are shown.
    </p>
  );
}
