import { z } from 'zod';
import { verdictSchema } from '../actions.ts';
import { booleanText, time, uuid } from '../fields.ts';
import { placeSchema } from '../images/places.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { listQuery, searchQuery, sortQuery } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { policyModes } from './policies.ts';
import { ruleSchema } from './rules.ts';

/** `due`: the rule says so now. `later`: it will at a time that is known. `kept`: it does not. */
export const findingVerdicts = ['due', 'later', 'kept'] as const;
export type FindingVerdict = (typeof findingVerdicts)[number];

export const findingKinds = ['image', 'imageSet', 'role'] as const;

/** Why a finding is as it is; `why` says it in a sentence. */
export const findingCodes = [
  'old',
  'superseded',
  'unused',
  'name',
  'deprecatedImage',
  'newest',
  'protected',
  'deprecated',
  'notDeprecated',
  'inUse',
  'unknownUse',
  'status',
  'cannotDelete',
  'fits',
] as const;
export type FindingCode = (typeof findingCodes)[number];

const day = z.iso.date();

/** What one evaluation of a policy found: docs/domain.md, "Policies". */
export const policyEvaluationSchema = z.object({
  id: uuid,
  at: time,
  by: z.string(),
  /** The rule that was evaluated. */
  rule: ruleSchema,
  /** The mode that the policy was in. */
  mode: z.enum(policyModes),
  counts: z.object({ due: z.int(), later: z.int(), kept: z.int() }),
  /** Of one that was carried out: how much was done. Null for one that only looked. */
  done: z.int().nullable(),
  undone: z.object({ by: z.string(), at: time, restored: z.int() }).nullable(),
  /** Whether what was done can be undone now. */
  undo: verdictSchema,
  /** Each day (UTC) on which something falls due; what is due already is of the day of the evaluation. */
  calendar: z.array(z.object({ day, count: z.int() })).optional(),
});
export type PolicyEvaluation = z.output<typeof policyEvaluationSchema>;

/** What an evaluation says of one image, version or Role. */
export const policyFindingSchema = z.object({
  kind: z.enum(findingKinds),
  id: z.string(),
  name: z.string(),
  ...placeSchema.shape,
  cloudPlatform: z.enum(cloudPlatforms).nullable(),
  cloudLocation: z.string().nullable(),
  verdict: z.enum(findingVerdicts),
  /** When it falls due, or fell; null where it does not. */
  due: time.nullable(),
  code: z.enum(findingCodes),
  /** One sentence. */
  why: z.string(),
  /** It was carried out. */
  done: z.boolean(),
});
export type PolicyFinding = z.output<typeof policyFindingSchema>;

const policyParams = z.object({ policyId: uuid });
const params = z.object({ policyId: uuid, evaluationId: uuid });
const path = '/policies/{policyId}/evaluations/{evaluationId}/';

const findingFilters = {
  query: searchQuery.optional(),
  verdict: z.enum(findingVerdicts).optional(),
  /** Days on which they fall due (UTC), both included. */
  dueFrom: day.optional(),
  dueTo: day.optional(),
  done: booleanText.optional(),
};
const findingSorts = ['due', 'name'] as const;

export const policyEvaluationOperations = {
  policyEvaluate: operation({
    id: 'policyEvaluate',
    method: 'POST',
    path: '/policies/{policyId}/actions/evaluate/',
    permission: 'images.manage',
    status: 201,
    summary: 'Evaluate a policy now. It changes nothing but keeps what it found.',
    params: policyParams,
    body: z.strictObject({}),
    response: policyEvaluationSchema,
  }),
  policyEvaluationList: list({
    id: 'policyEvaluationList',
    path: '/policies/{policyId}/evaluations/',
    summary: 'The evaluations of a policy that are kept, newest first.',
    params: policyParams,
    query: listQuery({ filters: {}, sorts: ['at'], includes: ['total'] }),
    response: z.array(policyEvaluationSchema),
  }),
  policyEvaluationGet: read({
    id: 'policyEvaluationGet',
    path,
    summary: 'One evaluation, with the days on which something falls due.',
    params,
    response: policyEvaluationSchema,
  }),
  policyFindingList: list({
    id: 'policyFindingList',
    path: `${path}findings/`,
    summary: 'What an evaluation says of each image, version or Role, and why.',
    params,
    query: listQuery({ filters: findingFilters, sorts: findingSorts, includes: ['total'] }),
    response: z.array(policyFindingSchema),
  }),
  policyFindingExport: read({
    id: 'policyFindingExport',
    path: `${path}findings/csv/`,
    kind: 'csv',
    summary: 'The same as CSV, whole and in its order, safe to open in a spreadsheet.',
    params,
    query: z.strictObject({ ...findingFilters, sort: sortQuery(findingSorts) }),
    response: z.string(),
  }),
  policyUndo: operation({
    id: 'policyUndo',
    confirms: true,
    method: 'POST',
    path: `${path}actions/undo/`,
    permission: 'images.manage',
    summary: 'Restore what a run has deprecated; the policy goes back to audit.',
    params,
    body: z.strictObject({}),
    response: policyEvaluationSchema,
  }),
};
