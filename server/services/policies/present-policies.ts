import type { PolicyEvaluation, PolicyFinding } from '#contract/policies/evaluations.ts';
import type { Policy } from '#contract/policies/policies.ts';
import { type RecordedRule, ruleMembers } from '#contract/policies/rules.ts';
import type { EvaluationRow, FindingRow } from '../../database/queries/policies/evaluations.ts';
import type { PolicyRow } from '../../database/queries/policies/policies.ts';
import { findUndoRefusal } from '../../domain/policies/runs.ts';
import type { Context } from '../context.ts';
import type { Recorded } from '../log-entry.ts';
import type { CsvColumns } from '../list-export.ts';
import { judge } from '../access.ts';
import { toPlace } from '../present.ts';

const inShort = (id: string | null, at: Date | null) =>
  id !== null && at !== null ? { id, at: at.toISOString() } : null;

const noRule = Object.fromEntries(
  Object.keys(ruleMembers).map((name) => [name, null]),
) as unknown as RecordedRule;

/** A policy as the log keeps it: that it was evaluated is no change of it. */
export function toRecordedPolicy(row: PolicyRow): Recorded<'policy'> {
  const { id, kind, name, description, reach, rule, mode, version } = row;
  const { mode_by: by, mode_at: at } = row;
  return {
    id,
    ...toPlace(row),
    kind,
    name,
    description,
    reach,
    rule: { ...noRule, ...rule },
    mode,
    modeSet: by !== null && at !== null ? { by, at: at.toISOString() } : null,
    lastRun: inShort(row.run_id, row.ran_at),
    added: row.added_at.toISOString(),
    createdBy: row.created_by,
    version,
  };
}

export function toPolicy(row: PolicyRow): Policy {
  return {
    ...toRecordedPolicy(row),
    rule: row.rule,
    evaluation: inShort(row.evaluation_id, row.evaluated_at),
  };
}

/** @param undoable how much of what it did could be undone */
export function toEvaluation(
  ctx: Context,
  policy: PolicyRow,
  row: EvaluationRow,
  undoable: number,
): PolicyEvaluation {
  const { id, rule, mode, due, later, kept, done, undone_at: at, undone_by: by, restored } = row;
  const refusal = findUndoRefusal(policy.kind, row, undoable);
  return {
    id,
    at: row.at.toISOString(),
    by: row.by,
    rule,
    mode,
    counts: { due, later, kept },
    done,
    undone:
      at !== null && by !== null && restored !== null
        ? { by, at: at.toISOString(), restored }
        : null,
    undo: judge(ctx, 'policyUndo', 'restore images', refusal),
  };
}

export function toFinding(row: FindingRow): PolicyFinding {
  const { kind, object_id: id, name, verdict, due_at: due, code, why, done } = row;
  return {
    kind,
    id,
    name,
    ...toPlace(row),
    cloudPlatform: row.cloud_platform as PolicyFinding['cloudPlatform'],
    cloudLocation: row.cloud_location,
    verdict,
    due: due?.toISOString() ?? null,
    code,
    why,
    done,
  };
}

const verdictWords = { due: 'due', later: 'later', kept: 'stays' } as const;

/** Columns of findings as CSV. */
export const findingCsvColumns: CsvColumns<PolicyFinding> = [
  ['What', ({ kind }) => (kind === 'imageSet' ? 'version' : kind)],
  ['Name', ({ name }) => name],
  ['Scope', ({ scope }) => (scope === 'scalr' ? 'Corporate' : scope)],
  ['Account', ({ accountName }) => accountName],
  ['Environment', ({ envName }) => envName],
  ['Cloud', ({ cloudPlatform }) => cloudPlatform],
  ['Location', ({ cloudLocation }) => cloudLocation],
  ['Verdict', ({ verdict }) => verdictWords[verdict]],
  ['Due (UTC)', ({ due }) => due],
  ['Why', ({ why }) => why],
  ['Carried out', ({ done }) => (done ? 'yes' : 'no')],
  ['Id', ({ id }) => id],
];
