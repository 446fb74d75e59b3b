/** All datasets of a service, one line each; their problems are listed below. */
import type { DatasetAnswer } from '../../http/schemas/datasets.js';
import type { ReadinessAnswer } from '../../http/schemas/health.js';
import type { ProblemBody } from '../../http/schemas/problem.js';
import type { Output } from '../console.js';
import { factList, table, wrapped } from '../table.js';
import { moment } from '../words.js';
import { viewNotices } from './notices.js';
import { describeHealth } from './status.js';

export interface StatusOfAll {
  readonly place: string;
  readonly ready: boolean;
  readonly health: ReadinessAnswer | ProblemBody;
  readonly datasets: readonly DatasetAnswer[];
}

const columns = [
  { title: 'DATASET' },
  { title: 'PENDING', align: 'right' },
  { title: 'CHECKPOINT' },
  { title: 'COMPLETE THROUGH' },
  { title: 'LAST RUN' },
  { title: 'OUTPUT' },
] as const;

export function viewStatusOfAll(out: Output, status: StatusOfAll): string {
  const { place, datasets } = status;
  const health = describeHealth(out, { ...status, notices: [] });
  return [
    factList(out, [
      ['daymark', place],
      ['health', health],
    ]),
    `\n${table(out, columns, datasets.map(row))}`,
    ...datasets.map((each) => remarks(out, each)),
    '\none of them: daymark status --dataset NAME\n',
  ].join('');
}

function row({ name, pending, checkpoint, lastRun, output }: DatasetAnswer): string[] {
  const run = lastRun === null ? '-' : `${lastRun.status} ${moment(lastRun.finishedAt)}`;
  const through = checkpoint?.completeThrough ?? '-';
  return [name, `${pending ?? '?'}`, checkpoint?.day ?? '-', through, run, output];
}

function remarks(out: Output, { name, problem, notices }: DatasetAnswer): string {
  const indent = 2;
  const told =
    problem === null
      ? viewNotices(out, notices)
      : `${out.paint('red', problem.title)}\n  ${wrapped(problem.detail, indent, out.columns())}\n`;
  return told === '' ? '' : `\n${name}: ${told}`;
}
