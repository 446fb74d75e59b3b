/** The settings of the process as a whole. */
import { integer, oneOf, setting, text } from './setting.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const serviceSettings = {
  datasets: setting(null, text, { option: 'every-command' }).says(
    'a file of datasets, `daymark.yaml`; everything about days and output is then set there',
  ),
  maxActiveRuns: setting(null, integer(1, 1_000), { unset: 'number of processors' }).says(
    'how many runs may work at once, over all datasets; each dataset has at most one, and others wait as `queued`',
  ),
  reconcileIntervalMs: setting('60000', integer(0, 86_400_000)).says(
    'the time between background checks; `0` for none',
  ),
  logLevel: setting('info', oneOf(logLevels), { option: 'serve' }).says(
    '`fatal` to `trace`, or `silent`; the audit log is written at every level but `silent`',
  ),
  shutdownTimeoutMs: setting('10000', integer(0, 3_600_000)).says(
    'how long an orderly stop may take before the process ends anyway',
  ),
};
