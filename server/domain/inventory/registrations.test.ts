import { expect, test } from 'vitest';
import {
  type FoundForCatalogue,
  planFoundRegistration,
  type RegistrationWish,
} from './registrations.ts';

const found: FoundForCatalogue = {
  name: 'web 1.2',
  cloud_image_id: 'ami-1',
  architecture: 'arm64',
  state: 'available',
  registered_as: null,
};

test.each<[string, Partial<FoundForCatalogue>, RegistrationWish, object]>([
  ['what its cloud says', {}, {}, { name: 'web-1-2', architecture: 'aarch64' }],
  [
    'the name that is given for what is proposed',
    {},
    { names: [{ proposed: 'web-1-2', name: 'web-7' }] },
    { name: 'web-7' },
  ],
  [
    'no name that is given for others',
    {},
    { names: [{ proposed: 'other', name: 'web-7' }] },
    { name: 'web-1-2' },
  ],
  [
    'its own architecture, whatever is said of all',
    {},
    { architecture: 'x86_64' },
    { architecture: 'aarch64' },
  ],
  [
    'the architecture that is said, where the cloud says none',
    { architecture: null },
    { architecture: 'x86_64' },
    { architecture: 'x86_64' },
  ],
])('a found image is registered with %s', (_, own, wish, planned) => {
  expect(planFoundRegistration({ ...found, ...own }, wish)).toMatchObject(planned);
});

test.each<[string, Partial<FoundForCatalogue>, string]>([
  ['that is registered', { registered_as: 'base' }, 'UnicityViolation'],
  ['that is missing', { state: 'missing' }, 'UnacceptableImageStatus'],
  ['that is disabled', { state: 'disabled' }, 'UnacceptableImageStatus'],
  ['without an architecture', { architecture: 'vax' }, 'InvalidStructure'],
])('a found image %s is not registered', (_, own, code) => {
  expect(planFoundRegistration({ ...found, ...own }, {})).toMatchObject({ code });
});
