/** Ids of runs: UUIDv7, which sort by time, also where the clock was put back. */
import { v7 as uuidv7 } from 'uuid';

const lastMs = 2 ** 48 - 1;

/** One that is greater than `newest`, the greatest that is known. */
export function newRunId(newest: string | null): string {
  const id = uuidv7();
  if (newest === null || id > newest) return id;
  const msecs = msecsOf(newest) + 1;
  return msecs > lastMs ? id : uuidv7({ msecs });
}

/** Since 1970: the first 48 bits. */
function msecsOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
