/** Contestants in turns over one day. */
import type { Attempt, Contestant, Entry } from './contestants/contestant.js';
import type { ContestantResult } from './results.js';
import { takeTurns } from './rounds.js';
import { summarize } from './statistics.js';

export interface Rounds {
  readonly rounds: number;
  /** Who has used up this much gets no further turn. */
  readonly budgetMs: number;
}

interface Competitor<Row> {
  readonly name: string;
  readonly entry: Entry<Row>;
  readonly attempts: Attempt<Row>[];
  usedMs: number;
}

/** `check` throws WrongResult unless the rows are those of the day. */
export async function compete<Day, Row>(
  contestants: readonly Contestant<Day, Row>[],
  day: Day,
  { rounds, budgetMs }: Rounds,
  check: (name: string, rows: readonly Row[]) => void,
): Promise<ContestantResult[]> {
  const competitors: Competitor<Row>[] = [];
  for (const { name, enter } of contestants) {
    competitors.push({ name, entry: await enter(day), attempts: [], usedMs: 0 });
  }
  const attempt = async (competitor: Competitor<Row>) => {
    const { rows, ...attempt } = await competitor.entry.attempt();
    if (rows !== null) check(competitor.name, rows);
    competitor.usedMs += attempt.ms;
    return { ...attempt, rows: null };
  };
  // A first attempt warms caches and compilers, and counts only for those who are too slow for another.
  for (const competitor of competitors) {
    const first = await attempt(competitor);
    if (competitor.usedMs > budgetMs) competitor.attempts.push(first);
  }
  await takeTurns(competitors, rounds, async (competitor) => {
    if (competitor.usedMs > budgetMs) return;
    competitor.attempts.push(await attempt(competitor));
  });
  for (const { entry } of competitors) await entry.leave();
  return competitors.map(resultOf);
}

function resultOf<Row>({ name, attempts }: Competitor<Row>): ContestantResult {
  const jobs = attempts.flatMap(({ jobMs }) => (jobMs === null ? [] : [jobMs]));
  return {
    name,
    time: summarize(attempts.map(({ ms }) => ms)),
    job: jobs.length === 0 ? null : summarize(jobs),
  };
}
