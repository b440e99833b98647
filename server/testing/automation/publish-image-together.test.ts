import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cloudPlatforms, hasImageLocation } from '#contract/images/platforms.ts';
import { describeInShell } from './describe-in-shell.ts';
import { withPublishing } from './publishing.ts';

// What a pipeline meets that is not alone: other runs, earlier mistakes, settings that do not fit.

const script = fileURLToPath(new URL('../../../scripts/automation/publish-image', import.meta.url));

describeInShell('publish-image, not alone', () => {
  const { database, run, countChanges } = withPublishing();
  /** The cloud image that the role has in us-east-1. */
  const inRole = async () => {
    const held = await database.db
      .selectFrom('role_images')
      .innerJoin('images', 'images.id', 'role_images.image_id')
      .where('role_id', '=', 83045)
      .where('images.cloud_location', '=', 'us-east-1')
      .select('cloud_image_id')
      .$narrowType<{ cloud_image_id: string }>()
      .executeTakeFirstOrThrow();
    return held.cloud_image_id;
  };
  const isDeprecated = async (cloudImageId: string) => {
    const image = await database.db
      .selectFrom('images')
      .where('cloud_image_id', '=', cloudImageId)
      .where('deleted_at', 'is', null)
      .select('deprecated_at')
      .executeTakeFirst();
    return image && image.deprecated_at !== null;
  };

  it('knows which clouds have images without a location', () => {
    const names = /case \$IMAGE_PLATFORM in (?<names>[a-z| ]+)\) ;;/.exec(
      readFileSync(script, 'utf8'),
    )?.groups?.['names'];
    expect(names?.split(' | ')).toEqual(cloudPlatforms.filter((name) => !hasImageLocation(name)));
  });

  it.each([
    ['a place named twice', {}, 'us-east-1=ami-1 us-east-1=ami-2'],
    ['two locations of a cloud that has none', { IMAGE_PLATFORM: 'gce' }, 'a=x/y b=x/z'],
  ])('refuses %s with two images', async (_, variables, pairs) => {
    const changes = await countChanges();
    const ran = await run(`publish-image ${pairs}`, variables);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('are for the same place: one image for each');
    expect(await countChanges()).toBe(changes);
  });

  it('takes a place that is named twice with the same image once', async () => {
    const ran = await run('publish-image --dry-run us-east-1=ami-1 us-east-1=ami-1');
    expect(ran.code).toBe(0);
    expect(ran.stdout.split('\n')).toHaveLength(2);
  });

  it.each([
    ['an operating system that is not there', 'ubuntu-99', 'no operating system "ubuntu-99"'],
    ['one that does not fit the role', 'fedora-coreos', 'role 83045 is for ubuntu 16.04'],
  ])('refuses %s before anything is built, also in a dry run', async (_, os, sentence) => {
    const changes = await countChanges();
    for (const command of ['publish-image', 'publish-image --dry-run']) {
      const ran = await run(`${command} us-east-1=ami-os`, {
        IMAGE_OS: os,
        BUILD_COMMAND: 'echo built',
      });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain(sentence);
      expect(ran.stdout).not.toContain('built');
    }
    expect(await countChanges()).toBe(changes);
  });

  it('names what differs in an image that is registered already, and changes nothing', async () => {
    expect(await run('publish-image us-east-1=ami-same')).toMatchObject({ code: 0 });
    const changes = await countChanges();
    const ran = await run('publish-image us-east-1=ami-same', {
      IMAGE_NAME: 'another-name-1',
      IMAGE_CLOUD_INIT: 'true',
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(
      'name (is "ubuntu-16-04-apache2-1", wanted "another-name-1"), cloudInitInstalled (is false, wanted true)',
    );
    expect(await countChanges()).toBe(changes);
  });

  it('does not let an older build that ends last win over a newer one, unless told to', async () => {
    const newer = 'env -u BUILD_COMMAND publish-image us-east-1=ami-newer';
    const older = await run('publish-image us-east-1=ami-older', { BUILD_COMMAND: newer });
    expect(older.code).toBe(1);
    expect(older.stderr).toContain('has got another image since this started');
    expect(await inRole()).toBe('ami-newer');
    expect(await isDeprecated('ami-newer')).toBe(false);
    const even = await run('publish-image --even-if-moved us-east-1=ami-older', {
      BUILD_COMMAND: 'env -u BUILD_COMMAND publish-image us-east-1=ami-newest',
    });
    expect(even).toMatchObject({ code: 0 });
    expect(await inRole()).toBe('ami-older');
    expect(await isDeprecated('ami-newest')).toBe(true);
  });

  it('leaves what was replaced deprecated when several runs publish to one place at once', async () => {
    for (const round of [1, 2, 3]) {
      const before = await inRole();
      const names = ['a', 'b', 'c'].map((name) => `ami-at-once-${round}${name}`);
      const runs = await Promise.all(names.map((name) => run(`publish-image us-east-1=${name}`)));
      const held = await inRole();
      expect(names).toContain(held);
      expect(await isDeprecated(held)).toBe(false);
      expect(await isDeprecated(before)).toBe(true);
      for (const [index, name] of names.entries()) {
        // One that came late, after another had ended, may have replaced that one's.
        const ended = name !== held && (await isDeprecated(name));
        expect(runs[index]?.code).toBe(name === held || ended ? 0 : 1);
      }
    }
  });

  it('lets several runs publish to several places of one role at once', async () => {
    const locations = ['us-east-1', 'eu-west-1', 'us-west-2', 'eu-central-1'];
    const runs = await Promise.all(
      locations.map((location) => run(`publish-image ${location}=ami-beside-${location}`)),
    );
    expect(runs.map((ran) => ran.code)).toEqual([0, 0, 0, 0]);
  });

  it('publishes once when the same run is started twice at once', async () => {
    const twice = await Promise.all([1, 2].map(() => run('publish-image us-east-1=ami-twice')));
    expect(twice.map((ran) => ran.code)).toEqual([0, 0]);
    expect(await inRole()).toBe('ami-twice');
    expect(await isDeprecated('ami-twice')).toBe(false);
  });
});
