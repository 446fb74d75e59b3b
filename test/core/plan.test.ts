import { describe, expect, it } from 'vitest';
import type { DayStatus } from '../../src/core/day-status.js';
import { plan } from '../../src/core/plan.js';
import type { Reconciled } from '../../src/core/reconcile.js';
import { type Day, layoutOf } from '../../src/model/day.js';

const ready = { ready: true };

/** Only what a plan looks at. */
function status(
  day: string,
  state: DayStatus['state'],
  pending: boolean,
  raw: object | null = ready,
) {
  return { day, state, pending, raw } as unknown as DayStatus;
}

const reconciled = {
  checkpoint: {
    day: '5',
    highest: '5',
    completeThrough: '0',
    reading: 'in-sync',
    stored: { status: 'value', text: '5' },
  },
  days: [
    status('0', 'archived', false, null),
    status('1', 'late', true),
    status('2', 'processed', false),
    status('3', 'changed', true),
    status('4', 'damaged', false, null),
    status('5', 'processed', false),
    status('6', 'rewound', true),
    status('7', 'waiting', false, { ready: false }),
    status('10', 'new', true),
  ],
} as unknown as Reconciled;

const taken = (select: 'pending' | 'new' | 'all') =>
  plan(layoutOf('index'), reconciled, { select, days: null }).take.map(({ day }) => day);

describe('a plan', () => {
  it('by default takes what is pending', () => {
    expect(taken('pending')).toEqual(['1', '3', '6', '10']);
  });

  it('by the classic rule takes what is pending above the checkpoint', () => {
    expect(taken('new')).toEqual(['6', '10']);
    const nothing = { ...reconciled, checkpoint: { ...reconciled.checkpoint, highest: null } };
    const { take } = plan(layoutOf('index'), nothing, { select: 'new', days: null });
    expect(take.map(({ day }) => day)).toEqual(['1', '3', '6', '10']);
  });

  it('of all takes every ready day', () => {
    expect(taken('all')).toEqual(['1', '2', '3', '5', '6', '10']);
  });

  it('of listed days takes the ready ones, leaves those without raw data, and tells the unknown', () => {
    const days = ['0', '2', '4', '7', '8', '10'] as Day[];
    const found = plan(layoutOf('index'), reconciled, { select: 'days', days });
    expect(found.take.map(({ day }) => day)).toEqual(['2', '10']);
    expect(found.leave.map(({ day }) => day)).toEqual(['0', '4', '7']);
    expect(found.unknown).toEqual(['8']);
  });
});
