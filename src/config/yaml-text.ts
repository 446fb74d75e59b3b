/** YAML whose mistakes are reported with line and column. Anchors, aliases and merge keys (`<<`) are resolved, within
 * limits. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  Scalar,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';

export type YamlPath = readonly (string | number)[];

export interface YamlEntry {
  readonly name: string;
  /** As written, even for numbers and the like; null for a list or a map. */
  readonly text: string | null;
}

export interface YamlText {
  readonly value: unknown;
  /** Mistakes in the YAML itself; then there is no value. */
  readonly mistakes: readonly string[];
  /** The entries of a map in their order, since an object would put numeric names first. */
  entries(path: YamlPath): readonly YamlEntry[];
  /** What is written there; null for a list or a map. */
  textAt(path: YamlPath): string | null;
  /** Whether the map or list there is written with braces or brackets, in which a comma ends a value. */
  isFlow(path: YamlPath): boolean;
  /** `daymark.yaml:7:9`: the nearest existing part of the path: its name or, with `at`, a character of its text. */
  place(path: YamlPath, at?: number | null): string;
}

class YamlMistake extends Error {
  constructor(
    readonly node: Node,
    message: string,
  ) {
    super(message);
  }
}

/** The most values that aliases may expand to; the rest is bounded by the size of the file. */
const mostAliased = 10_000;

export function readYaml(text: string, file: string): YamlText {
  const lines = new LineCounter();
  const told = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const nothing = (mistakes: readonly string[]): YamlText => ({
    ...{ value: null, mistakes, entries: () => [], textAt: () => null, isFlow: () => false },
    place: () => `${file}:1:1`,
  });
  try {
    const document = parseDocument(text, {
      ...{ lineCounter: lines, prettyErrors: false, merge: true },
      // Reported below, with their names.
      uniqueKeys: false,
    });
    // Later errors follow from the first.
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) return nothing([`${told(error.pos[0])} ${sentenceOf(error, text)}`]);
    const nodes = new Nodes(document.contents, text);
    const value = nodes.valueOf(document.contents);
    if (nodes.twice.length > 0) {
      const offsetOf = ({ key }: Entry) => key.range?.[0] ?? 0;
      const again = nodes.twice.toSorted((a, b) => offsetOf(a) - offsetOf(b));
      const what = 'appears twice in one map. Remove one of them.';
      return nothing(again.map((entry) => `${told(offsetOf(entry))} ${entry.name} ${what}`));
    }
    return {
      value,
      mistakes: [],
      entries: (path) => nodes.entriesAt(path),
      textAt: (path) => nodes.textAt(path),
      isFlow: (path) => nodes.isFlow(path),
      place: (path, at = null) => told(nodes.offsetOf(path, at)),
    };
  } catch (error) {
    if (error instanceof YamlMistake) {
      return nothing([`${told(error.node.range?.[0] ?? 0)} ${error.message}.`]);
    }
    if (error instanceof RangeError) return nothing([`${told(0)} It is nested too deeply.`]);
    throw error;
  }
}

