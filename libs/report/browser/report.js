// Script of the report, last part: what is shown becomes a table that can be sorted, a map that can be read, a pair that
// is unpacked when it is opened; the language; and the address.

/** Writes messages, and words of the result, in the language of the page. @param {ParentNode} root */
function speakWords(root) {
  for (const node of root.querySelectorAll('[data-m]')) node.textContent = message(node.dataset.m);
  for (const node of root.querySelectorAll('[data-w]')) node.textContent = resultWord(node.dataset.w);
}

/** Makes tables, nulls and maps of a part of the page what they are to be; maps one after another, later. */
function mount(root) {
  speakWords(root);
  for (const cell of root.querySelectorAll('td[data-draws]')) drawNull(cell);
  for (const table of root.querySelectorAll('table[data-table]')) mountTable(table);
  return drawMaps([...root.querySelectorAll('figure.map')]);
}

async function drawMaps(figures) {
  for (const figure of figures) await drawMap(figure);
}

const pairs = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll('details.pair')]);
/** What is unpacked, and what is drawn of it. @type {Map<Element, Promise<{ drawn: Promise<void> }>>} */
const filled = new Map();
let dictionary;

/** Marks of packed markup, and the elements that they stand for, the last to be made first: see `shortWords`. */
const MARKS = [
  [
    '\u0002([^\u0003]*)\u0003([^\u0004]*)\u0004',
    '<span class="l" lang="en">$1</span><span class="l" lang="ko">$2</span>',
  ],
  ['\u0001([^<\u0001]*)(?:\u0001|(?=<))', '<span data-w="$1">$1</span>'],
].map(([pattern, elements]) => [new RegExp(pattern, 'g'), elements]);

/** Unpacks a part once. Its markup was made and escaped with the page, and nothing else is inserted. */
function fill(holder) {
  if (!filled.has(holder)) filled.set(holder, unpackPart(holder));
  return filled.get(holder);
}

async function unpackPart(holder) {
  if (typeof DecompressionStream === 'undefined') {
    holder.append(words('p', 'part_unreadable'));
    return { drawn: Promise.resolve() };
  }
  dictionary ??= inflate([bytesOf(data.dictionary)]);
  const template = document.createElement('template');
  const text = await unpackText(data.parts[Number(holder.dataset.part)], await dictionary);
  template.innerHTML = MARKS.reduce((markup, [mark, elements]) => markup.replace(mark, elements), text);
  holder.replaceChildren(template.content);
  return { drawn: mount(holder) };
}

/** What stands in the page from the start. */
const mounted = mount(document);
for (const holder of document.querySelectorAll('.part')) {
  const details = holder.closest('details');
  if (details === null || details.open) void fill(holder);
  else details.addEventListener('toggle', () => void fill(holder), { once: true });
}
for (const button of document.querySelectorAll('[data-open]')) {
  button.addEventListener('click', () => {
    for (const pair of pairs) if (!pair.hidden) pair.open = button.dataset.open === '1';
  });
}
const list = document.querySelector('#pairs > .tools');
if (list !== null && pairs.length >= FILTERED_ROWS) {
  list.append(
    ...filterField(
      'pairs',
      () => pairs,
      (pair) => textOf(pair.querySelector('summary')),
    ),
  );
}

// ---- language ----

/** @param {string} wanted */
function speak(wanted) {
  language = wanted;
  document.documentElement.lang = language;
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language));
  }
  speakWords(document);
  document.dispatchEvent(new Event('languageswitch'));
}

const buttons = [...document.querySelectorAll('[data-language]')];
for (const button of buttons) {
  button.addEventListener('click', () => {
    speak(button.dataset.language);
    remember('lang', language === data.language ? '' : language);
  });
}
const asked = state.get('lang');
if (buttons.some((button) => button.dataset.language === asked)) speak(asked);

// ---- the address ----

/** Opens the pair that the address names, or that holds what it names, and goes there. */
async function reveal() {
  const [anchor] = address();
  const named = /^(?:evidence|control|map|component)-(\d+)-/.exec(anchor);
  const pair =
    document.getElementById(named === null ? anchor : `pair-${named[1]}`)?.closest('details.pair') ?? null;
  let drawn = mounted;
  if (pair !== null) {
    pair.open = true;
    const holder = pair.querySelector('.part');
    if (holder !== null) ({ drawn } = await fill(holder));
  }
  const target = document.getElementById(anchor);
  for (const node of document.querySelectorAll('.named')) node.classList.remove('named');
  if (target === null || anchor === '') return;
  target.classList.add('named');
  target.scrollIntoView();
  // Maps take their height when they are drawn.
  await drawn;
  if (target.matches('figure.map.named')) target.scrollIntoView();
}
window.addEventListener('hashchange', () => {
  // A link names a place alone: what was sorted and filtered stays so.
  if (!location.hash.includes('?')) writeState();
  void reveal();
});
void reveal();
