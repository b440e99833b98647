import { CopyButton } from '../CopyButton.tsx';

import classes from './CommandText.module.css';

/** Lines for a terminal, to be read and copied. */
export function CommandText({ text }: { text: string }) {
  return (
    <div className={classes['command']}>
      <code className="mono">{text}</code>
      <CopyButton text={text} />
    </div>
  );
}
