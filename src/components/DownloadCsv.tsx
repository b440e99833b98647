import { ActionIcon } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

import { tip } from './tip.ts';

interface DownloadCsvProps {
  href: string;
  /** What the file is called. */
  file: string;
}

/** All rows of a list, as its filters and its order have them; at the end of the filter bar. */
export function DownloadCsv({ href, file }: DownloadCsvProps) {
  return (
    <ActionIcon
      component="a"
      href={href}
      download={file}
      aria-label="Download CSV"
      size="2rem"
      {...tip('Download CSV: all rows that the filters leave, in this order')}
    >
      <IconDownload size={16} aria-hidden />
    </ActionIcon>
  );
}
