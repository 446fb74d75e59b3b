/** The settings of the process, whichever datasets it keeps. */
import { integer, oneOf, type Settings } from './setting.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const serviceSettings = {
  reconcileIntervalMs: {
    sentence: 'between looks that no request asked for; `0` for none',
    default: '60000',
    check: integer(0, 86_400_000),
  },
  logLevel: {
    sentence:
      '`fatal` to `trace`, or `silent`; the audit of changes is written at all but `silent`',
    default: 'info',
    check: oneOf(logLevels),
    option: 'serve',
  },
  shutdownTimeoutMs: {
    sentence: 'how long an orderly stop may take before the process ends anyway',
    default: '10000',
    check: integer(0, 3_600_000),
  },
} as const satisfies Settings;
