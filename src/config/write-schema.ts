/** `node dist/config/write-schema.js`: writes openapi/daymark.schema.json again. */
import { writeFile } from 'node:fs/promises';
import { buildSchema, schemaFile } from './datasets-schema.js';

await writeFile(schemaFile, buildSchema());
