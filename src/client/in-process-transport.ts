/** Daymark without a server: the same service, called through its routes, but without listening. */
import { Readable } from 'node:stream';
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { Config } from '../config/config.js';
import { createService } from '../service.js';
import type { Call, Transport } from './transport.js';

/** `config` must have no tokens: file permissions decide what the user of this process may do. */
export async function openInProcessTransport(
  config: Config,
  options: { readonly verbose: boolean },
): Promise<Transport> {
  const { dataset } = config;
  const service = createService(config, { logger: loggerFor(options) });
  try {
    await service.open();
  } catch (error) {
    // An unsuitable place is reported by its own error.
    await service.stop().catch(() => {});
    throw error;
  }
  return {
    place: `${dataset.outputFile} (in this process, raw days in ${dataset.raw})`,
    send: async ({ method, path, headers, body }: Call) => {
      const answer = await service.app.inject({
        method,
        url: path,
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined ? {} : { payload: body }),
      });
      return {
        status: answer.statusCode,
        headers: answer.headers as Record<string, string>,
        text: answer.body,
      };
    },
    stream: async ({ method, path, headers = {} }, mediaType, signal) => {
      const answer = await service.app.inject({
        method,
        url: path,
        headers: { ...headers, accept: mediaType },
        payloadAsStream: true,
        signal,
      });
      const type = String(answer.headers['content-type'] ?? '');
      const body = answer.stream();
      if (type.startsWith(mediaType)) return Readable.toWeb(body) as ReadableStream<Uint8Array>;
      body.destroy();
      return null;
    },
    close: () => service.stop(),
  };
}

/** The answers say what went wrong; the log is for more detail. */
function loggerFor({ verbose }: { readonly verbose: boolean }): Logger {
  const stderr: DestinationStream = destination({ fd: 2, sync: true });
  return pino({ level: verbose ? 'debug' : 'silent', base: { service: 'daymark' } }, stderr);
}
