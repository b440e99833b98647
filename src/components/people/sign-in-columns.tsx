import type { SignInRecord } from '#contract/people/sign-in-records.ts';
import { signInWayWords } from '#contract/people/sign-in-records.ts';

import { RelativeTime } from '../RelativeTime.tsx';
import type { Column } from '../table/table.ts';

export const signInKey = ({ id }: SignInRecord) => String(id);
export const signInLabel = ({ email, words, at }: SignInRecord) =>
  `${email ?? 'Nobody known'}: ${words}, ${at}`;

/** What tables of sign-ins show beside who it was. */
export const signInColumns: readonly Column<SignInRecord>[] = [
  {
    id: 'words',
    header: 'What came of it',
    isName: true,
    cell: ({ words, result }) => (result === 'failed' ? <strong>{words}</strong> : words),
  },
  { id: 'way', header: 'How', width: '13rem', cell: ({ way }) => signInWayWords[way] },
  { id: 'origin', header: 'From', width: '12rem', cell: ({ origin }) => origin },
  {
    id: 'at',
    header: 'When',
    width: '8rem',
    cell: ({ at }) => <RelativeTime at={at} />,
  },
];
