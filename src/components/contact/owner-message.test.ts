import { expect, it } from 'vitest';

import { mailtoUrl } from './owner-message.ts';

it('survives a mail program: nothing in it ends the address, and lines end with CR LF', () => {
  const url = mailtoUrl({ email: 'a+b@x.test', subject: '50 % & more?', body: 'one\ntwo & ü' });
  expect(url).toBe(
    'mailto:a%2Bb@x.test?subject=50%20%25%20%26%20more%3F&body=one%0D%0Atwo%20%26%20%C3%BC',
  );
  expect(new URL(url).searchParams.get('body')).toBe('one\r\ntwo & ü');
});
