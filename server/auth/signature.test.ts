import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedWith, isWithinWindow, parseSignatureDate, sign } from './signature.ts';

const secret = 'a secret of forty characters, as keys have';
const base = {
  method: 'GET',
  url: '/api/v1beta0/user/1/images/',
  date: '2026-11-22T10:00:00.000Z',
  body: Buffer.from('{}'),
};

/** Signed by hand over the lines as given, the way a client's own code does it. */
function signLines(...lines: string[]): string {
  const mac = createHmac('sha256', secret).update(lines.join('\n')).digest('base64');
  return `V1-HMAC-SHA256 ${mac}`;
}

describe('a signature', () => {
  it('covers method, date, path, query and body, each on its line', () => {
    const { method, url, date } = base;
    expect(sign(base, secret)).toBe(signLines(method, date, url, '', '{}'));
  });

  it.each([
    ['method', { method: 'DELETE' }],
    ['path', { url: '/api/v1beta0/user/2/images/' }],
    ['query', { url: `${base.url}?scope=account` }],
    ['date', { date: '2026-11-22T10:00:01.000Z' }],
    ['body', { body: Buffer.from('{ }') }],
    ['missing body', { body: Buffer.alloc(0) }],
  ])('is wrong for another %s', (_, change) => {
    expect(isSignedWith({ ...base, ...change }, sign(base, secret), secret)).toBe(false);
  });

  it('is wrong under another secret', () => {
    expect(isSignedWith(base, sign(base, 'another'), secret)).toBe(false);
  });

  it.each([
    ['sent with + and unsorted, signed sorted with %20', 'b=x+y&a=1%2F2', 'a=1%2F2&b=x%20y'],
    ['sent with marks that JavaScript leaves alone', "name=it's(*)!", 'name=it%27s%28%2A%29%21'],
    ['sent with lower-case escapes', 'name=%c3%a9', 'name=%C3%A9'],
    ['sent without a value', 'total', 'total='],
    ['signed exactly as sent', 'b=x+y&a=1', 'b=x+y&a=1'],
    ['signed as sent, pairs sorted', 'b=x+y&a=1', 'a=1&b=x+y'],
  ])('holds for a query %s', (_, sent, signed) => {
    const request = { ...base, url: `${base.url}?${sent}` };
    const header = signLines('GET', base.date, base.url, signed, '{}');
    expect(isSignedWith(request, header, secret)).toBe(true);
  });

  it('does not let a value become a parameter of its own', () => {
    const header = signLines('GET', base.date, base.url, 'name=a%26scope%3Daccount', '{}');
    const request = { ...base, url: `${base.url}?name=a&scope=account` };
    expect(isSignedWith(request, header, secret)).toBe(false);
  });

  it('is over the bytes of the body, not over what they decode to', () => {
    const latin = { ...base, body: Buffer.from([0xff, 0xfe]) };
    const other = { ...base, body: Buffer.from([0xfe, 0xff]) };
    expect(isSignedWith(latin, sign(latin, secret), secret)).toBe(true);
    expect(isSignedWith(other, sign(latin, secret), secret)).toBe(false);
  });

  it.each([
    ['', 'nothing'],
    ['V1-HMAC-SHA256', 'no hash'],
    ['V1-HMAC-SHA256 abc=', 'a short hash'],
    ['v1-hmac-sha256', 'a method in lower case'],
    ['V1-HMAC-SHA1', 'another method'],
  ])('of the form "%s" (%s) is wrong', (prefix) => {
    const header = sign(base, secret);
    const forged = prefix.includes('SHA256') ? prefix : header.replace('V1-HMAC-SHA256', prefix);
    expect(isSignedWith(base, forged, secret)).toBe(false);
  });
});

describe('the date of a signature', () => {
  const ten = Date.UTC(2026, 10, 22, 10);

  it.each([
    ['2026-11-22T10:00:00Z', ten],
    ['2026-11-22T10:00:00.000Z', ten],
    ['2026-11-22T10:00:00.123456+00:00', ten + 123],
    ['2026-11-22T10:00:00Z+00:00', ten],
    ['2026-11-22T10:00:00+0000', ten],
  ])('may be written %s', (text, ms) => {
    expect(parseSignatureDate(text)).toBe(ms);
  });

  it.each([
    'now',
    '+0 day',
    '',
    '2026-11-22',
    '2026-11-22T10:00:00',
    '2026-11-22 10:00:00Z',
    '2026-11-22T10:00Z',
    '2026-11-22T10:00:00+01:00',
    '2026-02-31T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T23:59:60Z',
    'Sun, 22 Nov 2026 10:00:00 GMT',
    '10000-01-01T00:00:00Z',
    '2026-11-22T10:00:00Z, 2026-11-22T10:00:00Z',
    ' 2026-11-22T10:00:00Z',
  ])('may not be written "%s"', (text) => {
    expect(parseSignatureDate(text)).toBeUndefined();
  });

  it('may be five minutes off, either way, and no more', () => {
    expect([-300_001, -300_000, 0, 300_000, 300_001].map((ms) => isWithinWindow(ms, 0))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});
