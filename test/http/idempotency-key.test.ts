import { describe, expect, it } from 'vitest';
import { keyFromHeader, keyFromPath } from '../../src/http/idempotency-key.js';

describe('keyFromHeader', () => {
  it('is null without a header', () => {
    expect(keyFromHeader(undefined)).toBeNull();
  });

  it.each([
    ['a', 'a'],
    ['"a"', 'a'],
    [' "a" ', 'a'],
    ['scheduled__2026-11-23T00:00:00+00:00', 'scheduled__2026-11-23T00:00:00+00:00'],
    ['A.z_0~:+/-', 'A.z_0~:+/-'],
    ['k'.repeat(255), 'k'.repeat(255)],
  ])('reads %j', (header, key) => {
    expect(keyFromHeader(header)).toBe(key);
  });

  it.each(['', '""', 'a b', 'a"b', '"a', 'ä', 'a,b', 'a\nb', 'k'.repeat(256), '../%2e'])(
    'refuses %j',
    (header) => {
      expect(() => keyFromHeader(header)).toThrow(/^Idempotency-Key must be 1 to 255 of/);
    },
  );
});

describe('keyFromPath', () => {
  it('takes the key of the path, and the same one in the header', () => {
    expect(keyFromPath('a/b', undefined)).toBe('a/b');
    expect(keyFromPath('a/b', '"a/b"')).toBe('a/b');
  });

  it('refuses another one in the header', () => {
    expect(() => keyFromPath('a', 'b')).toThrow(/differs from the key in the path/);
    expect(() => keyFromPath('a', '')).toThrow(/Idempotency-Key/);
    expect(() => keyFromPath('a b', undefined)).toThrow(/^id must be/);
  });
});
