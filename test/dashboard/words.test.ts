import { describe, expect, it } from 'vitest';
import type { Checkpoint, Dataset, DayStatus, Notice } from '../../src/client/types.js';
import { completeWords } from '../../src/dashboard/model/complete.js';
import { glanceAt, glanceAtAll } from '../../src/dashboard/model/overview.js';
import { isDrift, latestDrift, readingWords } from '../../src/dashboard/model/readings.js';
import {
  differenceWords,
  runLines,
  whatCameOfIt,
  whatWasAsked,
} from '../../src/dashboard/model/runs.js';
import { describeDay, makerOf } from '../../src/dashboard/model/states.js';
import { type Looked, verdictOn } from '../../src/dashboard/model/verdict.js';
import { degradingCodes, type NoticeCode, noticeCodes } from '../../src/model/notice.js';
import { checkpointOf, dayStatus, failedDay, newDay, runDay, runOf } from './facts.js';

const notice = (code: string, message = `about ${code}`) => ({ code, message }) as Notice;

describe('readings of the checkpoint', () => {
  const readings: [Partial<Checkpoint>, string, string][] = [
    [{}, 'good', 'Redis holds 2026-11-21, as the output says.'],
    [{ day: null, stored: null }, 'good', 'Redis holds nothing, and the output holds no day.'],
    [
      { reading: 'embedded' },
      'good',
      'Kept in a file next to the output; Redis is not configured.',
    ],
    [
      { reading: 'missing', repaired: true },
      'mended',
      'Redis held nothing; corrected to 2026-11-21.',
    ],
    [{ reading: 'missing' }, 'mended', 'Redis held nothing; still to be corrected to 2026-11-21.'],
    [
      { reading: 'behind', stored: '2026-11-03', repaired: true },
      'mended',
      'Redis was behind at 2026-11-03; corrected to 2026-11-21.',
    ],
    [
      { reading: 'ahead', stored: '2027-01-01', day: null, repaired: true },
      'mended',
      'Redis was ahead at 2027-01-01; corrected to empty.',
    ],
    [
      { reading: 'invalid', stored: 'x', repaired: true },
      'mended',
      'Redis held “x”, which is not a day; corrected to 2026-11-21.',
    ],
    [
      { reading: 'wrong-type', storedType: 'list' },
      'bad',
      'The key holds a list; it is left alone.',
    ],
    [
      { reading: 'unavailable' },
      'bad',
      'Redis does not answer. Nothing is lost: the output is the truth.',
    ],
  ];

  it.each(readings)('%j', (change, mood, text) => {
    expect(readingWords(checkpointOf(change))).toEqual({ mood, text });
  });

  it('that were wrong are remembered, the newest of what runs and page have seen', () => {
    const run = runOf({ reading: 'missing', startedAt: '2026-11-25T06:00:00.000Z' });
    const byRun = { text: 'Redis held nothing when a run started', at: run.startedAt };
    const earlier = { text: 'seen', at: '2026-11-25T05:00:00.000Z' };
    const later = { text: 'seen', at: '2026-11-25T07:00:00.000Z' };
    expect(latestDrift([runOf(), run], null)).toEqual(byRun);
    expect(latestDrift([run], earlier)).toEqual(byRun);
    expect(latestDrift([run], later)).toEqual(later);
    expect(latestDrift([runOf()], null)).toBeNull();
    expect(isDrift({ reading: 'in-sync' })).toBe(false);
    expect(isDrift({ reading: 'unavailable' })).toBe(true);
  });
});

