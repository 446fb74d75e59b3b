/**
 * An output whose columns are not those of the definition: all of its days change in one commit, or none does, so
 * that no file has rows of both.
 *
 * A service makes the change if it found the other columns at its first look. If they appeared later, another service
 * has changed them since and has the newer definition: this one commits no days until it is restarted.
 */
import { type Column, columnsOf, holdsRowsOf, namesOf, type OutputShape } from '../model/column.js';
import type { Day } from '../model/day.js';
import type { Notice } from '../model/notice.js';
import { ProblemError } from '../model/problems.js';
import { comparesOnly, type RunError, type RunRequest } from '../model/run.js';
import type { DayStatus } from './day-status.js';
import type { Plan } from './plan.js';
import type { OutputState } from './ports/output.js';
import { listed } from './raw-notices.js';

export interface ColumnsChange {
  /** Those of the output. */
  readonly from: OutputShape;
  /** Those of the definition. */
  readonly to: OutputShape;
  /** Describes the commit of another service since this one began to look; null if this one may change the columns. */
  readonly overtakenBy: string | null;
}

export interface ColumnsWatch {
  /** Call it with each state of the output, in order. */
  saw(output: OutputState): void;
  /** For a state that was seen; null if its columns are those of the definition. */
  of(output: OutputState): ColumnsChange | null;
}

export function createColumnsWatch(ours: OutputShape): ColumnsWatch {
  const changes = new WeakMap<OutputState, ColumnsChange>();
  /** The columns that this service knows: those that it found first, and later its own. */
  let accepted: OutputShape | null = null;
  return {
    saw: (output) => {
      if (holdsRowsOf(ours, output.shape)) {
        accepted = ours;
        return;
      }
      accepted ??= output.shape;
      const isAccepted = isSameShape(accepted, output.shape);
      const overtakenBy = isAccepted ? null : tellCommit(output);
      changes.set(output, { from: output.shape, to: ours, overtakenBy });
    },
    of: (output) => changes.get(output) ?? null,
  };
}

const isSameShape = (a: OutputShape, b: OutputShape) => holdsRowsOf(a, b) && holdsRowsOf(b, a);

/** What a look found. */
interface Found {
  readonly columns: ColumnsChange | null;
  readonly days: readonly DayStatus[];
}

export function columnsNotices({ columns, days }: Found): Notice[] {
  if (columns === null) return [];
  if (columns.overtakenBy !== null)
    return [{ code: 'other-definition', message: tellOvertaken(columns) }];
  const absent = days.filter((status) => holdsRows(status) && !isThere(status));
  const message =
    absent.length > 0
      ? tellAbsent(columns, absent)
      : `${tellColumns(columns)}. The next run rebuilds the whole output in one commit; until then it keeps its current columns.`;
  return [{ code: 'definition-changed', message }];
}

/** Throws ProblemError if a run would leave days in the output with other columns than those that it makes. */
export function refuseMixed({ columns, days }: Found, request: RunRequest, { take }: Plan): void {
  if (columns === null || comparesOnly(request)) return;
  const refuse = (detail: string) => new ProblemError('definition-changed', detail);
  if (columns.overtakenBy !== null) throw refuse(tellOvertaken(columns));
  const taken = new Set<Day>(take.map(({ day }) => day));
  const left = days.filter((status) => holdsRows(status) && !taken.has(status.day));
  const absent = left.filter((status) => !isThere(status));
  if (absent.length > 0) throw refuse(tellAbsent(columns, absent));
  if (left.length > 0) throw refuse(tellPart(columns, left));
}

/** Why a run that has made these days must not commit any of them; null if it may. */
export function heldBack(
  { columns, days }: Found,
  request: RunRequest,
  done: ReadonlyMap<Day, unknown>,
): RunError | null {
  if (columns === null || comparesOnly(request)) return null;
  const left = days.filter((status) => holdsRows(status) && !done.has(status.day));
  if (left.length === 0) return null;
  const [hold, it] = left.length === 1 ? ['holds', 'it'] : ['hold', 'they'];
  const detail = `${tellColumns(columns)}, in one commit; ${named(left)} ${hold} it back, since ${it} could not be made. Nothing was committed.`;
  return { slug: 'definition-changed', detail };
}

const holdsRows = ({ output }: DayStatus) => output !== null;
const isThere = ({ raw }: DayStatus) => raw?.ready ?? false;

function tellAbsent(columns: ColumnsChange, absent: readonly DayStatus[]): string {
  const them = absent.length === 1 ? 'it' : 'them';
  return `${tellColumns(columns)}, and all days change in one commit; ${named(absent)} cannot be rebuilt, because there are no ready raw files of ${them}. No run changes anything until they are back. Bring them back, go back to the former definition, or name another output file.`;
}

function tellPart(columns: ColumnsChange, left: readonly DayStatus[]): string {
  return `${tellColumns(columns)}, and all days change in one commit; the request leaves out ${named(left)}. Request all pending days: POST /v1/runs without select and days.`;
}

function tellCommit({ version, record }: OutputState): string {
  return record === null
    ? `version ${version}`
    : `version ${version} (run ${record.runId}, ${record.committedAt})`;
}

function tellOvertaken({ from, to, overtakenBy }: ColumnsChange): string {
  return `Another service has changed the output’s columns while this one was running: ${overtakenBy} ${differenceOf({ from: to, to: from })}. This one has the older definition, and commits no days. Stop it; or, if its definition should apply, stop the other one and restart this one.`;
}

function tellColumns(columns: ColumnsChange): string {
  return `The definition changes the output’s columns: it ${differenceOf(columns)}`;
}

function differenceOf({ from, to }: Pick<ColumnsChange, 'from' | 'to'>): string {
  const [before, after] = [namesOf(from).join(), namesOf(to).join()];
  if (before !== after) return `has ${after} instead of ${before}`;
  const [others, now] = [columnsOf(from), columnsOf(to)];
  const changed = now.filter((column, at) => kindOf(column) !== kindOf(others[at] as Column));
  const told = changed.map((column) => {
    const other = others[now.indexOf(column)] as Column;
    return `${column.name} as ${kindOf(column)} instead of ${kindOf(other)}`;
  });
  return `has ${told.length > 0 ? told.join(', ') : 'other rows under the same names'}`;
}

function kindOf({ type, nullable, range }: Column): string {
  const kind = type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
  const bounds = range === undefined ? '' : ` from ${range.least} to ${range.most}`;
  return `${kind}${nullable ? '?' : ''}${bounds}`;
}

function named(days: readonly DayStatus[]): string {
  return `${days.length === 1 ? 'day' : 'days'} ${listed(days.map(({ day }) => day))}`;
}
