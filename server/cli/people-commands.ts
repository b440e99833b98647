import type { Command } from 'commander';
import { createUserAt } from './create.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import {
  actOnUser,
  giveRight,
  inviteUser,
  listUsers,
  removeUser,
  type RoleOptions,
  takeRight,
} from './people.ts';
import { SCOPE_FORMS } from './scope.ts';
import {
  addMember,
  changeTeam,
  createTeam,
  deleteTeam,
  listTeams,
  removeMember,
  showTeam,
} from './teams.ts';

type Run = (work: (context: CommandContext) => Promise<Answer>) => Promise<void>;

const ROLES = 'viewer, operator, image_manager, publisher or administrator';

/** The commands that manage people and what they may do: docs/operations.md, "People". */
export function addPeopleCommands(program: Command, run: Run): void {
  const users = program.command('users').description('people, and what they may do');
  addUserCommands(users, run);
  addRightCommands(users, run);
  addTeamCommands(program, run);
}

function addUserCommands(users: Command, run: Run): void {
  withRole(users.command('create'))
    .description('create a user with a built-in role at a scope')
    .requiredOption('--email <email>')
    .option('--name <name>', 'shown to others (default: the e-mail address)')
    .action(async (user: RoleOptions & { email: string; name?: string }) => {
      await run((context) => createUserAt(context, user));
    });
  withRole(users.command('invite'))
    .description('create a user as above, and make the link that signs them in within a week')
    .requiredOption('--email <email>')
    .option('--name <name>', 'shown to others (default: the e-mail address)')
    .action(async (user: RoleOptions & { email: string; name?: string }) => {
      await run((context) => inviteUser(context, user));
    });
  users
    .command('list')
    .description('list who holds rights at a scope, above it or below it; at most 100')
    .option('--scope <scope>', SCOPE_FORMS, 'corporate')
    .option('--query <text>', 'in names and e-mail addresses')
    .option('--status <status>', 'active, suspended or left')
    .action(async (options: { scope: string; query?: string; status?: string }) => {
      await run((context) => listUsers(context, options));
    });
  const acts = {
    suspend: 'shut a user out: sessions end, and keys are refused',
    restore: 'let a suspended user in again',
    'end-sessions': 'end all sessions of a user',
  } as const;
  for (const [verb, description] of Object.entries(acts))
    users
      .command(verb)
      .description(description)
      .requiredOption('--user <email>')
      .action(async ({ user }: { user: string }) => {
        await run((context) => actOnUser(context, user, verb as keyof typeof acts));
      });
  users
    .command('remove')
    .description('have a user leave for good, and give their farms to somebody else')
    .requiredOption('--user <email>')
    .option('--farms-to <email>', 'who gets their farms')
    .action(async (options: { user: string; farmsTo?: string }) => {
      await run((context) => removeUser(context, options));
    });
}

function withRole(command: Command): Command {
  return command
    .requiredOption('--role <role>', ROLES)
    .requiredOption('--scope <scope>', SCOPE_FORMS);
}

function addRightCommands(users: Command, run: Run): void {
  for (const [verb, description, work] of [
    ['grant', 'give a user or a team a role at a scope and everywhere below it', giveRight],
    ['revoke', 'take a role from a user or a team where it was given', takeRight],
  ] as const)
    withRole(users.command(verb))
      .description(description)
      .option('--user <email>', 'whose right it is')
      .option('--team <id>', 'or that of a team')
      .action(async (options: RoleOptions & { user?: string; team?: string }) => {
        await run((context) => work(context, options));
      });
}

function addTeamCommands(program: Command, run: Run): void {
  const teams = program.command('teams').description('people who hold rights together');
  teams
    .command('list')
    .description('list the teams of a scope, those above it and below it; at most 100')
    .option('--scope <scope>', SCOPE_FORMS, 'corporate')
    .action(async ({ scope }: { scope: string }) => {
      await run((context) => listTeams(context, scope));
    });
  teams
    .command('get')
    .description('show who is in a team, and what it may do')
    .argument('<id>')
    .action(async (id: string) => {
      await run((context) => showTeam(context, id));
    });
  teams
    .command('create')
    .description('create a team')
    .requiredOption('--name <name>')
    .option('--scope <scope>', SCOPE_FORMS, 'corporate')
    .option(
      '--group <group>',
      'a group of a provider of sign-ins: who is in it there is in the team',
    )
    .action(async (options: { name: string; scope: string; group?: string }) => {
      await run((context) => createTeam(context, options));
    });
  addTeamChanges(teams, run);
}

function addTeamChanges(teams: Command, run: Run): void {
  teams
    .command('update')
    .description('rename a team, or map it to another group')
    .argument('<id>')
    .option('--name <name>')
    .option('--group <group>', 'an empty one maps it to none')
    .action(async (id: string, options: { name?: string; group?: string }) => {
      await run((context) => changeTeam(context, id, options));
    });
  teams
    .command('delete')
    .description('delete a team with its rights')
    .argument('<id>')
    .action(async (id: string) => {
      await run((context) => deleteTeam(context, id));
    });
  for (const [verb, description, work] of [
    ['add', 'put a user into a team', addMember],
    ['remove', 'take a user out of a team', removeMember],
  ] as const)
    teams
      .command(verb)
      .description(description)
      .argument('<id>')
      .requiredOption('--user <email>')
      .action(async (id: string, { user }: { user: string }) => {
        await run((context) => work(context, id, user));
      });
}
