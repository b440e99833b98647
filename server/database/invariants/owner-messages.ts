import type { Invariant } from './invariant.ts';

/** What owners were written: docs/domain.md, "Contacting owners". */
export const ownerMessageInvariants: Invariant[] = [
  {
    id: 'MSG-01',
    guarantee: 'a message goes to one address, and is about farms of its owner',
    sql: `
      SELECT id, email, owner_id, event -> 'owner' AS owner FROM owner_messages
      WHERE email !~ '^[^@[:space:]]+@[^@[:space:]]+$' OR subject ~ '[\\n\\r]'
        OR (event #>> '{owner,id}')::int <> owner_id OR jsonb_array_length(event -> 'farms') = 0
        OR EXISTS (SELECT FROM jsonb_array_elements(event -> 'farms') farm
          WHERE account_id <> (farm ->> 'accountId')::int OR environment_id <> (farm ->> 'envId')::int)`,
  },
  {
    id: 'MSG-02',
    guarantee: 'a message has a job on each way on which it is still to go, and on no other',
    sql: `
      SELECT m.id, way.kind, way.state, o.id AS job FROM owner_messages m
      CROSS JOIN LATERAL (VALUES ('owner-message', m.mail), ('owner-webhook', m.webhook)) way (kind, state)
      LEFT JOIN outbox o ON o.kind = way.kind AND o.subject = m.id::text AND o.done_at IS NULL
      WHERE (way.state IS NOT DISTINCT FROM 'queued') <> (o.id IS NOT NULL)`,
  },
  {
    id: 'MSG-03',
    guarantee:
      'what is known of a contact is of a farm role of that farm, and of a message to that owner',
    sql: `
      SELECT c.owner_id, c.id, c.farm_id, m.owner_id AS written_to FROM owner_contacts c
      JOIN farm_roles fr ON fr.id = c.farm_role_id LEFT JOIN owner_messages m ON m.id = c.message_id
      WHERE (fr.farm_id, fr.account_id, fr.environment_id) <> (c.farm_id, c.account_id, c.environment_id)
        OR m.owner_id <> c.owner_id`,
  },
];
