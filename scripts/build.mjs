import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, pinnedNode, projectFolder } from './project.mjs';
import { runQuietly } from './run.mjs';

const SOURCES = ['src', 'contract', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];
const STAMP = join(projectFolder, 'dist/.built-from');

/** Builds the pages into dist/ unless they were built from exactly these sources. */
export async function ensureBuilt(say = console.log) {
  const sources = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return;
  const { code, output } = await runQuietly(
    'Building the pages',
    pinnedNode,
    [join(projectFolder, 'node_modules/vite/bin/vite.js'), 'build'],
    { say, env: { ...process.env, NODE_ENV: 'production' }, shell: false },
  );
  if (code !== 0) throw new Problem(`${output}\n\nThe pages could not be built (see above).`);
  writeFileSync(STAMP, sources);
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