describe('the verdict', () => {
  const looked = (days: readonly DayStatus[], more: Partial<Looked> = {}): Looked => ({
    days,
    gaps: 0,
    notices: [],
    ignored: 0,
    ...more,
  });
  it('is never that all is well beside a notice that the output or its keeper is not', () => {
    const moods = noticeCodes.map((code) => {
      const verdict = verdictOn(looked([dayStatus('0')], { notices: [notice(code)] }), null);
      expect(verdict.sentences).toEqual([`About ${code}.`]);
      return [code, verdict.mood === 'good', verdict.headline === 'The output is up to date'];
    });
    const mayRest = new Set<NoticeCode>([
      'unread-files',
      'foreign-days',
      'outdated-archived',
      'damaged-archived',
    ]);
    expect(moods).toEqual(noticeCodes.map((code) => [code, mayRest.has(code), mayRest.has(code)]));
    for (const code of degradingCodes) expect(mayRest.has(code)).toBe(false);
  });

  it('takes what a newer service tells for something to look at', () => {
    const notices = [notice('to-come')];
    expect(verdictOn(looked([dayStatus('0')], { notices }), null)).toMatchObject({
      mood: 'pending',
      headline: 'Something needs a look',
    });
  });

  it('is that no day was found where nothing in the raw root is one', () => {
    const no = { notices: [notice('no-days', 'Not taken for days: 01, day=0.')], ignored: 2 };
    expect(verdictOn(looked([], no), null)).toEqual({
      mood: 'bad',
      headline: 'No day was found: 2 entries of the raw root are not days',
      sentences: ['Not taken for days: 01, day=0.'],
    });
  });

  it('has what matches nothing under the raw root in the headline, beside whatever else there is', () => {
    const notices = [notice('not-days')];
    const strangers = 'ntries of the raw root are not days of this dataset';
    const heads = [[dayStatus('0')], [newDay('0')], [failedDay('0')]].map((days) => {
      const { mood, headline } = verdictOn(looked(days, { notices }), null);
      return [mood, headline];
    });
    expect(heads).toEqual([
      ['pending', `E${strangers}; the rest is up to date`],
      ['pending', `1 day pending; e${strangers}`],
      ['bad', `1 day could not be processed; e${strangers}`],
    ]);
    const grave = [notice('ledger-unreadable'), ...notices];
    expect(verdictOn(looked([newDay('0')], { notices: grave }), null).headline).toBe(
      `The ledger cannot be read; e${strangers}`,
    );
  });

  it('says in the headline that the definition has changed', () => {
    const outdated = dayStatus('0', { state: 'outdated', pending: true });
    const [one, some] = [[outdated], [outdated, failedDay('1')]].map((days) =>
      verdictOn(looked(days), null),
    );
    expect(one?.headline).toBe('1 day pending; the definition has changed');
    expect(some?.headline).toBe('1 day could not be processed; the definition has changed');
    expect(some?.sentences.slice(1)).toEqual([
      'Pending: 1 new and 1 made under another definition.',
    ]);
  });

  it('leads with what is gravest', () => {
    const notices = [notice('recovered'), notice('other-settings')];
    expect(verdictOn(looked([newDay('0')], { notices }), null).headline).toBe(
      'The output was made with other settings',
    );
    const mild = { notices: [notice('recovered')] };
    expect(verdictOn(looked([failedDay('0')], mild), null).headline).toMatch(
      /could not be processed/,
    );
    expect(verdictOn(looked([newDay('0')], mild), null).headline).toMatch(/repaired something/);
  });

  it('is good where all is processed', () => {
    expect(verdictOn(looked([dayStatus('0')]), null)).toEqual({
      mood: 'good',
      headline: 'The output is up to date',
      sentences: [],
    });
  });

  it('counts what is pending by its reason', () => {
    const late = dayStatus('1', { state: 'late', pending: true });
    const { mood, headline, sentences } = verdictOn(
      looked([newDay('0'), late, newDay('2')], { gaps: 3 }),
      null,
    );
    expect([mood, headline]).toEqual(['pending', '3 days pending']);
    expect(sentences).toEqual([
      'Pending: 2 new and 1 late.',
      '3 days missing between the first and the last.',
    ]);
  });

  it('puts what failed above what is pending', () => {
    const { mood, headline, sentences } = verdictOn(looked([newDay('0'), failedDay('1')]), null);
    expect([mood, headline]).toEqual(['bad', '1 day could not be processed']);
    expect(sentences[0]).toBe('Failed when last tried: 1.');
  });

  it('tells what cannot be mended, what waits, and that nothing came yet', () => {
    const lost = dayStatus('1', { state: 'damaged', raw: null });
    expect(verdictOn(looked([lost]), null).headline).toBe('1 day damaged for good');
    const waiting = dayStatus('1', { state: 'waiting', output: null });
    expect(verdictOn(looked([waiting]), null).sentences).toEqual(['Not ready yet: 1.']);
    expect(verdictOn(looked([]), null).headline).toBe('No raw day has arrived yet');
  });

  it('says that a run is at it', () => {
    const { headline } = verdictOn(looked([newDay('0')]), runOf({ status: 'running' }));
    expect(headline).toBe('1 day being processed');
  });
});

describe('a dataset among others', () => {
  const counts = (change: object) => ({
    ...{ new: 0, late: 0, waiting: 0, processed: 3, changed: 0, outdated: 0 },
    ...{ unverified: 0, damaged: 0, rewound: 0, archived: 0, ...change },
  });
  const dataset = (change: Partial<Dataset> = {}): Dataset => ({
    ...{ name: 'trips', raw: '/raw', output: '/out.csv', checkpointKey: null, dayKind: 'index' },
    columns: { day: 'day', keys: [], measures: [] },
    ...{ problem: null, counts: counts({}), pending: 0, failed: 0, notices: [] },
    ...{ checkpoint: null, lastCommit: null, lastRun: null },
    ...change,
  });

  it.each<[string, Partial<Dataset>, string, string]>([
    ['right', {}, 'good', 'The output is up to date'],
    [
      'not to be looked at',
      {
        problem: { type: '', title: 'The raw root cannot be read', detail: 'It is gone.' },
        counts: null,
      },
      'bad',
      'The raw root cannot be read',
    ],
    [
      'failed',
      { failed: 2, pending: 2, counts: counts({ new: 2 }) },
      'bad',
      '2 days could not be processed',
    ],
    [
      'damaged for good',
      { counts: counts({ damaged: 2, late: 1 }), pending: 2 },
      'bad',
      '1 day damaged for good',
    ],
    ['damaged', { counts: counts({ damaged: 2 }), pending: 2 }, 'pending', '2 days pending'],
    [
      'defined otherwise',
      { counts: counts({ outdated: 3 }), pending: 3 },
      'pending',
      '3 days pending; the definition has changed',
    ],
    [
      'running',
      { pending: 1, lastRun: runOf({ status: 'running' }) },
      'pending',
      '1 day being processed',
    ],
    [
      'beside others',
      { notices: [notice('not-days')] },
      'pending',
      'Entries of the raw root are not days of this dataset; the rest is up to date',
    ],
    ['without days', { counts: counts({ processed: 0 }) }, 'pending', 'No raw day has arrived yet'],
  ])('%s', (_, change, mood, headline) => {
    expect(glanceAt(dataset(change))).toMatchObject({ mood, headline });
  });

  it('is named where it needs a look', () => {
    expect(glanceAtAll([dataset(), dataset()])).toEqual({
      mood: 'good',
      headline: 'All 2 datasets are up to date',
      sentences: [],
    });
    const all = [dataset(), dataset({ name: 'a', failed: 1 }), dataset({ name: 'b', pending: 1 })];
    expect(glanceAtAll(all)).toEqual({
      mood: 'bad',
      headline: '2 of 3 datasets need a look',
      sentences: ['Something is wrong with a.', 'Something waits for you in b.'],
    });
  });
});

