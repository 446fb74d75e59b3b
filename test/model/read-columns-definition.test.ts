import { describe, expect, it } from 'vitest';
import { columnsShapeOf } from '../../src/model/column-functions.js';
import { columnTypeText } from '../../src/model/column-type.js';
import type { ColumnsSource } from '../../src/model/columns-definition.js';
import { columnsHashOf } from '../../src/model/columns-definition.js';
import { definition, trips } from './trips.js';

describe('a definition', () => {
  it('has columns, keys and measures', () => {
    expect(definition()).toMatchObject({
      dayName: 'date',
      by: [
        { name: 'zone', column: 'zone', part: null },
        { name: 'hour', column: 'picked_up', part: 'hour' },
      ],
      measures: [
        { name: 'trips', measure: 'count', column: null, scale: null },
        { name: 'paid', measure: 'count', column: 'fare', scale: null },
        { name: 'fare', measure: 'sum', column: 'fare', scale: null },
        { name: 'seconds', measure: 'sum', column: 'seconds', scale: null },
        { name: 'longest', measure: 'max', column: 'seconds', scale: null },
        { name: 'first', measure: 'min', column: 'paid on', scale: null },
        { name: 'mean', measure: 'avg', column: 'fare', scale: 3 },
        { name: 'zones', measure: 'distinct', column: 'zone', scale: null },
      ],
      csv: { delimiter: ',', quote: '"', nulls: [''] },
    });
  });

  it('tells what the rows of its output look like', () => {
    const { dayColumn, keys, measures } = columnsShapeOf(definition());
    const told = [...keys, ...measures].map((each) => `${each.name} ${columnTypeText(each)}`);
    expect([dayColumn, ...told]).toEqual([
      'date',
      'zone text',
      'hour integer',
      'trips integer',
      'paid integer',
      'fare decimal(38,2)?',
      'seconds integer',
      'longest integer',
      'first date?',
      'mean decimal(38,3)?',
      'zones integer',
    ]);
    const additive = measures.filter((each) => each.additive).map(({ name }) => name);
    expect(additive).toEqual(['trips', 'paid', 'fare', 'seconds']);
  });

  it.each([
    ['zone', 'zone', 'zone', null],
    ['"zone"', 'zone', 'zone', null],
    ['where: zone', 'where', 'zone', null],
    ['"the day": date(picked_up)', 'the day', 'picked_up', 'date'],
    ['w:weekday("paid on")', 'w', 'paid on', 'weekday'],
    ['paid on', 'paid on', 'paid on', null],
  ])('takes the key %s', (text, name, column, part) => {
    expect(definition({ by: [text] }).by).toEqual([{ name, column, part }]);
  });

  it('takes any name of a column', () => {
    const names = ['a"b', 'sum(x)', 'x: y', '2024', '__proto__', 'a,b'];
    const columns = names.map((name): [string, string] => [name, 'integer']);
    const measures = names.map((name, at): [string, string] => [
      `m${at}`,
      `sum("${name.replaceAll('"', '""')}")`,
    ]);
    const { by, measures: read } = definition({ columns, by: names, measures });
    expect(by.map(({ column }) => column)).toEqual(names);
    expect(read.map(({ column }) => column)).toEqual(names);
  });

  it.each([
    ['text', 'text'],
    [' integer ?', 'integer?'],
    ['decimal( 38 , 38 )?', 'decimal(38,38)?'],
    ['decimal(1,0)', 'decimal(1,0)'],
  ])('takes the type %s', (text, type) => {
    const [column] = definition({
      columns: [['x', text]],
      by: ['x'],
      measures: [['n', 'count()']],
    }).columns;
    expect(column && columnTypeText(column)).toBe(type);
  });

  it('takes a day column that was not declared, and one that was', () => {
    expect(definition({ dayColumn: 'partition' }).dayColumn).toBe('partition');
    expect(definition({ dayColumn: 'paid on' }).dayColumn).toBe('paid on');
    expect(definition({ dayColumn: 'zone' }).dayColumn).toBe('zone');
  });
});

describe('the hash of a definition', () => {
  const hash = (change: Partial<ColumnsSource> = {}) => columnsHashOf(definition(change));

  it('is another one with all that decides the bytes', () => {
    const others: Partial<ColumnsSource>[] = [
      { dayKind: 'index', dayName: 'date' },
      { dayName: 'day' },
      { dayColumn: 'zone' },
      { columns: trips.columns.map(([name, type]) => [name, name === 'zone' ? 'text?' : type]) },
      {
        columns: trips.columns.map(([name, type]) => [
          name,
          name === 'fare' ? 'decimal(12,3)?' : type,
        ]),
      },
      { columns: [...trips.columns, ['more', 'text']] },
      { by: ['zone'] },
      { by: ['hour: hour(picked_up)', 'zone'] },
      { by: ['zone', 'hour: weekday(picked_up)'] },
      { by: ['zone', 'h: hour(picked_up)'] },
      { measures: trips.measures.toReversed() },
      { measures: trips.measures.map(([name, text]) => [name, text.replace('max', 'min')]) },
      { measures: trips.measures.map(([name, text]) => [name, text.replace(', 3', ', 2')]) },
      { measures: trips.measures.map(([name, text]) => [`${name}s`, text]) },
      { csv: { delimiter: ';' } },
      { csv: { quote: "'" } },
      { csv: { quote: null } },
      { csv: { nulls: ['NA'] } },
    ];
    const hashes = [hash(), ...others.map(hash)];
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const each of hashes) expect(each).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is the same where only the writing differs', () => {
    const same: Partial<ColumnsSource>[] = [
      { columns: trips.columns.toReversed() },
      { by: ['"zone"', ' hour : hour( picked_up )'] },
      { csv: { nulls: [] } },
      { csv: { delimiter: ',', quote: '"', nulls: ['', ''] } },
      { dayName: 'date' },
    ];
    for (const change of same) expect(hash(change)).toBe(hash());
  });
});
