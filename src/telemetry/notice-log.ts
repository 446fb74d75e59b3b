/** Tells people once of each notice that appears, and once that it is gone. */
import type { Logger } from 'pino';
import type { Notice } from '../model/notice.js';

/** To be told the notices of each look. */
export function createNoticeLog(
  logger: Pick<Logger, 'info' | 'warn'>,
): (notices: readonly Notice[]) => void {
  let known = new Map<string, Notice>();

  return (notices) => {
    // What happened on the way is logged when it happens; it is a notice until a run has told it.
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
