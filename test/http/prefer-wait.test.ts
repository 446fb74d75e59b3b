import { describe, expect, it } from 'vitest';
import { waitWish } from '../../src/http/prefer-wait.js';

describe('waitWish', () => {
  it('is null where nobody asks to wait', () => {
    expect(waitWish(undefined, undefined)).toBeNull();
  });

  it('takes the query, zero included, over the preference', () => {
    expect(waitWish(0, 'wait=5')).toEqual({ seconds: 0, applied: null });
    expect(waitWish(7, undefined)).toEqual({ seconds: 7, applied: null });
  });

  it.each([
    ['wait=5', 5],
    ['Wait = 5', 5],
    ['wait="5"', 5],
    ['respond-async, wait=5', 5],
    ['wait=5; strict, handling=lenient', 5],
    ['wait=5, wait=9', 5],
    ['wait=0', 0],
    ['wait=99999', 3600],
  ])('reads %j', (prefer, seconds) => {
    expect(waitWish(undefined, prefer)).toEqual({ seconds, applied: `wait=${seconds}` });
  });

  it.each(['wait', 'wait=', 'wait=soon', 'wait=-1', 'wait=1.5', 'await=5', 'respond-async', ''])(
    'ignores %j, as it must',
    (prefer) => {
      expect(waitWish(undefined, prefer)).toBeNull();
    },
  );
});
