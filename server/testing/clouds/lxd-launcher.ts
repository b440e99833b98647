import { createLxdCloud } from '../../cloud/lxd/lxd.ts';
import { demandCapability } from '../../cloud/port.ts';
import type { ServerLaunch } from '../../cloud/servers.ts';

// A process that launches what it is told, four at once, and may be killed at it.
const [socket = '', plan = '[]'] = process.argv.slice(2);
const launches = JSON.parse(plan) as ServerLaunch[];
const servers = demandCapability(createLxdCloud({ socket }), 'servers');
const work = async () => {
  for (let next = launches.shift(); next; next = launches.shift())
    await servers.launch(next, { signal: AbortSignal.timeout(60_000) });
};
await Promise.all([work(), work(), work(), work()]);
