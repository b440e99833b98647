import { ApiError } from '#contract/errors.ts';
import type { MessageTemplate, OwnerContact } from '#contract/farms/owner-contacts.ts';
import type { ServiceInput } from '#contract/operations.ts';
import {
  fetchKeptFarmRoles,
  fetchOwnerContacts,
  fetchRowsOfOwners,
  fetchServerNames,
  noteContacts,
  type OwnerContactRow,
} from '../../database/queries/farms/owner-contacts.ts';
import { queueOwnerMessages } from '../../database/queries/farms/owner-messages.ts';
import type { UsageFilters, UsageRow } from '../../database/queries/farms/usage-rows.ts';
import { contactState, isContactDue, unreachableWords } from '../../domain/owner-contacts.ts';
import {
  composeMessage,
  findSendingRefusal,
  findTemplateRefusal,
  linksOf,
  namedServers,
  type OwnerMessageFacts,
  usualTemplate,
} from '../../domain/owner-messages.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { refuseIf } from '../refuse.ts';
import { toOwnerMessage } from './owner-messages.ts';
import { toUsageRow } from './present-usage.ts';

/** So many are shown, and written to, at once. */
const mostOwners = 500;

/** Who is to be written to about old images: docs/domain.md, "Contacting owners". */
export const ownerContactHandlers = {
  ownerContactPreview: async (ctx, { body }) => {
    const { filters = {}, template = usualTemplate, owner } = body;
    refuseIf(findTemplateRefusal(template));
    const contacts = await fetchOwnerContacts(ctx.tx, ctx.scope, filters);
    const all = owner ? await fetchRowsOfOwners(ctx.tx, ctx.scope, filters, [owner.id]) : [];
    const rows = all.filter(({ id }) => body.rows?.includes(id) ?? true);
    const [message] = await compose(ctx, template, rows);
    const { mail, webhook } = ctx.channels;
    return {
      data: {
        channels: { mail, webhook },
        template,
        owners: contacts.slice(0, mostOwners).map((row) => toContact(row, dayOf(ctx))),
        total: contacts.length,
        message: message ? { to: message.to, subject: message.subject, body: message.body } : null,
      },
    };
  },

  ownerContactSend: async (ctx, { body }) => {
    const { filters = {}, template } = body;
    demandChannel(ctx);
    refuseIf(findSendingRefusal(template));
    const { chosen, left } = await chooseOwners(ctx, filters, body.owners);
    const rows = await fetchRowsOfOwners(ctx.tx, ctx.scope, filters, chosen);
    const composed = await compose(ctx, template, rows);
    if (composed.length === 0) return { data: { messages: [], left } };
    const messages = await queueOwnerMessages(
      ctx.tx,
      ctx.scope,
      ctx.channels,
      composed.map(({ to, subject, body: text, event }) => ({
        at: ctx.now,
        sent_by: ctx.actor,
        owner_id: to.id,
        owner_name: to.name,
        email: to.email,
        subject,
        body: text,
        event,
      })),
    );
    const messageIds = new Map(messages.map(({ owner_id, id }) => [owner_id, id]));
    await noteContacts(ctx.tx, rows, { messageIds }, dayOf(ctx));
    for (const message of messages)
      ctx.record({ kind: 'ownerMessage', after: toOwnerMessage(message) });
    const servers = new Map(composed.map(({ to, event }) => [to.id, event.servers]));
    return {
      data: {
        messages: messages.map((message) => ({
          id: message.id,
          owner: toOwnerMessage(message).owner,
          servers: servers.get(message.owner_id) ?? 0,
        })),
        left,
      },
    };
  },

  ownerContactAnswer: async (ctx, { body }) => {
    const { filters = {}, until } = body;
    const today = dayOf(ctx);
    if (until < today)
      throw new ApiError('InvalidValue', `${until} has passed: name a day that is to come.`, {
        field: 'until',
      });
    const owner = ctx.principal.kind === 'user' ? ctx.principal.id : 0;
    const rows = await fetchRowsOfOwners(ctx.tx, ctx.scope, filters, [owner]);
    const farms = new Set(rows.map(({ farm_id }) => farm_id));
    if (rows.length === 0)
      throw new ApiError(
        'UnacceptableState',
        'None of your farms here has servers on old images: there is nothing to say until when.',
      );
    await noteContacts(ctx.tx, rows, { askedUntil: until }, today);
    const [first] = farms;
    ctx.record({
      kind: 'ownerAnswer',
      after: { id: owner, until, farms: [...farms].map((id) => ({ id })) },
      others: first === undefined ? [] : [...farms].map((id) => ({ kind: 'farm' as const, id })),
    });
    return {
      data: { until, farms: farms.size, servers: rows.reduce((sum, row) => sum + row.servers, 0) },
    };
  },
} satisfies SomeHandlers;

