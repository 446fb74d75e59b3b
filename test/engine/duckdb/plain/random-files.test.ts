/** Files at random: those that are plain are read by DuckDB's types as by the reference, and sound ones are plain. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RawFile } from '../../../../src/core/ports/raw.js';
import type { ColumnsDefinition } from '../../../../src/model/columns-definition.js';
import { type SoundColumnsFile, soundColumnsDays } from '../../columns/sound-columns.js';
import { day, jobOf, openChecks, tiny, written } from './checks.js';
import { openDuck, referenceCells } from './readings.js';

const soak = process.env['DAYMARK_SOAK'] === '1';
const openCheck = openChecks();

describe('random sound files', () => {
  /** Whether the text has nothing that is left to others. */
  function isPlain({ sheet }: SoundColumnsFile, { csv, columns }: ColumnsDefinition): boolean {
    const { form, cells, text } = sheet;
    const [names = [], ...rows] = cells;
    const isCut = rows.length > 0 && form.lineEnd === '\r\n' && !form.lastLineEnd;
    const header = names.join('');
    const rowsText = rows.length === 0 ? '' : text.slice(text.indexOf('\n') + 1);
    const isBlank = form.blankLines !== null && /\n\r?\n/.test(text);
    const hasOffset = rows.some((row) =>
      names.some((name, at) => {
        const type = columns.find((each) => each.name === name)?.type;
        return (
          type?.kind === 'timestamp' &&
          /[+-](?!00:00)\d\d(?::?\d\d)?$/.test(row[at]?.slice(10) ?? '')
        );
      }),
    );
    return !(
      isCut ||
      isBlank ||
      hasOffset ||
      header.includes('\n') ||
      rowsText.includes(csv.quote ?? '"')
    );
  }

  test('are plain unless a quote, a blank line or an offset is in them', async () => {
    const checks = [openCheck(), openCheck(tiny)];
    const duck = await openDuck();
    let [all, plain] = [0, 0];
    await fc.assert(
      fc.asyncProperty(soundColumnsDays('date', [day]), async ({ definition, days }) => {
        for (const file of days[0]?.files ?? []) {
          const raw = await written(file.name, file.sheet.text);
          const cells = await referenceOf(raw, file.sheet.text, definition);
          for (const check of checks) {
            const facts = await check(raw, jobOf(definition));
            all += 1;
            expect(facts !== null).toBe(isPlain(file, definition));
            if (facts === null) continue;
            plain += 1;
            expect(facts).toMatchObject({
              rows: cells?.length,
              textBytes: Buffer.byteLength(file.sheet.text),
              endsWithLineFeed: file.sheet.text.endsWith('\n'),
            });
            expect(await duck(raw, definition, facts)).toEqual(cells);
          }
        }
      }),
      { numRuns: soak ? 5_000 : 80 },
    );
    expect(plain).toBeGreaterThan(all / 10);
  });

  const signs = [...'0123456789-+.,;|"\'\t :TZezN#\\', '\n', '\r', '\0', '\x80', '\xc3', '\xff'];

  test('with a byte that was changed are the same to DuckDB and to the reference if they are plain', async () => {
    const checks = [openCheck(), openCheck(tiny)];
    const duck = await openDuck();
    let [all, plain] = [0, 0];
    const change = fc.record({
      at: fc.nat(),
      left: fc.nat(1),
      put: fc.constantFrom(...signs, ''),
    });
    const days = soundColumnsDays('date', [day]);
    await fc.assert(
      fc.asyncProperty(days, change, async ({ definition, days: [first] }, { at, left, put }) => {
        const file = first?.files[0];
        fc.pre(file !== undefined && isPlain(file, definition));
        const text = Buffer.from(file.sheet.text);
        // Of a header, names that are not declared may be any.
        const from = text.indexOf('\n') + 1;
        const place = from + (at % (text.length - from + 1));
        const bytes = Buffer.concat([
          ...[text.subarray(0, place), Buffer.from(put, 'latin1'), text.subarray(place + left)],
        ]);
        const raw = await written('a.csv', bytes);
        for (const check of checks) {
          const facts = await check(raw, jobOf(definition));
          all += 1;
          if (facts === null) continue;
          plain += 1;
          const cells = await referenceCells(raw, definition, day);
          expect(cells?.length).toBe(facts.rows);
          expect(await duck(raw, definition, facts)).toEqual(cells);
        }
      }),
      { numRuns: soak ? 20_000 : 150 },
    );
    expect(plain).toBeGreaterThan(all / 10);
  });

  async function referenceOf(raw: RawFile, text: string, definition: ColumnsDefinition) {
    if (raw.form.compression === 'none') return referenceCells(raw, definition, day);
    return referenceCells(await written('plain.csv', text), definition, day);
  }
});
