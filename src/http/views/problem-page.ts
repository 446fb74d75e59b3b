/** What the types of problems mean, as pages for people. They need no script and no style. */
import { type ProblemSlug, problemSlugs, problems } from '../../model/problems.js';

export function problemPage(slug: ProblemSlug): string {
  const { status, title, retryable, when, nextAction } = problems[slug];
  return page(title, [
    `<p>Status ${status}, type <code>/problems/${slug}</code>.</p>`,
    `<h2>When it happens</h2>`,
    `<p>${inHtml(when)}</p>`,
    `<h2>What to do</h2>`,
    `<p>${inHtml(nextAction)}</p>`,
    retryable ? '<p>The same request can succeed later.</p>' : '',
    `<p><a href="/problems">All problems</a></p>`,
  ]);
}

export function problemsPage(): string {
  const items = problemSlugs.map((slug) => {
    const { status, title } = problems[slug];
    return `<li>${status} <a href="/problems/${slug}">${slug}</a>: ${inHtml(title)}</li>`;
  });
  return page('Problems', ['<ul>', ...items, '</ul>']);
}

function page(title: string, lines: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${inHtml(title)} · Daymark</title></head>`,
    `<body><main><h1>${inHtml(title)}</h1>`,
    ...lines.filter((line) => line !== ''),
    '</main></body>',
    '</html>',
    '',
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function inHtml(text: string): string {
  return text
    .replace(/[&<>]/g, (character) => entities[character] ?? character)
    .replace(/`([^`]+)`/g, '<code>$1</code>');
}
