/** Answers and parameters that several operations share are written once in the OpenAPI document. */

interface Parameter {
  readonly name: string;
  readonly in: string;
}

interface SharingOperation {
  readonly operationId?: string;
  parameters?: Parameter[] | undefined;
  responses: Record<string, object>;
}

type Components = Record<string, Record<string, object>>;

/** Changes the document in place. */
export function sharePieces(
  paths: Readonly<Record<string, Readonly<Record<string, SharingOperation>>>>,
  components: Components,
): void {
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const responses = createShelf('responses', components);
  const parameters = createShelf('parameters', components);
  const visit = (visitor: 'count' | 'share') => {
    for (const operation of operations) {
      for (const [status, answer] of Object.entries(operation.responses)) {
        const name = nameOfAnswer(operation, status, answer);
        operation.responses[status] = responses[visitor](answer, name);
      }
      operation.parameters = operation.parameters?.map((each) => {
        const name = `${pascal(each.name)}In${pascal(each.in)}`;
        return parameters[visitor](each, name) as Parameter;
      });
    }
  };
  visit('count');
  visit('share');
}

function createShelf(kind: string, components: Components) {
  const uses = new Map<string, number>();
  const references = new Map<string, object>();
  const taken = new Map<string, object>();
  return {
    count: (piece: object) => {
      const text = JSON.stringify(piece);
      uses.set(text, (uses.get(text) ?? 0) + 1);
      return piece;
    },
    share: (piece: object, name: string): object => {
      const text = JSON.stringify(piece);
      if ((uses.get(text) ?? 0) < 2) return piece;
      const known = references.get(text);
      if (known !== undefined) return known;
      const free = freeName(name, taken);
      taken.set(free, piece);
      components[kind] = Object.fromEntries([...taken].sort(([a], [b]) => (a < b ? -1 : 1)));
      const reference = { $ref: `#/components/${kind}/${free}` };
      references.set(text, reference);
      return reference;
    },
  };
}

function freeName(name: string, taken: ReadonlyMap<string, object>): string {
  for (let number = 2, free = name; ; number += 1) {
    if (!taken.has(free)) return free;
    free = `${name}${number}`;
  }
}

/** Named for its problems; a success is named for its operation. */
function nameOfAnswer({ operationId = '' }: SharingOperation, status: string, answer: object) {
  const { description = '' } = answer as { description?: string };
  const slugs = [...description.matchAll(/^`([a-z-]+)`: /gm)].map(([, slug = '']) => pascal(slug));
  return slugs.length > 0 ? slugs.join('Or') : `${pascal(operationId)}${status}`;
}

function pascal(text: string): string {
  return text.replace(/(?:^|[-_])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
