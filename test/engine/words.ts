import type { RawProblem } from '../../src/model/raw-problem.js';

export const h = 'order_hour_of_day';

export type Row = readonly [hour: number, category: string, items: number];

/** What is wrong in `a.csv`, and where; what is left out is null. */
export type Place = Partial<RawProblem> & Pick<RawProblem, 'message'>;

export function problem(place: Place): RawProblem {
  return { file: 'a.csv', line: null, column: null, value: null, ...place };
}
