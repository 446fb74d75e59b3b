/** What the output holds of a day, and what its ledger says of it. */

import type { EngineName } from './engine.js';
import type { Fingerprint } from './fingerprint.js';
import type { Totals } from './totals.js';

/** A day as the output file holds it now. */
export interface OutputDay {
  readonly rows: number;
  readonly totals: Totals;
  readonly sizeBytes: number;
  /** Of the day's rows in canonical form, hexadecimal. */
  readonly sha256: string;
  /** The same key twice: the day was counted more than once. */
  readonly doubled: boolean;
}

/** Why the output's rows of a day cannot be trusted. Stays until the day is made again. */
export type Damage = 'altered' | 'lost' | 'doubled';

/**
 * How a day came into the ledger whose rows someone else wrote. `unverified`: it is compared with its raw files
 * by the first run that finds them. `trusted`: it was taken for what they say, because the settings say so.
 */
export type Adoption = 'unverified' | 'trusted';

/** A day as the head commit record describes it. */
export interface LedgerDay {
  readonly rows: number;
  readonly totals: Totals;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Data rows read; null for a day that Daymark did not aggregate itself. */
  readonly records: number | null;
  /** Null for an adopted day that was never compared with raw files. */
  readonly fingerprint: Fingerprint | null;
  /** Null for a day that Daymark made itself. */
  readonly adopted: Adoption | null;
  /** Under which definition it was made; null where that is not known. */
  readonly definition: string | null;
  readonly reprocess: boolean;
  readonly damage: Damage | null;
  /** The commit that wrote this day as it is. */
  readonly version: number;
  readonly runId: string;
  readonly committedAt: string;
  /** Null for an adopted day. */
  readonly engine: EngineName | null;
}

/** The settings that decide what a service makes of raw days, by their names: two services can be told apart. */
export type WriterSettings = Readonly<Record<string, string>>;

/** The raw root at a commit. */
export interface RawMark {
  /** `RawListing.device`. */
  readonly device: string;
  /** Days of the ledger that were made from raw files, and had no folder any more. */
  readonly archived: number;
}

/** What the head record says of its commit as a whole. Null where it is of an older format, that did not say. */
export interface CommitFacts {
  readonly version: number;
  readonly runId: string;
  readonly committedAt: string;
  readonly settings: WriterSettings | null;
  readonly raw: RawMark | null;
  /** Every category column that a raw file ever had, sorted; null where they are too many, too. */
  readonly columns: readonly string[] | null;
}
