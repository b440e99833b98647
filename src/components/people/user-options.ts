import { userListQuery } from '../../api/people/people.ts';
import type { PathScope } from '../../util/paths.ts';
import { optionPage, serverOptions } from '../options/option-source.ts';

/** People whom a scope sees, for who administers it. */
export function userOptions(at: PathScope) {
  return serverOptions<'userList'>(
    (asked) => userListQuery(at, { ...optionPage, sort: 'name', status: 'active', ...asked }),
    ({ id, name, email }) => ({ value: String(id), label: name, detail: email }),
  );
}
