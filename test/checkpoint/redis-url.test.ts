import { describe, expect, test } from 'vitest';
import { parseRedisUrl } from '../../src/checkpoint/redis-url.js';

describe('a Redis URL', () => {
  test.each([
    ['redis://redis', { host: 'redis', port: 6379, db: 0 }],
    ['redis://redis:7000/', { host: 'redis', port: 7000, db: 0 }],
    ['redis://127.0.0.1:7000/15', { host: '127.0.0.1', port: 7000, db: 15 }],
    ['redis://[::1]:7000', { host: '::1', port: 7000, db: 0 }],
    ['redis://:s%40cret@redis', { host: 'redis', port: 6379, db: 0, password: 's@cret' }],
    [
      'redis://cl%2Ferk:secret@redis',
      { host: 'redis', port: 6379, db: 0, username: 'cl/erk', password: 'secret' },
    ],
    ['redis://clerk@redis', { host: 'redis', port: 6379, db: 0, username: 'clerk', password: '' }],
    ['redis://clerk:@redis', { host: 'redis', port: 6379, db: 0, username: 'clerk', password: '' }],
    ['rediss://redis', { host: 'redis', port: 6379, db: 0, tls: {} }],
    ['redis://redis?commandTimeout=99999&db=3', { host: 'redis', port: 6379, db: 0 }],
  ])('%s is understood, and nothing else is taken from it', (url, options) => {
    expect(parseRedisUrl(url).options).toEqual(options);
  });

  test.each([
    ['secret'],
    [''],
    ['http://:secret@redis'],
    ['redis://'],
    ['redis://:secret@redis/zero'],
    ['redis://:secret%@redis'],
    ['redis://:secret@redis:99999'],
  ])('%s is refused without being quoted', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(/^(?!.*secret).*Redis URL/);
  });

  test('the password is taken out of texts, as it is written and as it is meant', () => {
    const { redact } = parseRedisUrl('redis://:a%20secret@redis');
    expect(redact('AUTH a secret, from a%20secret')).toBe('AUTH ***, from ***');
    expect(parseRedisUrl('redis://redis').redact('connect')).toBe('connect');
  });
});
