/** Logs each notice once when it appears, and once when it is gone. */
import type { Logger } from 'pino';
import type { Notice } from '../model/notice.js';

/** Must get the notices of each look. */
export function createNoticeLog(
  logger: Pick<Logger, 'info' | 'warn'>,
): (notices: readonly Notice[]) => void {
  let known = new Map<string, Notice>();

  return (notices) => {
    // Events are logged when they happen; each is a notice until a run has reported it.
    const lasting = notices.filter(({ code }) => code !== 'recovered');
    const found = new Map(lasting.map((notice) => [notice.message, notice]));
    for (const [message, { code }] of found) {
      if (!known.has(message)) logger.warn({ notice: code }, message);
    }
    for (const [message, { code }] of known) {
      if (!found.has(message)) logger.info({ notice: code }, `no longer so: ${message}`);
    }
    known = found;
  };
}
