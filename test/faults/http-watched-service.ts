/** A service whose answers are held to their schemas while a test runs, and whose errors are kept. */
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { createService, type Service } from '../../src/service.js';
import { watchAnswers } from '../http/conformity.js';
import { type Order, writeRawDay } from '../http/support.js';
import { makeTempDir } from '../support/temp-dir.js';

export interface WatchedService {
  readonly address: string;
  readonly outputFile: string;
  /** Sentences, one for each answer that is not what its route documents. */
  readonly violations: readonly string[];
  /** What was logged as an error or worse. */
  readonly errors: readonly string[];
}

/** `prepare` is called before the service listens. */
export async function startWatchedService(
  days: Readonly<Record<string, readonly Order[]>>,
  prepare: (app: Service['app']) => void = () => {},
): Promise<WatchedService> {
  const dir = await makeTempDir();
  const rawDir = join(dir, 'raw');
  const outputFile = join(dir, 'processed', 'orders.csv');
  for (const [day, orders] of Object.entries(days)) await writeRawDay(rawDir, day, orders);

  const errors: string[] = [];
  const config = readConfig({
    DAYMARK_PORT: '0',
    DAYMARK_RAW_DIR: rawDir,
    DAYMARK_OUTPUT_FILE: outputFile,
  });
  const logger = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });
  const service = createService(config, { logger });
  const violations = watchAnswers(service.app);
  prepare(service.app);
  const address = await service.start();
  onTestFinished(() => service.stop());
  return { address, outputFile, violations, errors };
}
