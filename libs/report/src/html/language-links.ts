import { LANGUAGES, type Language } from '../messages.js';
import { html, type Html } from './markup.js';

/** Links to the same page in each language; the one that is shown is marked. */
export function languageLinks(links: Readonly<Record<Language, string>>, shown: Language): Html {
  return html`<p class="languages">
    ${LANGUAGES.map(
      (language) =>
        html`<a
          href="${links[language]}"
          lang="${language}"
          hreflang="${language}"
          aria-current="${language === shown ? 'true' : 'false'}"
          >${language === 'ko' ? '한국어' : 'English'}</a
        > `,
    )}
  </p>`;
}
