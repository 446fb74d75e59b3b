import { describe, expect, it } from 'vitest';
import { createContention, type Look } from '../../src/core/contention.js';
import type { OutputState } from '../../src/core/ports/output.js';
import type { RawListing } from '../../src/core/ports/raw.js';
import type { Day } from '../../src/model/day.js';
import type { CommitFacts } from '../../src/model/ledger.js';
import { shape } from '../support/counted.js';

const ours = { DAYMARK_RAW_DIR: '/raw' };
const theirs = { DAYMARK_RAW_DIR: '/other' };
const raw: RawListing = { root: '/raw', days: new Map(), ignored: [], device: '1' };

function outputBy(settings: CommitFacts['settings'] = ours): OutputState {
  const record = {
    version: 1,
    runId: 'r',
    committedAt: '2026',
    settings,
    raw: null,
    columns: null,
  };
  const nothing = { unreadable: null, sizeBytes: null, days: new Map(), ledger: new Map() };
  return { version: 1, record, ...nothing, shape, described: true, recovered: [] };
}

const holding = (text: string | null): Look['stored'] =>
  text === null ? { status: 'absent' } : { status: 'value', text };

/** A service whose output says day 3, and a clock that is put forward by hand. */
function makeScene() {
  let now = 0;
  const contention = createContention(ours, () => now);
  const output = outputBy();
  const look = (text: string | null, traits: Partial<Look> = {}) => {
    const wasMoved = contention.saw({ stored: holding(text), output, raw, ...traits });
    // As the reconciler does.
    if (text !== '3') contention.putRight({ expected: text, next: '3' as Day }, wasMoved);
  };
  return {
    contention,
    output,
    look,
    passMs: (ms: number) => {
      now += ms;
    },
    codes: () => contention.notices().map(({ code }) => code),
  };
}

describe('a checkpoint that someone else moves', () => {
  it('is told when it was moved twice, and no more after an hour', () => {
    const { look, codes, passMs } = makeScene();
    look('3');
    look('5');
    expect(codes()).toEqual([]);
    look('5');
    expect(codes()).toEqual(['checkpoint-contested']);
    passMs(60 * 60 * 1000);
    expect(codes()).toEqual([]);
  });

  it('is not told of a write of its own, of which no one knew whether it was taken', () => {
    const { contention, look, codes } = makeScene();
    look('3');
    for (const late of ['4', '5', '6']) {
      contention.unsure({ expected: '3', next: late as Day });
      look(late);
    }
    expect(codes()).toEqual([]);
    // Once it was seen, the same value is someone else's.
    look('5');
    look('6');
    expect(codes()).toEqual(['checkpoint-contested']);
  });

  it('is not told of a first look, which finds what was there before', () => {
    const { look, codes } = makeScene();
    look('5');
    look('3');
    look('5');
    expect(codes()).toEqual([]);
  });

  it('is one move, however many looks that overlap have seen it', () => {
    const { contention, output, look, codes } = makeScene();
    look('3');
    look('0');
    // These had read before, and their compare-and-set loses.
    contention.saw({ stored: holding('0'), output, raw });
    contention.saw({ stored: holding('0'), output, raw });
    look('3');
    expect(codes()).toEqual([]);
  });

  it('is not a key that is cleared, however often', () => {
    const { look, codes } = makeScene();
    for (let time = 0; time < 5; time += 1) look(null);
    expect(codes()).toEqual([]);
  });

  it('is not what a replica put right between two looks', () => {
    const { contention, look, codes } = makeScene();
    for (let time = 0; time < 5; time += 1) {
      // After a commit the key is behind, and the replica's compare-and-set is faster than the one of this look.
      const output = outputBy();
      contention.saw({ stored: holding('2'), output, raw });
      look('3', { output });
    }
    expect(codes()).toEqual([]);
  });

  it('is not another value once the output or the raw days are others', () => {
    const { look, codes } = makeScene();
    for (let time = 0; time < 3; time += 1) {
      look('2', { output: outputBy() });
      look('2', { raw: { ...raw } });
    }
    expect(codes()).toEqual([]);
  });

  it('is not told of a store that cannot be asked', () => {
    const { look, codes } = makeScene();
    look('3');
    for (let time = 0; time < 5; time += 1) {
      look('3', { stored: { status: 'unavailable', reason: 'it is gone' } });
    }
    expect(codes()).toEqual([]);
  });
});

describe('another service with other settings', () => {
  it('is told when it commits, for a day, by the names and values that differ', () => {
    const { contention, look, codes, passMs } = makeScene();
    look('3');
    look('3', { output: outputBy(theirs) });
    expect(contention.notices()).toEqual([
      {
        code: 'other-settings',
        message: expect.stringContaining('DAYMARK_RAW_DIR was /other, and is /raw here'),
      },
    ]);
    // A commit of our own after it does not make it go.
    look('3', { output: outputBy() });
    expect(codes()).toEqual(['other-settings']);
    passMs(24 * 60 * 60 * 1000);
    expect(codes()).toEqual([]);
  });

  it('is not told of what was committed before the first look, or by one with the same settings', () => {
    const { look, codes } = makeScene();
    look('3', { output: outputBy(theirs) });
    look('3', { output: outputBy({ ...ours }) });
    look('3', { output: outputBy(null) });
    expect(codes()).toEqual([]);
  });
});
