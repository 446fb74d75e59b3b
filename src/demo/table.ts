/** The days as a table: what they are, what the last run did to them, and how much they hold. */
import { stateStyles } from '../cli/views/colours.js';
import type { DaysAnswer } from '../http/schemas/days.js';
import type { RunAnswer } from '../http/schemas/run.js';
import type { Total } from '../model/total.js';
import type { FailureFacts } from './facts.js';
import { answer, paint, pause, say, thousands } from './terminal.js';

/** `run` fills the column that tells what it did. */
export async function showDays({ days }: DaysAnswer, run: RunAnswer): Promise<void> {
  const outcomes = new Map(run.days.map(({ day, outcome }) => [day, outcome]));
  const most = days.reduce((most, { output }) => Math.max(most, Number(output?.items ?? 0)), 1);
  say();
  say(paint('dim', columns('day', 'state', 'this run', 'orders', 'rows', 'items')));
  for (const { day, state, commit, output } of days) {
    const items = Number(output?.items ?? 0);
    const cells = columns(
      day,
      state,
      outcomes.get(day) ?? '·',
      numeral(commit?.orders),
      numeral(output?.rows),
      numeral(output?.items),
    );
    say(`${cells.replace(state, paint(stateStyles[state], state))}  ${bar(items / most)}`);
  }
  say();
  await pause(150);
}

/** The days that are not as they should be, one line for each state. */
export async function showStates({ days }: DaysAnswer): Promise<void> {
  const odd = days.filter(({ state }) => state !== 'processed');
  for (const state of new Set(odd.map((each) => each.state))) {
    const those = odd.filter((each) => each.state === state).map(({ day }) => day);
    const named = `${those.length === 1 ? 'day' : 'days'} ${those.join(', ')}`;
    say(`GET /v1/days tells of ${named}: ${paint(stateStyles[state], state)}`);
  }
  await pause(100);
}

/** Where the first bad cell of a failed run stands, and what is wrong with it. */
export async function showBadCell({ place, message }: FailureFacts): Promise<void> {
  const parts = Object.entries(place ?? {}).map(([what, where]) => `${what} ${where}`);
  answer(`     ${paint('bold', parts.join(', '))}`);
  answer(`     ${message}`);
  await pause(150);
}

function columns(
  day: string,
  state: string,
  run: string,
  orders: string,
  rows: string,
  items: string,
): string {
  const words = `${day.padStart(3)}  ${state.padEnd(9)}  ${run.padEnd(9)}`;
  return `${words}  ${orders.padStart(6)}  ${rows.padStart(6)}  ${items.padStart(7)}`;
}

function numeral(count: Total | null | undefined): string {
  return count === null || count === undefined ? '–' : thousands(count);
}

const barLength = 28;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(share: number): string {
  const length = Math.round(share * barLength * 8);
  return paint('cyan', '█'.repeat(length >> 3) + eighths[length & 7]);
}
