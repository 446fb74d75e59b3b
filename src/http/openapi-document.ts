/** Finishing touches to the generated OpenAPI document. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { sharePieces } from './openapi-shared.js';

type Document = ReturnType<NonNullable<FastifyDynamicSwaggerOptions['transformObject']>>;

interface Draft {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, object>> & {
    readonly schemas: Record<string, Schema>;
  };
}

interface Operation {
  readonly operationId?: string;
  parameters?: { readonly name: string; readonly in: string }[];
  responses: Record<string, object>;
  readonly requestBody?: {
    required?: boolean;
    readonly content: Record<string, { schema: Schema }>;
  };
}

interface Schema {
  readonly $ref?: string;
  readonly required?: readonly string[];
}

const schemasPath = '#/components/schemas/';

/**
 * The type provider lists every component twice, as `Name` for answers and `NameInput` for requests. Unused components
 * are removed, and `Input` is dropped where the short name is then free.
 */
export function tidyDocument(document: Document): Document {
  const draft = structuredClone(document) as unknown as Draft;
  markOptionalBodies(draft);
  dropUnusedSchemas(draft);
  sharePieces(draft.paths, draft.components);
  return withShortNames(draft) as unknown as Document;
}

/** A body is required only if one of its fields is. */
function markOptionalBodies({ paths, components }: Draft): void {
  for (const { requestBody } of Object.values(paths).flatMap((path) => Object.values(path))) {
    const schema = requestBody?.content['application/json']?.schema;
    if (requestBody === undefined || schema === undefined) continue;
    const resolved =
      schema.$ref === undefined
        ? schema
        : components.schemas[schema.$ref.slice(schemasPath.length)];
    requestBody.required = (resolved?.required ?? []).length > 0;
  }
}

function dropUnusedSchemas({ paths, components }: Draft): void {
  const used = new Set<string>();
  const queue = referencesIn(paths);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    queue.push(...referencesIn(components.schemas[name]));
  }
  for (const name of Object.keys(components.schemas)) {
    if (!used.has(name)) delete components.schemas[name];
  }
}

function referencesIn(value: unknown): string[] {
  const text = JSON.stringify(value) ?? '';
  return [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name);
}

function withShortNames(draft: Draft): Draft {
  const { schemas } = draft.components;
  const shortened = new Map(
    Object.keys(schemas)
      .filter((name) => name.endsWith('Input') && schemas[name.slice(0, -5)] === undefined)
      .map((name) => [name, name.slice(0, -5)]),
  );
  const renamed = Object.entries(schemas)
    .map(([name, schema]) => [shortened.get(name) ?? name, schema] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { paths, components, ...head } = draft;
  // In reading order.
  const document = {
    ...head,
    paths,
    components: { ...components, schemas: Object.fromEntries(renamed) },
  };
  return JSON.parse(JSON.stringify(document), (key, value) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    if (!value.startsWith(schemasPath)) return value;
    const name = value.slice(schemasPath.length);
    return `${schemasPath}${shortened.get(name) ?? name}`;
  });
}
