/** What is wrong with a `sql` in `daymark.yaml`, each at its place, as `daymark check` and every start tell it. */
import { describe, expect, it } from 'vitest';
import { readDatasets } from '../../src/config/datasets-file.js';
import { describeDatasets } from '../../src/config/describe-datasets.js';
import { columnTypeText } from '../../src/model/column-type.js';
import { hashOf, shapeOf } from '../../src/model/definition.js';
import { declaredWithSql, describedIn } from '../support/declared-sql.js';

/** The first line of sql is the 8th, and begins in column 7. */
const file = (sql: string, lines = 'by: [store]') => `datasets:
  basket:
    raw: landing/{day}.csv
    day: date
    columns: { store: text, sku: text?, pieces: integer, price: "decimal(12,2)?", sold: timestamp, 'x.y "z': date }
    output: out/basket.csv
    sql: |
${sql.replace(/^/gm, '      ')}
    ${lines}
`;

async function mistakesIn(text: string): Promise<readonly string[]> {
  const { mistakes } = await describedIn('/srv/daymark.yaml', text);
  return mistakes.map((each) => each.replace(/^daymark\.yaml:/, ''));
}

const mistakesOf = (sql: string, lines?: string) => mistakesIn(file(sql, lines));

async function definitionOf(sql: string, lines?: string) {
  const [{ definition }] = await declaredWithSql('/srv/daymark.yaml', file(sql, lines));
  return definition;
}

const group = 'from day group by store';

describe('a SELECT', () => {
  it('gives the output its columns, with types', async () => {
    const definition = await definitionOf(
      `select store, count(distinct sku) skus, sum(pieces) pieces, sum(price) paid, count(*) n,
        count(*) filter (where pieces > 1) "many, or more", max(sold) as last, avg(price)::decimal(12,1) mean,
        bool_and(pieces > 0) sold, min("x.y ""z") d, 1::utinyint tiny, max(pieces)::ubigint big,
        uuid '0123456789abcdef0123456789abcdef' u, max(sku)::enum('a', 'b') e, max(sold)::timestamptz z,
        sum(distinct pieces) once ${group}`,
    );
    const { dayColumn, keys, measures } = shapeOf(definition);
    const told = measures.map(
      (each) => `${each.name} ${columnTypeText(each)}${each.additive ? ' +' : ''}`,
    );
    expect([dayColumn, ...keys.map((each) => `${each.name} ${columnTypeText(each)}`)]).toEqual([
      ...['date', 'store text?'],
    ]);
    expect(told).toEqual([
      ...['skus integer?', 'pieces integer? +', 'paid decimal(38,2)? +', 'n integer? +'],
      ...['many, or more integer? +', 'last timestamp?', 'mean decimal(12,1)?', 'sold boolean?'],
      ...['d date?', 'tiny integer?', 'big integer?', 'u text?', 'e text?', 'z timestamp?'],
      'once integer?',
    ]);
  });

  it.each([
    ['a semicolon at its end', `select store, count(*) n ${group};\n;`],
    ['a comment at its end', `select store, count(*) n ${group} -- by store; `],
    ['FROM first', 'from day select store, count(*) n group by all'],
    [
      'WITH',
      'with t as (select * from day where pieces > 0) select store, count(*) n from t group by 1',
    ],
    ['WITH of the same name', 'with day as (from day limit 0 order by 1) select 1'],
    ['VALUES', "values ('a', 1)"],
    ['a join of lists', 'select store, count(*) n from day, unnest([1, 2]) group by all'],
    ['an ordered choice', `select store, arg_max(sku, sold order by sku) s ${group}`],
    ['an ordered list', `select store, string_agg(sku, ',' order by sku) s ${group}`],
    [
      'a window',
      'select store, sold, row_number() over (partition by store order by sold) n from day',
    ],
    ['a limit with an order', 'select store, sku from day order by all limit 3'],
    ['now as a name', 'select store, 1 as current_date, count(*) as now from day group by all'],
  ])('may have %s', async (_, sql) => {
    const by = sql.startsWith('values')
      ? 'by: [col0]'
      : sql.includes('select 1')
        ? ''
        : 'by: [store]';
    expect(await mistakesOf(sql.replace('from day limit 0 order by 1', 'from day'), by)).toEqual(
      [],
    );
  });

  it('adds nothing up where a row of the day can be in two groups', async () => {
    for (const sql of [
      'select store, count(*) n from day group by rollup(store)',
      'select store, count(*) n from day, unnest([1, 2]) group by all',
      'with t as (select distinct store from day) select store, count(*) n from t group by all',
      'select * from (select store, count(*) n from day group by all)',
      'select store, count(*) n from day group by all union all select store, 1 from day',
      'select store, count(*) + 1 n from day group by all',
      'select store, count(*) over () n from day',
    ]) {
      const { measures } = shapeOf(await definitionOf(sql));
      expect(
        measures.map(({ additive }) => additive),
        sql,
      ).not.toContain(true);
    }
  });
});

