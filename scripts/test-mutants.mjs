import { ensureBrowser } from './browser.mjs';
import { handOver } from './hand-over.mjs';
import { ensureInstalled } from './install.mjs';
import { main } from './project.mjs';

// npm run test:mutants: install what is missing, then try the tests on deliberate defects.
await main(async () => {
  await ensureInstalled();
  process.env.CHROMIUM_PATH = await ensureBrowser();
  handOver('mutants/main.ts');
});
