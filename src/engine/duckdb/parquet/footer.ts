/** The end of a Parquet file: its columns with their types, and where their pages are. */
import { type TypedElement, typedElement } from './file-type.js';
import {
  BadThrift,
  countIn,
  numberIn,
  structIn,
  structsIn,
  ThriftReader,
  type ThriftStruct,
  textOf,
  textsIn,
} from './thrift.js';

/** A column, or a group of columns. */
export interface SchemaNode {
  /** The names on the way to it. */
  readonly path: readonly string[];
  /** Its place among its siblings, and theirs, from 0: to DuckDB, `x` and `X` are one name. */
  readonly places: readonly number[];
  readonly shape: 'column' | 'struct' | 'list' | 'map';
  /** Of a column. */
  readonly element: TypedElement | null;
  /** Of a column outside of lists and maps: its place among the columns of each row group. */
  readonly leaf: number;
  /** Whether each row has a value. */
  readonly required: boolean;
}

/** The pages of a column in one row group. */
export interface Chunk {
  readonly path: readonly string[];
  readonly codec: number;
  readonly values: number;
  readonly startsAt: number;
  /** The file that has its pages, if it is not this one. */
  readonly elsewhere: boolean;
  readonly encrypted: boolean;
}

export interface RowGroup {
  readonly rows: number;
  readonly chunks: readonly Chunk[];
}

export interface Footer {
  readonly rows: number;
  /** Those within lists and maps are left out. */
  readonly nodes: readonly SchemaNode[];
  readonly groups: readonly RowGroup[];
  readonly encrypted: boolean;
}

/** Throws BadThrift. */
export function readFooter(bytes: Uint8Array): Footer {
  const meta = new ThriftReader(bytes).struct();
  const { nodes, leaves } = readSchema(structsIn(meta, 2));
  const encrypted = meta.has(8);
  const groups = structsIn(meta, 4).map(readGroup);
  const rows = countIn(meta, 3);
  if (encrypted) return { rows, nodes, groups, encrypted };
  if (groups.reduce((sum, group) => sum + group.rows, 0) !== rows)
    throw new BadThrift('its row groups have another number of rows than the file');
  for (const { chunks } of groups) {
    if (chunks.length !== leaves.length || !chunks.every((each, at) => isOf(each, leaves[at])))
      throw new BadThrift('a row group has other columns than the file');
  }
  return { rows, nodes, groups, encrypted };
}

function isOf({ path, encrypted }: Chunk, leaf: readonly string[] | undefined): boolean {
  return encrypted || JSON.stringify(path) === JSON.stringify(leaf);
}

// ---------------------------------------------------------------- columns

const [required, repeated] = [0, 2];
/** As in the older annotations, and in the newer ones. */
const [convertedMaps, convertedList] = [[1, 2], 3];
const [logicalMap, logicalList] = [2, 3];

interface Schema {
  readonly nodes: readonly SchemaNode[];
  /** The paths of all columns, those in lists and maps too. */
  readonly leaves: readonly (readonly string[])[];
}

/** The elements stand in depth-first order. */
function readSchema(elements: readonly ThriftStruct[]): Schema {
  const reader = new SchemaReader(elements);
  reader.read();
  return reader;
}

const top: Parent = { path: [], places: [], required: true, isHidden: false };

class SchemaReader implements Schema {
  readonly nodes: SchemaNode[] = [];
  readonly leaves: (readonly string[])[] = [];
  #next = 0;

  constructor(readonly elements: readonly ThriftStruct[]) {}

  read(): void {
    const root = this.#element();
    this.#children(numberIn(root, 5) ?? 0, top);
    if (this.nodes.length === 0) throw new BadThrift('it has no columns');
    if (this.#next !== this.elements.length)
      throw new BadThrift('it has columns that belong to nothing');
  }

  #children(count: number, parent: Parent): void {
    for (let place = 0; place < count; place += 1) this.#node(parent, place);
  }

  #node(parent: Parent, place: number): void {
    const element = this.#element();
    const [children, repetition] = [numberIn(element, 5), numberIn(element, 3) ?? required];
    const own = below(parent, { name: textOf(element.get(4)), place, repetition });
    const shape = shapeOf(element, children, repetition);
    if (!parent.isHidden) this.#tell(own, shape, element);
    if (children === null) this.leaves.push(own.path);
    const isHidden = own.isHidden || shape === 'list' || shape === 'map';
    this.#children(children ?? 0, { ...own, isHidden });
  }

  #tell(own: Parent, shape: SchemaNode['shape'], element: ThriftStruct): void {
    const { path, places, required } = own;
    const typed = shape === 'column' ? typedElement(element) : null;
    this.nodes.push({ path, places, shape, element: typed, leaf: this.leaves.length, required });
  }

  #element(): ThriftStruct {
    const element = this.elements[this.#next];
    this.#next += 1;
    if (element === undefined) throw new BadThrift('it lacks columns');
    return element;
  }
}

interface Parent extends Pick<SchemaNode, 'path' | 'places' | 'required'> {
  /** Whether its children stand in a list or a map. */
  readonly isHidden: boolean;
}

interface Child {
  readonly name: string;
  readonly place: number;
  readonly repetition: number;
}

/** As deep as any writer nests, and shallow enough for a stack. */
const mostLevels = 100;

function below(parent: Parent, { name, place, repetition }: Child): Parent {
  if (parent.path.length >= mostLevels) throw new BadThrift('its columns are nested too deeply');
  return {
    path: [...parent.path, name],
    places: [...parent.places, place],
    required: parent.required && repetition === required,
    isHidden: parent.isHidden,
  };
}

function shapeOf(
  element: ThriftStruct,
  children: number | null,
  repetition: number,
): SchemaNode['shape'] {
  if (repetition === repeated) return 'list';
  if (children === null) return 'column';
  const [logical] = structIn(element, 10)?.keys() ?? [];
  const converted = numberIn(element, 6) ?? -1;
  if (logical === logicalMap || convertedMaps.includes(converted)) return 'map';
  return logical === logicalList || converted === convertedList ? 'list' : 'struct';
}

// ---------------------------------------------------------------- row groups

function readGroup(group: ThriftStruct): RowGroup {
  return { rows: countIn(group, 3), chunks: structsIn(group, 1).map(readChunk) };
}

const nothing: ThriftStruct = new Map();

function readChunk(chunk: ThriftStruct): Chunk {
  const meta = structIn(chunk, 3);
  const encrypted = chunk.has(8);
  if (meta === null && !encrypted) throw new BadThrift('a column has no pages');
  if (encrypted) return { ...noPages, encrypted };
  const told = meta ?? nothing;
  const dictionary = numberIn(told, 11);
  const data = countIn(told, 9);
  return {
    path: textsIn(told, 3),
    codec: countIn(told, 4),
    values: countIn(told, 5),
    // Some writers give 0 for a chunk without a dictionary.
    startsAt: dictionary !== null && dictionary > 0 ? Math.min(dictionary, data) : data,
    elsewhere: chunk.has(1) && textOf(chunk.get(1)) !== '',
    encrypted,
  };
}

const noPages: Omit<Chunk, 'encrypted'> = {
  ...{ path: [], codec: 0, values: 0, startsAt: 0, elsewhere: false },
};
