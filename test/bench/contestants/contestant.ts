import type { Counted } from '../../support/counted.js';
import type { RawDayFile } from '../workloads/raw-day.js';

/** Someone who can add up a raw day. */
export interface Contestant<Day = RawDayFile, Row = Counted> {
  readonly name: string;
  /** Gets ready for one day, which is not timed; its attempts then come in turn with the others'. */
  enter(day: Day): Promise<Entry<Row>>;
}

export interface Entry<Row = Counted> {
  attempt(): Promise<Attempt<Row>>;
  leave(): Promise<void>;
}

export interface Attempt<Row = Counted> {
  /** Preparing the attempt and looking at its result are not counted. */
  readonly ms: number;
  /** Where a process was started for it: without that process's start and end. */
  readonly jobMs: number | null;
  /** Null for those that only read. */
  readonly rows: readonly Row[] | null;
}
