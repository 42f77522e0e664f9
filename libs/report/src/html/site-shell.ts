import { MESSAGES, type Language } from '../messages.js';
import { languageLinks } from './language-links.js';
import { html, pageText, type Html, type PageText } from './markup.js';

/** What a page of the site that shows no single result is made with. */
export interface SiteShell {
  readonly language: Language;
  /** Address of the style sheet. */
  readonly style: string;
  /** Address of a script of the page's own; null where it has none. */
  readonly script: string | null;
  readonly leaderboard: string;
  readonly runs: string;
  readonly running: string;
  /** The same page in each language. */
  readonly languages: Readonly<Record<Language, string>>;
}

/** A page of the site around its content; nothing in it runs or styles inline. */
export function siteShell(
  shell: SiteShell,
  title: 'runs' | 'running' | 'drafts',
  content: (text: PageText) => Html,
): string {
  const { language, style, script } = shell;
  const text = pageText(language);
  const linked = script === null ? '' : `<script src="${html`${script}`.markup}" defer></script>\n`;
  const body = html`<header>
      <h1>${text.label(title)}</h1>
      ${languageLinks(shell.languages, language)}
    </header>
    <nav>
      <a href="${shell.leaderboard}">${text.label('leaderboard')}</a>
      <a href="${shell.runs}">${text.label('runs')}</a>
      <a href="${shell.running}">${text.label('running')}</a>
    </nav>
    <main>${content(text)}</main> `;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${MESSAGES[language].title}: ${MESSAGES[language][title]}</title>
<link rel="stylesheet" href="${html`${style}`.markup}">
${linked}</head>
<body>
${body.markup}</body>
</html>
`;
}
