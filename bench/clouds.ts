import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderDocument } from './report.ts';
import { describeMachine, projectFolder, type ResultRow, writeResults } from './results.ts';

const about =
  'How long a rollout takes that moves 40 containers of one farm role to another image, 20 at a time, and how long undoing it takes: from the call until the last new server runs. LXD runs on the same machine.';

/** What the tests on LXD measured (server/testing/clouds/lxd-rollout.test.ts). */
interface Figures {
  /** Load average at the start. */
  load: number;
  rows: ResultRow[];
}

// npm run test:clouds -- --record: keeps the figures of the run that has just ended.
const file = join(projectFolder, 'test-results/cloud-figures.json');
const { load, rows } = JSON.parse(readFileSync(file, 'utf8')) as Figures;
writeResults('clouds', {
  title: 'Rollouts on LXD',
  about,
  machine: { ...describeMachine(), load },
  rows,
});
renderDocument();
