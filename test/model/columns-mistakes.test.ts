/** What is said of definitions of columns that are wrong, and at which character. */
import { describe, expect, it } from 'vitest';
import { mistakes, trips } from './trips.js';

const types =
  'types are text, integer, decimal(p,s), boolean, date, timestamp; a ? after it allows empty cells';
const columns = 'columns declares "zone", "fare", "seconds", "picked_up", "paid on"';
const measureList = 'there are count, sum, min, max, avg, distinct';

describe('mistakes in a definition', () => {
  it.each([
    ['int', 0, `"int" is not a type; ${types}. Did you mean integer?`],
    ['varchar', 0, `"varchar" is not a type; ${types}. Did you mean text?`],
    ['timestmp', 0, `"timestmp" is not a type; ${types}. Did you mean timestamp?`],
    ['', 0, `"" is not a type; ${types}`],
    ['integer ??', 0, `"integer ??" is not a type; ${types}`],
    ['constructor', 0, `"constructor" is not a type; ${types}`],
    [
      'double',
      0,
      '"double" is not a type: floating point is not offered, because sums of it depend on the order of rows; write decimal(p,s), such as decimal(12,2)',
    ],
    ['integer(4)', 7, 'integer takes nothing in parentheses'],
    [
      'decimal',
      0,
      'decimal needs the total number of digits, and the number after the point: decimal(12,2)',
    ],
    [
      'decimal(12)',
      7,
      'decimal needs the total number of digits, and the number after the point: decimal(12,2)',
    ],
    ['decimal(39,2)', 7, 'in decimal(p,s), p must be from 1 to 38, and s at most p'],
    ['decimal(0,0)', 7, 'in decimal(p,s), p must be from 1 to 38, and s at most p'],
    ['decimal(2,3)', 7, 'in decimal(p,s), p must be from 1 to 38, and s at most p'],
  ])('the type %j', (text, at, message) => {
    const change = {
      columns: [['x', text]] as const,
      by: ['x'],
      measures: [['n', 'sum(x)']] as const,
    };
    expect(mistakes(change)).toEqual([{ path: ['columns', 'x'], at, message }]);
  });

  it.each([
    ['zones', 0, `there is no column "zones"; ${columns}. Did you mean "zone"?`],
    ['where: borough', 7, `there is no column "borough"; ${columns}`],
    ['hour(picked_up)', 0, 'hour(…) needs a name for its column: "hour: hour(picked_up)"'],
    ['h: hour(seconds)', 8, 'hour takes a column of type timestamp; "seconds" is of type integer'],
    ['h: hour("paid on")', 8, 'hour takes a column of type timestamp; "paid on" is of type date'],
    [
      'd: weekday(zone)',
      11,
      'weekday takes a column of type timestamp or date; "zone" is of type text',
    ],
    [
      'h: huor(picked_up)',
      3,
      'there is no function "huor"; for keys there are hour, weekday, date. Did you mean hour?',
    ],
    [
      'n: sum(seconds)',
      3,
      'sum is not a function for keys; for keys there are hour, weekday, date',
    ],
    ['h: hour()', 3, 'hour needs a column: hour(x)'],
    ['h: hour(picked_up, 2)', 19, 'hour takes one column and nothing else'],
    ['h: hour(picked_up', 17, 'the text ends where , or ) is expected'],
    ['zone fare', 5, '"fare" is unexpected; a name with spaces or punctuation must be quoted'],
    ['"zone', 0, 'this quote is never closed'],
    ['z: ', 2, 'the text ends where a column or a function is expected'],
    ['', 0, 'the text ends where a column or a function is expected'],
  ])('the key %j', (text, at, message) => {
    expect(mistakes({ by: [text] })).toEqual([{ path: ['by', 0], at, message }]);
  });

  it.each([
    ['sum(fair)', 4, `there is no column "fair"; ${columns}. Did you mean "fare"?`],
    ['sum(zone)', 4, 'sum takes a column of type integer or decimal; "zone" is of type text'],
    ['avg(zone, 2)', 4, 'avg takes a column of type integer or decimal; "zone" is of type text'],
    ['sum()', 0, 'sum needs a column: sum(x)'],
    ['sum(fare, 2)', 10, 'sum takes one column and nothing else'],
    ['fare', 0, `a measure is a function of a column: sum(fare); ${measureList}`],
    ['area', 0, `a measure is a function of a column; ${measureList}`],
    [
      'Sum(fare)',
      0,
      'there is no function "Sum"; for measures there are count, sum, min, max, avg, distinct. Did you mean sum?',
    ],
    [
      'hour(picked_up)',
      0,
      'hour is not a function for measures; for measures there are count, sum, min, max, avg, distinct',
    ],
    ['avg(fare)', 0, 'avg needs the number of decimals to round to: avg(fare, 2)'],
    ['avg(fare, two)', 10, 'the number of decimals must be from 0 to 38: avg(fare, 2)'],
    ['avg(fare, 39)', 10, 'the number of decimals must be from 0 to 38: avg(fare, 2)'],
    ['avg(fare, 2, 3)', 13, 'avg takes a column and a number: avg(fare, 2)'],
    [
      'avg(fare, 29)',
      10,
      'with 10 digits before the point the average may have at most 28 after it',
    ],
    [
      'avg(seconds, 20)',
      13,
      'with 19 digits before the point the average may have at most 19 after it',
    ],
    [
      'x: sum(fare)',
      0,
      'the measure is named "m" already; there can be no second name before a colon',
    ],
  ])('the measure %j', (text, at, message) => {
    expect(mistakes({ measures: [['m', text]] })).toEqual([
      { path: ['measures', 'm'], at, message },
    ]);
  });

  const whole = (path: readonly (string | number)[], message: string) => ({
    path,
    at: null,
    message,
  });

  it('two columns of the output with one name', () => {
    const same = (name: string, what: string) =>
      `two columns of the output are named "${name}": ${what}`;
    expect(
      mistakes({
        by: ['zone', 'zone: seconds', 'date: picked_up'],
        measures: [['zone', 'count()']],
      }),
    ).toEqual([
      whole(['by', 1], same('zone', 'a key and a key')),
      whole(
        ['by', 2],
        same('date', 'the day column and a key; day_name gives the day column another name'),
      ),
      whole(['measures', 'zone'], same('zone', 'a key and a measure')),
    ]);
    expect(mistakes({ by: ['date: picked_up'], dayName: 'day' })).toEqual([]);
  });

  it('names that no header should have', () => {
    const message = 'a column of the output needs a name, without line ends or tabs in it';
    expect(mistakes({ dayName: ' ', by: ['"a\nb": zone'], measures: [['\t', 'count()']] })).toEqual(
      [whole(['day_name'], message), whole(['by', 0], message), whole(['measures', '\t'], message)],
    );
  });

  it('nothing to read, and nothing to measure', () => {
    expect(mistakes({ columns: [], by: [], measures: [] })).toEqual([
      whole(['columns'], 'it must name at least one column of the raw files'),
      whole(['measures'], 'it must have at least one; count() counts the rows of a group'),
    ]);
  });

  it('a column twice, which its keys do not repeat', () => {
    const twice = [...trips.columns, ['zone', 'text']] as const;
    const message = 'the column "zone" is declared twice';
    expect(mistakes({ columns: twice })).toEqual([{ path: ['columns', 'zone'], at: 0, message }]);
  });

  it('a day column of a type that can hold no day', () => {
    const message =
      'the column "seconds" is of type integer; one that holds the day must be text or date';
    expect(mistakes({ dayColumn: 'seconds' })).toEqual([whole(['day_column'], message)]);
    expect(mistakes({ dayColumn: 'seconds', dayKind: 'index' })).toEqual([]);
  });

  it('signs that cannot keep cells apart', () => {
    const message = 'it must be one ASCII character, but not a letter, digit, line end or NUL';
    for (const delimiter of ['', ';;', '\n', '\r', '\0', 'x', '0', '§']) {
      expect(mistakes({ csv: { delimiter } })).toEqual([whole(['csv', 'delimiter'], message)]);
    }
    for (const delimiter of [';', '\t', '|', '\x01', ' ', '^']) {
      expect(mistakes({ csv: { delimiter, quote: "'" } })).toEqual([]);
    }
    expect(mistakes({ csv: { quote: 'q' } })).toEqual([whole(['csv', 'quote'], message)]);
    expect(mistakes({ csv: { quote: null } })).toEqual([]);
    expect(mistakes({ csv: { delimiter: '"' } })).toEqual([
      whole(['csv', 'quote'], 'it is the delimiter, too; they must differ'),
    ]);
    expect(mistakes({ csv: { nulls: ['NA', 'a\nb'] } })).toEqual([
      whole(['csv', 'nulls', 1], 'it must not hold line ends or NUL'),
    ]);
  });

  it('all at once', () => {
    const all = mistakes({ by: ['zones'], measures: [['m', 'sum(fair)']], csv: { quote: '' } });
    expect(all.map(({ path }) => path)).toEqual([
      ['by', 0],
      ['measures', 'm'],
      ['csv', 'quote'],
    ]);
  });
});
