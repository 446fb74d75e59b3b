/**
 * A whole service, set up by the environment and from the compiled code, which kills itself at one of its file
 * operations. Prints its address, as one line of JSON.
 *
 *   DAYMARK_RAW_DIR=… node marked-service.mjs '{"at": 12, "moment": "before"}'
 */
import { pino } from 'pino';
import { readConfig } from '../../dist/config/config.js';
import { createService } from '../../dist/service.js';
import { createMarkedDisk } from './marked-disk.mjs';

const { disk } = createMarkedDisk(JSON.parse(process.argv[2]));
const service = createService(readConfig(process.env), { logger: pino({ level: 'silent' }), disk });
process.stdout.write(`${JSON.stringify({ address: await service.start() })}\n`);
