import type { ShownChange } from '../../api/request.ts';
import { curlCommand } from './curl.ts';
import { scalrCtlCommand } from './scalr-ctl.ts';
import type { CliCommand } from './scalr-ctl.ts';

/** Each on a line of its own; where one builds on another, the first refusal ends it. */
function join(commands: readonly string[], changes: readonly ShownChange[]): string {
  const isChain = changes.some(({ makes }) => makes !== undefined);
  return commands.join(isChain ? ' &&\n' : '\n');
}

/** The lines of curl that do what the changes do, in their order. */
export function curlCommands(changes: readonly ShownChange[]): string {
  const commands = changes.map((change) => {
    const command = curlCommand(change);
    return change.makes === undefined ? command : `${change.makes}=$(${command} | jq -e .data.id)`;
  });
  return join(commands, changes);
}

/** The lines of `scalr-ctl`; one change that it cannot bring about, and there are none. */
export function scalrCtlCommands(changes: readonly ShownChange[]): CliCommand {
  const commands: string[] = [];
  for (const change of changes) {
    const answer = scalrCtlCommand(change);
    if ('missing' in answer) return answer;
    commands.push(answer.command, ...lookUp(change));
  }
  return { command: join(commands, changes) };
}

/** What it prints of a change depends on how it is configured; a list in JSON does not. */
function lookUp(change: ShownChange): string[] {
  if (change.makes === undefined) return [];
  const { name } = (change.input as { body: { name: string } }).body;
  const list = scalrCtlCommand({ ...change, id: 'roleList', input: { query: {} } });
  if ('missing' in list) return [];
  return [`${change.makes}=$(${list.command} --filters name=${name} --json | jq -e '.data[0].id')`];
}
