/** What is under `deploy/`, held against what the service really exports, and judged by promtool. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { noticeCodes } from '../../src/model/notice.js';
import { makeTempDir } from '../support/temp-dir.js';
import { type Asked, readPromql } from './promql.js';
import { hasPromtool, promtool } from './promtool.js';
import { type Scrape, scrapeBusyService } from './scrape.js';

const alertsFile = 'deploy/prometheus/alerts.yml';
const page = await readFile('docs/OBSERVABILITY.md', 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: unknown;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly datasource?: unknown;
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: object; readonly overrides: readonly unknown[] };
  readonly options?: object;
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; query: unknown }[];
  };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

const rules = (
  parse(await readFile(alertsFile, 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(await readFile('deploy/grafana/daymark.json', 'utf8')) as Dashboard;
const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);

let scrape: Scrape;
let scraped = '';
beforeEach(async () => {
  if (scraped === '') ({ scrape, text: scraped } = await scrapeBusyService());
});

/** What an expression asks for and no service exports, as sentences. */
function missingFrom({ metrics, matchers, groups }: Asked): string[] {
  const labelsOf = (metric: string) => scrape.get(metric);
  return [
    ...metrics.filter((metric) => !scrape.has(metric)).map((metric) => `no metric ${metric}`),
    ...matchers
      .filter(({ metric, label, value }) => {
        const values = labelsOf(metric)?.get(label);
        return (
          values === undefined || (value !== null && !value.startsWith('$') && !values.has(value))
        );
      })
      .map(({ metric, label, value }) => `no ${metric}{${label}=${value}}`),
    ...groups
      .filter((label) => label !== 'le' && !metrics.some((each) => labelsOf(each)?.has(label)))
      .map((label) => `no label ${label} to group by`),
  ];
}

