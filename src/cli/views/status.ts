import type { Checkpoint, Days, ListedRun, ProblemBody, Readiness } from '../../client/types.js';
import { countOf } from '../../client/words.js';
import { foundNoDay } from '../../model/notice.js';
import type { Output } from '../console.js';
import { factList, table } from '../table.js';
import { listedGaps, moment, took } from '../words.js';
import { checkpointFacts } from './checkpoint.js';
import { statusStyles } from './colours.js';
import { countStates, dayTable } from './days.js';
import { noDay, viewNotices } from './notices.js';

export interface Status {
  readonly place: string;
  readonly ready: boolean;
  /** A problem if it is not ready. */
  readonly health: Readiness | ProblemBody;
  readonly notices: Days['notices'];
  readonly checkpoint: Checkpoint;
  readonly days: Pick<Days, 'counts' | 'gaps' | 'ignored' | 'ignoredCount'>;
  readonly pending: Days['days'];
  readonly activeRuns: readonly ListedRun[];
  readonly lastRuns: readonly ListedRun[];
}

/** The most pending days that are listed. */
const maxPending = 20;

const runColumns = [
  { title: 'STATUS' },
  { title: 'DAYS', align: 'right' },
  { title: 'FINISHED' },
  { title: 'TOOK', align: 'right' },
  { title: 'KEY' },
  { title: 'RUN' },
] as const;

export function viewStatus(out: Output, status: Status): string {
  const { pending, activeRuns, lastRuns, days, notices } = status;
  const facts = [
    ['daymark', status.place],
    ['health', describeHealth(out, status)],
    ...checkpointFacts(status.checkpoint),
    ['days', countStates(days)],
    ...(days.gaps.length === 0 ? [] : [['gaps', listedGaps(days.gaps)]]),
    ...(activeRuns.length === 0
      ? [['active', 'no run']]
      : activeRuns.map((run) => ['active', describeActive(run)])),
  ];
  const more = pending.length - maxPending;
  return [
    factList(out, facts),
    notices.length === 0 ? '' : `\n${viewNotices(out, notices)}`,
    pending.length === 0
      ? `\n${foundNoDay(notices) ? noDay : 'nothing is pending'}\n`
      : `\npending\n${dayTable(out, pending.slice(0, maxPending))}`,
    more > 0 ? `and ${more} more: daymark days\n` : '',
    lastRuns.length === 0 ? '' : `\nlast runs\n${runTable(out, lastRuns)}`,
  ].join('');
}

export function describeHealth(
  out: Output,
  { ready, health, notices }: Pick<Status, 'ready' | 'health' | 'notices'>,
): string {
  if ('checks' in health) {
    const odd = health.checks.filter((check) => check.status !== 'ok');
    // Notices are printed on their own lines.
    const told = new Set<string>(notices.map(({ code }) => code));
    const why = odd
      .map(({ name, dataset, detail }) => [dataset ?? [], told.has(name) ? name : detail].flat())
      .map((words) => `: ${words.join(': ')}`)
      .join('');
    return `${out.paint(odd.length === 0 ? 'green' : 'yellow', health.status)}${why}`;
  }
  const why = (health.errors ?? []).map(({ message }) => message).join(' ');
  return `${out.paint('red', ready ? 'ready' : 'not ready')}: ${why || health.detail}`;
}

function describeActive({ id, status, summary }: ListedRun): string {
  return `run ${id} ${status}, ${countOf(summary.days, 'day')} done`;
}

function runTable(out: Output, runs: readonly ListedRun[]): string {
  return table(
    out,
    runColumns,
    runs.map(({ id, status, summary, finishedAt, durationMs, key }) => [
      out.paint(statusStyles[status], status),
      String(summary.days),
      moment(finishedAt),
      took(durationMs),
      key ?? '-',
      id,
    ]),
  );
}
