/** What a person at a terminal sees. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { landDays, landLargeDays, makePlace } from './daymark.js';
import { eraseLine, hasTerminals, screenOf, startInTerminal } from './terminal.js';

if (!hasTerminals) process.stdout.write('There is no `script`: terminals are not tested.\n');

describe.skipIf(!hasTerminals)('at a terminal', () => {
  it('a run draws a bar over itself, and leaves the result alone', async () => {
    const place = await makePlace();
    await landLargeDays(place, ['0', '1']);
    const run = startInTerminal(place, ['run', '--engine', 'csv'], { columns: 100 });
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);

    const drawn = stdout.split(eraseLine).slice(1, -1);
    const plain = drawn.map(stripVTControlCharacters);
    const bars = plain.map((line) => /^(█*)(░*) +(\d+) % · /.exec(line) ?? []);
    const percents = bars.map(([, , , percent]) => Number(percent));
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    // It moves within a day, too.
    expect(percents.filter((percent) => percent > 0 && percent < 50)).not.toEqual([]);
    for (const [at, [, full = '', empty = '']] of bars.entries()) {
      expect(full.length + empty.length).toBe(24);
      expect(Math.abs(full.length - ((percents[at] ?? 0) / 100) * 24)).toBeLessThan(1.01);
    }
    expect(plain.join('\n')).toMatch(/ day 1 · 1 of 2 days · [\d.]+ [kM]B of [\d.]+ [kM]B$/m);
    const screen = screenOf(stdout).filter((line) => line !== '');
    expect(screen).toHaveLength(4);
    expect(screen[0]).toMatch(/^DAY +WAS +OUTCOME/);
    expect(screen[1]).toMatch(/^0 +new +added +60,000 /);
    expect(stdout).toContain('\u001b[32madded');
  });

  it('nothing that is drawn over is wider than a narrow terminal', async () => {
    const place = await makePlace();
    await landLargeDays(place, ['0']);
    const columns = 40;
    const options = { columns, env: { NO_COLOR: '1' } };
    const { stdout } = await startInTerminal(place, ['verify', '--engine', 'csv'], options).ended;
    const drawn = stdout.split(eraseLine).slice(1, -1);
    expect(drawn.length).toBeGreaterThan(0);
    for (const line of drawn) expect([...line].length).toBeLessThan(columns);
    expect(stdout).not.toContain('\u001b[3');
  });

  it('words are wrapped where the terminal ends, and numbers stay in columns', async () => {
    const place = await makePlace();
    await landDays(place, ['0', '2']);
    await place.daymark('run', '-q');
    await landDays(place, ['1']);
    const { stdout } = await startInTerminal(place, ['days'], { columns: 60 }).ended;
    const lines = screenOf(stdout).map((line) => line.trimEnd());
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    const at = lines.findIndex((line) => line.startsWith('1 '));
    expect(lines[at]).toMatch(/^1 +late +1 \d+ B +- +- a later/);
    expect(lines[at + 1]).toMatch(/^ {30,}\S/);
  });

  it('Ctrl-C is heard at the keyboard', async () => {
    const place = await makePlace();
    await landLargeDays(place, ['0', '1', '2']);
    const run = startInTerminal(place, ['run', '--engine', 'csv']);
    await run.said(/day 0/);
    run.child.stdin.write('\u0003');
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    expect(screenOf(stdout).join('\n')).toMatch(/^Cancelling run (.*\n)+run \S+ cancelled/m);
  });

  it.each([
    ['y', 0, null],
    // Ctrl-D
    ['\u0004', 4, '2'],
  ])('a reset says what it will do, and asks: %j', async (answer, status, checkpoint) => {
    const place = await makePlace();
    await landDays(place, ['0', '1', '2']);
    await place.daymark('run', '-q');
    const reset = startInTerminal(place, ['checkpoint', 'reset']);
    await reset.said(/Go on\? \[y\/N\]/);
    reset.child.stdin.write(answer.length === 1 && answer > ' ' ? `${answer}\r` : answer);
    const { code, stdout } = await reset.ended;
    expect(code).toBe(status);
    expect(stdout).toContain('This marks 0, 1 and 2; the next run processes them again');
    expect((await place.json('checkpoint', 'get')).body.day).toBe(checkpoint);
  });
});
