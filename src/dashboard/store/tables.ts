/** The output's rows of the days in view, loaded once for each version of a day's rows. */
import { type Signal, signal } from '@preact/signals';
import type { Client } from '../../client/client.js';
import type { DayStatus, OutputPage } from '../../client/types.js';
import { type DayTable, type OutputRow, tabulate } from '../model/aggregate.js';
import { type Problem, problemFrom } from '../model/problem.js';

export interface Tables {
  /** By the SHA-256 of the day's rows; null if these have no hours and categories to draw. */
  readonly loaded: Signal<ReadonlyMap<string, DayTable | null>>;
  readonly problem: Signal<Problem | null>;
  /** Loads the missing days of `days`, and drops all others. */
  show(days: readonly DayStatus[]): Promise<void>;
}

/** Requests at a time. */
const atOnce = 4;
/** For one day; beyond that, the chart says that it is cut off. */
const maxRows = 50_000;

export function createTables(client: Client): Tables {
  const loaded = signal<ReadonlyMap<string, DayTable | null>>(new Map());
  const problem = signal<Problem | null>(null);
  let turn = 0;

  const load = async (status: DayStatus): Promise<DayTable | null> => {
    const rows: OutputRow[] = [];
    let cursor: string | null = null;
    do {
      const answer: OutputPage = await client.rows(status.day, cursor);
      for (const row of answer.rows) rows.push(row);
      cursor = answer.nextCursor;
    } while (cursor !== null && rows.length < maxRows);
    return tabulate(status, rows, cursor !== null);
  };

  const show: Tables['show'] = async (days) => {
    turn += 1;
    const mine = turn;
    const wanted = new Map(days.flatMap((day) => (day.output ? [[day.output.sha256, day]] : [])));
    const kept = [...loaded.peek()].filter(([sha256]) => wanted.has(sha256));
    loaded.value = new Map(kept);
    const missing = [...wanted].filter(([sha256]) => !loaded.peek().has(sha256));
    try {
      while (missing.length > 0 && mine === turn) {
        const batch = missing.splice(0, atOnce);
        const tables = await Promise.all(
          batch.map(async ([sha256, day]) => [sha256, await load(day)] as const),
        );
        if (mine === turn) loaded.value = new Map([...loaded.peek(), ...tables]);
      }
      problem.value = null;
    } catch (error) {
      problem.value = problemFrom(error);
    }
  };

  return { loaded, problem, show };
}
