import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderDocument } from './report.ts';
import { describeMachine, projectFolder, type ResultRow, writeResults } from './results.ts';

/** Each is what one test measured, by the name that it gave (server/testing/clouds/note-figures.ts). */
const measured = [
  {
    name: 'lxd-rollouts',
    result: 'clouds',
    title: 'Rollouts on LXD',
    about:
      'How long a rollout takes that moves 40 containers of one farm role to another image, 20 at a time, and how long undoing it takes: from the call until the last new server runs. LXD runs on the same machine.',
  },
  {
    name: 'ec2-accounts',
    result: 'clouds-ec2',
    title: 'Inventory of AWS accounts',
    about:
      'How long reading 4 accounts of AWS takes in 4 regions each, as the loop does, and how many calls that are. moto runs on the same machine, with one process for all.',
  },
];

interface Figures {
  /** Load average at the start. */
  load: number;
  rows: ResultRow[];
}

// npm run test:clouds -- --record: keeps the figures of the run that has just ended.
for (const { name, result, title, about } of measured) {
  const file = join(projectFolder, 'test-results/cloud-figures', `${name}.json`);
  if (!existsSync(file)) continue;
  const { load, rows } = JSON.parse(readFileSync(file, 'utf8')) as Figures;
  writeResults(result, { title, about, machine: { ...describeMachine(), load }, rows });
}
renderDocument();
