import type { Found } from '../../workloads/check-rows.js';
import type { Sales, SalesDay } from '../../workloads/sales.js';
import type { Contestant } from '../contestant.js';

/** A day that has just come, and days before it that are in the output already. */
export interface NewSales {
  /** The root of the raw days. */
  readonly root: string;
  readonly day: SalesDay;
  readonly before: readonly Sales[];
}

/** Makes the day, and leaves the others in the output as they are: rows are those of all. */
export type SalesContestant = Contestant<NewSales, Found>;
