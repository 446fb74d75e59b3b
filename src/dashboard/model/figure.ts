/** What pictures can show: the rows, the records, and each measure whose values can be added up. */
import type { Dataset, DayStatus, Sums } from '../../client/types.js';
import type { Total } from '../../model/total.js';

export type Columns = NonNullable<Dataset['columns']>;

type Summed = Pick<Sums['groups'][number], 'rows' | 'totals'>;

export interface Figure {
  readonly id: string;
  readonly name: string;
  /** By what the service sorts sums of it; null where it sums it up by days alone. */
  readonly measure: string | null;
  /** Null where the day has none. */
  of(day: DayStatus): Total | null;
  ofSum(sum: Summed): Total;
}

/** The first one is shown until another is chosen. */
export function figuresOf({ measures }: Columns): readonly [Figure, ...Figure[]] {
  const additive = measures.filter((measure) => measure.additive).map(({ name }) => figureOf(name));
  const [first, ...others] = [...additive, rows, records];
  return [first ?? rows, ...others];
}

function figureOf(name: string): Figure {
  return {
    id: `measure ${name}`,
    name,
    measure: name,
    of: (status) => status.output?.totals[name] ?? ofNoRows(status),
    ofSum: ({ totals }) => totals[name] ?? 0,
  };
}

const rows: Figure = {
  id: 'rows',
  name: 'Rows',
  measure: 'rows',
  of: (status) => status.output?.rows ?? ofNoRows(status),
  ofSum: (sum) => sum.rows,
};

const records: Figure = {
  id: 'records',
  name: 'Records',
  measure: null,
  of: ({ commit }) => commit?.records ?? null,
  ofSum: () => 0,
};

/** A day that was taken and came to nothing has none of anything; of another nothing is known. */
function ofNoRows({ output, commit }: DayStatus): Total | null {
  return output === null && commit !== null ? 0 : null;
}

/** Measures that no chart shows, since a sum of them would mean nothing. */
export function notAddedUp({ measures }: Columns): readonly string[] {
  return measures.flatMap(({ name, additive }) => (additive ? [] : [name]));
}
