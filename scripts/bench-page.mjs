import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { handOver } from './hand-over.mjs';
import { ensureInstalled } from './install.mjs';
import { main } from './project.mjs';

// npm run bench:page: install and build what is missing, then measure the page on the pinned Node.
await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  process.env.CHROMIUM_PATH = await ensureBrowser({ withWindows: true });
  handOver('bench/page/main.ts');
});
