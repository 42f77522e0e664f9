import { describe, expect, it } from 'vitest';
import { escapeHtml, html, name, NOTHING, pageText, shortWords } from './markup.js';

describe('html', () => {
  it('escapes what is inserted, in content and in attributes', () => {
    const hostile = `"><script>alert('x')</script>&`;
    expect(html`<a title="${hostile}">${hostile}</a>`.markup).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
    );
    expect(escapeHtml('`${x}`')).toBe('`${x}`');
  });

  it('inserts markup and lists of markup as they are, and numbers as text', () => {
    expect(html`<p>${html`<b>${1}</b>`}${[html`<i></i>`, NOTHING]}</p>`.markup).toBe(
      '<p><b>1</b><i></i></p>',
    );
  });

  it('isolates names and shows their control characters', () => {
    expect(name('a\u202e<b>').markup).toBe('<bdi>a\\u{202e}&lt;b&gt;</bdi>');
  });
});

describe('pageText', () => {
  it('writes sentences in both languages and null as not measured', () => {
    const text = pageText('ko');
    expect(text.both((t) => t('of', { k: 1, n: '<2>' })).markup).toBe(
      '<span class="l" lang="en">1 of &lt;2&gt;</span><span class="l" lang="ko">&lt;2&gt;개 중 1개</span>',
    );
    expect(text.cells([null, null, '1', null]).map((cell) => cell.markup.includes('colspan="2"'))).toEqual([
      true,
      false,
      false,
    ]);
    expect(text.cell(null).markup).toContain('측정 안 됨');
    expect(text.cell('0.00').markup).toBe('<td>0.00</td>');
  });

  it('tells phrases of a result: words that the script swaps, others in both languages, names as they are', () => {
    const text = pageText('ko');
    expect(text.phrase('trace').markup).toBe('<span data-w="trace">트레이스</span>');
    expect(pageText('en').phrase('trace').markup).toBe('<span data-w="trace">trace</span>');
    expect(text.phrase('step 50').markup).toBe(
      '<span class="l" lang="en">step 50</span><span class="l" lang="ko">스텝 50</span>',
    );
    expect(text.phrase('residual dimensions (8), leading directions removed').markup).toBe(
      '<span data-w="residual dimensions">잔차 차원</span> (8), <span data-w="leading directions removed">주방향 제거</span>',
    );
    expect(text.phrase('<b>.weight, step 1').markup).toContain('&lt;b&gt;.weight, 스텝 1');
    expect(text.phrase('<b>').markup).toBe('&lt;b&gt;');
  });
});

describe('shortWords', () => {
  it('puts marks for the elements around words and sentences in two languages, and nothing into names', () => {
    const text = pageText('ko');
    const cells = [text.phrase('trace'), text.phrase('residual dimensions (8)'), text.phrase('step 50')];
    const part = html`${cells.map((cell) => html`<td>${cell}</td>`)}${name('\u0001x\u0002')}`;
    expect(shortWords(part)).toBe(
      '<td>\u0001trace</td><td>\u0001residual dimensions\u0001 (8)</td><td>\u0002step 50\u0003스텝 50\u0004</td><bdi>\\u{1}x\\u{2}</bdi>',
    );
  });
});