describe('complete through', () => {
  const days = [dayStatus('0'), { ...failedDay('1'), state: 'late' as const }, dayStatus('2')];

  it('is told where a day below the highest is not done, with why', () => {
    const checkpoint = checkpointOf({ day: '2', highest: '2', completeThrough: '0' });
    expect(completeWords(checkpoint, days)).toBe(
      'Complete through 0: 1 is late, and failed when last tried.',
    );
    expect(completeWords({ ...checkpoint, day: '0' }, days)).toBe(
      'Complete through 0: 1 is late, and failed when last tried. The output holds days up to 2.',
    );
    expect(completeWords({ ...checkpoint, completeThrough: null }, days.slice(1))).toBe(
      'Complete through no day: 1 is late, and failed when last tried.',
    );
    expect(completeWords({ ...checkpoint, completeThrough: '2' }, days)).toBeNull();
    // A commit came between the two answers.
    expect(completeWords({ ...checkpoint, completeThrough: null }, days)).toBeNull();
  });
});

describe('who made a day', () => {
  it('is told by what is known of it', () => {
    const adopted = { version: 1, runId: 'r', committedAt: '', engine: null, records: null };
    const own = { ...adopted, engine: 'scan' as const, records: 1200 };
    expect(makerOf(dayStatus('0', { commit: own }))).toBe('the scan engine, from 1,200 records');
    expect(makerOf(dayStatus('0', { commit: adopted }))).toMatch(/trusted, and never compared/);
    expect(makerOf(dayStatus('0', { state: 'unverified' }))).toMatch(/next run compares it/);
    expect(makerOf(dayStatus('0', { state: 'archived' }))).toMatch(/found it there/);
  });
});

describe('runs', () => {
  it('are told by what was asked and what came of it', () => {
    expect(whatWasAsked(runOf())).toBe('pending days');
    expect(whatWasAsked(runOf({ select: 'days', requestedDays: ['1', '2'], dryRun: true }))).toBe(
      'dry run of 1 and 2',
    );
    const days = [
      runDay('1', { outcome: 'failed' }),
      runDay('2'),
      runDay('3', { outcome: 'replaced' }),
    ];
    expect(whatCameOfIt(runOf({ days }))).toBe('1 added, 1 replaced, 1 failed');
    expect(whatCameOfIt(runOf({ days, dryRun: true }))).toMatch(/^would be: /);
    expect(whatCameOfIt(runOf())).toBe('nothing to do');
    expect(whatCameOfIt(runOf({ status: 'cancelled' }))).toBe('no day processed');
  });

  it('that had nothing to do share a line, unless they found the checkpoint wrong', () => {
    const runs = [
      runOf(),
      runOf(),
      runOf({ reading: 'missing' }),
      runOf(),
      runOf({ days: [runDay('1')] }),
    ];
    expect(runLines(runs).map((line) => (line.kind === 'idle' ? line.runs.length : 'run'))).toEqual(
      [2, 'run', 1, 'run'],
    );
  });

  it('that are dry tell the difference', () => {
    const difference = {
      rowsAdded: 2,
      rowsRemoved: 1,
      rowsChanged: 0,
      totalsBefore: { items_count: 1 },
      totalsAfter: { items_count: 2 },
    };
    expect(differenceWords(runDay('1', { difference }))).toBe('2 rows more, 1 row fewer');
    const none = { ...difference, rowsAdded: 0, rowsRemoved: 0 };
    expect(differenceWords(runDay('1', { difference: none }))).toBe('no difference');
    expect(differenceWords(runDay('1', { outcome: 'failed' }))).toBe('cannot be processed');
  });
});

it('a day is described for those who do not see its shape', () => {
  expect(describeDay(failedDay('3'))).toBe('3: new, pending, failed the last time');
  expect(describeDay(dayStatus('3'))).toBe('3: processed');
});