function dayOf({ now }: Context): string {
  return now.toISOString().slice(0, 10);
}

function toContact(row: OwnerContactRow, today: string): OwnerContact {
  const state = contactState(row);
  const isTrouble = state === 'failed' || state === 'sending';
  return {
    id: row.id,
    owner: { id: row.id, name: row.name, email: row.email },
    farms: row.farms,
    farmRoles: row.farm_roles,
    servers: row.servers,
    state,
    at: row.at?.toISOString() ?? null,
    until: state === 'asked' ? row.asked_until : null,
    words: isTrouble ? row.words : null,
    unreachable: unreachableWords(row) ?? null,
    due: isContactDue(row, today),
  };
}

/** @throws ApiError UnacceptableState where nothing is set up that messages could go by */
function demandChannel({ channels }: Context): void {
  if (channels.mail || channels.webhook) return;
  throw new ApiError(
    'UnacceptableState',
    'Slipway has no mail server to send by. Whoever runs it sets SMTP_URL and SMTP_FROM; until then, send messages with your own mail program.',
  );
}

type Named = ServiceInput<'ownerContactSend'>['body']['owners'];

/**
 * Those who are due, or who are named.
 * @throws ApiError InvalidValue for one who is named and cannot be written to
 */
async function chooseOwners(
  ctx: Context,
  filters: UsageFilters,
  named: Named,
): Promise<{ chosen: number[]; left: number }> {
  const contacts = await fetchOwnerContacts(ctx.tx, ctx.scope, filters);
  if (!named) {
    const due = contacts.filter((row) => isContactDue(row, dayOf(ctx))).map(({ id }) => id);
    return { chosen: due.slice(0, mostOwners), left: Math.max(due.length - mostOwners, 0) };
  }
  const known = new Map(contacts.map((row) => [row.id, row]));
  const chosen = [...new Set(named.map(({ id }) => id))];
  for (const id of chosen) {
    const row = known.get(id);
    const reason =
      row === undefined || row.farm_roles === 0
        ? `User ${id} owns no farm here with servers on old images that the filters find.`
        : unreachableWords(row) && `${row.name} cannot be written to. ${unreachableWords(row)}`;
    if (reason !== undefined) throw new ApiError('InvalidValue', reason, { field: 'owners' });
  }
  return { chosen, left: 0 };
}

/** One message for each owner of the rows, with what a webhook is told of it. */
async function compose(ctx: Context, template: MessageTemplate, rows: readonly UsageRow[]) {
  const ofOwners = [...Map.groupBy(rows.map(toUsageRow), ({ owner }) => owner.id).values()];
  const ids = rows.map(({ id }) => id);
  const kept = await fetchKeptFarmRoles(ctx.tx, [...new Set(rows.map((row) => row.farm_role_id))]);
  const servers = await fetchServerNames(ctx.tx, ids, namedServers);
  const { address } = ctx.channels;
  const sender = ctx.principal.kind === 'user' ? ctx.principal.name : ctx.actor;
  return ofOwners.flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const facts: OwnerMessageFacts = { rows: own, kept, servers, address, sender };
    const message = composeMessage(template, facts);
    return { to: first.owner, ...message, event: toEvent(ctx, message.subject, facts) };
  });
}

function toEvent(ctx: Context, subject: string, { rows, address }: OwnerMessageFacts) {
  return {
    at: ctx.now.toISOString(),
    owner: rows[0]?.owner,
    subject,
    servers: rows.reduce((sum, row) => sum + row.servers.old, 0),
    farms: rows.map(({ farm, accountId, envId, farmRole, role, image, roleImage, servers }) => ({
      farm,
      accountId,
      envId,
      farmRole,
      role,
      image,
      roleImage,
      servers,
    })),
    links: linksOf(rows, address),
  };
}
