/** Shows a run while it goes on: a bar that is drawn over on a terminal, a line for each day elsewhere. */
import type { PlanAnswer } from '../http/schemas/plan.js';
import type { RunAnswer } from '../http/schemas/run.js';
import type { Output } from './console.js';
import { hasEnded } from './follow-run.js';
import { type Progress, portionOf, progressOf } from './progress.js';
import { counted, numeral, size } from './words.js';

export interface ProgressDisplay {
  update(run: RunAnswer): void;
  /** Leaves the terminal as if no bar had been there. */
  end(): void;
}

/** Whoever reads a log wants to see that something goes on. */
const longestSilenceMs = 15_000;

export function createProgressDisplay(
  err: Output,
  plan: PlanAnswer,
  { quiet }: { readonly quiet: boolean },
): ProgressDisplay {
  if (quiet) return { update: () => {}, end: () => {} };
  return err.isTerminal ? createBar(err, plan) : createLines(err, plan);
}

// ---------------------------------------------------------------- a terminal

const eraseLine = '\r\u001b[K';
const barLength = 24;
/** Below this the bar gives way to what is said of it. */
const narrowColumns = 70;

function createBar(err: Output, plan: PlanAnswer): ProgressDisplay {
  let drawn = '';
  return {
    update: (run) => {
      const line = barLine(err, run, progressOf(run, plan));
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

function barLine(err: Output, { status }: RunAnswer, progress: Progress): string {
  if (status === 'queued') return err.paint('yellow', 'waits for another run to end');
  const length = err.columns() < narrowColumns ? barLength / 2 : barLength;
  const portion = portionOf(progress);
  const bar = '█'.repeat(Math.floor(portion * length)).padEnd(length, '░');
  const facts = [
    `${Math.floor(portion * 100)} %`.padStart(5),
    activityOf(progress),
    `${progress.days.done} of ${counted(progress.days.total, 'day')}`,
    `${size(progress.bytes.done)} of ${size(progress.bytes.total)}`,
  ];
  return `${err.paint('cyan', bar)} ${fitting(facts, err.columns() - length - 2)}`;
}

function activityOf({ day, days, engine }: Progress): string {
  if (engine !== null)
    return `Spark: ${engine.tasks.done} of ${counted(engine.tasks.total, 'task')}`;
  if (day !== null) return `day ${day}`;
  return days.done < days.total ? 'begins' : 'commits';
}

/** As many as there is room for: a line that wraps could not be drawn over. */
function fitting(facts: readonly string[], room: number): string {
  return facts.reduce((line, fact) => {
    const longer = line === '' ? fact : `${line} · ${fact}`;
    return longer.length <= room ? longer : line;
  }, '');
}

// ---------------------------------------------------------------- anything else

function createLines(err: Output, plan: PlanAnswer): ProgressDisplay {
  const told = new Set<string>();
  let lastLineAt: number | null = null;
  const say = (line: string) => {
    lastLineAt = performance.now();
    err.write(`${line}\n`);
  };

  return {
    update: (run) => {
      const progress = progressOf(run, plan);
      // It had nothing to do, or was done before.
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

function opening({ id, status }: RunAnswer, { days, bytes }: Progress): string {
  return `run ${id} ${status}: ${counted(days.total, 'day')}, ${size(bytes.total)}`;
}

function dayLine(
  { dryRun }: RunAnswer,
  { day, outcome, orders, items, reason, error }: RunAnswer['days'][number],
): string {
  const why = error?.detail ?? reason;
  if (why !== undefined) return `day ${day} ${outcome}: ${why}`;
  const facts = `${numeral(orders)} orders, ${numeral(items)} items`;
  return `day ${day} ${dryRun && outcome !== 'unchanged' ? 'would be ' : ''}${outcome}: ${facts}`;
}

function signOfLife({ status }: RunAnswer, progress: Progress): string {
  const { days, day } = progress;
  const percent = Math.floor(portionOf(progress) * 100);
  return `${status}: ${days.done} of ${days.total} days, ${percent} %${day === null ? '' : `, day ${day}`}`;
}
