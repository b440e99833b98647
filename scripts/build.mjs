import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Problem, pinnedNode, projectFolder } from './project.mjs';
import { runQuietly } from './run.mjs';

const SOURCES = [
  'src',
  'contract',
  'docs/domain.md',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
];
const DIST = join(projectFolder, 'dist');
const STAMP = join(DIST, '.built-from');

/** Builds the pages into dist/ unless they were built from exactly these sources. */
export async function ensureBuilt(say = console.log) {
  const sources = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return;
  // Built aside and put in place at once: a running server never sees half a build.
  const aside = `${DIST}.${process.pid}`;
  const vite = join(projectFolder, 'node_modules/vite/bin/vite.js');
  const { code, output } = await runQuietly(
    'Building the pages',
    pinnedNode,
    [vite, 'build', '--outDir', aside, '--emptyOutDir'],
    { say, env: { ...process.env, NODE_ENV: 'production' }, shell: false },
  );
  if (code !== 0) {
    rmSync(aside, { recursive: true, force: true });
    throw new Problem(`${output}\n\nThe pages could not be built (see above).`);
  }
  writeFileSync(join(aside, '.built-from'), sources);
  putInPlace(aside);
}

function putInPlace(aside) {
  const old = `${aside}.old`;
  if (existsSync(DIST)) renameSync(DIST, old);
  try {
    renameSync(aside, DIST);
  } catch {
    // Another start has just put the same build there.
    rmSync(aside, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

/** A hash over names and contents; times would change with every checkout. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) addToHash(hash, source);
  return hash.digest('hex');
}

function addToHash(hash, path) {
  const full = join(projectFolder, path);
  if (!existsSync(full)) return;
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).toSorted()) addToHash(hash, `${path}/${name}`);
    return;
  }
  const content = readFileSync(full);
  hash.update(`${path}\0${content.length}\0`).update(content);
}
