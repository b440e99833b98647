import { Button, NativeSelect, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MessageTemplate, OwnerContact } from '#contract/farms/owner-contacts.ts';

import { inBody, ownerContactsQuery } from '../../api/owner-contacts.ts';
import type { ContactFilters } from '../../api/owner-contacts.ts';
import { ErrorNotice } from '../ErrorNotice.tsx';
import type { PathScope } from '../../util/paths.ts';

import { deadlinePlaceholder, mailtoUrl } from './owner-message.ts';

interface ContactTemplateProps {
  at: PathScope;
  filters: ContactFilters;
  template: MessageTemplate;
  onChange: (template: MessageTemplate) => void;
  /** Whose messages can be looked at. */
  owners: readonly OwnerContact[];
  /** Slipway sends; otherwise people do. */
  canSend: boolean;
}

/** The message to all, to be edited; and as each owner gets it. */
export function ContactTemplate(props: ContactTemplateProps) {
  const { template, onChange, owners } = props;
  const [view, setView] = useState('edit');
  const description = template.body.includes(deadlinePlaceholder)
    ? `Put a date in place of ${deadlinePlaceholder}. What stands in {braces} is filled in for each owner.`
    : 'What stands in {braces} is filled in for each owner.';
  return (
    <>
      <SegmentedControl
        aria-label="Message"
        size="xs"
        value={view}
        onChange={setView}
        data={[
          { value: 'edit', label: 'Edit' },
          { value: 'preview', label: 'Preview', disabled: owners.length === 0 },
        ]}
      />
      {view === 'preview' ? (
        <Preview {...props} />
      ) : (
        <>
          <TextInput
            label="Subject"
            value={template.subject}
            onChange={({ currentTarget }) =>
              onChange({ ...template, subject: currentTarget.value })
            }
          />
          <Textarea
            label="Message"
            description={description}
            rows={12}
            value={template.body}
            onChange={({ currentTarget }) => onChange({ ...template, body: currentTarget.value })}
          />
        </>
      )}
    </>
  );
}

/** The message to one of the owners, filled in. */
function Preview({ at, filters, template, owners, canSend }: ContactTemplateProps) {
  const [id, setId] = useState('');
  const owner = owners.find((one) => String(one.id) === id) ?? owners[0];
  const preview = useQuery({
    ...ownerContactsQuery(at, {
      filters: inBody(filters),
      template,
      owner: { id: owner?.id ?? 0 },
    }),
    enabled: owner !== undefined,
  });
  const message = preview.data?.message;
  return (
    <>
      <NativeSelect
        label="As it goes to"
        value={owner === undefined ? '' : String(owner.id)}
        onChange={({ currentTarget }) => setId(currentTarget.value)}
        data={owners.map((one) => ({
          value: String(one.id),
          label: `${one.owner.name} (${one.owner.email})`,
        }))}
      />
      {preview.error !== null && <ErrorNotice error={preview.error} />}
      {message != null && (
        <>
          <TextInput label="Subject" readOnly value={message.subject} />
          <Textarea label="Message" readOnly rows={12} value={message.body} />
          {!canSend && (
            <Button
              component="a"
              variant="default"
              size="sm"
              href={mailtoUrl({ email: message.to.email, ...message })}
              leftSection={<IconMail size={16} aria-hidden />}
            >
              Open in mail program
            </Button>
          )}
        </>
      )}
    </>
  );
}
