import { expect, test } from 'vitest';

import { noteGone, wasTakenAway } from './gone.ts';

test('what was taken away is known by each parameter that named it, and nothing else is', () => {
  noteGone({ imageId: 'a' });
  noteGone({ roleId: 7 });
  expect(wasTakenAway({ environmentId: '1', imageId: 'a' })).toBe(true);
  expect(wasTakenAway({ roleId: '7' })).toBe(true);
  expect(wasTakenAway({ farmId: '7' })).toBe(false);
  expect(wasTakenAway({ imageId: 'b' })).toBe(false);
  expect(wasTakenAway({})).toBe(false);
});
