import { describe, expect, it } from 'vitest';
import { rewindingOf, rewindTargets } from '../../src/model/rewind.js';
import { archivedDay, dayStatus, newDay } from '../dashboard/facts.js';

describe('a rewind', () => {
  const days = [archivedDay('0'), dayStatus('1'), archivedDay('2'), dayStatus('3'), newDay('4')];

  it('goes to days that the output holds, up to the checkpoint, the newest first', () => {
    expect(rewindTargets(days, '3')).toEqual(['3', '2', '1', '0']);
    expect(rewindTargets(days, null)).toEqual([]);
  });

  it('makes again what is above, where there is raw data', () => {
    expect(rewindingOf(days, '1')).toEqual({
      marked: ['3'],
      untouched: [{ day: '2', reason: 'its raw data is gone' }],
    });
    expect(rewindingOf(days, '3')).toEqual({ marked: [], untouched: [] });
    expect(rewindingOf(days, null).marked).toEqual(['1', '3']);
  });
});
