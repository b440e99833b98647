import { expect, test } from 'vitest';
import { isPostgresUrl } from '../../env/kinds.ts';
import { splitHosts } from './hosts.ts';

test.each([
  [
    'postgresql://u:p%40ss@a:5433,b/slipway?sslmode=require',
    [
      ['a', 5_433],
      ['b', 5_432],
    ],
    'postgresql://u:p%40ss@a:5433/slipway?sslmode=require',
  ],
  [
    'postgres://10.0.0.1,[fd00::1]:6000,c/slipway?target_session_attrs=read-write&sslmode=prefer',
    [
      ['10.0.0.1', 5_432],
      ['fd00::1', 6_000],
      ['c', 5_432],
    ],
    'postgres://10.0.0.1/slipway?sslmode=prefer',
  ],
  [
    'postgres://a,b/slipway?target_session_attrs=read-write',
    [
      ['a', 5_432],
      ['b', 5_432],
    ],
    'postgres://a/slipway',
  ],
] as const)('%s names several servers', (url, hosts, first) => {
  expect(splitHosts(url)).toEqual({ hosts: hosts.map(([host, port]) => ({ host, port })), first });
  expect(isPostgresUrl(url)).toBe(true);
});

test.each([
  'postgresql://u:p,w@localhost/slipway',
  'postgresql:///slipway?host=/tmp/a,b',
  'postgresql://localhost:5432/slipway',
])('%s names one', (url) => {
  expect(splitHosts(url)).toBeUndefined();
});

test.each(['postgresql://a b,c/d', 'postgresql://a,/d', 'mysql://a,b/c'])(
  '%s names none',
  (url) => {
    expect(splitHosts(url) !== undefined && isPostgresUrl(url)).toBe(false);
  },
);
