import type { Page } from '@playwright/test';

import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createEnvironment, openAsNew, post, registerImage, uniqueName } from './own-objects.ts';
import type { OwnImage } from './own-objects.ts';
import { expirePlan } from '../server/testing/expired-plan.ts';

const places = ['us-east-1', 'eu-west-1', 'ap-southeast-2'] as const;
/** Where the new version is missing. */
const hole = 'ap-southeast-2';

interface Role {
  id: number;
  name: string;
}

/** What each role has in each place: `role place: image id`, sorted. */
async function roleImages(page: Page, envId: number, roles: readonly Role[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { id, name } of roles) {
    const answer = await page.request.get(`/api/v1beta0/user/${envId}/roles/${id}/images/`);
    const { data } = (await answer.json()) as {
      data: { image: { id: string; cloudLocation?: string } }[];
    };
    lines.push(...data.map(({ image }) => `${name}: ${image.id}`));
  }
  return lines.toSorted((a, b) => a.localeCompare(b));
}

async function createRole(page: Page, envId: number, images: readonly OwnImage[]): Promise<Role> {
  const role = await post(page, `user/${envId}/roles/`, {
    name: uniqueName('role'),
    os: { id: 'ubuntu-24-04' },
    category: { id: 1 },
    useScalrAgent: false,
  });
  for (const { id } of images)
    await post(page, `user/${envId}/roles/${String(role['id'])}/images/`, { image: { id } });
  return { id: Number(role['id']), name: String(role['name']) };
}

/** Two versions of a line: the old one in three places and two roles, the new one with a hole; and a farm. */
async function createLine(page: Page) {
  const { accountId, envId, accountName } = await createEnvironment(page);
  const line = uniqueName('line');
  const [older, newer] = [`${line}-1`, `${line}-2`];
  const old: OwnImage[] = [];
  for (const cloudLocation of places)
    old.push(await registerImage(page, envId, { name: older, cloudLocation }));
  for (const cloudLocation of places.filter((place) => place !== hole))
    await registerImage(page, envId, { name: newer, cloudLocation });
  const roles = [
    await createRole(page, envId, old),
    await createRole(page, envId, old.slice(0, 1)),
  ];
  const farm = await post(page, `user/${envId}/farms/`, { name: uniqueName('farm') });
  await post(page, `user/${envId}/farms/${String(farm['id'])}/farm-roles/`, {
    alias: 'web',
    role: { id: roles[0]?.id },
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    instanceType: 'm7g.large',
    scaling: { enabled: true, minInstances: 1, maxInstances: 2 },
  });
  const set = await setOf(page, envId, older);
  return {
    accountId,
    accountName,
    envId,
    older,
    newer,
    old,
    roles,
    set,
    farm: String(farm['name']),
  };
}

type Line = Awaited<ReturnType<typeof createLine>>;

async function setOf(page: Page, envId: number, name: string): Promise<number> {
  const answer = await page.request.get(`/api/v1beta0/user/${envId}/image-sets/?name=${name}`);
  const { data } = (await answer.json()) as { data: { id: number }[] };
  expect(data).toHaveLength(1);
  return data[0]?.id ?? 0;
}

/** Plans the replacement through the API. @returns its address */
async function plan(page: Page, { envId, set, newer }: Line, more: object = {}) {
  const newSet = await setOf(page, envId, newer);
  const { id } = await post(page, `user/${envId}/replacements/`, {
    oldImageSet: { id: set },
    newImageSet: { id: newSet },
    ...more,
  });
  return { id: String(id), path: `/environments/${envId}/replacements/${String(id)}` };
}

const byPlace = (page: Page) => page.getByRole('table', { name: 'Place by place' });
const changed = (page: Page) => page.getByRole('table', { name: 'Roles that changed' });

