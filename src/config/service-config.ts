/** The settings of the process, whichever datasets it keeps. */
import { integer, oneOf, setting, text } from './setting.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const serviceSettings = {
  datasets: setting(null, text, { option: 'every-command' }).says(
    'a file of datasets, `daymark.yaml`; then all that is about days and output is set there',
  ),
  maxActiveRuns: setting(null, integer(1, 1_000), { unset: 'number of processors' }).says(
    'how many runs may work at once, of all datasets together; each dataset has one at a time, and others wait as `queued`',
  ),
  reconcileIntervalMs: setting('60000', integer(0, 86_400_000)).says(
    'between looks that no request asked for; `0` for none',
  ),
  logLevel: setting('info', oneOf(logLevels), { option: 'serve' }).says(
    '`fatal` to `trace`, or `silent`; the audit of changes is written at all but `silent`',
  ),
  shutdownTimeoutMs: setting('10000', integer(0, 3_600_000)).says(
    'how long an orderly stop may take before the process ends anyway',
  ),
};
