import type { LayerMap } from '@jokbo/contracts';
import { html, NOTHING, prose, type Html } from './markup.js';
import type { Page } from './page.js';

/** The cells of every map of a pair as a file, for those who read no picture. */
export function mapFilesSection(
  { text }: Page,
  maps: readonly LayerMap[],
  hrefOf: (map: LayerMap) => string,
): Html {
  if (maps.length === 0) return NOTHING;
  return html`<section id="map-files">
    <h2>${text.label('map_files')}</h2>
    <ul>
      ${maps.map(
        (map) =>
          html`<li>
            <a href="${hrefOf(map)}" download
              >${text.label(`component_${map.component}`)}, ${prose(map.role)}
              (${prose(map.statistic ?? 'trace')})</a
            >
          </li> `,
      )}
    </ul>
  </section> `;
}
