import { desiredPointers, hasPointerRight, pointerMark } from '../desired-pointers.ts';
import type { Invariant } from './invariant.ts';

/** SQL: nothing has moved since pointers were planned; where something has, the loop will look within a second. */
const isPlanned = `EXISTS (SELECT FROM pointer_plans plan WHERE plan.mark = ${pointerMark})`;

const samePlace = `(d.role_id, d.cloud_platform, d.cloud_location, d.credentials_id)
  = (p.role_id, p.cloud_platform, p.cloud_location, p.credentials_id)`;

/** Names in clouds that stand for what Roles hold. */
export const pointerInvariants: Invariant[] = [
  {
    id: 'PTR-01',
    guarantee: 'a pointer is wanted to stand for what its role holds, once that was planned',
    sql: `
      SELECT d.role_id, d.cloud_location, d.credentials_id, p.wanted, d.cloud_image_id AS held
      FROM (${desiredPointers}) d LEFT JOIN role_pointers p ON ${samePlace}
      WHERE p.wanted IS DISTINCT FROM d.cloud_image_id AND ${isPlanned}
      UNION ALL
      SELECT p.role_id, p.cloud_location, p.credentials_id, p.wanted, NULL FROM role_pointers p
      JOIN cloud_credentials c ON c.id = p.credentials_id
      WHERE p.wanted IS NOT NULL AND ${hasPointerRight('c')} AND ${isPlanned}
        AND NOT EXISTS (SELECT FROM (${desiredPointers}) d WHERE ${samePlace})`,
  },
  {
    id: 'PTR-02',
    guarantee:
      'a pointer stands for what it is wanted to, or its cloud is being asked, or has refused',
    sql: `
      SELECT p.id, p.role_id, p.wanted, p.written FROM role_pointers p
      JOIN cloud_credentials c ON c.id = p.credentials_id
      WHERE p.wanted IS DISTINCT FROM p.written AND p.error IS NULL AND ${hasPointerRight('c')} AND ${isPlanned}
        AND NOT EXISTS (SELECT FROM outbox o WHERE o.kind = 'role-pointer.publish' AND o.done_at IS NULL
          AND o.payload ->> 'pointerId' = p.id::text)`,
  },
];
