import { handOver } from './hand-over.mjs';
import { ensureInstalled } from './install.mjs';
import { main } from './project.mjs';

// npm run slipway: the admin commands. Standard output is theirs alone.
await main(async () => {
  await ensureInstalled(console.error);
  handOver('server/cli/main.ts');
});
