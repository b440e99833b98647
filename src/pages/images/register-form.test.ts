import { describe, expect, it } from 'vitest';

import { initialValues, problemsOf } from './register-form.ts';

const empty = initialValues(undefined);

describe('an empty registration', () => {
  it('says of every field that is wanted what is missing, where the image is among them', () => {
    expect(Object.keys(problemsOf(empty)).toSorted()).toEqual([
      'cloudImageId',
      'cloudLocation',
      'name',
      'osId',
    ]);
  });

  it('needs no location on a cloud whose images serve all of them', () => {
    expect(problemsOf({ ...empty, cloudPlatform: 'gce' })).not.toHaveProperty('cloudLocation');
  });
});
