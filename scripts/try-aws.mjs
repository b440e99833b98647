import { ensureInstalled } from './install.mjs';
import { main, projectFolder } from './project.mjs';
import { runTool } from './run.mjs';
import { join } from 'node:path';

// node scripts/try-aws.mjs [REGION ...]: what Slipway would see of the AWS account whose keys are in the
// environment in the usual way (AWS_ACCESS_KEY_ID, AWS_PROFILE ...). It only reads.
await main(async () => {
  await ensureInstalled();
  const script = join(projectFolder, 'scripts/aws/try.mjs');
  process.exitCode = await runTool([script, ...process.argv.slice(2)]);
});
