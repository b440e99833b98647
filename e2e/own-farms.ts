import type { Page } from '@playwright/test';

import {
  createEnvironment,
  createRoleWith,
  post,
  registerImage,
  uniqueName,
} from './own-objects.ts';

export interface OwnFarm {
  at: { scope: 'environment'; environmentId: number };
  accountId: number;
  envId: number;
  farmId: number;
  farmRoleId: number;
  name: string;
  /** The name of its farm role. */
  alias: string;
  /** The name of the Role that it runs. */
  role: string;
  image: string;
}

interface Scaling {
  minInstances: number;
  maxInstances: number;
}

/** A farm in an environment of the test's own, with one farm role; `isLaunched` with its servers. */
export async function createFarm(
  page: Page,
  scaling: Scaling = { minInstances: 2, maxInstances: 4 },
  isLaunched = true,
): Promise<OwnFarm> {
  const { accountId, envId } = await createEnvironment(page);
  const image = await registerImage(page, envId);
  const role = await createRoleWith(page, envId, image.id);
  const name = uniqueName('farm');
  const farm = await post(page, `user/${envId}/farms/`, { name });
  const farmId = Number(farm['id']);
  const { data } = (await (
    await page.request.get(`/api/v1beta0/user/${envId}/roles/?name=${role}`)
  ).json()) as { data: { id: number }[] };
  const farmRole = await post(page, `user/${envId}/farms/${farmId}/farm-roles/`, {
    alias: 'web',
    role: { id: data[0]?.id },
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    scaling,
  });
  if (isLaunched) await post(page, `user/${envId}/farms/${farmId}/actions/launch/`, {});
  return {
    at: { scope: 'environment', environmentId: envId },
    accountId,
    envId,
    farmId,
    farmRoleId: Number(farmRole['id']),
    name,
    alias: 'web',
    role,
    image: image.name,
  };
}
