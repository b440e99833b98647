import { test } from '../fixtures.ts';

import { openLxd } from './lxd-under-test.ts';
import { goTheWay } from './way.ts';

// What a page still shows may be gone when it is read again. Each container that starts brings a network card, and
// Chromium ends what it is fetching then.
test.use({ expectedErrors: [/status of 404|ERR_NETWORK_CHANGED/] });

let cloud: Awaited<ReturnType<typeof openLxd>>;
test.beforeAll(async () => {
  cloud = await openLxd();
});
test.afterAll(() => cloud.close());

test('an LXD is connected and seen, a set imported and replaced, and the old one deleted there once nothing uses it', async ({
  page,
}) => goTheWay(page, cloud));
