/** Shows a run in progress: a bar that is redrawn on a terminal, or a line for each day elsewhere. */
import { bytesDone, daysDone, fractionOf, progressOf, tasksDone } from '../client/progress.js';
import type { Plan, Progress, Run, RunDay } from '../client/types.js';
import { countOf, size } from '../client/words.js';
import { hasEnded } from '../model/run.js';
import { formatTotals } from '../model/totals.js';
import type { Output } from './console.js';
import { numeral } from './words.js';

export interface ProgressDisplay {
  update(run: Run): void;
  /** Removes the bar from the terminal. */
  end(): void;
}

/** Readers of a log want to see that work goes on. */
const longestSilenceMs = 15_000;

export function createProgressDisplay(
  err: Output,
  plan: Plan,
  { quiet }: { readonly quiet: boolean },
): ProgressDisplay {
  if (quiet) return { update: () => {}, end: () => {} };
  return err.isTerminal ? createBar(err, plan) : createLines(err, plan);
}

// ---------------------------------------------------------------- a terminal

const eraseLine = '\r\u001b[K';
const barLength = 24;
/** Below this width there is only text, no bar. */
const narrowColumns = 70;

function createBar(err: Output, plan: Plan): ProgressDisplay {
  let drawn = '';
  return {
    update: (run) => {
      const line = barLine(err, run, progressOf(run, plan.total));
      if (line === drawn) return;
      drawn = line;
      err.write(eraseLine + line);
    },
    end: () => {
      if (drawn !== '') err.write(eraseLine);
      drawn = '';
    },
  };
}

function barLine(err: Output, { status }: Run, progress: Progress): string {
  if (status === 'queued') return err.paint('yellow', 'waits for another run to end');
  const length = err.columns() < narrowColumns ? barLength / 2 : barLength;
  const portion = fractionOf(progress) ?? 0;
  const bar = '█'.repeat(Math.floor(portion * length)).padEnd(length, '░');
  const facts = [
    `${Math.floor(portion * 100)} %`.padStart(5),
    activityOf(progress),
    daysDone(progress),
    bytesDone(progress),
  ];
  return `${err.paint('cyan', bar)} ${fitting(facts, err.columns() - length - 2)}`;
}

function activityOf({ day, days, engine }: Progress): string {
  if (engine !== null) return tasksDone(engine);
  if (day !== null) return `day ${day}`;
  return days.done < days.total ? 'begins' : 'commits';
}

/** As many as fit: a line that wraps could not be redrawn. */
function fitting(facts: readonly string[], room: number): string {
  return facts.reduce((line, fact) => {
    const longer = line === '' ? fact : `${line} · ${fact}`;
    return longer.length <= room ? longer : line;
  }, '');
}

// ---------------------------------------------------------------- anything else

function createLines(err: Output, plan: Plan): ProgressDisplay {
  const told = new Set<string>();
  let lastLineAt: number | null = null;
  const say = (line: string) => {
    lastLineAt = performance.now();
    err.write(`${line}\n`);
  };

  return {
    update: (run) => {
      const progress = progressOf(run, plan.total);
      // It had nothing to do, or had already ended.
      if (lastLineAt === null && hasEnded(run)) return;
      if (lastLineAt === null) say(opening(run, progress));
      for (const day of run.days.filter(({ day }) => !told.has(day))) {
        told.add(day.day);
        say(dayLine(run, day));
      }
      if (performance.now() - (lastLineAt ?? 0) > longestSilenceMs) say(signOfLife(run, progress));
    },
    end: () => {},
  };
}

function opening({ id, status }: Run, { days, bytes }: Progress): string {
  return `run ${id} ${status}: ${countOf(days.total, 'day')}, ${size(bytes.total)}`;
}

function dayLine(
  { dryRun }: Run,
  { day, outcome, records, totals, reason, error }: RunDay,
): string {
  const why = error?.detail ?? reason;
  if (why !== undefined) return `day ${day} ${outcome}: ${why}`;
  const facts = `${numeral(records)} records, ${formatTotals(totals)}`;
  return `day ${day} ${dryRun && outcome !== 'unchanged' ? 'would be ' : ''}${outcome}: ${facts}`;
}

function signOfLife({ status }: Run, progress: Progress): string {
  const { day } = progress;
  const percent = Math.floor((fractionOf(progress) ?? 0) * 100);
  return `${status}: ${daysDone(progress)}, ${percent} %${day === null ? '' : `, day ${day}`}`;
}
