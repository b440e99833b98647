import { test } from '../fixtures.ts';

import { openEc2 } from './ec2-under-test.ts';
import { goTheWay } from './way.ts';

// What a page still shows may be gone when it is read again.
test.use({ expectedErrors: [/status of 404/] });

let cloud: Awaited<ReturnType<typeof openEc2>>;
test.beforeAll(async () => {
  cloud = await openEc2(process.env.SLIPWAY_MOTO_URL ?? '');
});
test.afterAll(() => cloud.close());

test('an account of AWS is connected and seen, a set imported and replaced, and the old one deleted there once nothing uses it', async ({
  page,
}) => goTheWay(page, cloud));
