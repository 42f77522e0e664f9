// @ts-check
// Shows the audits that run now: asks for them every two seconds and writes what it gets as text.
(() => {
  const POLL_MS = 2000;
  /** Seconds without a sign of life after which an audit is said to be lost. */
  const LOST_S = 30;
  const place = document.getElementById('running');
  if (place === null) return;
  const source = place.dataset.source ?? '';
  /** @param {string} key */
  const word = (key) => document.querySelector(`[data-word="${key}"]`)?.textContent ?? key;

  /** @param {string} tag @param {string} text */
  const element = (tag, text) => {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  };

  /** @param {number} seconds */
  const duration = (seconds) => {
    const whole = Math.max(0, Math.round(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  };

  /** @param {any} audit */
  const show = (audit) => {
    const box = document.createElement('article');
    box.className = 'model';
    box.append(element('h2', audit.programme));
    const facts = [];
    if (audit.age_s > LOST_S) facts.push(`${word('running_lost')}: ${duration(audit.age_s)}`);
    if (audit.paused) facts.push(word('running_paused'));
    if (audit.read_bytes_per_s !== null)
      facts.push(`${word('running_read')}: ${(audit.read_bytes_per_s / 1e9).toFixed(2)} GB/s`);
    if (audit.eta_s !== null) facts.push(`${word('running_eta')}: ${duration(audit.eta_s)}`);
    if (facts.length > 0) box.append(element('p', facts.join(' · ')));
    for (const { stage, expected, done } of audit.stages) {
      const line = element('p', `${word(`stage_${stage}`)}: ${done}/${Math.max(expected, done)} `);
      const bar = document.createElement('progress');
      bar.max = Math.max(expected, done, 1);
      bar.value = done;
      bar.setAttribute('aria-label', word(`stage_${stage}`));
      line.append(bar);
      box.append(line);
    }
    return box;
  };

  async function ask() {
    try {
      const reply = await fetch(source, { headers: { accept: 'application/json' } });
      if (reply.ok) {
        const { items } = await reply.json();
        place?.replaceChildren(...(items.length === 0 ? [element('p', word('none'))] : items.map(show)));
      }
    } catch {
      // The server is away for a moment: what was shown stays, the next question may be answered.
    }
    setTimeout(ask, POLL_MS);
  }
  void ask();
})();
