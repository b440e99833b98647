import { expect, it } from 'vitest';
import { describeInShell } from './describe-in-shell.ts';
import { withPublishing } from './publishing.ts';

// The pipeline of the automation guide on the demo estate: role 83045 has images in two locations.

describeInShell('publish-image', () => {
  const { database, run, countChanges, inRole } = withPublishing();
  const imageOf = (cloudImageId: string) =>
    database.db
      .selectFrom('images')
      .where('cloud_image_id', '=', cloudImageId)
      .where('deleted_at', 'is', null)
      .select(['scope', 'account_id', 'deprecated_at', 'name', 'scalr_agent_installed'])
      .execute();

  it('publishes to one location: registers at the account, replaces, deprecates the old image', async () => {
    const before = await inRole();
    const ran = await run('publish-image us-east-1=ami-one');
    expect(ran).toMatchObject({ code: 0 });
    expect(await inRole()).toEqual({ ...before, 'us-east-1': 'ami-one' });
    const published = { scope: 'account', account_id: 1, name: 'ubuntu-16-04-apache2-1' };
    expect(await imageOf('ami-one')).toEqual([expect.objectContaining(published)]);
    expect((await imageOf(before['us-east-1'] ?? ''))[0]?.deprecated_at).not.toBeNull();
  });

  it('changes nothing when it is run again', async () => {
    const changes = await countChanges();
    const ran = await run('publish-image us-east-1=ami-one');
    expect(ran).toMatchObject({ code: 0, stdout: 'us-east-1: role 83045 has it already\n' });
    expect(ran.stderr).toContain('us-east-1: ami-one is registered already');
    expect(await countChanges()).toBe(changes);
  });

  const three = 'publish-image us-east-1=ami-a eu-west-1=ami-b us-west-2=ami-c';
  const cells = { 'us-east-1': 'ami-a', 'eu-west-1': 'ami-b', 'us-west-2': 'ami-c' };

  it('tells what it would do, and does nothing', async () => {
    const changes = await countChanges();
    const ran = await run(three.replace('image', 'image --dry-run'));
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('would: register ami-c in us-west-2');
    expect(ran.stdout).toMatch(/would: put it into role 83045 in us-east-1, in the place of \S+\n/);
    expect(ran.stdout).toMatch(/would: put it into role 83045 in us-west-2\n$/);
    expect(await countChanges()).toBe(changes);
  });

  it('publishes to three locations, adding where the role has nothing, twice to the same effect', async () => {
    const first = await run(three);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain('us-west-2: added to role 83045');
    expect(await inRole()).toEqual(cells);
    const changes = await countChanges();
    expect(await run(three)).toMatchObject({ code: 0 });
    expect(await inRole()).toEqual(cells);
    expect(await countChanges()).toBe(changes);
  });

  it('goes on where it was interrupted: what is registered already is put into its place', async () => {
    const locations = 'eu-central-1=ami-late';
    const half = `slipway-curl POST /account/1/images/ '{"name":"ubuntu-16-04-apache2-1","cloudPlatform":"ec2","cloudLocation":"eu-central-1","cloudImageId":"ami-late","os":"ubuntu-16-04","architecture":"x86_64"}'`;
    expect(await run(`${half} >/dev/null && publish-image ${locations}`)).toMatchObject({
      code: 0,
    });
    expect(await inRole()).toEqual({ ...cells, 'eu-central-1': 'ami-late' });
    expect(await imageOf('ami-late')).toHaveLength(1);
  });

  it('goes on where it was interrupted: what is deprecated and still in the role is replaced', async () => {
    const { id } = await database.db
      .selectFrom('images')
      .where('cloud_image_id', '=', 'ami-c')
      .select('id')
      .executeTakeFirstOrThrow();
    const half = `slipway-curl PATCH /account/1/images/${id}/ '{"deprecated":true}'`;
    const ran = await run(`${half} >/dev/null && publish-image us-west-2=ami-c2`);
    expect(ran).toMatchObject({ code: 0, stdout: `us-west-2: replaced ${id}\n` });
    expect(await inRole()).toMatchObject({ 'us-west-2': 'ami-c2' });
  });

  it('does not bring back what was replaced since, when an old job is run again', async () => {
    const before = await inRole();
    const ran = await run('publish-image us-east-1=ami-one');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('was deprecated since it was published');
    expect(await inRole()).toEqual(before);
  });

  const commands = {
    BUILD_COMMAND: 'echo i-0123 >"$WORK/server"',
    TEST_COMMAND: 'grep -q i-0123 "$WORK/server"',
    SNAPSHOT_COMMAND: 'echo us-east-1=ami-from-$(cat "$WORK/server")',
    CLEANUP_COMMAND: 'echo cleaned up',
  };

  it('builds, tests, takes a snapshot, publishes it and cleans up', async () => {
    const ran = await run('publish-image', commands);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(/^us-east-1: replaced \S+ and deprecated it\ncleaned up\n$/);
    expect(await inRole()).toMatchObject({ 'us-east-1': 'ami-from-i-0123' });
  });

  it.each([
    ['a test that fails', 4, { TEST_COMMAND: 'false' }, 'TEST_COMMAND failed, nothing was'],
    ['a build that fails', 5, { BUILD_COMMAND: 'false' }, 'BUILD_COMMAND failed'],
    ['a snapshot that fails', 5, { SNAPSHOT_COMMAND: 'false' }, 'SNAPSHOT_COMMAND failed'],
    ['a snapshot of another form', 5, { SNAPSHOT_COMMAND: 'echo done' }, 'printed "done" instead'],
    ['a key that is wrong', 1, { SLIPWAY_SECRET_KEY: 'wrong' }, 'refused with 401'],
    ['a role that is not there', 1, { SLIPWAY_ROLE: '1234567' }, 'ObjectNotFound'],
    ['nobody who answers', 3, { SLIPWAY_URL: 'http://localhost:1' }, 'no answer from'],
    ['a setting that is missing', 2, { IMAGE_NAME: '' }, 'IMAGE_NAME is not set'],
  ])('publishes nothing after %s, and ends with %i', async (_, code, variables, sentence) => {
    const [changes, before] = [await countChanges(), await inRole()];
    const ran = await run('publish-image', { ...commands, ...variables });
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(sentence);
    expect(await countChanges()).toBe(changes);
    expect(await inRole()).toEqual(before);
  });

  const rolesOnImages = () =>
    database.db
      .selectFrom('role_images')
      .select(['role_id', 'cloud_location', 'image_id'])
      .orderBy('role_id')
      .orderBy('cloud_location')
      .execute();

  it('changes one role alone, and leaves the images of Corporate to Corporate', async () => {
    const web = await database.db
      .selectFrom('roles')
      .where('name', '=', 'web-frontend')
      .select('id')
      .executeTakeFirstOrThrow();
    const before = await rolesOnImages();
    const ran = await run('publish-image us-west-1=ami-web', {
      SLIPWAY_ROLE: String(web.id),
      IMAGE_OS: 'fedora-coreos',
    });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(/^us-west-1: replaced \S+\n$/);
    const after = await rolesOnImages();
    const changed = after.filter((row, index) => row.image_id !== before[index]?.image_id);
    expect(changed.map((row) => row.role_id)).toEqual([web.id]);
  });

  it('leaves the role and the old image as they were when the new one does not fit', async () => {
    const before = await inRole();
    const ran = await run('publish-image us-east-1=ami-arm', { IMAGE_ARCHITECTURE: 'aarch64' });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('ConfigurationMismatch');
    expect(await inRole()).toEqual(before);
    expect((await imageOf(before['us-east-1'] ?? ''))[0]?.deprecated_at).toBeNull();
  });

  it('serves clouds whose images have no location', async () => {
    const command = 'publish-image everywhere=projects/x/global/images/y';
    const google = { IMAGE_PLATFORM: 'gce' };
    expect(await run(command, google)).toMatchObject({ code: 0 });
    expect(await inRole()).toMatchObject({ '': 'projects/x/global/images/y' });
    const again = await run(command, google);
    expect(again.stdout).toBe('everywhere: role 83045 has it already\n');
  });

  it('leaves the role as it was when one of many cannot be registered', async () => {
    const before = await inRole();
    const ran = await run("publish-image us-east-1=ami-x 'us-west-2= ami-y'");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('InvalidValue');
    expect(await inRole()).toEqual(before);
  });
});
