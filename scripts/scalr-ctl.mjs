import { join } from 'node:path';
import { projectFolder } from './project.mjs';
import { ensurePythonProgram } from './python-environment.mjs';

/**
 * The real `scalr-ctl`, which comes as source and is built by the setuptools named beside it.
 *
 * @returns {Promise<{ program: string } | { reason: string }>} the reason when this machine cannot have it
 * @throws Problem when it could be installed and was not
 */
export function ensureScalrCtl() {
  return ensurePythonProgram({
    name: 'scalr-ctl',
    program: 'scalr-ctl',
    requirements: join(projectFolder, 'scripts/clients/scalr-ctl.txt'),
    builders: ['setuptools'],
  });
}
