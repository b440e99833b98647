import {
  outcomeWords,
  type SignInRecord,
  signInWayWords,
} from '#contract/people/sign-in-records.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  fetchOwnSignIns,
  fetchSignInRecords,
  planSignInRecords,
  type SignInRecordRow,
} from '../../database/queries/people/sign-in-records.ts';
import type { Handler, SomeHandlers } from '../context.ts';
import { type CsvColumns, exportList, exportPageSize } from '../list-export.ts';
import { inBrowser } from './sessions.ts';

/** Of one's own as many are shown: what somebody else does under one's name is among the latest. */
const mostOwn = 50;

const listRecords: Handler<'signInRecordList'> = async (ctx, { query }) => {
  const plan = planSignInRecords(ctx.scope, query);
  const key = ['signInRecordList', ctx.scope] as const;
  const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, [...key]);
  return { data: (await fetchSignInRecords(ctx.tx, ids)).map(toRecord), page };
};

/** Who signed in, and who failed to: docs/domain.md, "Records of signing in". */
export const signInRecordHandlers = {
  signInRecordList: listRecords,

  signInRecordExport: async (ctx, { query }) => {
    const readPage = (cursor: string) =>
      listRecords(ctx, {
        params: {},
        body: undefined,
        query: { ...query, cursor, maxResults: exportPageSize },
      });
    return { data: '', csv: exportList(columns, readPage) };
  },

  ownSignInList: async (ctx) => {
    const rows = await fetchOwnSignIns(ctx.tx, inBrowser(ctx, 'Your sign-ins'), mostOwn);
    return { data: rows.map(toRecord) };
  },
} satisfies SomeHandlers;

const columns: CsvColumns<SignInRecord> = [
  ['When (UTC)', ({ at }) => at],
  ['E-mail', ({ email }) => email],
  ['Name', ({ user }) => user?.name ?? null],
  ['Way', ({ way }) => signInWayWords[way]],
  ['What came of it', ({ words }) => words],
  ['Outcome', ({ outcome }) => outcome],
  ['From', ({ origin }) => origin],
  ['Id', ({ id }) => id],
];

function toRecord(row: SignInRecordRow): SignInRecord {
  const { id, way, outcome, email, origin, user_id: userId, user_name: name } = row;
  return {
    id,
    at: row.at.toISOString(),
    way,
    outcome,
    words: outcomeWords(outcome),
    result: outcome === 'signed-in' ? 'in' : outcome === 'link-asked' ? 'asked' : 'failed',
    email,
    user: userId === null ? null : { id: userId, name: name ?? '', email: email ?? '' },
    origin,
  };
}