/** By SELECT. */
const places: readonly (readonly [sql: string, told: string])[] = [
  ["select store, 'é€😀', now() n from day", '8:29 The result of now() can be another one'],
  [
    'select stor, count(*) n from day',
    '8:14 Referenced column "stor" not found in FROM clause! Candidate bindings: "store"',
  ],
  [
    'select store,\n  sum(prise) as n\nfrom day group by 1',
    '9:13 Referenced column "prise" not found',
  ],
  ["select 'é€😀', store,\n  sum(prise) n\nfrom day", '9:13 Referenced column "prise"'],
  ["select 'é€😀', nope from day", '8:22 Referenced column "nope"'],
  ['selct store from day', '8:7 Syntax error at or near "selct".'],
  ['select store from day group by', '8:36 Syntax error at end of input.'],
  ['select store, cnt(*) n from day', '8:21 Scalar Function with name cnt does not exist!'],
  ['select store || from day', '8:20 Scalar Function with name ||__postfix does not exist!'],
  ['-- nothing', '7:5 sql: there is no statement in it; it must be one SELECT.'],
  ['select 1; select 2', '8:24 There are 2 statements; it must be one SELECT.'],
  ['select 1; drop table day', '8:7 It must be one SELECT; no other statement is run.'],
  ...[
    'drop table day',
    "copy day to 'x'",
    "attach 'x'",
    'install httpfs',
    'load json',
    'set threads = 1',
    'pragma version',
    'explain select 1',
    'create table x as from day',
    'call pragma_version()',
    "export database 'x'",
    'checkpoint',
    'pivot day on store',
  ].map((sql) => [sql, '8:7 It must be one SELECT; no other statement is run.'] as const),
  ...['describe day', 'summarize day', 'show tables', 'select * from (describe day)'].map(
    (sql) =>
      [sql, '7:5 sql: it must be one SELECT; describe, summarize and show are not run.'] as const,
  ),
  ['select store, ? n from day', '7:5 sql: parameters such as ? or $1 have no values.'],
];

