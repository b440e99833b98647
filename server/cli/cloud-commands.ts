import type { Command } from 'commander';
import {
  endFaults,
  FAULT_KINDS,
  type FaultPlace,
  makeFault,
  markImage,
  printFaults,
} from './clouds.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

type Run = (work: (context: CommandContext) => Promise<Answer>) => Promise<void>;

/** The commands that tell the simulated cloud what to do badly: docs/operations.md, "The simulated cloud". */
export function addCloudCommands(program: Command, run: Run): void {
  const clouds = program.command('clouds').description('what the simulated cloud does badly');
  const withPlace = (command: Command) =>
    command
      .option('--platform <platform>', 'only there, such as ec2 (default: everywhere)')
      .option('--location <location>', 'only there, such as us-east-1 (default: everywhere)');

  clouds
    .command('faults')
    .description('list what goes wrong, and where')
    .action(async () => {
      await run(printFaults);
    });

  withPlace(clouds.command('fail').description('make something go wrong'))
    .argument('<fault>', FAULT_KINDS)
    .option('--probability <share>', 'for so many calls, such as 0.2')
    .option('--seconds <seconds>', 'how much longer each call takes, with slow')
    .action(
      async (kind: string, given: FaultPlace & { seconds?: string; probability?: string }) => {
        await run((context) => makeFault(context, kind, given));
      },
    );

  withPlace(clouds.command('clear').description('end faults: all, or those of a kind and place'))
    .argument('[fault]')
    .action(async (kind: string | undefined, place: FaultPlace) => {
      await run((context) => endFaults(context, kind, place));
    });

  for (const state of ['missing', 'known'] as const)
    clouds
      .command(`image-${state}`)
      .description(state === 'missing' ? 'take an image away' : 'give an image back')
      .requiredOption('--platform <platform>', 'such as ec2')
      .option('--location <location>', 'such as us-east-1; left out where images have none', '')
      .requiredOption('--image <id>', 'its id in the cloud')
      .action(async (image: { platform: string; location: string; image: string }) => {
        await run((context) => markImage(context, state, image));
      });
}
