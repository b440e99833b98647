import { VisuallyHidden } from '@mantine/core';

import classes from './PageSkeleton.module.css';

const rowCount = 18;

/** Stands in while a page's code or first data is fetched: the heights of what is about to come. */
export function PageSkeleton() {
  return (
    <div aria-busy>
      <VisuallyHidden component="output">Loading</VisuallyHidden>
      <div className={`${classes['bar']} ${classes['title']}`} />
      <div className={`${classes['bar']} ${classes['filters']}`} />
      {Array.from({ length: rowCount }, (_row, index) => (
        <div key={index} className={classes['row']}>
          <div className={classes['bar']} style={{ width: `${40 + ((index * 17) % 45)}%` }} />
        </div>
      ))}
    </div>
  );
}
