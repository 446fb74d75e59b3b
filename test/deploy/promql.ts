/** What a PromQL expression asks for: its metrics, with the labels that it matches or groups by. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export interface Matcher {
  readonly metric: string;
  readonly label: string;
  /** Null where the value is not given as a whole. */
  readonly value: string | null;
}

export interface Asked {
  readonly metrics: readonly string[];
  readonly matchers: readonly Matcher[];
  /** Of `by`, `on` and their like. */
  readonly groups: readonly string[];
}

/** Throws where it is not PromQL. What Grafana fills in is taken for what it stands for. */
export function readPromql(template: string): Asked {
  const source = template.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '1h');
  const text = (node: SyntaxNode) => source.slice(node.from, node.to);
  const metrics: string[] = [];
  const matchers: Matcher[] = [];
  const groups: string[] = [];

  const readSelector = (node: SyntaxNode) => {
    const name = node.getChild('Identifier');
    if (name === null) throw new Error(`a selector without a metric: ${source}`);
    const metric = text(name);
    metrics.push(metric);
    const labels = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
    for (const matcher of labels) {
      const [label, op, value] = ['LabelName', 'MatchOp', 'StringLiteral'].map((kind) => {
        const child = matcher.getChild(kind);
        return child === null ? '' : text(child);
      });
      matchers.push({
        metric,
        label: label ?? '',
        value: op === '=' ? (value ?? '').slice(1, -1) : null,
      });
    }
  };

  parser.parse(source).iterate({
    enter: ({ type, node }) => {
      if (type.isError) throw new Error(`not PromQL: ${source}`);
      if (type.name === 'VectorSelector') readSelector(node);
      if (type.name === 'GroupingLabels') groups.push(...node.getChildren('LabelName').map(text));
    },
  });
  return { metrics, matchers, groups };
}
