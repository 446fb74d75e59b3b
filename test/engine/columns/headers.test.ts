/** What the reference says of headers that are not those that were declared. */
import { describe, expect, it } from 'vitest';
import { problem } from '../words.js';
import { problemsOf, rejection } from './rejection.js';

const setting = 'The setting columns of the dataset names those that each file must have';

describe('headers', () => {
  const lacks = (has: string, near = '') =>
    `the header lacks this column; it has ${has}${near}. ${setting}`;

  it('that lack columns say which there are, which is near, and what names them', async () => {
    const all = '"Zone ", "fares", "id"';
    const zone = '; "Zone " is probably the column "zone" with blanks around it and other capitals';
    expect(await problemsOf('Zone ,fares,id\na,1,1\n')).toEqual([
      problem({ line: 1, column: 'zone', message: lacks(all, zone) }),
      problem({ line: 1, column: 'fare', message: lacks(all, '; perhaps "fares" is meant') }),
      problem({ line: 1, column: 'seconds', message: lacks(all) }),
    ]);
  });

  it('with nearly the name of the day column, whose cells would not be compared', async () => {
    const text = 'zone,fare,seconds,the_day\na,1,1,2026-11-24\n';
    const message = 'it is probably the column "The day" with another spelling; rename it';
    expect(await problemsOf(text, { dayColumn: 'The day' })).toEqual([
      problem({ line: 1, column: 'the_day', message }),
    ]);
  });

  it('of many columns are not told whole', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `column ${index}`);
    const [first] = await problemsOf(`${names.join()}\n`);
    expect(first?.message).toContain('"column 19" and 3 more. ');
  });

  it.each([
    [',', ';', 'zone;fare;seconds'],
    [',', '\t', 'zone\tfare\tseconds'],
    [',', '|', 'zone|fare|seconds'],
    [';', ',', 'zone,fare,seconds'],
    [',', ';', '"zone";"fare";"seconds"'],
    [',', ';', '\n\n"zone";"fare, in all";"seconds"'],
    [';', ',', '"zone","fare","seconds"'],
  ])('written with another delimiter than %j say that it is %j', async (delimiter, is, header) => {
    const [found, told] = [JSON.stringify(is), JSON.stringify(delimiter)];
    const message = `the header looks like one with ${found} between its columns, not ${told}; set delimiter to ${found} under csv of the dataset`;
    const line = header.startsWith('\n') ? 3 : 1;
    expect(await problemsOf(`${header}\na${is}1${is}1\n`, { csv: { delimiter } })).toEqual([
      problem({ line, message }),
    ]);
  });

  it('of one column that is declared may hold any sign', async () => {
    const columns = { 'a;b': 'integer' };
    const of = { columns, by: [], measures: { n: 'count()' } };
    expect(await problemsOf('a;b\nx\n', of)).toMatchObject([{ line: 2, column: 'a;b' }]);
  });

  it('with a name twice, or without one', async () => {
    const found = await problemsOf('zone,fare,zone,seconds, ,x,x\n');
    expect(found).toEqual([
      problem({
        line: 1,
        column: 'zone',
        message: 'columns 1 and 3 of the header are both named zone',
      }),
      problem({ line: 1, value: ' ', message: 'column 5 of the header has no name' }),
      problem({ line: 1, column: 'x', message: 'columns 6 and 7 of the header are both named x' }),
    ]);
  });

  it('that are missing from all files', async () => {
    const { problems } = await rejection({ 'a.csv': '', 'b.csv.gz': '\n\n' });
    const message = 'the file is empty; a header is expected';
    expect(problems).toEqual([
      problem({ file: 'a.csv', message }),
      problem({ file: 'b.csv.gz', message }),
    ]);
  });
});
