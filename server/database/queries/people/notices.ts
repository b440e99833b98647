import { type RawBuilder, sql } from 'kysely';
import type { SubscriptionEvent } from '#contract/people/subscriptions.ts';
import type { NoticeFacts } from '../../../domain/people/notices.ts';
import type { ScopedRow } from '../../../domain/scopes.ts';
import type { Db } from '../../connection/connection.ts';

export const noticeMailKind = 'notice-mail';
export const noticeWebhookKind = 'notice-webhook';

/** So far back is looked for what happened: less than notices are kept at least, or it would be told anew. */
const lookBack = sql`clock_timestamp() - interval '20 hours'`;

/**
 * What has happened: a name for ever, when, where, and what there is to tell; with an owner, for that user alone.
 * It is looked for in the tables and not in the log, so that whoever changed them, a loop too, is noticed.
 */
const happened: Record<SubscriptionEvent, RawBuilder<unknown>> = {
  imageDeprecated: sql`
    SELECT coalesce('imageSet:' || i.set_id, 'image:' || min(i.id::text)) || '@' || extract(epoch FROM i.deprecated_at) AS key,
      i.deprecated_at AS at, i.account_id, i.environment_id, NULL::integer AS owner_id,
      jsonb_build_object('imageSet', i.set_id, 'name', i.name, 'images', count(*), 'by', max(i.deprecated_by),
        'reason', max(i.deprecation_reason)) AS facts
    FROM images i WHERE i.deprecated_at > ${lookBack} AND i.deleted_at IS NULL
    GROUP BY i.set_id, i.name, i.deprecated_at, i.account_id, i.environment_id`,
  replacementApplied: sql`
    SELECT 'replacement:' || r.id AS key, r.at, r.account_id, r.environment_id, NULL::integer AS owner_id,
      jsonb_build_object('replacement', r.id, 'name', pair.old_name, 'newName', pair.new_name, 'by', r.by,
        'reason', r.reason) AS facts
    FROM replacements r CROSS JOIN LATERAL (
      SELECT old.name AS old_name, new.name AS new_name FROM replacement_pairs p
      JOIN images old ON old.id = p.old_image_id JOIN images new ON new.id = p.new_image_id
      WHERE p.replacement_id = r.id ORDER BY old.name, new.name LIMIT 1) pair
    WHERE r.state = 'applied' AND r.at > ${lookBack}`,
  rolloutStopped: sql`
    SELECT 'rollout:' || p.id || '@' || extract(epoch FROM p.stopped_at) AS key, p.stopped_at AS at, p.account_id,
      p.environment_id, NULL::integer AS owner_id,
      jsonb_build_object('rollout', p.id, 'name', coalesce(p.target ->> 'name', 'everything'), 'failures', p.failures,
        'cloudWords', p.cloud_words) AS facts
    FROM rollouts p WHERE p.state = 'stopped' AND p.stopped_at > ${lookBack}`,
  farmOnOldImage: sql`
    SELECT 'farm:' || f.id || '@' || extract(epoch FROM max(g.since)) AS key, max(g.since) AS at, f.account_id,
      f.environment_id, f.owner_id,
      jsonb_build_object('farm', f.id, 'name', f.name, 'servers', sum(g.servers)) AS facts
    FROM server_groups g JOIN farms f ON f.id = g.farm_id
    WHERE g.old AND coalesce(g.since, '-infinity') > ${lookBack} AND f.owner_id IS NOT NULL
    GROUP BY f.id`,
};

/** What somebody subscribed to, and may see: at the scope, above it and below it. */
const isAbout = sql`(s.account_id IS NULL OR e.account_id IS NULL OR (e.account_id = s.account_id
  AND (s.environment_id IS NULL OR e.environment_id IS NULL OR e.environment_id = s.environment_id)))`;
const maySee = sql`EXISTS (SELECT FROM held_grants h WHERE h.user_id = s.user_id AND (h.account_id IS NULL
  OR (h.account_id = s.account_id AND (h.environment_id IS NULL OR h.environment_id = s.environment_id))))`;

