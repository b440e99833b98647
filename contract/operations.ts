import type { z } from 'zod';
import { accountOperations } from './accounts.ts';
import { apiKeyOperations } from './api-keys.ts';
import { costCenterOperations } from './cost-centers.ts';
import { environmentOperations } from './environments.ts';
import { farmRolePartOperations } from './farm-role-parts.ts';
import { farmRoleOperations } from './farm-roles.ts';
import { farmOperations } from './farms.ts';
import { imageCopyOperations } from './image-copies.ts';
import { imageOperations } from './images.ts';
import { osOperations } from './os.ts';
import { projectOperations } from './projects.ts';
import { promotionOperations } from './promotions.ts';
import { replacementOperations } from './replacements.ts';
import { roleCategoryOperations } from './role-categories.ts';
import { roleImageOperations } from './role-images.ts';
import { roleOperations } from './roles.ts';
import { scopeOperations, sessionOperations } from './scopes.ts';
import { serverOperations } from './servers.ts';
import { usageOperations } from './usage.ts';

/** Every operation by its id: the one table that server, page and specification follow. */
export const operations = {
  ...imageOperations,
  ...imageCopyOperations,
  ...promotionOperations,
  ...replacementOperations,
  ...roleOperations,
  ...roleImageOperations,
  ...roleCategoryOperations,
  ...osOperations,
  ...farmOperations,
  ...farmRoleOperations,
  ...farmRolePartOperations,
  ...serverOperations,
  ...usageOperations,
  ...accountOperations,
  ...environmentOperations,
  ...projectOperations,
  ...costCenterOperations,
  ...scopeOperations,
  ...sessionOperations,
  ...apiKeyOperations,
};

export type Operations = typeof operations;
export type OperationId = keyof Operations;

type BodyOf<Op> = Op extends { body: infer Body extends z.ZodType } ? Body : z.ZodUndefined;
type MetaOf<Op> = Op extends { meta: infer Meta extends z.ZodObject } ? Meta : z.ZodUndefined;

/** What a service gets: parsed and complete. */
export interface ServiceInput<Id extends OperationId> {
  params: z.output<Operations[Id]['params']>;
  query: z.output<Operations[Id]['query']>;
  body: z.output<BodyOf<Operations[Id]>>;
}

/** What a client sends, before parsing. */
export interface ClientInput<Id extends OperationId> {
  params: z.output<Operations[Id]['params']>;
  query: z.input<Operations[Id]['query']>;
  body: z.input<BodyOf<Operations[Id]>>;
}

/** The `data` of the answer. */
export type Data<Id extends OperationId> = z.output<Operations[Id]['response']>;
/** What the answer adds to `meta`. */
export type Meta<Id extends OperationId> = z.output<MetaOf<Operations[Id]>>;

export const apiBase = '/api/v1beta0';
