/** A day in the output, and its entry in the ledger. */

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

/** Why the output's rows of a day cannot be trusted. Stays until the day is rebuilt. */
export type Damage = 'altered' | 'lost' | 'doubled';

/**
 * How a day that another program wrote came into the ledger. `unverified`: the first run that finds its raw files
 * compares it with them. `trusted`: the settings say to assume that it matches them.
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
  /** The hash of the definition it was made under; null if unknown. */
  readonly definition: string | null;
  readonly reprocess: boolean;
  readonly damage: Damage | null;
  /** The commit that wrote the day's current rows. */
  readonly version: number;
  readonly runId: string;
  readonly committedAt: string;
  /** Null for an adopted day. */
  readonly engine: EngineName | null;
}

/** The settings that determine the output, by name, so that two services can be compared. */
export type WriterSettings = Readonly<Record<string, string>>;

/** The raw root at a commit. */
export interface RawMark {
  /** `RawListing.device`. */
  readonly device: string;
  /** Days of the ledger that were made from raw files whose folder is gone. */
  readonly archived: number;
}

/** What the head record says about its commit as a whole. Null for older formats without these fields. */
export interface CommitFacts {
  readonly version: number;
  readonly runId: string;
  readonly committedAt: string;
  readonly settings: WriterSettings | null;
  readonly raw: RawMark | null;
  /** Every category column that a raw file ever had, sorted; also null if there are too many. */
  readonly columns: readonly string[] | null;
}
