import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'make-folder-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a folder is made with those above it, and again without complaint', async () => {
  const path = join(folder, 'one', 'two');
  await makeFolder(path, 0o700);
  await makeFolder(path, 0o700);
  for (const made of [path, join(folder, 'one')])
    expect((await stat(made)).mode & 0o777).toBe(0o700);
});

test('where a file is, or below one, no folder is made', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test.skipIf(process.platform !== 'linux')(
  'where a file system takes no folders, it is refused and does not go on for ever',
  async () => {
    await expect(makeFolder('/proc/nowhere')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(makeFolder('/proc/nowhere/deep')).rejects.toMatchObject({ code: 'ENOENT' });
  },
  10_000,
);
