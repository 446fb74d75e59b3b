import type { CheckpointAnswer } from '../../http/schemas/checkpoint.js';
import type { DaysAnswer } from '../../http/schemas/days.js';
import type { ReadinessAnswer } from '../../http/schemas/health.js';
import type { ProblemBody } from '../../http/schemas/problem.js';
import type { RunAnswer } from '../../http/schemas/run.js';
import type { Output } from '../console.js';
import { factList, table } from '../table.js';
import { counted, duration, listed, moment } from '../words.js';
import { describeCheckpoint } from './checkpoint.js';
import { statusStyles } from './colours.js';
import { countStates, dayTable } from './days.js';

export interface Status {
  readonly place: string;
  readonly ready: boolean;
  /** A problem where it is not ready. */
  readonly health: ReadinessAnswer | ProblemBody;
  readonly checkpoint: CheckpointAnswer;
  readonly days: Pick<DaysAnswer, 'counts' | 'gaps' | 'ignored'>;
  readonly pending: DaysAnswer['days'];
  readonly activeRuns: readonly RunAnswer[];
  readonly lastRuns: readonly RunAnswer[];
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
  const { pending, activeRuns, lastRuns, days } = status;
  const facts = [
    ['daymark', status.place],
    ['health', describeHealth(out, status)],
    ['checkpoint', describeCheckpoint(status.checkpoint)],
    ['days', countStates(days)],
    ...(days.gaps.length === 0 ? [] : [['gaps', listed(days.gaps)]]),
    ...(activeRuns.length === 0
      ? [['active', 'no run']]
      : activeRuns.map((run) => ['active', describeActive(run)])),
  ];
  const more = pending.length - maxPending;
  return [
    factList(out, facts),
    pending.length === 0
      ? '\nnothing is pending\n'
      : `\npending\n${dayTable(out, pending.slice(0, maxPending))}`,
    more > 0 ? `and ${more} more: daymark days\n` : '',
    lastRuns.length === 0 ? '' : `\nlast runs\n${runTable(out, lastRuns)}`,
  ].join('');
}

function describeHealth(out: Output, { ready, health }: Status): string {
  if ('checks' in health) {
    const odd = health.checks.filter((check) => check.status !== 'ok');
    const why = odd.map(({ detail }) => `: ${detail}`).join('');
    return `${out.paint(odd.length === 0 ? 'green' : 'yellow', health.status)}${why}`;
  }
  const why = (health.errors ?? []).map(({ message }) => message).join(' ');
  return `${out.paint('red', ready ? 'ready' : 'not ready')}: ${why || health.detail}`;
}

function describeActive({ id, status, days }: RunAnswer): string {
  return `run ${id} ${status}, ${counted(days.length, 'day')} done`;
}

function runTable(out: Output, runs: readonly RunAnswer[]): string {
  return table(
    out,
    runColumns,
    runs.map(({ id, status, days, finishedAt, durationMs, key }) => [
      out.paint(statusStyles[status], status),
      String(days.length),
      moment(finishedAt),
      duration(durationMs),
      key ?? '-',
      id,
    ]),
  );
}
