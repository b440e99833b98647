import type { Kind } from '#contract/records/recorded.ts';
import { replacementMirror, rolloutMirror } from './acts.ts';
import { imageMirror, roleCategoryMirror, roleImageMirror, roleMirror } from './catalogue.ts';
import { cloudCredentialsMirror, environmentCloudMirror } from './clouds.ts';
import type { Mirror, Unmirrored } from './mirror.ts';
import {
  accountMirror,
  costCenterMirror,
  environmentMirror,
  farmMirror,
  farmRoleMirror,
  projectMirror,
} from './organisation.ts';
import { policyMirror } from './policies.ts';
import {
  apiKeyMirror,
  grantMirror,
  passkeyMirror,
  subscriptionMirror,
  teamMemberMirror,
  teamMirror,
  userMirror,
} from './people.ts';

/** Of each kind of object that the log tells of: where it stands in the tables, or why it cannot be compared. */
export const mirrors: { [K in Kind]: Mirror<K> | Unmirrored } = {
  account: accountMirror,
  apiKey: apiKeyMirror,
  cloudCredentials: cloudCredentialsMirror,
  cloudImage: { because: 'several scopes may mark the same machine image, under one name' },
  costCenter: costCenterMirror,
  environment: environmentMirror,
  environmentCloud: environmentCloudMirror,
  farm: farmMirror,
  farmRole: farmRoleMirror,
  grant: grantMirror,
  image: imageMirror,
  imageSet: { because: 'it is counted over its images, which say so themselves' },
  ownerAnswer: { because: 'it is forgotten with the servers that it is about' },
  ownerMessage: { because: 'it is only ever read again to be sent' },
  passkey: passkeyMirror,
  policy: policyMirror,
  project: projectMirror,
  replacement: replacementMirror,
  role: roleMirror,
  roleCategory: roleCategoryMirror,
  roleImage: roleImageMirror,
  rollout: rolloutMirror,
  server: { because: 'servers live without operations: their events and their cloud tell of them' },
  session: { because: 'only its end is an operation: each session is sealed' },
  subscription: subscriptionMirror,
  team: teamMirror,
  teamMember: teamMemberMirror,
  user: userMirror,
};

/** A kind that is compared, as SQL. */
export interface MirroredKind {
  kind: Kind;
  mirror: Mirror;
  /** Selects `object`, as the log names it, and `state`, with the members that are compared. */
  select: string;
}

export const mirroredKinds: readonly MirroredKind[] = Object.entries(mirrors).flatMap(
  ([name, mirror]) =>
    'because' in mirror ? [] : { kind: name as Kind, mirror, select: selectState(name, mirror) },
);

function selectState(kind: string, { from, id, members }: Mirror): string {
  const pairs = Object.entries<string | Unmirrored>(members).flatMap(([name, value]) =>
    typeof value === 'string' ? `'${name}', ${value}` : [],
  );
  return `SELECT '${kind}:' || ${id} AS object, jsonb_build_object(${pairs.join(', ')}) AS state FROM ${from}`;
}
