/** The JSON Schema of `daymark.yaml`, by which editors complete and check it: openapi/daymark.schema.json. */
import { z } from 'zod';
import { fileShape } from './dataset-shape.js';

export const schemaFile = new URL('../../openapi/daymark.schema.json', import.meta.url);

export function buildSchema(): string {
  // As it is written: what a check makes of a text does not concern an editor.
  const schema = z.toJSONSchema(fileShape, { io: 'input', target: 'draft-07' });
  return `${JSON.stringify({ ...schema, title: 'daymark.yaml' }, null, 2)}\n`;
}
