/** `node dist/config/write-schema.js`: rewrites openapi/daymark.schema.json. */
import { writeFile } from 'node:fs/promises';
import { buildSchema, schemaFile } from './datasets-schema.js';

await writeFile(schemaFile, buildSchema());
