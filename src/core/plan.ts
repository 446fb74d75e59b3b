/** The plan: which days a run processes, from the result of reconcile. Pure. */
import type { Day, DayLayout } from '../model/day.js';
import type { RunRequest } from '../model/run.js';
import type { DayStatus, PendingDay, ProcessedDay, RestingDay } from './day-status.js';
import type { Reconciled } from './reconcile.js';

export interface Plan {
  /** To be aggregated, in day order. */
  readonly take: readonly (PendingDay | ProcessedDay)[];
  /** Listed, but without raw data to aggregate. */
  readonly leave: readonly RestingDay[];
  /** Listed, but unknown. */
  readonly unknown: readonly Day[];
}

/**
 * The days that `request` selects now. `new` is the traditional rule, only days above the checkpoint; `all` processes
 * every ready day again; listed days are processed in any state.
 */
export function plan(
  layout: DayLayout,
  reconciled: Reconciled,
  request: Pick<RunRequest, 'select' | 'days'>,
): Plan {
  const { days, checkpoint } = reconciled;
  const above = ({ day }: DayStatus) =>
    checkpoint.highest === null || layout.compare(day, checkpoint.highest) > 0;
  const taking = (wanted: (status: DayStatus) => boolean): Plan => ({
    take: days.filter(wanted).filter(isReady),
    leave: [],
    unknown: [],
  });

  switch (request.select) {
    case 'pending':
      return taking((status) => status.pending);
    case 'new':
      return taking((status) => status.pending && above(status));
    case 'all':
      return taking(() => true);
    case 'days':
      return planListed(days, request.days ?? []);
    default:
      return request.select satisfies never;
  }
}

function planListed(days: readonly DayStatus[], wanted: readonly Day[]): Plan {
  const listed = new Set(wanted);
  const found = days.filter(({ day }) => listed.has(day));
  const known = new Set(found.map(({ day }) => day));
  return {
    take: found.filter(isReady),
    leave: found.filter((status) => !isReady(status)),
    unknown: wanted.filter((day) => !known.has(day)),
  };
}

function isReady(status: DayStatus): status is PendingDay | ProcessedDay {
  return status.raw?.ready ?? false;
}
