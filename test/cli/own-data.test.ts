/**
 * The four commands by which the README leads from a folder of CSV files to a right output, as they stand there: in
 * folders that nobody has seen before, and before an outside judge.
 */
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ColumnsDefinition } from '../../src/model/columns-definition.js';
import { type JudgeColumns, openColumnsJudge } from '../engine/columns/duckdb.js';
import { runs } from '../engine/runs.js';
import { declaredIn } from '../support/declared.js';
import { openTempDir } from '../support/temp-dir.js';
import { binary, startProcess } from './daymark.js';
import { expectedOf, folderOfFiles, type LandedFile, land, told } from './random-folders.js';

const readme = await readFile('README.md', 'utf8');
const commands = [...readme.matchAll(/^daymark (?:init|check|run|verify)\b[^#\n]*/gm)].map(
  ([all]) => all.trim(),
);

test('the README has four commands', () => {
  expect(commands.map((each) => each.split(' ')[1])).toEqual(['init', 'check', 'run', 'verify']);
});

test('they make a right output of folders at random', { timeout: 1_200_000 }, async () => {
  const judge = await openColumnsJudge();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(folderOfFiles, async (folder) => {
      const { path: root, remove } = await openTempDir();
      const files = await land(join(root, rawRoot()), folder);
      await inTurn(root);
      const definition = await definitionIn(root);
      expect(told(definition)).toEqual(expectedOf(folder));
      expect(await outputIn(root)).toEqual(await expected(judge, definition, files));
      seen.add(folder.layout.name);
      await remove();
    }),
    runs(6, 120),
  );
  expect(seen.size).toBeGreaterThan(3);
});

function rawRoot(): string {
  return commands[0]?.split(' ')[2] ?? '';
}

/** No Redis, no server; each a process. */
async function inTurn(root: string): Promise<void> {
  const bin = join(root, 'bin');
  await mkdir(bin);
  await symlink(binary, join(bin, 'daymark'));
  const node = dirname(process.execPath);
  const env = { PATH: `${bin}:${node}:${process.env['PATH']}`, HOME: root };
  for (const command of commands) {
    const { code, stdout, stderr } = await startProcess('bash', ['-c', command], root, env).ended;
    expect([command, code, code === 0 ? '' : `${stdout}${stderr}`]).toEqual([command, 0, '']);
  }
}

async function definitionIn(root: string): Promise<ColumnsDefinition> {
  const path = join(root, 'daymark.yaml');
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(
    /^# yaml-language-server: \$schema=file:.*\/openapi\/daymark\.schema\.json\n/,
  );
  const definition = declaredIn(path, text)[0]?.definition;
  if (definition?.kind !== 'columns') throw new Error(`no columns in:\n${text}`);
  return definition;
}

async function outputIn(root: string): Promise<string[][]> {
  const [, where = ''] =
    /^ +output: (.+)$/m.exec(await readFile(join(root, 'daymark.yaml'), 'utf8')) ?? [];
  const [, ...rows] = parse(await readFile(join(root, where), 'utf8')) as string[][];
  return rows;
}

async function expected(
  judge: JudgeColumns,
  definition: ColumnsDefinition,
  files: readonly LandedFile[],
): Promise<string[][]> {
  const rows: string[][] = [];
  const days = [...new Set(files.map(({ day }) => day))];
  for (const day of days) {
    const judged = await judge(
      definition,
      files.filter((each) => each.day === day),
    );
    rows.push(...judged.rows.map((row) => [day, ...row.map((cell) => cell ?? '')]));
  }
  return rows;
}
