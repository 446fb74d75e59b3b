/** The settings of the DuckDB engine. */
import { z } from 'zod';
import { integer, setting } from './setting.js';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const sizeForm = /^([0-9]{1,12})\s*([KMGT]iB|B|)$/;
/** Less does not hold the buffers that a file is read with. */
const leastBytes = 128 * 1024 * 1024;

const memory = z
  .string()
  .transform(bytesIn)
  .refine(
    (bytes) => bytes >= leastBytes && bytes <= Number.MAX_SAFE_INTEGER,
    'must be a size from 128MiB, such as 4GiB, or a number of bytes',
  );

export const duckDbSettings = {
  duckdbMemory: setting(null, memory, {
    unset: 'half of the machine’s, or of its container’s',
  }).says(
    'how much memory DuckDB may use, over all queries: `4GiB`, or a number of bytes. Up to four times as much may be spilled to the folder for temporary files (`TMPDIR`)',
  ),
  duckdbThreads: setting(null, integer(1, 1_024), { unset: 'number of processors' }).says(
    'how many threads one query of DuckDB may use',
  ),
};

/** NaN if the text is not a size. */
function bytesIn(text: string): number {
  const [, count, unit] = sizeForm.exec(text) ?? [];
  return Number(count) * 1024 ** Math.max(0, units.indexOf(unit ?? ''));
}
