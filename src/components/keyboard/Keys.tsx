import classes from './KeyboardHelp.module.css';

/** Keys to press one after the other, `g i`, or together, `Ctrl+K`. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="nowrap">
      {keys.split(' ').map((key, index) => (
        <span key={key}>
          {index > 0 && ' '}
          <kbd className={classes['kbd']}>{key}</kbd>
        </span>
      ))}
    </span>
  );
}
