import { useQuery } from '@tanstack/react-query';
import type { Role } from '#contract/roles/roles.ts';

import { osListQuery } from '../../api/os.ts';
import { ConflictNotice } from '../../components/forms/ConflictNotice.tsx';
import type { EditConflict } from '../../components/forms/use-edited.ts';
import { categoryOptions } from '../../components/options/sources.ts';
import type { PathScope } from '../../util/paths.ts';

const labels = {
  name: 'Name',
  osId: 'Operating system',
  categoryId: 'Category',
  description: 'Description',
  quickStart: 'Quick start',
};

interface RoleConflictProps {
  at: PathScope;
  role: Role;
  conflict: EditConflict;
}

/** What somebody else changed of a role while it was edited, by names. */
export function RoleConflict({ at, role, conflict }: RoleConflictProps) {
  const os = useQuery(osListQuery(at)).data?.data;
  const words = (field: string, value: unknown) => {
    if (field === 'osId') return os?.find(({ id }) => id === value)?.name;
    if (field !== 'categoryId') return undefined;
    const isTheirs = String(role.category.id) === value;
    return isTheirs ? role.categoryName : <CategoryName at={at} id={String(value)} />;
  };
  return <ConflictNotice {...{ conflict, labels, words }} />;
}

function CategoryName({ at, id }: { at: PathScope; id: string }) {
  return categoryOptions(at).useOptions({ value: id }).options[0]?.label ?? id;
}
