/** A whole service on real files and a real port, for one test. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import supertest from 'supertest';
import { expect, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { createService, type Service, type ServiceOptions } from '../../src/service.js';
import { makeTempDir } from '../support/temp-dir.js';
import { watchAnswers } from './conformity.js';

export interface ServiceWish {
  /** Raw days to begin with; each one a list of orders, or the text of its file. */
  readonly days?: Readonly<Record<string, readonly Order[] | string>>;
  /** `DAYMARK_` settings, without the prefix. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly disk?: ServiceOptions['disk'];
}

export interface TestService {
  readonly service: Service;
  readonly http: supertest.Agent;
  readonly address: string;
  readonly rawDir: string;
  readonly outputFile: string;
  /** Of the log, as objects. */
  readonly logLines: readonly Readonly<Record<string, unknown>>[];
  writeDay(day: string, content: readonly Order[] | string): Promise<void>;
  /** Runs to the end; the body of the answer, whatever its status. */
  run(body?: object): Promise<supertest.Response>;
}

/** One order: its hour, and how many items of two categories. */
export interface Order {
  readonly hour: number;
  readonly produce?: number;
  readonly dairy?: number;
}

/** Stops by itself; fails the test when an answer was not what its route documents. */
export async function startService(wish: ServiceWish = {}): Promise<TestService> {
  const dir = await makeTempDir();
  const rawDir = join(dir, 'raw');
  const outputFile = join(dir, 'processed', 'orders.csv');
  await mkdir(rawDir);
  await mkdir(join(dir, 'processed'));
  const writeDay = (day: string, content: readonly Order[] | string) =>
    writeRawDay(rawDir, day, content);
  for (const [day, content] of Object.entries(wish.days ?? {})) await writeDay(day, content);

  const { logger, logLines } = recordingLogger();
  const config = readConfig({
    DAYMARK_PORT: '0',
    DAYMARK_RAW_DIR: rawDir,
    DAYMARK_OUTPUT_FILE: outputFile,
    ...prefixed(wish.settings ?? {}),
  });
  const service = createService(config, {
    logger,
    ...(wish.disk === undefined ? {} : { disk: wish.disk }),
  });
  const violations = watchAnswers(service.app);
  const address = await service.start();
  onTestFinished(async () => {
    await service.stop();
    expect(violations).toEqual([]);
  });

  const http = supertest(address);
  const run = (body: object = {}) => http.post('/v1/runs?wait=30').send(body);
  return { service, http, address, rawDir, outputFile, logLines, writeDay, run };
}

export async function writeRawDay(
  rawDir: string,
  day: string,
  content: readonly Order[] | string,
): Promise<void> {
  await mkdir(join(rawDir, day), { recursive: true });
  const text = typeof content === 'string' ? content : csvOf(content);
  await writeFile(join(rawDir, day, 'orders.csv'), text);
}

function csvOf(orders: readonly Order[]): string {
  const rows = orders.map(
    ({ hour, produce = 0, dairy = 0 }, index) => `${index + 1},${hour},,${produce},${dairy}\n`,
  );
  return `order_id,order_hour_of_day,days_since_prior_order,produce,dairy\n${rows.join('')}`;
}

function prefixed(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`DAYMARK_${name}`, value]),
  );
}

function recordingLogger() {
  const logLines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => logLines.push(JSON.parse(line)) });
  return { logger, logLines };
}
