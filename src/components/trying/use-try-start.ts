import { useQuery } from '@tanstack/react-query';
import type { Image } from '#contract/images/images.ts';

import { farmListQuery } from '../../api/farms.ts';
import { roleCategoryListQuery } from '../../api/role-categories.ts';
import { roleListQuery } from '../../api/roles.ts';
import { sessionQuery } from '../../api/session.ts';
import type { PathScope } from '../../util/paths.ts';

import type { TryValues } from './try-form.ts';

/** What is tried: one image, or a version of it. */
export type Tried = { image: string } | { imageSet: string };

const one = { maxResults: 1, cursor: 'start' };

/**
 * What the form starts with: names to go by, or the role and the farm that the user tries it with already.
 * @returns undefined until that is known
 */
export function useTryStart(
  at: PathScope,
  { name, of, images }: { name: string; of: Tried; images: readonly Image[] | undefined },
): TryValues | undefined {
  const role = useQuery(
    roleListQuery(at, { ...one, ...of, scope: 'environment', deprecated: false }),
  );
  const me = useQuery(sessionQuery).data?.user.id;
  // Nothing of others is proposed: who tries it again does so in the farm of their own.
  const mine = { ...one, ...of, status: 'running' as const, owner: String(me) };
  const farm = useQuery({ ...farmListQuery(at, mine), enabled: me !== undefined });
  const category = useQuery(roleCategoryListQuery(at, { ...one, sort: 'id' }));
  const asked = [role, farm, category];
  if (images === undefined || asked.some(({ isPending }) => isPending)) return undefined;
  const [ownRole] = role.data?.data ?? [];
  const [ownFarm] = farm.data?.data ?? [];
  const usable = images.find((image) => !image.deprecated && image.status === 'active');
  const trial = name.slice(0, 95);
  return {
    imageId: usable?.id ?? '',
    role: ownRole === undefined || ownFarm === undefined ? 'new' : 'there',
    roleName: `${trial}-test`,
    categoryId: String(category.data?.data[0]?.id ?? ''),
    roleId: String(ownRole?.id ?? ''),
    farm: ownFarm === undefined ? 'new' : 'there',
    farmName: `Test of ${trial.slice(0, 90)}`,
    farmId: String(ownFarm?.id ?? ''),
    region: '',
    instanceType: '',
  };
}
