/** Stands where only the sender knows what to write, as the server composes messages. */
export const deadlinePlaceholder = '[date]';

/** Opens a mail program with the message. Lines end with CR LF there (RFC 6068). */
export function mailtoUrl(message: { email: string; subject: string; body: string }): string {
  const email = encodeURIComponent(message.email).replace('%40', '@');
  const body = encodeURIComponent(message.body.replaceAll(/\r?\n/g, '\r\n'));
  return `mailto:${email}?subject=${encodeURIComponent(message.subject)}&body=${body}`;
}
