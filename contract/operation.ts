import { z } from 'zod';
import type { Permission } from './permissions.ts';
import type { Level } from './scope.ts';

/**
 * One row of the contract: everything that the server, the page and the published specification need
 * to know of an operation. `response` is the `data` of the envelope.
 */
export interface OperationSpec {
  /** Noun then verb. */
  id: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the level's base path; always ends in a slash. */
  path: `/${string}/`;
  /** The trees that have it; `self` operations belong to the signed-in user. */
  levels: readonly (Level | 'self')[];
  /** What the user must hold at the request's scope; `none` is for signing in. */
  permission: Permission | 'signed-in' | 'none';
  summary: string;
  params: z.ZodObject;
  query: z.ZodObject;
  body?: z.ZodType;
  response: z.ZodType;
  /** Members that the answer adds to the envelope's `meta`. */
  meta?: z.ZodObject;
  /** Lists answer with `pagination`; `csv` streams text. */
  kind: 'object' | 'list' | 'csv';
  status: 200 | 201 | 202;
  /** It may answer 202 as well: what was asked for is decided, and a loop carries it out. */
  mayBeLater?: boolean;
  /** It keeps something, a plan, although the right to view is enough: so it takes the lock as changes do. */
  keeps?: boolean;
  /** It writes to the scope above its own, and so takes that scope's lock. */
  writesAbove?: boolean;
  /** It changes something of the signed-in user's own that the operations log keeps, at Corporate scope. */
  recorded?: boolean;
  /** With `Accept: text/plain`, this member is all that is answered; the answer has an entity tag. */
  plain?: string;
  /** It wants a fresh sign-in, of whoever is signed in: docs/domain.md, "Confirm again". */
  confirms?: boolean;
  /** Its answer holds a secret, which is kept for nobody to repeat. */
  secret?: boolean;
  /** Its body holds a password, of which not even a hash is kept to tell a repeat: passwords can be guessed. */
  holdsPassword?: boolean;
}

type Defaults = 'levels' | 'params' | 'query' | 'kind' | 'status';

const noParams = z.object({});
const noQuery = z.strictObject({});
const allLevels = ['global', 'account', 'user'] as const;

interface Filled {
  levels: typeof allLevels;
  params: typeof noParams;
  query: typeof noQuery;
  kind: 'object';
  status: 200;
}

/** Writes an operation down; what is left out is: all levels, no parameters, an object, 200. */
export function operation<
  const Spec extends Omit<OperationSpec, Defaults> & Partial<Pick<OperationSpec, Defaults>>,
>(spec: Spec): Omit<Filled, keyof Spec> & Spec {
  return {
    levels: allLevels,
    params: noParams,
    query: noQuery,
    kind: 'object',
    status: 200,
    ...spec,
  } as Omit<Filled, keyof Spec> & Spec;
}

type ReadSpec = Omit<OperationSpec, Defaults | 'method' | 'permission'> &
  Partial<Pick<OperationSpec, Exclude<Defaults, 'kind'>>>;

/** Writes down a read of one thing, for whoever may view. */
export function read<const Spec extends ReadSpec>(spec: Spec) {
  return operation({ method: 'GET', permission: 'view', ...spec });
}

/** Writes down a read of a list, for whoever may view. */
export function list<const Spec extends ReadSpec>(spec: Spec) {
  return read({ kind: 'list', ...spec });
}
