/** Where the columns of a dataset stand in an object: `user.id` is the field `id` of `user`, or a field of that name. */

export interface Field {
  readonly name: string;
  /** Columns that the field is. */
  readonly slots: readonly number[];
  /** Columns that lie within it. */
  readonly below: readonly number[];
  readonly within: Fields;
  /** The last line that had it. */
  line: number;
}

export type Fields = ReadonlyMap<string, Field>;

/** Of columns by their places. */
export function fieldsOf(columns: readonly string[]): Fields {
  const paths = columns.flatMap((name, slot) => {
    const steps = name.split('.');
    const whole = { steps: [name], slot };
    return steps.length > 1 && !steps.includes('') ? [whole, { steps, slot }] : [whole];
  });
  return grouped(paths);
}

interface Path {
  readonly steps: readonly string[];
  readonly slot: number;
}

function grouped(paths: readonly Path[]): Fields {
  const names = [...new Set(paths.flatMap(({ steps: [first] }) => first ?? []))];
  return new Map(names.map((name) => [name, fieldOf(name, paths)]));
}

function fieldOf(name: string, paths: readonly Path[]): Field {
  const own = paths.filter(({ steps: [first] }) => first === name);
  const deeper = own.filter(({ steps }) => steps.length > 1);
  return {
    name,
    slots: own.filter(({ steps }) => steps.length === 1).map(({ slot }) => slot),
    below: deeper.map(({ slot }) => slot),
    within: grouped(deeper.map(({ steps, slot }) => ({ steps: steps.slice(1), slot }))),
    line: 0,
  };
}
