// Script of the report: statistics drawn on their nulls.

/** Ends of the fixed scale and the threshold, standard deviations; sizes in pixels. */
const NULL_END = 10;
const NULL_THRESHOLD = 8;
const NULL_SIZE = { width: 150, height: 30, margin: 5, axis: 22, top: 3 };

/** @param {number} z */
function nullPlace(z) {
  const { width, margin } = NULL_SIZE;
  const share = (Math.min(NULL_END, Math.max(-NULL_END, z)) + NULL_END) / (2 * NULL_END);
  return Number((margin + share * (width - 2 * margin)).toFixed(1));
}

/** The standard normal curve, its axis and the thresholds: the same for every statistic. */
function nullGround() {
  const { width, margin, axis, top } = NULL_SIZE;
  const points = Array.from({ length: 33 }, (_, index) => {
    const z = (index - 16) / 4;
    return `${nullPlace(z)} ${(axis - (axis - top) * Math.exp((-z * z) / 2)).toFixed(1)}`;
  });
  const limits = [-NULL_THRESHOLD, NULL_THRESHOLD].map((z) => `M${nullPlace(z)} ${top}V${axis}`);
  return [
    outline('curve', `M${points.join('L')}`),
    outline('axis', `M${margin} ${axis}H${width - margin}M${nullPlace(0)} ${axis}v2`),
    outline('limit', limits.join('')),
  ];
}

/** Draws the statistic of a cell on its null, and says the same in words. @param {HTMLTableCellElement} cell */
function drawNull(cell) {
  const z = Number(cell.dataset.z);
  const draws = cell.dataset.draws === '' ? [] : cell.dataset.draws.split(' ').map(Number);
  const { width, height, axis, top } = NULL_SIZE;
  const place = nullPlace(z);
  const far = Math.abs(z) > NULL_END;
  const inward = z > 0 ? -7 : 7;
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('class', 'null');
  picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
  picture.setAttribute('role', 'img');
  picture.append(
    ...nullGround(),
    outline('draws', draws.map((draw) => `M${nullPlace(draw)} ${axis + 2}v5`).join('')),
    far
      ? outline('value far', `M${place} ${axis / 2}l${inward} -5v10z`)
      : outline('value', `M${place} ${top}V${axis + 3}`),
  );
  const speak = () => {
    const range = { count: draws.length, low: Math.min(...draws), high: Math.max(...draws) };
    const scrambles = draws.length === 0 ? '' : message('null_draws', range);
    picture.setAttribute('aria-label', message('null_words', { z, scrambles }));
  };
  document.addEventListener('languageswitch', speak);
  speak();
  cell.dataset.s = String(z);
  cell.replaceChildren(picture);
}
