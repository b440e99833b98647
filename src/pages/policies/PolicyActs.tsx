import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Policy } from '#contract/policies/policies.ts';

import {
  policyEvaluationQuery,
  useAuditPolicy,
  useDeletePolicy,
  useEnforcePolicy,
  useEvaluatePolicy,
} from '../../api/policies.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { announce } from '../../util/announce.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { EditPolicy } from './EditPolicy.tsx';
import { effectWords } from './policy-words.ts';

interface ActsProps {
  at: PathScope;
  policy: Policy;
}

interface DialogProps extends ActsProps {
  onClose: () => void;
}

/** What may be done with a policy; what is carried out by itself from then on is asked about first. */
export function PolicyActs({ at, policy }: ActsProps) {
  const { dialog, open, close } = useDialog(['edit', 'enforce', 'delete']);
  const { actions, mode } = policy;
  const about = { at, policy, onClose: close };
  return (
    <>
      <ActionButton
        danger
        disabledReason={reasonAgainst(actions?.delete)}
        onClick={() => open('delete')}
      >
        Delete
      </ActionButton>
      <ActionButton disabledReason={reasonAgainst(actions?.update)} onClick={() => open('edit')}>
        Edit
      </ActionButton>
      {mode === 'audit' ? (
        <ActionButton
          disabledReason={reasonAgainst(actions?.enforce)}
          onClick={() => open('enforce')}
        >
          Enforce
        </ActionButton>
      ) : (
        <BackToAudit {...{ at, policy }} />
      )}
      <Evaluate {...{ at, policy }} />
      {dialog === 'edit' && <EditPolicy {...about} />}
      {dialog === 'enforce' && mode === 'audit' && <EnforceDialog {...about} />}
      {dialog === 'delete' && <DeleteDialog {...about} />}
    </>
  );
}

function Evaluate({ at, policy }: ActsProps) {
  const evaluate = useEvaluatePolicy(at);
  return (
    <ActionButton
      variant="filled"
      pending={evaluate.isPending}
      disabledReason={reasonAgainst(policy.actions?.evaluate)}
      onClick={() =>
        evaluate.mutate(evaluate.change({ params: { policyId: policy.id }, body: {} }), {
          onSuccess: ({ data }) =>
            announce(`Evaluated: ${data.counts.due} due, ${data.counts.later} later.`),
          onError: ({ message }) => announce(message, 'danger'),
        })
      }
    >
      Evaluate
    </ActionButton>
  );
}

function BackToAudit({ at, policy }: ActsProps) {
  const audit = useAuditPolicy(at);
  return (
    <ActionButton
      pending={audit.isPending}
      disabledReason={reasonAgainst(policy.actions?.audit)}
      onClick={() =>
        audit.mutate(audit.change({ params: { policyId: policy.id }, body: {} }), {
          onSuccess: () => announce(`${policy.name} only looks from now on.`),
          onError: ({ message }) => announce(message, 'danger'),
        })
      }
    >
      Back to audit
    </ActionButton>
  );
}

/** Names what is due now, as it was shown, and has that and all that comes carried out. */
function EnforceDialog({ at, policy, onClose }: DialogProps) {
  const enforce = useEnforcePolicy(at);
  const evaluation = policy.evaluation?.id ?? '';
  const params = { policyId: policy.id };
  const shown = useQuery(policyEvaluationQuery(at, { ...params, evaluationId: evaluation }));
  const due = shown.data?.counts.due;
  const change = enforce.change({ params, body: { evaluation }, ifMatch: policy.version });
  const isNames = policy.kind === 'names';
  return (
    <ConfirmDialog
      title={`Enforce ${policy.name}?`}
      confirmLabel="Enforce policy"
      danger={policy.kind === 'delete'}
      changes={[change]}
      pending={enforce.isPending}
      error={enforce.error ?? shown.error}
      disabledReason={due === undefined ? 'What it would do is being read.' : undefined}
      onConfirm={() =>
        enforce.mutate(change, {
          onSuccess: () => {
            announce(`${policy.name} is enforced.`);
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      {isNames ? (
        <p>
          New names that do not fit are refused from then on. The {due ?? 0} that do not fit now
          stay.
        </p>
      ) : (
        <p>
          {formatQuantity(due ?? 0, 'image')} {effectWords(policy.kind, due === 1)} within a minute,
          and others whenever they fall due.{' '}
          {policy.kind === 'delete'
            ? 'What is deleted cannot be brought back.'
            : 'Each run can be undone here.'}
        </p>
      )}
    </ConfirmDialog>
  );
}

function DeleteDialog({ at, policy, onClose }: DialogProps) {
  const remove = useDeletePolicy(at);
  const navigate = useNavigate();
  const change = remove.change({ params: { policyId: policy.id }, ifMatch: policy.version });
  return (
    <ChangeDialog
      title={`Delete ${policy.name}?`}
      confirmLabel="Delete policy"
      danger
      operation={remove}
      change={change}
      done={`${policy.name} was deleted.`}
      onDone={() => void navigate(paths.policies(at), { replace: true })}
      onClose={onClose}
    >
      <p>
        Its evaluations go with it, and its runs can no longer be undone here. What it did stays
        done.
      </p>
    </ChangeDialog>
  );
}
