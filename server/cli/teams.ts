import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { call, corporate, describeGrant, findUser } from './people.ts';
import { findScopeByText } from './scope.ts';

export async function listTeams(context: CommandContext, scope: string): Promise<Answer> {
  const at = await findScopeByText(context.db, scope);
  const data = await call(context, 'teamList', at, { query: { maxResults: '100' } });
  const lines = data.map(({ id, name, memberCount, externalGroup }) => {
    const group = externalGroup === null ? '' : `, the group ${externalGroup}`;
    return `${id}  ${name}: ${memberCount === 1 ? 'one member' : `${memberCount} members`}${group}`;
  });
  return { text: lines.join('\n') || 'There is no team there.', json: data };
}

export async function showTeam(context: CommandContext, teamId: string): Promise<Answer> {
  const asked = { params: { teamId }, query: { include: 'grants,members' } };
  const data = await call(context, 'teamGet', corporate, asked);
  const { grants = [], members = [] } = data;
  const lines = [
    data.name,
    ...grants.map((grant) => `  is ${describeGrant({ ...grant, team: null })}`),
    ...members.map(
      ({ email, source }) => `  ${email}${source === 'oidc' ? ' (by their groups)' : ''}`,
    ),
  ];
  return { text: lines.join('\n'), json: data };
}

export async function createTeam(
  context: CommandContext,
  { name, scope, group }: { name: string; scope: string; group?: string },
): Promise<Answer> {
  const at = await findScopeByText(context.db, scope);
  const body = { name, ...(group !== undefined && { externalGroup: group }) };
  const data = await call(context, 'teamCreate', at, { body });
  return { text: `Created the team "${data.name}" with the id ${data.id}.`, json: data };
}

export async function changeTeam(
  context: CommandContext,
  teamId: string,
  { name, group }: { name?: string; group?: string },
): Promise<Answer> {
  const body = {
    ...(name !== undefined && { name }),
    ...(group !== undefined && { externalGroup: group === '' ? null : group }),
  };
  const data = await call(context, 'teamUpdate', corporate, { params: { teamId }, body });
  return { text: `The team ${data.id} is "${data.name}".`, json: data };
}

export async function deleteTeam(context: CommandContext, teamId: string): Promise<Answer> {
  await call(context, 'teamDelete', corporate, { params: { teamId } });
  return { text: `Deleted the team ${teamId} with its rights.`, json: null };
}

export async function addMember(
  context: CommandContext,
  teamId: string,
  email: string,
): Promise<Answer> {
  const user = await findUser(context, email);
  const data = await call(context, 'teamMemberAdd', corporate, {
    params: { teamId },
    body: { user: user.id },
  });
  return { text: `${user.email} is in the team "${data.name}".`, json: data };
}

export async function removeMember(
  context: CommandContext,
  teamId: string,
  email: string,
): Promise<Answer> {
  const user = await findUser(context, email);
  const params = { teamId, userId: String(user.id) };
  await call(context, 'teamMemberRemove', corporate, { params });
  return { text: `${user.email} is no longer in the team ${teamId}.`, json: null };
}
