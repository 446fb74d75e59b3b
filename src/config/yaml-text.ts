/** YAML whose mistakes are told with line and column. */
import { isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

export type YamlPath = readonly (string | number)[];

export interface YamlText {
  readonly value: unknown;
  /** What is no well-formed YAML; then there is no value. */
  readonly mistakes: readonly string[];
  /** The pairs of a map as they stand there, since an object puts names that are numbers first. */
  pairs(path: YamlPath): readonly (readonly [name: string, value: unknown])[];
  /** `daymark.yaml:7:9`: the nearest that there is of the path; of its name or, with `at`, of a character of its text. */
  place(path: YamlPath, at?: number | null): string;
}

export function readYaml(text: string, file: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const told = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const mistakes = document.errors.map(({ message, pos }) => `${told(pos[0])} ${message}.`);

  const nodeAt = (path: YamlPath) => document.getIn(path, true) as Node | undefined;
  const valueOffset = (path: YamlPath, at: number) => {
    const node = nodeAt(path);
    const start = node?.range?.[0];
    if (start === undefined) return null;
    const isQuoted = isScalar(node) && /^QUOTE/.test(node.type ?? '');
    return start + at + (isQuoted ? 1 : 0);
  };
  const nameOffset = (path: YamlPath): number => {
    if (path.length === 0) return 0;
    const [parent, name] = [nodeAt(path.slice(0, -1)), path.at(-1)];
    if (isMap(parent)) {
      const pair = parent.items.find((each) => isScalar(each.key) && each.key.value === name);
      const offset = isPair(pair) && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      if (offset !== undefined) return offset;
    }
    return valueOffset(path, 0) ?? nameOffset(path.slice(0, -1));
  };

  return {
    value: mistakes.length === 0 ? document.toJS() : null,
    mistakes,
    pairs: (path) => {
      const node = nodeAt(path);
      if (!isMap(node)) return [];
      return node.items.map(({ key, value }) => [
        String(isScalar(key) ? key.value : key),
        isScalar(value) ? value.value : value,
      ]);
    },
    place: (path, at = null) =>
      told((at === null ? null : valueOffset(path, at)) ?? nameOffset(path)),
  };
}
