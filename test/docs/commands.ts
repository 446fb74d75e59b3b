/** The commands that the pages name: blocks of `sh`, and code in running text. */

export interface Block {
  readonly page: string;
  /** Of its first command. */
  readonly line: number;
  readonly script: string;
  /** Without comments. */
  readonly commands: readonly string[];
}

/** Code in running text that someone could paste into a terminal. */
const isCommand =
  /^(?:[A-Z_]+=\S+ )*(?:curl .*localhost:3000|npm (?:ci|run|start|test)|npx |docker |systemctl |\.ci\/run)/;

export function blocksOf(page: string, text: string): Block[] {
  const lineAt = (index: number) => text.slice(0, index).split('\n').length;
  const fences = [...text.matchAll(/^( *)```(?:sh|bash|console)\n(.*?)^ *```$/gms)].map((found) =>
    blockOf(page, lineAt(found.index) + 1, found[2] ?? ''),
  );
  const prose = text.replace(/^ *```.*?^ *```$/gms, (fence) => fence.replace(/[^\n]/g, ' '));
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)]
    .filter(([, code = '']) => isCommand.test(code))
    .map((found) => blockOf(page, lineAt(found.index), found[1] ?? ''));
  return [...fences, ...spans];
}

function blockOf(page: string, line: number, text: string): Block {
  const script = text.replace(/\\\n\s*/g, '');
  const commands = script
    .split('\n')
    .map((each) => each.replace(/(^|\s+)#\s.*$/, '').trim())
    .filter((each) => each !== '');
  return { page, line, script, commands };
}
