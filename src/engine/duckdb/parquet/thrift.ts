/**
 * Thrift's compact protocol, in which Parquet writes footers and page headers. Of a struct, the fields by their
 * numbers. Nothing that it says of its own length is believed.
 */

export type Thrift = boolean | number | Uint8Array | readonly Thrift[] | ThriftStruct;

export type ThriftStruct = ReadonlyMap<number, Thrift>;

/** The bytes are not what they should be, or are not all there. */
export class BadThrift extends Error {
  override readonly name = 'BadThrift';
}

/** The structs of Parquet are nested no deeper than half of it. */
const mostDepth = 32;

const [isTrue, isFalse, byte, i16, i32, i64, double, binary, list, set, map, struct] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
] as const;

export class ThriftReader {
  /** Of the next byte. */
  at = 0;
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Throws BadThrift. */
  struct(depth = 0): ThriftStruct {
    if (depth > mostDepth) throw new BadThrift('it is nested too deeply');
    const fields = new Map<number, Thrift>();
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      const delta = head >> 4;
      id = delta === 0 ? this.#zigzag() : id + delta;
      const type = head & 0x0f;
      const value =
        type === isTrue || type === isFalse ? type === isTrue : this.#value(type, depth);
      fields.set(id, value);
    }
    return fields;
  }

  #value(type: number, depth: number): Thrift {
    switch (type) {
      case isTrue:
      case isFalse:
        return this.#byte() === isTrue;
      case byte:
        return this.#byte();
      case i16:
      case i32:
      case i64:
        return this.#zigzag();
      case double:
        return this.#view.getFloat64(this.#take(8), true);
      case binary:
        return this.#binary();
      case list:
      case set:
        return this.#list(depth);
      case map:
        return this.#map(depth);
      case struct:
        return this.struct(depth + 1);
      default:
        throw new BadThrift(`it has a field of the unknown type ${type}`);
    }
  }

  #binary(): Uint8Array {
    const length = this.#varint();
    const from = this.#take(length);
    return this.bytes.subarray(from, from + length);
  }

  #list(depth: number): readonly Thrift[] {
    const head = this.#byte();
    const size = head >> 4;
    return this.#values(size === 15 ? this.#varint() : size, () =>
      this.#value(head & 0x0f, depth + 1),
    );
  }

  /** Nothing that is asked for is in one. */
  #map(depth: number): readonly Thrift[] {
    const size = this.#varint();
    const types = size === 0 ? 0 : this.#byte();
    return this.#values(2 * size, (at) =>
      this.#value(at % 2 === 0 ? types >> 4 : types & 0x0f, depth + 1),
    );
  }

  #values(size: number, read: (at: number) => Thrift): readonly Thrift[] {
    // Each takes a byte at least.
    if (size > this.bytes.length - this.at) throw new BadThrift('it ends within a list');
    return Array.from({ length: size }, (_, at) => read(at));
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #varint(): number {
    let [value, factor] = [0, 1];
    for (let next = this.#byte(); ; next = this.#byte()) {
      value += (next & 0x7f) * factor;
      if (next < 0x80) break;
      factor *= 0x80;
    }
    // No offset and no number of rows is that large.
    if (!Number.isSafeInteger(value)) throw new BadThrift('it has a number that is too large');
    return value;
  }

  #byte(): number {
    return this.bytes[this.#take(1)] as number;
  }

  #take(length: number): number {
    const from = this.at;
    if (length > this.bytes.length - from) throw new BadThrift('it ends too early');
    this.at += length;
    return from;
  }
}

// ---------------------------------------------------------------- fields, by their types

export function numberIn(struct: ThriftStruct, id: number): number | null {
  const value = struct.get(id);
  return typeof value === 'number' ? value : null;
}

/** Throws BadThrift if the field is missing, or is no count. */
export function countIn(struct: ThriftStruct, id: number): number {
  const value = numberIn(struct, id);
  if (value === null || value < 0) throw new BadThrift('it lacks a number');
  return value;
}

export function structIn(struct: ThriftStruct, id: number): ThriftStruct | null {
  const value = struct.get(id);
  return value instanceof Map ? value : null;
}

/** Throws BadThrift if it is not a list of structs. */
export function structsIn(struct: ThriftStruct, id: number): readonly ThriftStruct[] {
  const value = struct.get(id);
  if (!Array.isArray(value) || !value.every((each) => each instanceof Map))
    throw new BadThrift('it lacks a list');
  return value;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws BadThrift if it is not a text. */
export function textOf(value: Thrift | undefined): string {
  if (!(value instanceof Uint8Array)) throw new BadThrift('it lacks a name');
  try {
    return utf8.decode(value);
  } catch {
    throw new BadThrift('it has a name that is not UTF-8');
  }
}

export function textsIn(struct: ThriftStruct, id: number): readonly string[] {
  const value = struct.get(id);
  if (!Array.isArray(value)) throw new BadThrift('it lacks a list');
  return value.map(textOf);
}
