import type { DayStatus } from '../../core/reconcile.js';
import type { ReceiptAnswer } from '../schemas/receipt.js';
import { viewFiles } from './day.js';

/**
 * Null while the day is not committed as its raw data stands: a sensor that waits for it waits on. A
 * damaged day has no receipt either, even where nothing can mend it: its rows are not what was committed.
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
    // What an adopted day was made from is not known, whatever lies there now.
    fingerprint: viewFiles(adopted ? [] : (ledger.fingerprint ?? [])),
    adopted,
  };
}
