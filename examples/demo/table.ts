/** The days as a table: what they are, what the last run did to them, and how much they hold. */

import { table } from '#daymark/cli/table.js';
import { stateStyles } from '#daymark/cli/views/colours.js';
import { numeral } from '#daymark/cli/words.js';
import type { Days, Run } from '#daymark/client/types.js';
import { itemsOf } from './facts.js';
import { out, paint, pause, say } from './terminal.js';

const columns = [
  { title: 'day', align: 'right' },
  { title: 'state' },
  { title: 'this run' },
  { title: 'orders', align: 'right' },
  { title: 'rows', align: 'right' },
  { title: 'items', align: 'right' },
  { title: '' },
] as const;

/** `run` fills the column that tells what it did. */
export async function showDays({ days }: Days, run: Run): Promise<void> {
  const outcomes = new Map(run.days.map(({ day, outcome }) => [day, outcome]));
  const most = days.reduce((most, day) => Math.max(most, Number(itemsOf(day))), 1);
  const rows = days.map(({ day, state, commit, output }) => [
    day,
    paint(stateStyles[state], state),
    outcomes.get(day) ?? '·',
    numeral(commit?.records),
    numeral(output?.rows),
    numeral(output && itemsOf({ output })),
    bar(Number(itemsOf({ output })) / most),
  ]);
  say();
  for (const line of table(out, columns, rows).split('\n')) say(line);
  await pause(150);
}

/** The days that are not as they should be, one line for each state. */
export async function showStates({ days }: Days): Promise<void> {
  const odd = days.filter(({ state }) => state !== 'processed');
  for (const state of new Set(odd.map((each) => each.state))) {
    const those = odd.filter((each) => each.state === state).map(({ day }) => day);
    const named = `${those.length === 1 ? 'day' : 'days'} ${those.join(', ')}`;
    say(`GET /v1/days tells of ${named}: ${paint(stateStyles[state], state)}`);
  }
  await pause(100);
}

const barLength = 28;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(share: number): string {
  const length = Math.round(share * barLength * 8);
  return paint('cyan', '█'.repeat(length >> 3) + eighths[length & 7]);
}
