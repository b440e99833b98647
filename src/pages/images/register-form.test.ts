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

  it('asks to confirm what looks unusual', () => {
    const odd = { ...empty, cloudLocation: 'mars-1', cloudImageId: 'not an ami!!' };
    expect(problemsOf(odd)).toHaveProperty('confirmed');
    expect(problemsOf({ ...odd, confirmed: true })).not.toHaveProperty('confirmed');
    const usual = { ...empty, cloudLocation: 'us-east-1', cloudImageId: 'ami-0f13a2b4' };
    expect(problemsOf(usual)).not.toHaveProperty('confirmed');
  });

  it('needs no location on a cloud whose images serve all of them', () => {
    expect(problemsOf({ ...empty, cloudPlatform: 'gce' })).not.toHaveProperty('cloudLocation');
  });
});
