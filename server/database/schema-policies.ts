import type { ColumnType, Generated } from 'kysely';
import type { FindingCode, findingKinds, FindingVerdict } from '#contract/policies/evaluations.ts';
import type { Policy, PolicyMode } from '#contract/policies/policies.ts';
import type { PolicyKind, PolicyRuleInput } from '#contract/policies/rules.ts';
import type { Nullable, NullableTimestamp, ScopeColumns, Timestamp } from './schema-columns.ts';

/** What shall become of images as time passes. */
export interface PolicyTables {
  policies: PoliciesTable;
  policy_evaluations: PolicyEvaluationsTable;
  policy_findings: PolicyFindingsTable;
  cloud_image_uses: CloudImageUsesTable;
}

/** Of what no policy touches. */
export interface ProtectionColumns {
  protected_at: NullableTimestamp;
  protected_by: Nullable<string>;
  protection_reason: Nullable<string>;
}

type RuleColumn = ColumnType<PolicyRuleInput, string, string>;

interface PoliciesTable extends ScopeColumns {
  id: Generated<string>;
  kind: PolicyKind;
  name: string;
  description: Generated<string>;
  reach: Generated<Policy['reach']>;
  rule: RuleColumn;
  mode: Generated<PolicyMode>;
  mode_by: Nullable<string>;
  mode_at: NullableTimestamp;
  checked_at: NullableTimestamp;
  created_by: string;
  added_at: Timestamp;
  version: Generated<number>;
}

interface PolicyEvaluationsTable {
  id: Generated<string>;
  policy_id: string;
  at: Timestamp;
  by: string;
  rule: RuleColumn;
  reach: Policy['reach'];
  mode: PolicyMode;
  due: number;
  later: number;
  kept: number;
  done: Nullable<number>;
  undone_at: NullableTimestamp;
  undone_by: Nullable<string>;
  restored: Nullable<number>;
}

interface PolicyFindingsTable {
  evaluation_id: string;
  position: number;
  kind: (typeof findingKinds)[number];
  object_id: string;
  name: string;
  scope: ScopeColumns['scope'];
  account_id: number | null;
  environment_id: number | null;
  cloud_platform: string | null;
  cloud_location: string | null;
  verdict: FindingVerdict;
  due_at: NullableTimestamp;
  code: FindingCode;
  why: string;
  done: Generated<boolean>;
}

/** Of things in clouds that are forgotten themselves. */
interface CloudImageUsesTable {
  cloud_platform: string;
  cloud_image_id: string;
  last_seen_at: Timestamp;
}
