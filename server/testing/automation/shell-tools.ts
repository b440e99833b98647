import { spawnSync } from 'node:child_process';

const tools = ['bash', 'openssl', 'curl', 'jq'];

/** What the scripts of the automation guide need and this machine has not. */
export const missingTools = tools.filter((tool) => spawnSync(tool, ['--version']).error);
