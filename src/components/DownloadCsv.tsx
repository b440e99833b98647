import { ActionIcon } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

import { tip } from './tip.ts';

interface DownloadCsvProps {
  href: string;
  /** What the file is called. */
  file: string;
  /** What is in it, where a page has another file as well. */
  what?: { label: string; tip: string };
}

const rows = {
  label: 'Download CSV',
  tip: 'Download CSV: all rows that the filters leave, in this order',
};

/** All rows of a list, as its filters and its order have them; at the end of the filter bar. */
export function DownloadCsv({ href, file, what = rows }: DownloadCsvProps) {
  return (
    <ActionIcon
      component="a"
      href={href}
      download={file}
      aria-label={what.label}
      size="2rem"
      {...tip(what.tip)}
    >
      <IconDownload size={16} aria-hidden />
    </ActionIcon>
  );
}
