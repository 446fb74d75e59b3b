/** Random requests, good and bad, made from our own OpenAPI document. */
import fc from 'fast-check';

export interface Operation {
  readonly method: string;
  /** As in the document, with `{name}` for parameters. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Null where it takes no body. */
  readonly body: Schema | null;
}

interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

export interface Document {
  readonly paths: Record<string, Record<string, DocumentedOperation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

interface DocumentedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
}

export interface FuzzedRequest {
  /** Method and path as the document has them. */
  readonly operation: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
}

export function operationsOf({ paths, components }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters: path.endsWith('/output') ? [...parameters, ...keyColumns] : parameters,
      body: resolve(requestBody?.content['application/json']?.schema, components.schemas),
    })),
  );
}

/** The document cannot name them: they depend on the dataset. */
const keyColumns: readonly Parameter[] = ['hour_of_day', 'category'].map((name) => ({
  ...{ name, in: 'query', schema: { type: 'string' } },
}));

function resolve(schema: Schema | undefined, known: Record<string, Schema>): Schema | null {
  if (schema?.$ref === undefined) return schema ?? null;
  return known[schema.$ref.replace('#/components/schemas/', '')] ?? null;
}

export function requestFor(operation: Operation): fc.Arbitrary<FuzzedRequest> {
  const { method, path, parameters, body } = operation;
  const placed = (place: Parameter['in']) => parameters.filter((each) => each.in === place);
  return fc
    .record({
      method: mostly(
        fc.constant(method),
        fc.constantFrom('HEAD', 'OPTIONS', 'PATCH', 'DELETE'),
        20,
      ),
      path: pathFor(path, placed('path')),
      query: queryFor(placed('query')),
      headers: headersFor(placed('header')),
      body: bodyFor(body),
    })
    .map(({ path: filled, query, headers, body: sent, ...rest }) => ({
      ...rest,
      operation: `${method} ${path}`,
      target: query.length === 0 ? filled : `${filled}?${query.join('&')}`,
      headers: [...headers, ...sent.headers],
      body: sent.text,
    }));
}

/** What is valid, or at least meets something, where the schema says no more than "text". */
const likely: Readonly<Record<string, readonly string[]>> = {
  id: ['nightly', 'weekly', 'a%2Fb', '0198c0de-7e57-7000-8000-000000000001'],
  day: ['0', '1', '2', '7'],
  days: ['0', '0,2', '7,1'],
  state: ['processed', 'new,rewound', ''],
  status: ['succeeded', 'failed,queued'],
  from: ['0', '1', '7'],
  to: ['0', '1', '7'],
  hour_of_day: ['8', '24', ''],
  category: ['produce', 'dairy'],
  cursor: [
    base64(JSON.stringify(['0', 8, 'dairy'])),
    base64('0198c0de-7e57-7000-8000-000000000001'),
  ],
  prefer: ['wait=1', 'respond-async, wait="2"', 'wait=never'],
  'idempotency-key': ['nightly', '"weekly"'],
};

const hostileTexts = [
  ...[
    '',
    ' ',
    '.',
    '..',
    '../../..',
    '%2e%2e%2f',
    '%00',
    '%zz',
    '%ff',
    '%0d%0a',
    '\u0000',
    '\u001b[2J',
  ],
  ...['-1', '01', '3.0', '1e3', '0x10', '99999999999999999999', 'NaN', 'Infinity', '٣', '３', '𝟛'],
  ...['null', 'true', '[]', '{}', '[object Object]', '__proto__', 'constructor', 'toString'],
  ...[
    '"',
    "'",
    '`',
    '<script>',
    '$(x)',
    ',',
    ',,',
    '&',
    '=',
    '#',
    '?',
    ';',
    '\\',
    '\ud800',
    '\ufeff',
    '東京 🚲',
  ],
  ...['x'.repeat(300), 'x'.repeat(2_000), '9'.repeat(5_000), 'é'.repeat(9_000)],
];

const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...hostileTexts) },
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 300 }),
);

/** `usual`, and once in `everyNth` times (about) the other. */
function mostly<T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>, everyNth = 4): fc.Arbitrary<T> {
  return fc.oneof({ weight: everyNth - 1, arbitrary: usual }, { weight: 1, arbitrary: other });
}

function textFor({ name, schema }: Parameter): fc.Arbitrary<string> {
  const known = likely[name] ?? schema.enum;
  if (known !== undefined) return fc.constantFrom(...known);
  const { minimum: min = 0, maximum: max = 9 } = schema;
  return fc.integer({ min, max }).map(String);
}

function pathFor(path: string, parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const parts = parameters.map((parameter) =>
    mostly(textFor(parameter), inTarget).map((text) => [`{${parameter.name}}`, text] as const),
  );
  return fc
    .tuple(...parts)
    .map((filled) => filled.reduce((whole, [slot, text]) => whole.replace(slot, () => text), path));
}

