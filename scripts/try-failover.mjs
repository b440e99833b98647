import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { main, projectFolder } from './project.mjs';
import { runTool } from './run.mjs';

// npm run try:failover: loses the primary of two PostgreSQL servers under load, in three ways; two minutes. It takes
// Debian's packages pg-auto-failover-cli and postgresql-15-auto-failover.
await main(async () => {
  await ensureInstalled();
  if (!existsSync('/usr/bin/pg_autoctl') || !existsSync('/usr/lib/postgresql')) {
    console.log(
      '*** SKIPPED: fail-over was NOT tried, since there is no pg_autoctl: apt-get install pg-auto-failover-cli postgresql-15-auto-failover ***',
    );
    return;
  }
  const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--project', 'failover', '--reporter=verbose'];
  process.exitCode = await runTool([vitest, ...args], { SLIPWAY_FAILOVER: '1' });
});
