import { ensureBuilt } from './build.mjs';
import { handOver } from './hand-over.mjs';
import { ensureInstalled } from './install.mjs';
import { SERVER_FLAGS, main } from './project.mjs';

// npm start: install and build what is missing or stale, then run the server.
await main(async () => {
  await ensureInstalled();
  if (!process.argv.includes('--help') && !process.argv.includes('-h')) await ensureBuilt();
  handOver('server/main.ts', SERVER_FLAGS);
});
