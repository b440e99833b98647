import { ActionIcon } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { Suspense } from 'react';

import { useMenu } from '../hooks/use-menu.ts';
import { lazyPart } from '../util/lazy-part.ts';

import type { UserMenuItemsProps } from './UserMenuItems.tsx';

const UserMenuItems = lazyPart(async () => (await import('./UserMenuItems.tsx')).UserMenuItems);

/** Who is signed in, and what belongs to this person and browser. */
export function UserMenu(props: Omit<UserMenuItemsProps, 'panel'>) {
  const { target, panel } = useMenu(UserMenuItems.fetchAhead);
  return (
    <>
      <ActionIcon aria-label={`User menu of ${props.email}`} {...target}>
        <IconUser size={16} aria-hidden />
      </ActionIcon>
      {panel !== undefined && (
        <Suspense>
          <UserMenuItems {...props} panel={panel} />
        </Suspense>
      )}
    </>
  );
}
