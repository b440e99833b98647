import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { STOP_SIGNALS, pinnedNode, projectFolder } from './project.mjs';

/**
 * Runs a TypeScript file of the project on the pinned Node with our arguments, passing signals on.
 * `flags` are Node's own. The channel between the two tells the file when we are killed. Ends with its exit code.
 */
export function handOver(file, flags = []) {
  const child = spawn(pinnedNode, [...flags, join(projectFolder, file), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of STOP_SIGNALS) {
    process.removeAllListeners(signal);
    process.on(signal, () => child.kill(signal));
  }
  child.once('error', (error) => {
    console.error(
      `The pinned Node cannot be run: ${error.message}. Delete node_modules and try again.`,
    );
    process.exit(2);
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
