import { ApiError, type Blocker } from '#contract/errors.ts';
import type { Project } from '#contract/organisation/projects.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  billingListPlan,
  deleteProjectRow,
  fetchChargedFarms,
  fetchProjects,
  findVisibleProject,
  isProjectNameTaken,
  insertProject,
  type ProjectRow,
  updateProject,
} from '../../database/queries/organisation/projects.ts';
import { planUpdate } from '../../domain/organisation.ts';
import { demandCostCenter, demandOwn, refuseOtherScope } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { listedBlockers } from '../farms/farm-role-blockers.ts';

/** What farms are charged to: docs/domain.md, "Projects and cost centers". */
export const projectHandlers = {
  projectList: async (ctx, { query }) => {
    const sort = query.sort ?? 'added';
    const plan = billingListPlan('projects', ctx.scope, query, sort);
    const of = ['projectList', ctx.scope];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    return { data: (await fetchProjects(ctx.tx, ids)).map(toProject), page };
  },

  projectGet: async (ctx, { params }) => ({
    data: toProject(await getProject(ctx, params.projectId)),
  }),

  projectCreate: async (ctx, { body }) => {
    refuseOtherScope(ctx, body.scope);
    await demandFreeName(ctx, body.name);
    await demandCostCenter(ctx, body.costCenter.id);
    const row = await insertProject(ctx.tx, {
      ...placeColumns(ctx.scope),
      name: body.name,
      cost_center_id: body.costCenter.id,
      billing_code: body.billingCode,
      lead_email: body.leadEmail,
      description: body.description ?? '',
      created_by: ctx.actor,
      added_at: ctx.now,
    });
    ctx.record({ kind: 'project', after: toProject(row) });
    return { data: toProject(row) };
  },

  projectUpdate: async (ctx, { params, body }) => {
    refuseOtherScope(ctx, body.scope);
    const row = await getOwnProject(ctx, params.projectId);
    const { name, description, billing_code, lead_email } = row;
    const changes = planUpdate(
      { name, description, billing_code, lead_email },
      {
        name: body.name,
        description: body.description,
        billing_code: body.billingCode,
        lead_email: body.leadEmail,
      },
    );
    if (!changes) return { data: toProject(row) };
    if (changes.name !== undefined) await demandFreeName(ctx, changes.name, row.id);
    const after = toProject(await updateProject(ctx.tx, row.id, changes));
    ctx.record({ kind: 'project', before: toProject(row), after });
    return { data: after };
  },

  projectDelete: async (ctx, { params }) => {
    const row = await getOwnProject(ctx, params.projectId);
    await refuseIfCharged(ctx, row);
    await deleteProjectRow(ctx.tx, row.id);
    ctx.record({ kind: 'project', before: toProject(row) });
    return { data: null };
  },
} satisfies SomeHandlers;

/** @throws ApiError InvalidValue when a body names a project that the request's scope does not see */
export async function demandProject(ctx: Context, id: string): Promise<void> {
  if (await findVisibleProject(ctx.tx, ctx.scope, id)) return;
  throw new ApiError(
    'InvalidValue',
    `No project has the id ${id} here. projects/ lists those that farms here can be charged to.`,
    { field: 'project.id' },
  );
}

async function getProject(ctx: Context, id: string): Promise<ProjectRow> {
  const row = await findVisibleProject(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No project has the id ${id} here. It may have been deleted, or it belongs to another scope.`,
  );
}

/** @throws ApiError ObjectNotFound, ScopeViolation, PreconditionFailed */
async function getOwnProject(ctx: Context, id: string): Promise<ProjectRow> {
  const row = await getProject(ctx, id);
  demandOwn(ctx, row, `Project "${row.name}"`);
  ctx.expectVersion(row.version);
  return row;
}

async function demandFreeName(ctx: Context, name: string, ownId?: string): Promise<void> {
  if (!(await isProjectNameTaken(ctx.tx, ctx.scope, name, ownId))) return;
  throw new ApiError(
    'UnicityViolation',
    `There is already a project named "${name}" that farms here can be charged to. Use that one, or choose another name.`,
    { field: 'name' },
  );
}

/** @throws ApiError ObjectInUse with the farms that are charged to the project */
async function refuseIfCharged(ctx: Context, project: ProjectRow): Promise<void> {
  const farms = await fetchChargedFarms(ctx.tx, project.id, listedBlockers);
  const total = farms[0]?.total ?? 0;
  if (total === 0) return;
  const seen = farms.filter(({ account_id: accountId, environment_id: environmentId }) =>
    ctx.can('view', { scope: 'environment', accountId, environmentId }),
  );
  const blockers: Blocker[] = seen.map(({ id, name, account_id, environment_id }) => ({
    type: 'farm',
    id,
    name,
    accountId: account_id,
    environmentId: environment_id,
  }));
  if (total > seen.length) blockers.push({ type: 'hidden', count: total - seen.length });
  throw new ApiError(
    'ObjectInUse',
    `${total === 1 ? 'A farm is' : `${total} farms are`} charged to project "${project.name}". Give ${total === 1 ? 'it' : 'them'} another project first.`,
    { blockers },
  );
}

function toProject(row: ProjectRow): Project {
  return {
    id: row.id,
    name: row.name,
    costCenter: { id: row.cost_center_id },
    billingCode: row.billing_code,
    leadEmail: row.lead_email,
    description: row.description,
    scope: row.scope,
    accountId: row.account_id,
    envId: row.environment_id,
    added: row.added_at.toISOString(),
    createdBy: row.created_by,
    version: row.version,
  };
}
