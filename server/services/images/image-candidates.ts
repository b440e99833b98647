import type { ImageCandidate } from '#contract/images/image-candidates.ts';
import { ApiError } from '#contract/errors.ts';
import { planCandidateList } from '../../database/queries/images/image-candidates.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { fetchSystems } from '../../database/queries/roles/os.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { findVisibleRole, type RoleRow } from '../../database/queries/roles/roles.ts';
import { findCandidateRefusal, isFittingSystem } from '../../domain/images/image-candidates.ts';
import { lineOf } from '../../domain/images/lines.ts';
import { scopeOf } from '../../domain/scopes.ts';
import { getVisibleImage } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { toImage } from '../present.ts';

/** What may replace an image: docs/domain.md, "What may replace an image". */
export const imageCandidateHandlers = {
  imageCandidates: async (ctx, { params, query }) => {
    const old = await getVisibleImage(ctx, params.imageId);
    const role = query.roleId === undefined ? undefined : await getTargetRole(ctx, query.roleId);
    const sort = query.sort ?? '-added';
    const plan = planCandidateList(
      ctx.scope,
      {
        old,
        line: lineOf(old.name),
        at: ctx.scope,
        osIds: await findFittingSystems(ctx, old, role),
        role: role && { scope: scopeOf(role), use_scalr_agent: role.use_scalr_agent },
      },
      { query: query.query, valid: query.valid, oldestFirst: sort === 'added' },
    );
    const of = ['imageCandidates', ctx.scope, old.id];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    const rows = await fetchImages(ctx.tx, ids, ctx.scope);
    return { data: rows.map((row) => toCandidate(ctx, old, row, role)), page };
  },
} satisfies SomeHandlers;

async function getTargetRole(ctx: Context, id: number): Promise<RoleRow> {
  const role = await findVisibleRole(ctx.tx, ctx.scope, id);
  if (!role)
    throw new ApiError('ObjectNotFound', `No role has the id ${id} here.`, { field: 'roleId' });
  return role;
}

/** The systems that may stand in for the old image's and the role's, by the rule of the domain. */
async function findFittingSystems(
  ctx: Context,
  old: ImageRow,
  role: RoleRow | undefined,
): Promise<string[]> {
  const systems = await fetchSystems(ctx.tx);
  return systems.filter((os) => isFittingSystem(os, old, role)).map((os) => os.id);
}

function toCandidate(
  ctx: Context,
  old: ImageRow,
  row: ImageRow,
  role: RoleRow | undefined,
): ImageCandidate {
  const refusal = findCandidateRefusal(old, row, ctx.scope, role);
  const image = toImage(row);
  return {
    id: image.id,
    name: image.name,
    scope: image.scope,
    accountId: image.accountId,
    envId: image.envId,
    accountName: image.accountName,
    envName: image.envName,
    cloudPlatform: image.cloudPlatform,
    cloudLocation: image.cloudLocation,
    cloudImageId: image.cloudImageId,
    os: image.os,
    osName: image.osName,
    architecture: image.architecture,
    status: image.status,
    deprecated: image.deprecated,
    added: image.added,
    sameLine: row.os_id === old.os_id && lineOf(row.name) === lineOf(old.name),
    valid: refusal === undefined,
    code: refusal?.code ?? null,
    reason: refusal?.reason ?? null,
  };
}