test('a version is replaced in all its places in five clicks at most, one place is rolled back, then the rest, and every role is as it was', async ({
  page,
}) => {
  const line = await createLine(page);
  const { envId, older, newer, roles, farm } = line;
  const before = await roleImages(page, envId, roles);
  await page.goto(`/environments/${envId}/images?scope=environment`);
  await page.getByRole('link', { name: older, exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: older })).toBeVisible();

  await page.evaluate(() => {
    document.addEventListener('click', () => {
      const count = Number(sessionStorage.getItem('clicks')) + 1;
      sessionStorage.setItem('clicks', String(count));
    });
  });
  await page.getByRole('button', { name: 'Replace', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Replace ${older}` });
  await expect(dialog.getByRole('combobox', { name: 'New version' })).toHaveValue(newer);
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: 'Plan', exact: true }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Replace ${older} by ${newer}`);
  await expect(page.getByText('2 roles change, in 2 places.', { exact: false })).toBeVisible();
  const missing = byPlace(page).getByRole('row').filter({ hasText: hole });
  await expect(missing).toContainText('No new image here: 1 role keep');
  const farms = page.getByRole('table', { name: 'Farms that start on the new images' });
  await expect(farms.getByRole('link', { name: farm })).toBeVisible();
  await expect(page.getByRole('table', { name: 'By environment and owner' })).toBeVisible();
  expect(await roleImages(page, envId, roles), 'planning changes nothing').toEqual(before);

  await page.getByRole('button', { name: 'Apply: replace in 2 roles' }).click();
  await expect(page.getByText('Replaced in 2 roles.', { exact: false })).toBeVisible();
  const clicks = await page.evaluate(() => Number(sessionStorage.getItem('clicks')));
  expect(clicks).toBeGreaterThan(0);
  expect(clicks).toBeLessThanOrEqual(5);
  expect(await roleImages(page, envId, roles)).not.toEqual(before);

  const remains = changed(page).getByRole('row');
  await expect(remains.filter({ hasText: roles[0]?.name ?? '' })).toContainText(
    'has the new image',
  );
  await expect(byPlace(page)).toContainText('Ready to delete');

  await byPlace(page)
    .getByRole('row')
    .filter({ hasText: 'eu-west-1' })
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: 'Roll back 1 place' }).click();
  const back = page.getByRole('dialog', { name: `Put ${older} back?` });
  await expect(back.getByText('1 role image goes back')).toBeVisible();
  await back.getByRole('button', { name: 'Roll back 1 role image' }).click();
  await expect(back).toBeHidden();
  await expect(page.getByText('Partly rolled back')).toBeVisible();
  await expect(changed(page)).toContainText('has the old image back');

  await page.getByRole('button', { name: 'Roll back', exact: true }).click();
  await back.getByRole('button', { name: 'Roll back 2 role images' }).click();
  await expect(page.getByText(/^Replaced .*, then rolled back$/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Rolled back' }).getByRole('listitem')).toHaveCount(
    2,
  );
  expect(await roleImages(page, envId, roles)).toEqual(before);
});

test('planning, applying and rolling back go by keyboard alone', async ({ page }) => {
  const line = await createLine(page);
  const { envId, older, newer, roles, set } = line;
  const before = await roleImages(page, envId, roles);
  await page.goto(`/environments/${envId}/image-sets/${set}`);
  await page.getByRole('button', { name: 'Replace', exact: true }).press('Enter');
  const dialog = page.getByRole('dialog', { name: `Replace ${older}` });
  const picker = dialog.getByRole('combobox', { name: 'New version' });
  await expect(picker).toHaveValue(newer);
  await dialog.getByRole('checkbox', { name: 'Deprecate the old images' }).press('Space');
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).press('a');
  await dialog.getByRole('button', { name: 'Plan', exact: true }).press('Enter');
  await page
    .getByRole('button', { name: 'Apply: replace in 2 roles, deprecate 2 images' })
    .press('Enter');
  await expect(page.getByText('Replaced in 2 roles.', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Roll back', exact: true }).press('Enter');
  const back = page.getByRole('dialog', { name: `Put ${older} back?` });
  await expect(back.getByText(/deprecated 2 images; that is taken back too/)).toBeVisible();
  const confirm = back.getByRole('button', { name: 'Roll back 3 role images' });
  await expect(confirm).toBeVisible();
  await confirm.press('Enter');
  await expect(page.getByText(/^Replaced .*, then rolled back$/)).toBeVisible();
  expect(await roleImages(page, envId, roles)).toEqual(before);
});

test('pairs of a plan are changed by hand: left out, chosen, and paired by place again', async ({
  page,
}) => {
  const line = await createLine(page);
  const other = await registerImage(page, line.envId, { cloudLocation: hole });
  const { path } = await plan(page, line);
  await page.goto(path);
  const act = async (place: string, action: string) => {
    const row = byPlace(page).getByRole('row').filter({ hasText: place });
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: action }).click();
    return row;
  };
  const left = await act('eu-west-1', 'Leave it out');
  await expect(left).toContainText('Left out: 1 role keep');
  await act('eu-west-1', 'Pair it by place again');
  await expect(left).toContainText('Changes');

  const filled = await act(hole, 'Choose a new image');
  const dialog = page.getByRole('dialog', { name: 'Choose the new image by hand' });
  await dialog.getByRole('combobox').fill(other.name);
  await dialog.getByRole('option').filter({ hasText: other.name }).click();
  await dialog.getByRole('button', { name: `Use ${other.name} all the same` }).press('Enter');
  await expect(dialog).toBeHidden();
  await expect(filled).toContainText('by hand');
  await expect(page.getByText('2 roles change, in 3 places.', { exact: false })).toBeVisible();
});

