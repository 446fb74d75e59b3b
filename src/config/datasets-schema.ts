/** The JSON Schema of `daymark.yaml`, which editors use to complete and check it: openapi/daymark.schema.json. */
import { z } from 'zod';
import { fileShape } from './dataset-shape.js';

export const schemaFile = new URL('../../openapi/daymark.schema.json', import.meta.url);

export function buildSchema(): string {
  // For the input side: editors do not need the types after parsing.
  const schema = z.toJSONSchema(fileShape, { io: 'input', target: 'draft-07' });
  return `${JSON.stringify({ ...schema, title: 'daymark.yaml' }, null, 2)}\n`;
}