describe('a mistake', () => {
  it.each(places)('%s is told with its place', async (sql, expected) => {
    const [told, ...more] = await mistakesOf(sql);
    expect(told).toContain(expected);
    expect(more).toEqual([]);
  });

  it.each([['from day', '9:13']])(
    'of the second line lies there in any form of text',
    async (_, place) => {
      for (const [written, at] of [
        ['>-\n      select store,\n        prise from day', '9:9'],
        ['|2-\n        select store,\n        prise from day', '9:9'],
        ['select store,\n      prise from day', '8:7'],
        ['"select \\"store\\",\n      prise from day"', '8:7'],
        ["'select ''a'', prise from day'", '7:25'],
        ['prise', '7:10'],
      ] as const) {
        const text = file('').replace(/\|\n *\n/, `${written}\n`);
        const [told] = await mistakesIn(text);
        expect(told, written).toContain(
          written === 'prise' ? `${at} Syntax error` : `${at} Referenced column "prise"`,
        );
      }
      expect(place).toBe('9:13');
    },
  );

  it.each([
    ["select * from '/etc/passwd'", '8:21 Sql can only read the relation day, not "/etc/passwd".'],
    [
      "select * from read_text('/etc/passwd')",
      '8:21 Sql can only read the relation day, not read_text(…).',
    ],
    [
      "select * from day join read_csv('x.csv') on true",
      '8:30 Sql can only read the relation day, not read_csv(…).',
    ],
    [
      "select (select content from read_blob('x')) n from day",
      '8:35 Sql can only read the relation day, not read_blob(…).',
    ],
    [
      "with t as (from glob('*')) select * from t",
      '8:23 Sql can only read the relation day, not glob(…).',
    ],
    ["select * from query('select 1')", '8:21 Sql can only read the relation day, not query(…).'],
    [
      "select * from query_table('day')",
      '8:21 Sql can only read the relation day, not query_table(…).',
    ],
    [
      'select * from duckdb_settings()',
      '8:21 Sql can only read the relation day, not duckdb_settings(…).',
    ],
    [
      'select * from duckdb_tables',
      '8:21 Sql can only read the relation day, not "duckdb_tables".',
    ],
    [
      'select * from information_schema.tables',
      '8:21 Sql can only read the relation day, not "information_schema.tables".',
    ],
    [
      'select * from memory.main.day',
      '8:21 Sql can only read the relation day, not "memory.main.day".',
    ],
    [
      'select * from days',
      '8:21 Sql can only read the relation day, not "days". Did you mean day?',
    ],
    ['select * from "DAY" d, Day e, dayz', '8:37 Sql can only read the relation day, not "dayz".'],
  ])('%s reaches for what is not the day', async (sql, expected) => {
    const [told, ...more] = await mistakesOf(sql);
    expect(told).toContain(expected);
    expect(more).toEqual([]);
  });

  it.each([
    ['random()', 'random() can be another one each time'],
    ['list_transform([1], lambda x: x + random())[1]', 'random() can be another one'],
    [
      'now()',
      'now() can be another one each time; the same raw files must always give the same rows.',
    ],
    ['current_date', 'current_date can be another one each time'],
    ['today()', 'today() can'],
    ['"main".now()', 'now() can'],
    ['uuid()::varchar', 'uuid() can'],
    ['age(sold)::varchar', 'age() can'],
    ["current_setting('threads')", 'current_setting() can'],
    ['localtimestamp', 'localtimestamp can'],
    ['version()', 'version() can'],
    [
      'any_value(sku)',
      'any_value(…) depends on the order of rows; say which, such as any_value(… order by x), or take min or max.',
    ],
    ['first(sku)', 'first(…) depends on the order of rows'],
    ["string_agg(sku, ',')", 'string_agg(…) depends on the order of rows'],
    ['list(sku)::varchar', 'list(…) depends on the order of rows'],
    ['max_by(sku, sold)', 'max_by(…) depends on the order of rows'],
    ['mode(sku)', 'mode(…) depends on the order of rows'],
    [
      'approx_quantile(pieces, 0.5)',
      'approx_quantile() is an estimate that depends on the order of rows; quantile_disc is exact.',
    ],
    [
      'row_number() over ()',
      'row_number() depends on the order of rows; say which, such as over (order by x).',
    ],
    ['first(sku) over (partition by store)', 'first() depends on the order of rows'],
    ['lag(sku) over ()', 'lag() depends on the order of rows'],
    [
      '(select sku from day limit 1)',
      'Which rows limit takes depends on their order; add order by.',
    ],
    [
      '(select distinct on (sku) sku from day)',
      'Which rows distinct on takes depends on their order',
    ],
    ['(select max(sku) from day using sample 3)', 'A sample has other rows each time'],
    ['(select max(sku) from day tablesample 10%)', 'A sample has other rows each time'],
    [
      '(select max(d.sku) from day d positional join range(3))',
      'A positional join depends on the order of rows',
    ],
  ])('%s could give other rows another time', async (expression, expected) => {
    const [told, ...more] = await mistakesOf(`select store, ${expression} n from day`);
    expect(told).toMatch(/^8:\d+ /);
    expect(told?.toLowerCase()).toContain(expected.toLowerCase());
    expect(more).toEqual([]);
  });

  it('may be one of several, told together', async () => {
    const told = await mistakesOf("select random() a,\n now() b,\n (from 'x.csv') c from day");
    expect(told.map((each) => each.replace(/ .*/, ''))).toEqual(
      ['8:7', '9:8', '10:14'].map((each) =>
        expect.stringMatching(each === '8:7' ? /^8:14$/ : new RegExp(each)),
      ),
    );
  });

  it.each([
    [
      'avg(price)',
      'DOUBLE; its last digits depend on the order of rows. Round it to a decimal, such as avg(x)::decimal(18,2).',
    ],
    ['pieces / 2', 'DOUBLE'],
    ['1::float', 'FLOAT'],
    ['[sku]', 'VARCHAR[]; a list has no place in a CSV; unnest it, or make a text of it.'],
    ["{'a': 1}", 'cast it to one of them, such as x::varchar.'],
    ['sold - sold', 'INTERVAL'],
    ["'a'::blob", 'BLOB'],
    [
      'sold::time',
      'TIME; an output can hold texts, integers, decimals, booleans, dates and timestamps',
    ],
  ])('%s is of a type that no output has', async (expression, expected) => {
    const [told, ...more] = await mistakesOf(
      `select store,\n${expression} as n from day group by all`,
    );
    expect(told).toMatch(/^9:\d+ The column "n" of the result is of type /);
    expect(told).toContain(expected);
    expect(more).toEqual([]);
  });

  it.each([
    [
      'select store as date, 1 n',
      'by: [date]',
      '8:14 Two columns of the output are named "date": the day column and a column of the result; day_name gives the day column another name.',
    ],
    [
      'select store, sku, sku, 1 n',
      'by: [store]',
      '8:26 Two columns of the output are named "sku"',
    ],
    ['select store, \'a\' as " "', 'by: [store]', '8:21 A column of the output needs a name'],
    [
      'select store, count(*) n',
      'by: [stores]',
      '9:10 by.0: the result of sql has no column "stores"; it has "store", "n". Did you mean "store"?',
    ],
    ['select store', 'by: [store]', '9:5 by: every column of the result is in it'],
    ['select store, count(*) n', 'by: [store, store]', '9:17 by.1: "store" is in it twice.'],
    [
      'select store, count(*) n',
      'by: ["hour: hour(sold)"]',
      '9:10 by.0: the result of sql has no column "hour: hour(sold)"',
    ],
    [
      'select store, count(*) n',
      'by: [hour: hour(sold)]',
      '9:10 Entry 1 of by, "hour: hour(sold)", is not the name of a column. With sql, by names columns of the result',
    ],
    [
      'select store, count(*) n',
      'by: [store]\n    measures: { n: count() }',
      '10:5 measures does not go with sql: the SELECT computes them. Leave out one.',
    ],
    [
      'select store, count(*) n',
      'by: [store]\n    engine: csv',
      '10:5 engine csv does not run sql; only duckdb does. Leave out engine.',
    ],
    [
      'select store, count(*) n',
      'by: [store]\n    engine: scan',
      '10:5 engine scan does not run sql',
    ],
    [
      'select store, count(*) n',
      'by: [store]\n    wide: {}',
      '5:5 There are both wide and columns.',
    ],
  ])('%s with %s', async (sql, lines, expected) => {
    const told = await mistakesOf(`${sql}\nfrom day group by all`.replace('\n', ' '), lines);
    expect(told.join('\n')).toContain(expected);
  });

  it('is told for names that SQL does not tell apart, for a missing list of columns, and an empty text', async () => {
    const same = file('select 1 n', '').replace('sku:', 'Store:');
    expect(await mistakesIn(same)).toEqual([
      '5:29 columns.Store: "store" and "Store" are one name in SQL, which does not tell upper from lower case; only one of them can be declared.',
    ]);
    const none = file('select 1 n', '').replace(/ *columns:.*\n/, '');
    expect((await mistakesIn(none)).join()).toContain('wide or columns is missing');
    const empty = file('', '').replace(/\|\n *\n/, '" ;"\n');
    expect(await mistakesIn(empty)).toEqual([
      '7:5 sql: it is empty; it must be one SELECT over the relation day.',
    ]);
  });

  it('is told beside the others of its dataset, and of the next ones', async () => {
    const one = file('select nope from day', '').replace('day: date', 'day: dates');
    const two = file('select store, count(*) n from days', '').split('\n').slice(1).join('\n');
    const told = await mistakesIn(`${one}${two.replace('basket', 'other')}`);
    expect(told.map((each) => each.split(' ')[0])).toEqual(['4:5', '8:14', '16:37']);
  });

  it('is that DuckDB is missing', async () => {
    const named = {
      path: '/srv/daymark.yaml',
      name: 'daymark.yaml',
      hasRedis: false,
      hasSpark: false,
    };
    const read = readDatasets(file('select 1 n', ''), named);
    const open = () => {
      throw new Error('opened');
    };
    const { datasets, mistakes } = await describeDatasets(
      read,
      open,
      'DuckDB is not installed here.',
    );
    expect(datasets).toEqual([]);
    expect(mistakes).toEqual(['daymark.yaml:7:5 sql: DuckDB is not installed here.']);
  });
});

