import { handOver } from './hand-over.mjs';
import { ensureInstalled } from './install.mjs';
import { SERVER_FLAGS, main } from './project.mjs';

// npm run bench:burn-down: install what is missing, then measure on the pinned Node.
await main(async () => {
  await ensureInstalled();
  // Its database is that of a server that runs as npm start runs it.
  process.env.SLIPWAY_SERVER_FLAGS = SERVER_FLAGS.join(' ');
  handOver('bench/burn-down.ts');
});
