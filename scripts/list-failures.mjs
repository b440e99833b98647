import { join } from 'node:path';
import { failuresIn } from './failures.mjs';
import { projectFolder } from './project.mjs';

// What failed in the last runs, said last: a long run's output is often read from its end.
const failures = failuresIn(join(projectFolder, 'test-results'));
if (failures.length > 0) console.log(`\n=== What failed ===\n\n${failures.join('\n\n')}`);
