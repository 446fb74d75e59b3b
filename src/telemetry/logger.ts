/** The log: JSON lines that never contain a token, however one got into a line. */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config/config.js';

/** What the log calls a token that it was about to write. */
const mask = '[token]';

/** A shorter one occurs in ordinary words, and could be guessed anyway. */
const minMaskedChars = 8;

/** Where credentials are if the headers of a request are logged. */
const credentialPaths = ['authorization', 'cookie'].flatMap((header) => [
  `headers.${header}`,
  `req.headers.${header}`,
  `request.headers.${header}`,
]);

export interface Logs {
  readonly logger: Logger;
  /** Written whatever the level of the log, short of `silent`. */
  readonly auditLogger: Logger;
}

export function createLogs(
  { logLevel, tokens }: Pick<Config, 'logLevel' | 'tokens'>,
  destination: DestinationStream = pino.destination(1),
): Logs {
  const secrets = [...(tokens?.read ?? []), ...(tokens?.operate ?? [])].map(({ token }) => token);
  const logger = pino(
    {
      level: logLevel,
      base: { service: 'daymark' },
      redact: { paths: credentialPaths, censor: mask },
      hooks: { streamWrite: maskOf(secrets) },
    },
    destination,
  );
  const auditLogger = logLevel === 'silent' ? logger : logger.child({}, { level: 'info' });
  return { logger, auditLogger };
}

/** Tokens are replaced in the finished line, as JSON spells them. */
function maskOf(secrets: readonly string[]): (line: string) => string {
  const spelled = secrets
    .filter(({ length }) => length >= minMaskedChars)
    // If one contains another, the longer one must be replaced as a whole.
    .sort((a, b) => b.length - a.length)
    .map((secret) =>
      JSON.stringify(secret)
        .slice(1, -1)
        .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
    );
  if (spelled.length === 0) return (line) => line;
  const pattern = new RegExp(spelled.join('|'), 'g');
  return (line) => line.replace(pattern, mask);
}
