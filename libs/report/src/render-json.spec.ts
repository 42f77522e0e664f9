import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { renderJson } from './render-json.js';

describe('renderJson', () => {
  it('round-trips, ends in one newline and does not depend on key order', () => {
    const document = resultDocument();
    const text = renderJson(document);
    expect(JSON.parse(text)).toEqual(document);
    expect(text.endsWith('}\n')).toBe(true);
    const reversed = Object.fromEntries(Object.entries(document).reverse()) as typeof document;
    expect(renderJson(reversed)).toBe(text);
  });

  it('refuses what JSON cannot carry', () => {
    const [calibration] = resultDocument().calibration;
    if (calibration === undefined) throw new Error('no calibration');
    expect(() => renderJson(resultDocument({ calibration: [{ ...calibration, lambda: NaN }] }))).toThrow(
      TypeError,
    );
  });
});