function sentenceOf({ code, message, pos }: YAMLError, text: string): string {
  const line = text.slice(text.lastIndexOf('\n', pos[0] - 1) + 1).split('\n', 1)[0] ?? '';
  if (/^\s*(?:- )?[\w-]+:\s+\{day/.test(line)) {
    return 'A text that begins with { must be quoted: "{day}/*.csv".';
  }
  if (code === 'MULTIPLE_DOCS') return 'A second document begins here, but there may be only one.';
  return `It is not well-formed YAML: ${message.replace(/\.$/, '')}.`;
}

interface Entry {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
}

/** The nodes of a document, with aliases and merge keys resolved. Throws YamlMistake. */
class Nodes {
  /** Names that are already in their map. */
  readonly twice: Entry[] = [];
  readonly #targets = new Map<Node, Node>();
  readonly #entries = new Map<Node, readonly Entry[]>();
  readonly #open = new Set<Node>();
  #aliased = 0;
  #aliasDepth = 0;

  constructor(
    readonly root: ParsedNode | null,
    readonly text: string,
  ) {
    const anchors = new Map<string, Node>();
    if (root === null) return;
    visit(root, {
      Node: (_, node) => {
        if (isAlias(node)) {
          const target = anchors.get(node.source);
          if (target === undefined) {
            throw new YamlMistake(node, `There is no anchor &${node.source} before this alias`);
          }
          this.#targets.set(node, target);
        } else if (node.anchor !== undefined) anchors.set(node.anchor, node as Node);
      },
    });
  }

  valueOf(node: Node | null): unknown {
    if (node === null) return null;
    if (this.#aliasDepth > 0) this.#aliased += 1;
    if (this.#aliased > mostAliased) {
      throw new YamlMistake(node, `Its aliases expand to more than ${mostAliased} values in all`);
    }
    if (isScalar(node)) return node.value;
    if (this.#open.has(node)) throw new YamlMistake(node, 'This alias leads back to itself');
    this.#open.add(node);
    const value = this.#collectionOf(node);
    this.#open.delete(node);
    return value;
  }

  #collectionOf(node: Node): unknown {
    if (isAlias(node)) {
      this.#aliasDepth += 1;
      const value = this.valueOf(this.#real(node));
      this.#aliasDepth -= 1;
      return value;
    }
    if (isSeq(node)) return node.items.map((each) => this.valueOf(each as Node | null));
    const entries = this.#entriesOf(node).map(({ name, value }) => [name, this.valueOf(value)]);
    return Object.fromEntries(entries);
  }

  entriesAt(path: YamlPath): YamlEntry[] {
    const entries = this.#entriesOf(this.#at(path));
    return entries.map(({ name, value }) => ({ name, text: textOf(this.#real(value)) }));
  }

  textAt(path: YamlPath): string | null {
    return textOf(this.#at(path));
  }

  isFlow(path: YamlPath): boolean {
    const node = this.#at(path);
    return (isMap(node) || isSeq(node)) && node.flow === true;
  }

  offsetOf(path: YamlPath, at: number | null): number {
    const offset = at === null ? null : this.#offsetWithin(this.#at(path), at);
    return offset ?? this.#offsetOfName(path);
  }

  #offsetOfName(path: YamlPath): number {
    if (path.length === 0) return this.root?.range?.[0] ?? 0;
    const [parent, name] = [this.#at(path.slice(0, -1)), path.at(-1)];
    const entry = this.#entriesOf(parent).find((each) => each.name === name);
    const offset = (entry?.key ?? this.#at(path))?.range?.[0];
    return offset ?? this.#offsetOfName(path.slice(0, -1));
  }

  #offsetWithin(node: Node | null, at: number): number | null {
    const [start, end] = node?.range ?? [];
    if (start === undefined || end === undefined) return null;
    if (!isScalar(node)) return start + at + (this.text[start] === '{' ? 1 : 0);
    const signs = signsOf(node.type);
    if (signs === null) return this.#offsetWithinBlock(node, at);
    const isQuoted = signs !== plain;
    const written = this.text.slice(start + (isQuoted ? 1 : 0), end - (isQuoted ? 1 : 0));
    const before = written.match(signs)?.slice(0, at) ?? [];
    return start + before.join('').length + (isQuoted ? 1 : 0);
  }

  /** Lines of a block lose their indent, and may be folded; what is visible stays as it is. */
  #offsetWithinBlock({ value, range }: Scalar, at: number): number | null {
    if (typeof value !== 'string' || !range) return null;
    const before = value.slice(0, at).replace(/\s/g, '').length;
    const head = this.text.indexOf('\n', range[0]) + 1;
    const visible = [...this.text.slice(head, range[1]).matchAll(/\S/g)];
    const found = visible[before] ?? visible.at(-1);
    return found === undefined ? null : head + found.index;
  }

  #at(path: YamlPath): Node | null {
    let node: Node | null = this.root;
    for (const step of path) {
      const real = this.#real(node);
      if (isSeq(real)) node = (real.items[Number(step)] as Node | undefined) ?? null;
      else node = this.#entriesOf(real).find(({ name }) => name === step)?.value ?? null;
    }
    return this.#real(node);
  }

  #real(node: Node | null): Node | null {
    return node === null ? null : (this.#targets.get(node) ?? node);
  }

  /** Its own entries come first; among merged maps, the first one with a name wins. Empty if it is not a map. */
  #entriesOf(given: Node | null): readonly Entry[] {
    const node = this.#real(given);
    if (!isMap(node)) return [];
    const known = this.#entries.get(node);
    if (known !== undefined) return known;
    this.#entries.set(node, []);
    const entries = new Map<string, Entry>();
    for (const entry of this.#ownOf(node)) {
      if (entries.has(entry.name)) this.twice.push(entry);
      else entries.set(entry.name, entry);
    }
    for (const entry of this.#mergedInto(node)) {
      if (!entries.has(entry.name)) entries.set(entry.name, entry);
    }
    const all = [...entries.values()];
    this.#entries.set(node, all);
    return all;
  }

  #ownOf(node: YAMLMap): Entry[] {
    return node.items.flatMap(({ key, value }) => {
      if (isMerge(key)) return [];
      const real = this.#real(key as Node);
      if (isScalar(real)) {
        return [{ name: nameOf(real), key: key as Node, value: value as Node | null }];
      }
      throw new YamlMistake(key as Node, 'A name must be text, not a list or a map');
    });
  }

  #mergedInto(node: YAMLMap): Entry[] {
    return node.items.flatMap(({ key, value }) => {
      if (!isMerge(key)) return [];
      const real = this.#real(value as Node | null);
      const merged = isSeq(real) ? (real.items as Node[]) : [real];
      return merged.flatMap((each) => {
        if (isMap(this.#real(each))) return this.#entriesOf(each);
        throw new YamlMistake(key as Node, '<< takes only maps, each by its alias');
      });
    });
  }
}

function isMerge(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

function textOf(node: Node | null): string | null {
  if (node === null) return '';
  return isScalar(node) ? nameOf(node) : null;
}

/** A name that looks like a number stays as written. */
function nameOf({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value));
}

const plain = /\s*\n\s*|./gs;

/** The source of one character of a text; null for block texts. */
function signsOf(type: Scalar.Type | undefined): RegExp | null {
  if (type === Scalar.QUOTE_SINGLE) return /''|\s*\n\s*|./gs;
  if (type === Scalar.QUOTE_DOUBLE) {
    return /\\x.{2}|\\u.{4}|\\U.{8}|\\.|\s*\n\s*|./gs;
  }
  return type === Scalar.PLAIN ? plain : null;
}