describe('the hash', () => {
  it('is another one for another SELECT, key, column or form, and not for blanks around the SELECT', async () => {
    const hashes = new Map<string, string>();
    const plain = file('select store, sku, count(*) n from day group by all');
    for (const text of [
      plain,
      plain.replace('count(*)', 'count(sku)'),
      plain.replace('count(*)', 'count( *)'),
      plain.replace('by: [store]', 'by: [store, sku]'),
      plain.replace('by: [store]', 'by: [sku, store]'),
      plain.replace('sku: text?', 'sku: text'),
      plain.replace('store: text, sku: text?', 'sku: text?, store: text'),
      plain.replace('day: date', 'day: date\n    day_name: on'),
      plain.replace('day: date', 'day: date\n    day_column: sku'),
      plain.replace('day: date', 'day: date\n    csv: { nulls: [NA] }'),
    ]) {
      const [{ definition }] = await declaredWithSql('/srv/daymark.yaml', text);
      hashes.set(hashOf(definition), text);
    }
    expect(hashes.size).toBe(10);
    const same = plain
      .replace('|\n      ', '|\n\n      ')
      .replace('group by all', 'group by all ; ');
    const [{ definition }] = await declaredWithSql('/srv/daymark.yaml', same);
    expect(hashes.get(hashOf(definition))).toBe(plain);
  });
});
