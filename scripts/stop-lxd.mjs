import { stopLxd } from './lxd/daemon.mjs';

// node scripts/stop-lxd.mjs FOLDER: for who ends and can wait for nothing (scripts/test-clouds.mjs).
await stopLxd(process.argv[2]);
