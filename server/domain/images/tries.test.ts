import { describe, expect, it } from 'vitest';

import {
  findChoiceRefusal,
  findOtherPlaceRefusal,
  findPlaceToTryRefusal,
  findTakenPlaceRefusal,
  planTriedImage,
} from './tries.ts';

const image = { id: 'a', name: 'web-1', cloud_platform: 'ec2', cloud_location: 'us-east-1' };
const elsewhere = { ...image, id: 'b', cloud_location: 'eu-west-1' };

describe('a try', () => {
  it('is made in an environment', () => {
    expect(findPlaceToTryRefusal(image, { scope: 'environment' })).toBeUndefined();
    for (const scope of ['scalr', 'account'] as const)
      expect(findPlaceToTryRefusal(image, { scope })?.code).toBe('ScopeViolation');
  });

  it('names a role and a farm, each there or new, and not both', () => {
    const [role, newRole, farm, newFarm] = [1, {}, 1, {}];
    for (const body of [
      { role, farm },
      { role, newFarm },
      { newRole, farm },
      { newRole, newFarm },
    ])
      expect(findChoiceRefusal(body)).toBeUndefined();
    expect(findChoiceRefusal({ farm })?.field).toBe('role');
    expect(findChoiceRefusal({ role })?.field).toBe('farm');
    expect(findChoiceRefusal({ role, newRole, farm })?.field).toBe('role');
    expect(findChoiceRefusal({ role, farm, newFarm })?.field).toBe('farm');
  });

  it('a role that has another image in that place is not used', () => {
    const role = { name: 'web' };
    const other = { ...image, id: 'c', name: 'web-0' };
    expect(findTakenPlaceRefusal(role, image, [image, elsewhere])).toBeUndefined();
    expect(findTakenPlaceRefusal(role, image, [other])?.reason).toContain('"web-0"');
  });

  it('runs where the image is, and anywhere where one image serves all places', () => {
    const everywhere = { ...image, cloud_platform: 'gce', cloud_location: '' };
    expect(findOtherPlaceRefusal(image, undefined)).toBeUndefined();
    expect(findOtherPlaceRefusal(image, 'us-east-1')).toBeUndefined();
    expect(findOtherPlaceRefusal(image, 'eu-west-1')?.field).toBe('cloudLocation');
    expect(findOtherPlaceRefusal(everywhere, 'europe-west4')).toBeUndefined();
  });

  it('of a set is of the image that is named, or of the only one that may enter a role', () => {
    const set = { name: 'web-1' };
    const all = [image, elsewhere];
    expect(planTriedImage(set, 'b', { all, usable: all })).toBe(elsewhere);
    expect(planTriedImage(set, undefined, { all, usable: [elsewhere] })).toBe(elsewhere);
    // Where none may, the first says why.
    expect(planTriedImage(set, undefined, { all, usable: [] })).toBe(image);
    expect(planTriedImage(set, undefined, { all, usable: all })).toMatchObject({ field: 'image' });
    expect(planTriedImage(set, 'z', { all, usable: all })).toMatchObject({ field: 'image.id' });
  });
});