/** Everything that can be wished for, and a place that is left out by hand. */
const wishes = (line: Line) => ({
  pairs: [{ oldImage: { id: line.old[1]?.id }, newImage: null }],
  deprecateOldImage: true,
  scope: ['environment'],
  onIncompatible: 'skip',
  allowArchitectureChange: true,
  otherRegistrations: true,
  reason: 'Kernel update',
});

/** The plan on the page is to do what `wishes` says. */
async function expectWished(page: Page): Promise<void> {
  await expect(
    page.getByRole('button', { name: 'Apply: replace in 2 roles, deprecate 1 image' }),
  ).toBeVisible();
  const facts = page.getByRole('region', { name: 'What is planned' });
  for (const fact of ['the old images', 'stays as it is', 'are taken along', 'Kernel update'])
    await expect(facts.getByText(fact, { exact: true })).toBeVisible();
  const row = (place: string) => byPlace(page).getByRole('row').filter({ hasText: place });
  await expect(row('eu-west-1')).toContainText('Left out: 1 role keep');
  await expect(row(hole)).toContainText('No new image here: 1 role keep');
}

test('the options of a plan show the reach that it has, where nobody chose one as well', async ({
  page,
}) => {
  const { accountId, envId } = await createEnvironment(page);
  const promoted: string[] = [];
  for (const name of ['reach-1', 'reach-2']) {
    const { id } = await registerImage(page, envId, { name });
    await post(page, `user/${envId}/images/${id}/actions/promote/`, {});
    promoted.push(id);
  }
  const [oldImage, newImage] = promoted;
  const { id } = await post(page, `account/${accountId}/replacements/`, {
    oldImage: { id: oldImage },
    newImage: { id: newImage },
  });
  await page.goto(`/accounts/${accountId}/replacements/${String(id)}?dialog=options`);
  const dialog = page.getByRole('dialog', { name: 'Change the plan' });
  await expect(dialog.getByRole('radio', { name: 'Roles of this account only' })).toBeChecked();
});

test('a plan that is given up says so, and is planned anew as it was wished for', async ({
  page,
}) => {
  const line = await createLine(page);
  const { id, path } = await plan(page, line, wishes(line));
  await page.goto(path);
  await expectWished(page);
  await page.getByRole('button', { name: 'Cancel plan' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel plan' }).click();
  await expect(page.getByText(/^Given up .* Nothing was changed\.$/)).toBeVisible();
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await page.getByRole('button', { name: 'Plan anew' }).click();
  expect((await sent).postDataJSON()).toMatchObject(wishes(line));
  await expect(page).not.toHaveURL(new RegExp(id));
  await expectWished(page);
});

test('a plan that is older than a day says so, and is planned anew as it was wished for', async ({
  page,
  browser,
}) => {
  const line = await createLine(page);
  const { id, path } = await plan(page, line, wishes(line));
  await expirePlan(process.env.SLIPWAY_E2E_DATA ?? '', id);
  await page.goto(path);
  await expect(page.getByText(/older than a day, so it expired\. Plan it anew/)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Apply/ })).toHaveCount(0);
  await expect(byPlace(page)).toContainText('Left out: 1 role keep');
  await checkAccessibility(page);

  // Who may not change it makes one of their own.
  const theirs = await openAsNew(browser, 'viewer', `account:${line.accountName}`);
  await theirs.goto(path);
  await theirs.getByRole('button', { name: 'Plan anew' }).click();
  await expect(theirs).not.toHaveURL(new RegExp(id));
  await expect(theirs.getByRole('list', { name: 'Who can apply it' })).toBeVisible();
  await expect(theirs.getByText('Kernel update', { exact: true })).toBeVisible();
  await theirs.context().close();

  await page.getByRole('button', { name: 'Plan anew' }).click();
  await expectWished(page);
  await expect(page).toHaveURL(new RegExp(id));
});

test.describe('a plan that has changed since', () => {
  test.use({ expectedErrors: [/409/] });

  test('says at Apply what changed, and then applies what it shows', async ({ page }) => {
    const line = await createLine(page);
    const { path } = await plan(page, line);
    await page.goto(path);
    const apply = page.getByRole('button', { name: /^Apply: replace in/ });
    await expect(apply).toHaveText('Apply: replace in 2 roles');
    const late = await createRole(page, line.envId, line.old.slice(0, 1));
    await apply.click();
    const news = page.getByRole('alert');
    await expect(news).toContainText(`New: role ${late.name} changes`);
    await checkAccessibility(page);

    await page.reload();
    await expect(page.getByText(/has changed since it was planned/)).toBeVisible();
    await expect(page.getByRole('list', { name: 'What is different now' })).toContainText(
      late.name,
    );
    await page.getByRole('button', { name: 'Apply: replace in 3 roles' }).click();
    await expect(page.getByText('Replaced in 3 roles.', { exact: false })).toBeVisible();
  });
});

