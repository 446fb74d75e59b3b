import { describe, expect, it } from 'vitest';
import { preferredType } from '../../src/http/accept.js';

const offers = ['application/json', 'text/csv'] as const;

describe('preferredType', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['TEXT/CSV', 'text/csv'],
    ['text/csv;header=present', 'text/csv'],
    ['text/*', 'text/csv'],
    ['text/csv, */*', 'text/csv'],
    ['*/*, text/csv', 'text/csv'],
    ['text/csv, application/json', 'application/json'],
    ['text/csv;q=0.5, application/json', 'application/json'],
    ['text/csv, application/json;q=0.9', 'text/csv'],
    ['text/csv;q=0, */*', 'application/json'],
    ['application/json;q=0, */*', 'text/csv'],
    ['text/html, */*;q=0.1', 'application/json'],
    ['text/csv;q=nonsense, application/json;q=0.1', 'application/json'],
    ['image/png', null],
    ['text/csv;q=0', null],
    ['', null],
  ])('for %j is %j', (accept, expected) => {
    expect(preferredType(accept, offers)).toBe(expected);
  });
});
