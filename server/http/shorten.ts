const longest = 100;

/** What a client sent, as far as a message repeats it: enough to recognise it, never all of it. */
export function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`;
}
