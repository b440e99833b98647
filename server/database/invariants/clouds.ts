import { type Invariant, isVisible } from './invariant.ts';

/** Cloud credentials, and who uses them. */
export const cloudInvariants: Invariant[] = [
  {
    id: 'CRD-01',
    guarantee: 'an environment uses credentials that it sees, and for their own platform',
    sql: `
      SELECT ec.environment_id, ec.cloud_platform, ec.credentials_id
      FROM (SELECT *, 'environment' AS scope FROM environment_clouds) ec
      LEFT JOIN cloud_credentials c ON c.id = ec.credentials_id
      WHERE c.cloud_platform IS DISTINCT FROM ec.cloud_platform OR NOT ${isVisible('c', 'ec')}`,
  },
  {
    id: 'CRD-02',
    guarantee: 'a server was launched with credentials that its environment sees, for its platform',
    sql: `
      SELECT s.id, s.cloud_platform, s.cloud_credentials_id
      FROM (SELECT *, 'environment' AS scope FROM servers WHERE cloud_credentials_id IS NOT NULL) s
      LEFT JOIN cloud_credentials c ON c.id = s.cloud_credentials_id
      WHERE c.cloud_platform IS DISTINCT FROM s.cloud_platform OR NOT ${isVisible('c', 's')}`,
  },
  {
    id: 'CRD-03',
    guarantee: 'credentials are being tested exactly while a job asks their cloud',
    sql: `
      SELECT c.id, c.name, c.version FROM cloud_credentials c
      WHERE c.status = 'testing' AND NOT EXISTS (
        SELECT FROM outbox o WHERE o.kind = 'cloud-credentials.test' AND o.done_at IS NULL
          AND o.payload ->> 'id' = c.id::text AND o.payload ->> 'version' = c.version::text)`,
  },
  {
    id: 'CRD-04',
    guarantee: 'what is still to be asked of a cloud names credentials that are there',
    sql: `
      SELECT o.id, o.kind, o.lane FROM outbox o
      WHERE o.done_at IS NULL AND o.lane LIKE 'credentials %' AND NOT EXISTS (
        SELECT FROM cloud_credentials c WHERE o.lane = 'credentials ' || c.id)`,
  },
];
