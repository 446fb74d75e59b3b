/** `node dist/http/write-openapi.js`: rewrites openapi/openapi.yaml. */
import { mkdir, writeFile } from 'node:fs/promises';
import { buildDocument, documentFile } from './openapi-yaml.js';

await mkdir(new URL('.', documentFile), { recursive: true });
await writeFile(documentFile, await buildDocument());
