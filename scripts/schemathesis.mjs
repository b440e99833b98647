import { join } from 'node:path';
import { projectFolder } from './project.mjs';
import { ensurePythonProgram } from './python-environment.mjs';

/**
 * Schemathesis, which asks for whatever an OpenAPI document says that it may ask for.
 *
 * @returns {Promise<{ program: string } | { reason: string }>} the reason when this machine cannot have it
 * @throws Problem when it could be installed and was not
 */
export function ensureSchemathesis() {
  return ensurePythonProgram({
    name: 'schemathesis',
    program: 'schemathesis',
    requirements: join(projectFolder, 'scripts/clients/schemathesis.txt'),
  });
}
