// Makes a backup of the demo estate with the code of an earlier commit, for the test that upgrades it:
//   node scripts/make-old-backup.mjs COMMIT FILE
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [commit, file] = process.argv.slice(2);
if (!commit || !file) throw new Error('Usage: node scripts/make-old-backup.mjs COMMIT FILE');
const folder = mkdtempSync(join(tmpdir(), 'old-slipway-'));
const code = join(folder, 'code');
const data = join(folder, 'data');
const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: 'inherit' });
const slipway = (...args) => run('node', ['scripts/slipway.mjs', ...args, '--data', data], code);
try {
  run('git', ['worktree', 'add', '--quiet', '--detach', code, commit]);
  symlinkSync(resolve('node_modules'), join(code, 'node_modules'));
  slipway('estate', 'load', '--size', 's');
  slipway('backup', resolve(file));
} finally {
  run('git', ['worktree', 'remove', '--force', code]);
  rmSync(folder, { recursive: true, force: true });
}
