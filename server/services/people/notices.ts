import type { NoticeRow } from '../../database/queries/people/notices.ts';
import { noticeLines, noticePath, noticeTitle } from '../../domain/people/notices.ts';

/** What is sent to somebody who wants to be told: docs/domain.md, "Being told". */
export interface NoticeMail {
  subject: string;
  text: string;
  /** Where its reader says that they want no more of these. */
  unsubscribe: string;
}

/** Texts of people become a header. */
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 200);

export function toNoticeMail(notice: NoticeRow): NoticeMail {
  const unsubscribe = `${notice.address}/unsubscribe#token=${notice.end_token}`;
  return {
    subject: oneLine(noticeTitle(notice)),
    text: [
      noticeLines(notice).join('\n'),
      notice.address + noticePath(notice),
      `You asked to be told of this. To hear no more of it: ${unsubscribe}`,
    ].join('\n\n'),
    unsubscribe,
  };
}

/** What a webhook is told. */
export function toNoticeEvent(notice: NoticeRow): object {
  return {
    // The same for every attempt: whoever has seen it has been told.
    id: notice.id,
    type: notice.event,
    at: new Date(notice.at).toISOString(),
    title: noticeTitle(notice),
    link: notice.address + noticePath(notice),
    accountId: notice.place.account_id,
    envId: notice.place.environment_id,
    facts: notice.facts,
  };
}
