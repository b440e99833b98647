import { expect, it } from 'vitest';
import { startReverseProxy } from '../network/reverse-proxy.ts';
import { describeInShell } from './describe-in-shell.ts';
import { withPublishing } from './publishing.ts';

// A version is in the role in all its places, or in none of them.

describeInShell('publish-image, all or nothing', () => {
  const { database, run, inRole, url } = withPublishing();

  const deprecated = async (cloudImageIds: string[]) => {
    const images = database.db
      .selectFrom('images')
      .where('cloud_image_id', 'in', cloudImageIds)
      .where('deprecated_at', 'is not', null);
    return (await images.select('cloud_image_id').execute()).length;
  };
  const replacements = () =>
    database.db
      .selectFrom('replacement_roles')
      .where('role_id', '=', 83045)
      .select(['replacement_id', 'cloud_location'])
      .execute();

  it('leaves every place as it was when the image of one does not fit', async () => {
    const before = await inRole();
    const places = 'sa-east-1=ami-fits us-east-1=ami-does-not';
    const ran = await run(`publish-image ${places}`, { IMAGE_ARCHITECTURE: 'aarch64' });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('ConfigurationMismatch');
    expect(await inRole()).toEqual(before);
  });

  it('is whole wherever it is interrupted, and goes on from there when it is run again', async () => {
    let left = 0;
    const proxy = await startReverseProxy({ target: url(), loses: () => --left === 0 });
    const before = await inRole();
    const after = { ...before, 'us-east-1': 'ami-x', 'eu-west-1': 'ami-y', 'us-west-2': 'ami-z' };
    const old = [before['us-east-1'] ?? '', before['eu-west-1'] ?? ''];
    const madeBefore = await replacements();
    const command = 'publish-image us-east-1=ami-x eu-west-1=ami-y us-west-2=ami-z';
    let interruptions = 0;
    for (; ; interruptions++) {
      left = interruptions + 1;
      const ran = await run(command, { SLIPWAY_URL: proxy.origin });
      const isNew = (await deprecated(old)) > 0;
      expect(await inRole()).toEqual(isNew ? after : before);
      expect(await deprecated(old)).toBe(isNew ? 2 : 0);
      // Of some lost answers it finds out by itself what became of them.
      if (left <= 0) continue;
      expect(ran).toMatchObject({ code: 0 });
      break;
    }
    proxy.close();
    expect(interruptions).toBeGreaterThan(6);
    expect(await inRole()).toEqual(after);
    const made = (await replacements()).slice(madeBefore.length);
    expect(new Set(made.map((row) => row.replacement_id)).size).toBe(1);
    expect(made.map((row) => row.cloud_location).toSorted()).toEqual(['eu-west-1', 'us-east-1']);
  });
});
