import { type Kysely, sql } from 'kysely';

/**
 * What owners of farms were written, and for each farm role and old image of theirs, which message was the last
 * about it and until when the owner has asked to be left alone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(text).execute(db);
}

const text = `
CREATE TABLE owner_messages (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  scope text NOT NULL,
  account_id integer REFERENCES accounts ON DELETE CASCADE,
  environment_id integer REFERENCES environments ON DELETE CASCADE,
  at timestamptz NOT NULL,
  sent_by text NOT NULL,
  owner_id integer NOT NULL REFERENCES users,
  owner_name text NOT NULL,
  email text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  -- What a webhook is told.
  event jsonb NOT NULL,
  -- How it went on each way; null where it does not go.
  mail text CHECK (mail IN ('queued', 'sent', 'failed')),
  mail_words text,
  webhook text CHECK (webhook IN ('queued', 'sent', 'failed')),
  webhook_words text,
  CHECK (mail IS NOT NULL OR webhook IS NOT NULL)
);
CREATE INDEX owner_messages_account ON owner_messages (account_id);
CREATE INDEX owner_messages_environment ON owner_messages (environment_id);

CREATE TABLE owner_contacts (
  owner_id integer NOT NULL REFERENCES users,
  farm_role_id integer NOT NULL REFERENCES farm_roles ON DELETE CASCADE,
  image_id uuid NOT NULL REFERENCES images,
  -- As that of server_groups.
  id text GENERATED ALWAYS AS (farm_role_id::text || ':' || image_id::text) STORED,
  farm_id integer NOT NULL REFERENCES farms ON DELETE CASCADE,
  account_id integer NOT NULL,
  environment_id integer NOT NULL,
  stale boolean NOT NULL,
  deprecated boolean NOT NULL,
  message_id uuid REFERENCES owner_messages ON DELETE SET NULL,
  asked_until date,
  PRIMARY KEY (owner_id, farm_role_id, image_id)
);
CREATE INDEX owner_contacts_farm_role ON owner_contacts (farm_role_id);
CREATE INDEX owner_contacts_farm ON owner_contacts (farm_id);
CREATE INDEX owner_contacts_account ON owner_contacts (account_id, environment_id);
CREATE INDEX owner_contacts_image ON owner_contacts (image_id);
CREATE INDEX owner_contacts_message ON owner_contacts (message_id);
`;