describe('the alerts', () => {
  it.each(rules)('$alert asks for what is exported', ({ expr }) => {
    expect(missingFrom(readPromql(expr))).toEqual([]);
  });

  it('are each explained, and no others', () => {
    const explained = [...page.matchAll(/^### (Daymark\w+)$/gm)].map(([, name]) => name);
    expect(explained).toEqual(rules.map(({ alert }) => alert));
    for (const { alert, annotations, labels } of rules) {
      expect(annotations['runbook_url']).toBe(`docs/OBSERVABILITY.md#${alert.toLowerCase()}`);
      expect(annotations['summary']).toMatch(/^[A-Z]/);
      expect(['critical', 'warning', 'info']).toContain(labels.severity);
    }
  });

  it('name codes of notices that there are', () => {
    const named = rules.flatMap(({ expr }) =>
      [...expr.matchAll(/code!?[=~]+"([^"]+)"/g)].flatMap(([, codes = '']) => codes.split('|')),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((code) => !(noticeCodes as readonly string[]).includes(code))).toEqual([]);
  });

  it('are each tested, silent and firing', async () => {
    const { tests } = parse(await readFile('test/deploy/alerts.test.yml', 'utf8')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    const cases = tests.flatMap((each) => each.alert_rule_test);
    const tested = (firing: boolean) =>
      new Set(
        cases
          .filter(({ exp_alerts }) => exp_alerts.length > 0 === firing)
          .map(({ alertname }) => alertname),
      );
    const names = new Set(rules.map(({ alert }) => alert));
    expect(tested(true)).toEqual(names);
    expect(tested(false)).toEqual(names);
  });

  it.runIf(hasPromtool)('pass promtool and their unit tests', { timeout: 120_000 }, () => {
    expect(promtool(['check', 'rules', alertsFile])).toMatchObject({ ok: true });
    expect(promtool(['test', 'rules', 'test/deploy/alerts.test.yml'])).toMatchObject({ ok: true });
  });
});

describe('the scrape configuration', () => {
  it.runIf(hasPromtool)('passes promtool, once the token is there', async () => {
    const folder = await makeTempDir();
    await cp('deploy/prometheus', folder, { recursive: true });
    const check = () => promtool(['check', 'config', join(folder, 'prometheus.yml')]);
    expect(check()).toMatchObject({ ok: false, said: expect.stringContaining('daymark-token') });
    await writeFile(join(folder, 'daymark-token'), 'secret');
    expect(check()).toMatchObject({ ok: true, said: expect.stringContaining('1 rule files') });
  });

  it('sends a token from a file, and names the job that alerts and dashboard go by', async () => {
    const { scrape_configs: configs } = parse(
      await readFile('deploy/prometheus/prometheus.yml', 'utf8'),
    ) as { scrape_configs: Record<string, unknown>[] };
    expect(configs).toMatchObject([
      { job_name: 'daymark', authorization: { type: 'Bearer', credentials_file: 'daymark-token' } },
    ]);
  });
});

describe('the metrics', () => {
  it.runIf(hasPromtool)('are well-formed by promtool', () => {
    // What it says of the usual process_* and nodejs_* is not ours.
    const { said } = promtool(['check', 'metrics'], scraped);
    const ours = said.split('\n').filter((line) => line.startsWith('daymark_'));
    // It takes "days" for a unit of time; here they are what is counted.
    expect(ours.filter((line) => !/^daymark_\w*days/.test(line))).toEqual([]);
    expect(said).not.toMatch(/error while/);
  });

  it('are each explained, and no others', () => {
    const exported = [...scraped.matchAll(/^# TYPE (daymark_\w+) /gm)].map(([, name]) => name);
    const rows = page.split('\n').filter((line) => line.startsWith('| `daymark_'));
    const explained = rows.map((row) => /`(daymark_\w+)/.exec(row)?.[1]);
    expect([...explained].sort()).toEqual([...exported].sort());
  });
});

describe('the dashboard', () => {
  it.each(targets.map((target) => [target.expr, target] as const))(
    'asks for what is exported: %s',
    (expr, target) => {
      const asked = readPromql(expr);
      expect(missingFrom(asked)).toEqual([]);
      for (const [, label = ''] of target.legendFormat.matchAll(/\{\{\s*(\w+)\s*\}\}/g)) {
        for (const metric of asked.metrics) expect(scrape.get(metric)?.has(label)).toBe(true);
        const isGrouped = /\bby \(/.test(expr);
        if (isGrouped) expect(asked.groups).toContain(label);
      }
    },
  );

  it('asks for what is exported in its marks and variables', () => {
    for (const { expr } of dashboard.annotations.list) {
      expect(missingFrom(readPromql(expr))).toEqual([]);
    }
    const queries = dashboard.templating.list.filter(({ type }) => type === 'query');
    for (const { query } of queries) {
      const { query: text } = query as { query: string };
      const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
      const asked = readPromql(selector);
      expect(missingFrom(asked)).toEqual([]);
      expect(asked.metrics.every((metric) => scrape.get(metric)?.has(label))).toBe(true);
    }
  });

  it('has the shape that Grafana imports', () => {
    expect(dashboard).toMatchObject({ uid: 'daymark', title: 'Daymark' });
    expect(dashboard).not.toHaveProperty('id');
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const panel of dashboard.panels) {
      expect(['row', 'stat', 'timeseries']).toContain(panel.type);
      expect(panel.title).not.toBe('');
      if (panel.type === 'row') continue;
      expect(panel).toMatchObject({
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the way in which Grafana writes its variables.
        datasource: { type: 'prometheus', uid: '${datasource}' },
        fieldConfig: { defaults: {}, overrides: [] },
        options: {},
      });
      const refs = (panel.targets ?? []).map(({ refId }) => refId);
      expect(refs.length).toBeGreaterThan(0);
      expect(new Set(refs).size).toBe(refs.length);
    }
  });

  it('has variables for all that its expressions leave open', () => {
    const known = new Set(dashboard.templating.list.map(({ name }) => name));
    const used = JSON.stringify(dashboard).matchAll(/\$\{?([a-z]\w*)/g);
    expect(new Set([...used].map(([, name]) => name))).toEqual(known);
  });

  it('lies in a grid of 24 columns, where no panel covers another', () => {
    const cells = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos;
      expect(x + w).toBeLessThanOrEqual(24);
      for (let row = y; row < y + h; row += 1) {
        for (let column = x; column < x + w; column += 1) {
          const cell = `${row}/${column}`;
          expect(cells.get(cell) ?? title).toBe(title);
          cells.set(cell, title);
        }
      }
    }
  });
});