/** Encoded as it should be, or as bytes that happen to fit into a request line. */
const inTarget = fc
  .tuple(hostileText, fc.boolean())
  .map(([text, encoded]) => (encoded ? encode(text) : text.replace(/[ \r\n]/g, '')));

function encode(text: string): string {
  // A lone surrogate has no UTF-8; it goes through a buffer to become a replacement character.
  return encodeURIComponent(Buffer.from(text).toString());
}

/** Each parameter or none; now and then one that is unknown, or given twice. */
function queryFor(parameters: readonly Parameter[]): fc.Arbitrary<string[]> {
  const pairs = parameters.map((parameter) =>
    mostly(textFor(parameter).map(encode), inTarget).map((text) => `${parameter.name}=${text}`),
  );
  const stray = fc.tuple(inTarget, inTarget).map(([name, text]) => `${name}=${text}`);
  const none = fc.constant<string[]>([]);
  return fc
    .tuple(
      ...pairs.map((pair) => mostly(none, fc.tuple(pair), 2)),
      mostly(none, fc.tuple(fc.oneof(stray, ...pairs)), 8),
    )
    .map((parts) => parts.flat());
}

const accepted = ['application/json', 'text/csv', '*/*', 'text/csv;q=0.1, */*;q=0', 'image/png'];

function headersFor(parameters: readonly Parameter[]): fc.Arbitrary<[string, string][]> {
  const named = parameters.map((parameter) => ({
    name: parameter.name,
    text: mostly(textFor(parameter), hostileText),
  }));
  const any = [
    { name: 'accept', text: mostly(fc.constantFrom(...accepted), hostileText) },
    { name: 'if-none-match', text: mostly(fc.constantFrom('*', '"1-2"', 'W/"x", *'), hostileText) },
    { name: 'x-request-id', text: hostileText },
  ];
  const pairs = [...named, ...named, ...any].map(({ name, text }) =>
    // Other control characters stay: the parser must refuse them.
    text.map((value): [string, string] => [name, value.replace(/[\r\n]/g, '')]),
  );
  return fc.array(fc.oneof(...pairs), { maxLength: 2 });
}

interface SentBody {
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string | null;
}

function bodyFor(schema: Schema | null): fc.Arbitrary<SentBody> {
  const none: fc.Arbitrary<SentBody> = fc.constant({ headers: [], text: null });
  const text =
    schema === null
      ? jsonText
      : mostly(
          valueFor('', schema).map((value) => JSON.stringify(value)),
          mutated(schema),
          3,
        );
  const type = mostly(fc.constant('application/json'), contentType, 12);
  const some = fc.tuple(text, type).map(([sent, mediaType]) => ({
    headers: [['content-type', mediaType]] as const,
    text: sent,
  }));
  return schema === null ? mostly(none, some) : mostly(some, none);
}

const contentType = fc.constantFrom(
  'application/json; charset=utf-8',
  'application/x-www-form-urlencoded',
  'text/plain',
  'application/json; charset=utf-16',
  ';',
  '',
);

const broken = fc.constantFrom(
  '',
  '{',
  '{"day"',
  '[1,',
  '\ufeff{}',
  '{"a":\u0000}',
  '{} {}',
  "{'a':1}",
);

const jsonText = fc.oneof(
  broken,
  fc.json(),
  fc.integer({ min: 1, max: 5_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
);

function mutated(schema: Schema): fc.Arbitrary<string> {
  const names = [
    ...Object.keys(schema.properties ?? {}),
    'day',
    '__proto__',
    'constructor',
    'extra',
  ];
  const wrong = fc.oneof(
    hostileText,
    fc.jsonValue({ maxDepth: 2 }),
    fc.constant(1e308),
    fc.double(),
  );
  const changed = fc
    .tuple(valueFor('', schema), fc.constantFrom(...names), wrong)
    .map(([value, name, bad]) =>
      // As text, because as an object `__proto__` would not be a field.
      JSON.stringify(value).replace(/\}$/, `,${JSON.stringify(name)}:${JSON.stringify(bad)}}`),
    );
  return fc.oneof({ weight: 3, arbitrary: changed }, jsonText);
}

function valueFor(name: string, schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectFor(schema.properties ?? {});
    case 'array':
      return fc.array(valueFor(name, schema.items ?? {}), { minLength: 1, maxLength: 3 });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constantFrom('0', '1', '2', 0, 1);
  }
}

function objectFor(properties: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) =>
    valueFor(name, schema).map((value) => [name, value] as const),
  );
  return fc
    .tuple(fc.shuffledSubarray(fields.map((_, index) => index)), ...fields)
    .map(([chosen, ...all]) => Object.fromEntries(chosen.flatMap((index) => [all[index] ?? []])));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64url');
}
