import { useQuery } from '@tanstack/react-query';
import type { PolicyEvaluation } from '#contract/policies/evaluations.ts';
import type { Policy } from '#contract/policies/policies.ts';

import { policyEvaluationListQuery, useUndoPolicy } from '../../api/policies.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { effectWords } from './policy-words.ts';

interface RunsProps {
  at: PathScope;
  policy: Policy;
}

/** What a policy did, each run with its way back. */
export function PolicyRuns({ at, policy }: RunsProps) {
  const { data } = useQuery(policyEvaluationListQuery(at, policy.id));
  const { dialog, on, open, close } = useDialog(['undo']);
  const runs = data?.data.filter(({ done }) => done !== null) ?? [];
  const undone = runs.find(({ id }) => id === on);
  if (runs.length === 0) return null;
  return (
    <DetailSection title="What it did">
      <ul>
        {runs.map((run) => (
          <li key={run.id}>
            <RelativeTime at={run.at} />: {doneWords(policy, run)}{' '}
            {run.undone === null && (
              <ActionButton
                size="xs"
                disabledReason={reasonAgainst(run.undo)}
                onClick={() => open('undo', run.id)}
              >
                Undo
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      {dialog === 'undo' && undone !== undefined && (
        <UndoRun {...{ at, policy }} run={undone} onClose={close} />
      )}
    </DetailSection>
  );
}

function doneWords({ kind }: Policy, { done, undone }: PolicyEvaluation): string {
  const was = `${formatQuantity(done ?? 0, 'image')} ${effectWords(kind, done === 1)
    .replace('is ', 'was ')
    .replace('are ', 'were ')}.`;
  return undone === null ? was : `${was} Undone by ${undone.by}: ${undone.restored} restored.`;
}

function UndoRun({
  at,
  policy,
  run,
  onClose,
}: RunsProps & { run: PolicyEvaluation; onClose: () => void }) {
  const undo = useUndoPolicy(at);
  const change = undo.change({
    params: { policyId: policy.id, evaluationId: run.id },
    body: {},
    ifMatch: policy.version,
  });
  return (
    <ChangeDialog
      {...{ change, onClose }}
      operation={undo}
      title="Undo this run?"
      confirmLabel="Restore images"
      done={({ data }) => `${formatQuantity(data.undone?.restored ?? 0, 'image')} restored.`}
    >
      <p>
        The images that it deprecated and that nobody has changed since can be added to roles again.
        The policy goes back to audit.
      </p>
    </ChangeDialog>
  );
}
