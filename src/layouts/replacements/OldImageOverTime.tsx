import type { Verdict } from '#contract/actions.ts';

import type { BurnDownInput } from '../../api/burn-down.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { LazyBurnDown } from '../../components/burn-down/LazyBurnDown.tsx';
import { Notice } from '../../components/Notice.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import type { PathScope } from '../../util/paths.ts';

import { DetailSection } from '../DetailLayout.tsx';

interface OldImageOverTimeProps {
  at: PathScope;
  /** An image or a set that is deprecated or was replaced. */
  of: Pick<BurnDownInput, 'image' | 'imageSet'>;
  /** Whether it may be deleted, at whatever scope it is used. */
  deletion: Verdict | undefined;
}

/** What is left of an old image over time; once nothing at any scope uses it, the page offers to delete it. */
export function OldImageOverTime({ at, of, deletion }: OldImageOverTimeProps) {
  const { open } = useDialog(['delete']);
  return (
    <DetailSection title="Over time">
      {deletion?.allowed === true && (
        <Notice>
          Nothing uses it any more, at any scope: ready to delete.{' '}
          <ActionButton danger onClick={() => open('delete')}>
            Delete
          </ActionButton>
        </Notice>
      )}
      <LazyBurnDown at={at} of={of} />
    </DetailSection>
  );
}