/**
 * Notes what is to be told, once for each event and subscription, and asks for it to be sent, in one transaction.
 * @returns how many
 */
export async function noteHappened(db: Db): Promise<number> {
  const { rows: wanted } = await sql<{ event: SubscriptionEvent }>`
    SELECT DISTINCT unnest(events) AS event FROM subscriptions WHERE active`.execute(db);
  let noted = 0;
  for (const { event } of wanted) {
    const { rows } = await sql<{ count: number }>`
      WITH new AS (
        INSERT INTO notices (subscription_id, event, key, at, account_id, environment_id, facts)
        SELECT s.id, ${event}, e.key, e.at, e.account_id, e.environment_id, e.facts
        FROM (${happened[event]}) e
        JOIN subscriptions s ON s.active AND ${event} = ANY (s.events) AND e.at > s.since
        JOIN users u ON u.id = s.user_id AND u.status = 'active'
        WHERE (e.owner_id IS NULL OR e.owner_id = s.user_id) AND ${isAbout} AND ${maySee}
        ON CONFLICT DO NOTHING RETURNING id, subscription_id),
      queued AS (
        INSERT INTO outbox (kind, lane, payload, created_at, next_attempt_at)
        SELECT CASE s.channel WHEN 'mail' THEN ${noticeMailKind} ELSE ${noticeWebhookKind} END,
          CASE s.channel WHEN 'mail' THEN 'mail' ELSE 'webhook ' || s.id END,
          jsonb_build_object('noticeId', new.id), clock_timestamp(), clock_timestamp()
        FROM new JOIN subscriptions s ON s.id = new.subscription_id)
      SELECT count(*)::integer AS count FROM new`.execute(db);
    noted += rows[0]?.count ?? 0;
  }
  return noted;
}

/** Something to tell, and whom. */
export interface NoticeRow {
  id: string;
  event: SubscriptionEvent;
  at: Date;
  facts: NoticeFacts;
  /** Where it happened, and what the subscription is about. */
  place: ScopedRow & { account_name: string | null; environment_name: string | null };
  about: ScopedRow;
  email: string;
  user_name: string;
  subscription_id: number;
  url: string | null;
  sealed_secret: Buffer | null;
  end_token: string;
  address: string;
}

/** A notice that is still to be told, to somebody who still wants to hear it. */
export async function findNotice(db: Db, id: string): Promise<NoticeRow | undefined> {
  const { rows } = await sql<
    Omit<NoticeRow, 'place' | 'about'> & { place: NoticeRow['place']; about: NoticeRow['about'] }
  >`
    SELECT n.id, n.event, n.at, n.facts, u.email, u.name AS user_name, s.id AS subscription_id, s.url, s.sealed_secret,
      s.end_token, s.address,
      jsonb_build_object('scope', CASE WHEN n.environment_id IS NOT NULL THEN 'environment'
          WHEN n.account_id IS NOT NULL THEN 'account' ELSE 'scalr' END, 'account_id', n.account_id,
        'environment_id', n.environment_id, 'account_name', a.name, 'environment_name', e.name) AS place,
      jsonb_build_object('scope', s.scope, 'account_id', s.account_id, 'environment_id', s.environment_id) AS about
    FROM notices n JOIN subscriptions s ON s.id = n.subscription_id AND s.active
    JOIN users u ON u.id = s.user_id AND u.status = 'active'
    LEFT JOIN accounts a ON a.id = n.account_id LEFT JOIN environments e ON e.id = n.environment_id
    WHERE n.id = ${id}::uuid AND n.state = 'queued' AND ${maySee}`.execute(db);
  return rows[0];
}

/** Notes what came of telling. @param error why it could not be told */
export async function settleNotice(tx: Db, id: string, error?: string): Promise<void> {
  await sql`UPDATE notices SET state = ${error === undefined ? 'delivered' : 'failed'},
    done_at = clock_timestamp(), error = ${error ?? null} WHERE id = ${id}::uuid`.execute(tx);
}
