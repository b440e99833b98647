import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { countVitest } from './counts.mjs';
import { ensureInstalled } from './install.mjs';
import { Problem, main, projectFolder } from './project.mjs';
import { runTool } from './run.mjs';
import { ensureScalrCtl } from './scalr-ctl.mjs';
import { ensureSchemathesis } from './schemathesis.mjs';

const REPORT = join(projectFolder, 'test-results/clients.json');

// npm run test:clients: the programs that people already have, as they install them, on a real server.
await main(async () => {
  await ensureInstalled();
  const { passed, failed } = await testClients().catch((error) => {
    console.error(error instanceof Problem ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
});

async function testClients() {
  const found = await ensureScalrCtl();
  if (found.program === undefined) {
    console.log(`*** SKIPPED: the real scalr-ctl was NOT run, since ${found.reason}. ***`);
    return { passed: 0, failed: 0 };
  }
  const { program = '', reason } = await ensureSchemathesis();
  if (reason !== undefined)
    console.log(`*** SKIPPED: Schemathesis was NOT run, since ${reason}. ***`);
  mkdirSync(join(projectFolder, 'test-results'), { recursive: true });
  const args = ['run', '--project', 'clients', '--reporter=default', '--reporter=json'];
  const vitest = join(projectFolder, 'node_modules/vitest/vitest.mjs');
  const code = await runTool([vitest, ...args, `--outputFile.json=${REPORT}`], {
    SLIPWAY_SCALR_CTL: found.program,
    SLIPWAY_SCHEMATHESIS: program,
  });
  return countVitest(REPORT, code);
}
