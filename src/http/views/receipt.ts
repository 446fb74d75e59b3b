import type { DayStatus } from '../../core/day-status.js';
import type { ReceiptAnswer } from '../schemas/receipt.js';
import { viewFiles } from './day.js';

/**
 * Null while the day is not committed from its current raw data: a sensor keeps waiting for it. A damaged day has no
 * receipt either, even if it cannot be repaired: its rows are not the committed ones.
 */
export function viewReceipt(status: DayStatus | undefined): ReceiptAnswer | null {
  if (status?.state !== 'processed' && status?.state !== 'archived') return null;
  const { day, ledger, output } = status;
  const adopted = ledger === null || ledger.adopted !== null;
  const rows = ledger ?? output;
  if (rows === null) return null;
  return {
    day,
    version: ledger?.version ?? null,
    runId: ledger?.runId ?? null,
    committedAt: ledger?.committedAt ?? null,
    engine: ledger?.engine ?? null,
    records: ledger?.records ?? null,
    rows: rows.rows,
    totals: rows.totals,
    sha256: rows.sha256,
    // Nobody knows what an adopted day was made from, whatever raw files exist now.
    fingerprint: viewFiles(adopted ? [] : (ledger.fingerprint ?? [])),
    adopted,
  };
}
