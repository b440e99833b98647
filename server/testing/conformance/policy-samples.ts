import type { OperationId } from '#contract/operations.ts';
import { performInternally } from '../../perform.ts';
import { runPolicy } from '../../services/policies/run-policy.ts';
import { insertImage } from '../factories.ts';
import { randomName } from '../harness.ts';
import type { Place } from './place.ts';

type Make<Value> = (place: Place) => Promise<Value>;

/** A policy that deprecates what is not the newest of its line. @returns its id */
export async function makePolicy({ at, tenant: { corporateAdmin } }: Place): Promise<string> {
  const body = { name: randomName('policy'), kind: 'deprecate' as const, rule: { keepNewest: 1 } };
  return (await corporateAdmin.call('policyCreate', at, { body })).data.id;
}

async function evaluated(place: Place): Promise<{ policyId: string; evaluationId: string }> {
  const policyId = await makePolicy(place);
  const params = { policyId };
  const { data } = await place.tenant.corporateAdmin.call('policyEvaluate', place.at, {
    params,
    body: {},
  });
  return { policyId, evaluationId: data.id };
}

/** A policy that was carried out, on a line of its own. */
async function ran(place: Place): Promise<{ policyId: string; evaluationId: string }> {
  const { db, at, tenant } = place;
  const line = randomName('line').replaceAll(/-?[0-9]+$/g, 'x');
  await insertImage(db, at, { name: `${line}-1` });
  await insertImage(db, at, { name: `${line}-2` });
  const { policyId, evaluationId } = await evaluated(place);
  const params = { policyId };
  const body = { evaluation: evaluationId };
  await tenant.corporateAdmin.call('policyEnforce', at, { params, body });
  // This one alone: others of the scope would deprecate the same.
  const caller = { kind: 'system', name: 'system:policies' } as const;
  await performInternally(db, { caller, operation: 'policyRun', scope: at }, (ctx) =>
    runPolicy(ctx, policyId),
  );
  const { data } = await tenant.corporateAdmin.call('policyGet', at, { params });
  return { policyId, evaluationId: data.lastRun?.id ?? '' };
}

/** Policies in the state that an operation needs. */
export const policiesInState: Partial<Record<OperationId, Make<Record<string, string>>>> = {
  policyList: async (place) => {
    await makePolicy(place);
    return {};
  },
  policyEnforce: async (place) => {
    const { policyId } = await evaluated(place);
    return { policyId };
  },
  policyAudit: async (place) => {
    const params = await evaluated(place);
    const body = { evaluation: params.evaluationId };
    await place.tenant.corporateAdmin.call('policyEnforce', place.at, { params, body });
    return { policyId: params.policyId };
  },
  policyEvaluationList: async (place) => {
    const { policyId } = await evaluated(place);
    return { policyId };
  },
  policyEvaluationGet: evaluated,
  policyFindingList: async (place) => {
    await insertImage(place.db, place.at);
    return evaluated(place);
  },
  policyFindingExport: evaluated,
  policyUndo: ran,
};

/** The latest evaluation of a policy, as `policyEnforce` names it. */
export async function enforceBody(
  { at, tenant: { corporateAdmin } }: Place,
  params: Record<string, string | number>,
) {
  const policyId = String(params['policyId']);
  const { data } = await corporateAdmin.call('policyGet', at, { params: { policyId } });
  return { evaluation: data.evaluation?.id ?? '' };
}
