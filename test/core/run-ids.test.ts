import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import { newRunId } from '../../src/core/run-ids.js';

it('an id is greater than the newest that is known, whatever the clock of who made that', () => {
  const moments = fc.integer({ min: 0, max: 2 ** 48 - 2 });
  fc.assert(
    fc.property(moments, (msecs) => {
      let newest = uuidv7({ msecs });
      for (let count = 0; count < 3 && msecs + count < 2 ** 48 - 1; count += 1) {
        const id = newRunId(newest);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(id > newest).toBe(true);
        newest = id;
      }
    }),
  );
});

it('after the last moment that an id can have, they do not begin at the first again', () => {
  expect(newRunId('ffffffff-ffff-7fff-bfff-ffffffffffff')).not.toMatch(/^0{8}/);
});
