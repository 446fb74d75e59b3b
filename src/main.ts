/** The process: reads the environment, starts the service, and ends it in order. */
import type { Config } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import { readConfigAndFiles } from './config/config-files.js';
import { minTokenChars } from './config/tokens.js';
import { isAnythingAwaited } from './disk/waits.js';
import { UnfitPlace } from './output/place.js';
import { version } from './process/version.js';
import { createService, type Service } from './service.js';
import { createLogs } from './telemetry/logger.js';
import { loadTracing } from './telemetry/tracing/load.js';

/** sysexits.h: the configuration is wrong. */
const exitConfig = 78;
const exitFailure = 1;

/** For errors that must be fixed before anything can start. */
async function orExit<T>(make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exitConfig);
  }
}

const config = await orExit(() => readConfigAndFiles(process.env));
const { logger, auditLogger } = createLogs(config);
const tracing = await loadTracing(process.env, logger);
const service = await orExit(() => createService(config, { logger, auditLogger, tracing }));
warnOfShortTokens(config);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
// Without TLS the signal has its usual meaning: the terminal is gone.
if (config.tls !== null) process.on('SIGHUP', renewCertificate);
await start(service);

async function start({ start: listen }: Service): Promise<void> {
  try {
    const address = await listen();
    logger.info({ address, version, docs: `${address}/docs` }, 'Daymark listens');
  } catch (error) {
    logger.fatal({ err: error }, `Daymark cannot start: ${(error as Error).message}`);
    await end(error instanceof UnfitPlace ? exitConfig : exitFailure);
  }
}

function renewCertificate(): void {
  try {
    const renewed = service.renewCertificate();
    logger.info({ expiresAt: renewed?.expiresAt }, 'the certificate was renewed');
  } catch (error) {
    logger.error({ err: error }, 'the certificate was not renewed; the previous one stays in use');
  }
}

function warnOfShortTokens({ tokens }: Config): void {
  const short = [...(tokens?.read ?? []), ...(tokens?.operate ?? [])].filter(
    ({ token }) => token.length < minTokenChars,
  );
  if (short.length === 0) return;
  logger.warn(
    { tokens: short.map(({ name }) => name) },
    `tokens of fewer than ${minTokenChars} characters can be guessed; make them with: openssl rand -hex 24`,
  );
}

async function stop(signal: string): Promise<void> {
  // A second signal ends the process at once.
  if (stopping) process.exit(exitFailure);
  stopping = true;
  logger.info({ signal }, 'Daymark stops');
  await end(0);
}

/** Once what was begun is closed, or it takes too long. */
async function end(code: number): Promise<never> {
  const tooLate = setTimeout(() => {
    logger.error(`Daymark did not stop within ${config.shutdownTimeoutMs} ms`);
    exit(exitFailure);
  }, config.shutdownTimeoutMs);
  await service.stop();
  clearTimeout(tooLate);
  return exit(code);
}

/** An orderly exit waits for the process's threads, which may wait for a mount that hangs. */
function exit(code: number): never {
  if (isAnythingAwaited()) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}
