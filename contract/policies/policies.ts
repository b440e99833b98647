import { z } from 'zod';
import { actionsSchema } from '../actions.ts';
import { description, scopeSchema, time, titleName, uuid } from '../fields.ts';
import { placeSchema } from '../images/places.ts';
import { includeQuery, listQuery, searchQuery } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { defineResource } from '../resource.ts';
import { policyKinds, ruleSchema } from './rules.ts';

/** `audit` only shows what it would do. */
export const policyModes = ['audit', 'enforce'] as const;
export type PolicyMode = (typeof policyModes)[number];

/** Whether a policy looks at its own scope alone, or at all below it too. */
export const policyReaches = ['scope', 'below'] as const;

const policyActions = ['update', 'evaluate', 'enforce', 'audit', 'delete'] as const;

/** The last time that a policy was evaluated. */
const evaluationInShort = z.object({ id: uuid, at: time });

/** What shall become of images and Roles as time passes: docs/domain.md, "Policies". */
export const policy = defineResource({
  name: 'Policy',
  readOnly: {
    id: uuid,
    ...placeSchema.shape,
    mode: z.enum(policyModes),
    /** Who set the mode, and when; null while it is the one that it was made with. */
    modeSet: z.object({ by: z.string(), at: time }).nullable(),
    /** The latest evaluation of the rule as it is now; null where there is none. */
    evaluation: evaluationInShort.nullable(),
    /** The latest evaluation that was carried out. */
    lastRun: evaluationInShort.nullable(),
    added: time,
    createdBy: z.string(),
    /** Rises with every change; `If-Match` may name it. */
    version: z.int(),
    actions: actionsSchema(policyActions).optional(),
  },
  createOnly: { kind: z.enum(policyKinds) },
  writable: {
    name: titleName,
    description,
    reach: z.enum(policyReaches),
    rule: ruleSchema,
  },
  required: ['name', 'kind', 'rule'],
});
export const policySchema = policy.schema;
export type Policy = z.output<typeof policySchema>;

/** Bodies may repeat the scope of the request. */
const given = { scope: scopeSchema.optional() };

const params = z.object({ policyId: uuid });
const path = '/policies/{policyId}/';
const permission = 'images.manage';

export const policyOperations = {
  policyList: list({
    id: 'policyList',
    path: '/policies/',
    summary: 'Policies of this scope, and those of higher ones that reach it.',
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        kind: z.enum(policyKinds).optional(),
        mode: z.enum(policyModes).optional(),
        scope: scopeSchema.optional(),
      },
      sorts: ['name', 'added'],
      includes: ['actions', 'total'],
    }),
    response: z.array(policySchema),
  }),
  policyGet: read({
    id: 'policyGet',
    path,
    summary: 'One policy.',
    params,
    query: z.strictObject({ include: includeQuery(['actions']) }),
    response: policySchema,
  }),
  policyCreate: operation({
    id: 'policyCreate',
    confirms: true,
    method: 'POST',
    path: '/policies/',
    permission,
    status: 201,
    summary: 'Make a policy at this scope. It begins in audit: it shows what it would do.',
    body: policy.create.extend(given),
    response: policySchema,
  }),
  policyUpdate: operation({
    id: 'policyUpdate',
    confirms: true,
    method: 'PATCH',
    path,
    permission,
    summary: 'Rename a policy, or change its rule; another rule goes back to audit.',
    params,
    body: policy.patch.extend(given),
    response: policySchema,
  }),
  policyDelete: operation({
    id: 'policyDelete',
    confirms: true,
    method: 'DELETE',
    path,
    permission,
    summary: 'Delete a policy with its evaluations. What it did stays done.',
    params,
    response: z.null(),
  }),
  policyEnforce: operation({
    id: 'policyEnforce',
    confirms: true,
    method: 'POST',
    path: `${path}actions/enforce/`,
    permission,
    summary: 'Have a policy carried out, after its latest evaluation was looked at.',
    params,
    body: z.strictObject({
      /** The evaluation that was shown. */
      evaluation: uuid,
    }),
    response: policySchema,
  }),
  policyAudit: operation({
    id: 'policyAudit',
    method: 'POST',
    path: `${path}actions/audit/`,
    permission,
    summary: 'Have a policy show what it would do, and nothing more.',
    params,
    body: z.strictObject({}),
    response: policySchema,
  }),
};
