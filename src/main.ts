/** The process: reads the environment, starts the service, and ends it in order. */
import { pino } from 'pino';
import { type Config, ConfigError, readConfig } from './config.js';
import { UnfitPlace } from './output/place.js';
import { createService, type Service } from './service.js';
import { loadTracing } from './telemetry/tracing/load.js';
import { version } from './version.js';

/** sysexits.h: the configuration is wrong. */
const exitConfig = 78;
const exitFailure = 1;

function configure(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exitConfig);
  }
}

const config = configure();
const logger = pino({ level: config.logLevel, base: { service: 'daymark' } });
const tracing = await loadTracing(process.env, logger);
const service = createService(config, { logger, tracing });

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
await start(service);

async function start({ start: listen }: Service): Promise<void> {
  try {
    const address = await listen();
    logger.info({ address, version, docs: `${address}/docs` }, 'Daymark listens');
  } catch (error) {
    logger.fatal({ err: error }, `Daymark cannot start: ${(error as Error).message}`);
    process.exit(error instanceof UnfitPlace ? exitConfig : exitFailure);
  }
}

async function stop(signal: string): Promise<void> {
  // Asked twice, an operator means it.
  if (stopping) process.exit(exitFailure);
  stopping = true;
  logger.info({ signal }, 'Daymark stops');
  const tooLate = setTimeout(() => {
    logger.error(`Daymark did not stop within ${config.shutdownTimeoutMs} ms`);
    process.exit(exitFailure);
  }, config.shutdownTimeoutMs);
  await service.stop();
  clearTimeout(tooLate);
  process.exit(0);
}