test('a plan whose link a viewer opens shows who can apply it, and how to ask', async ({
  page,
  browser,
}) => {
  const line = await createLine(page);
  const { path } = await plan(page, line);
  const theirs = await openAsNew(browser, 'viewer', `account:${line.accountName}`);
  await theirs.goto(path);
  await expect(theirs.getByRole('list', { name: 'Who can apply it' })).toContainText(
    'corporate-admin@example.com',
  );
  const ask = theirs.getByRole('link', { name: 'Ask corporate-admin@example.com' });
  const message = decodeURIComponent((await ask.getAttribute('href')) ?? '');
  expect(message).toContain(path);
  for (const name of [/^Apply/, 'Change options', 'Cancel plan'])
    await expect(theirs.getByRole('button', { name })).toHaveAttribute('aria-disabled', 'true');
  await checkAccessibility(theirs);
  await theirs.context().close();
});

test('the list finds plans and replacements by state, role, version and search', async ({
  page,
}) => {
  const line = await createLine(page);
  const { path } = await plan(page, line);
  const list = `/environments/${line.envId}/replacements`;
  await page.goto(`/environments/${line.envId}/images`);
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Replacements' })
    .click();
  const rows = page.getByRole('table', { name: 'Replacements' });
  const name = `${line.older} by ${line.newer}`;
  await expect(rows.getByRole('row').filter({ hasText: name })).toContainText('Planned');
  await page.goto(`${list}?state=applied&scope=environment`);
  await expect(page.getByText('No replacements match')).toBeVisible();
  await page.goto(path);
  await page.getByRole('button', { name: 'Apply: replace in 2 roles' }).click();
  await expect(page.getByText('Replaced in 2 roles.', { exact: false })).toBeVisible();
  const role = line.roles[0]?.id ?? 0;
  for (const query of [
    `state=applied&imageSet=${line.set}`,
    `role=${role}`,
    `query=${line.older}`,
  ]) {
    await page.goto(`${list}?${query}`);
    await expect(rows.getByRole('link', { name })).toBeVisible();
  }
  await page.goto(`/environments/${line.envId}/roles/${role}`);
  await page.getByRole('table', { name: 'Replacements' }).getByRole('link', { name }).click();
  await expect(page).toHaveURL(new RegExp(`${path}$`));
});

test('the pages of a plan and of a replacement are accessible, and fit 320 px', async ({
  page,
}) => {
  const line = await createLine(page);
  const { path } = await plan(page, line);
  await page.goto(path);
  const apply = page.getByRole('button', { name: 'Apply: replace in 2 roles' });
  await expect(apply).toBeVisible();
  await expect(byPlace(page)).toBeVisible();
  await checkAccessibility(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
  await checkAccessibility(page);
  await apply.click();
  await expect(changed(page)).toBeVisible();
  await expectNoSidewaysScroll(page);
  await checkAccessibility(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await byPlace(page).getByRole('checkbox').nth(1).check();
  await checkAccessibility(page);
  await page.goto(`/environments/${line.envId}/replacements`);
  await expect(page.getByRole('table', { name: 'Replacements' })).toBeVisible();
  await checkAccessibility(page);
});

test('what a plan differs in since it was made is said by names and places, without an id', async ({
  page,
}) => {
  const line = await createLine(page);
  const { path } = await plan(page, line);
  const { envId, older, newer } = line;
  const found = await page.request.get(
    `/api/v1beta0/user/${envId}/images/?name=${newer}&cloudPlatform=ec2&cloudLocation=eu-west-1`,
  );
  const { data } = (await found.json()) as { data: { id: string }[] };
  const renamed = await page.request.patch(
    `/api/v1beta0/user/${envId}/images/${data[0]?.id ?? ''}/`,
    { data: { name: uniqueName('renamed') }, headers: { 'sec-fetch-site': 'same-origin' } },
  );
  expect(renamed.ok()).toBe(true);
  await page.goto(path);
  const different = page.getByRole('list', { name: 'What is different now' });
  await expect(different).toContainText(
    `No longer: image ${older} is replaced in ec2 eu-west-1 by ${newer}`,
  );
  await expect(different).toContainText(
    `New: image ${older} has nothing in its place in ec2 eu-west-1 and stays`,
  );
  await expect(different).not.toContainText(/[\da-f]{8}-[\da-f]{4}/);
});

test('whom a plan concerns is said with the account of each environment where Corporate looks', async ({
  page,
}) => {
  const line = await createLine(page);
  const { path, id } = await plan(page, line);
  const tables = ['By environment and owner', 'Farms that start on the new images'];
  for (const [address, words] of [
    [path, 'test'],
    [`/corporate/replacements/${id}`, `${line.accountName} / test`],
  ] as const) {
    await page.goto(address);
    for (const name of tables)
      await expect(
        page.getByRole('table', { name }).getByRole('cell', { name: words, exact: true }),
      ).toBeVisible();
  }
});
