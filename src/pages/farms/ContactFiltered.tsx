import { IconMail } from '@tabler/icons-react';
import { Suspense } from 'react';

import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import type { PathScope } from '../../util/paths.ts';

import { contactFiltersOf, useFarmSearch } from './farm-filters.ts';

const ContactOwners = lazyPart(
  async () => (await import('../../components/contact/ContactOwners.tsx')).ContactOwners,
);

/** Writes to the owners of what the filters of the list leave. */
export function ContactFiltered({ at }: { at: PathScope }) {
  const { dialog, open, close } = useDialog(['contact-all']);
  const filters = contactFiltersOf(useFarmSearch());
  const reason =
    filters === undefined
      ? 'Owners cannot be found by the search, the status or images that are not old. Select farms instead.'
      : undefined;
  return (
    <>
      <ActionButton
        icon={<IconMail size={16} aria-hidden />}
        disabledReason={reason}
        onClick={() => open('contact-all')}
        onIntent={ContactOwners.fetchAhead}
      >
        Contact owners
      </ActionButton>
      {dialog === 'contact-all' && filters !== undefined && (
        <Suspense>
          <ContactOwners at={at} filters={filters} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
