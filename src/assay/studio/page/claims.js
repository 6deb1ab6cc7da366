// A claim's card: a dot per seed in a row per arm, and what another margin or alpha would make of it.
'use strict';

function Mark({dot}) {
  const words = html`<title>${dot.words}</title>`;
  const x = dot.x + '%';
  const name = dot.mark + (dot.seen ? ' seen' : '');
  return html`<svg x=${x} y=${dot.y} class=${name} overflow="visible">${
    dot.mark === 'shown' ? html`<circle r="4">${words}</circle>`
      : dot.mark === 'not' ? html`<path d="M-3.6-3.6L3.6 3.6M-3.6 3.6L3.6-3.6">${words}</path>`
        : html`<path d="M-4 0H4">${words}</path>`}</svg>`;
}

function Dots({drawn}) {
  if (!drawn) return null;
  const upright = (x, name) => x == null ? null
    : html`<line x1="${x}%" x2="${x}%" y1="0" y2="22" class=${name} />`;
  return html`<div class="dots" role="img" aria-label=${drawn.words}>
    ${drawn.margin && html`<p class="soft">margin ${drawn.margin}</p>`}
    ${drawn.rows.map(row => html`<div class="arm"><span class="label">${row.label}</span>
      <svg class="track" width="100%" height="22" aria-hidden="true">
        ${drawn.band && html`<rect x="${drawn.band[0]}%" width="${drawn.band[1]}%" height="22" class="band" />`}
        <line x1="0" x2="100%" y1="11" y2="11" class="axis" />
        ${upright(drawn.line, 'limit')}${upright(row.median, 'median')}
        ${row.dots.map(dot => html`<${Mark} dot=${dot} />`)}
      </svg></div>`)}
    <div class="arm ends"><span class="label"></span><span>${drawn.low}</span>
      <span>${drawn.high}${drawn.never && ', never'}</span></div>
  </div>`;
}

function Missing({missing}) {
  if (!missing) return null;
  if (missing.never) return html`<p class="soft">${missing.never}</p>`;
  if (missing.least == null) return html`<p class="soft">More than 60 seeds would be needed.</p>`;
  const hours = missing.core_hours_least;
  return html`<p class="soft">It takes ${missing.least} more seed${missing.least === 1 ? '' : 's'} of ${missing.arms.join(', ')} if all agree${hours == null ? '' : `: ${duration(3600 * hours)} of one core`}.</p>`;
}

// A slider that is plainly a supposition.
function MarginSlider({claim, part, value}) {
  if (claim.restated_as.length || !part.tested || part.computed) return null;
  const time = part.is_time, declared = part.margin;
  const most = time ? Math.max(4, 2 * declared) : part.kind === 'solved' ? 0.99
    : Math.max(2 * declared, ...part.seeds.map(each => Math.abs(each.effect ?? 0)), 1e-9);
  const name = `m.${claim.id}`;
  return html`<label class="slider">Margin, what if:
    <input type="range" min=${time ? 1 : 0} max=${most} step=${(most - (time ? 1 : 0)) / 200} value=${value ?? declared}
      disabled=${Boolean(FROZEN)} onInput=${event => changePlace({[name]: event.target.value})} />
    <output>${number(Number(value ?? declared))}</output>
    ${value != null && html`<button onClick=${() => changePlace({[name]: null})}>as declared</button>`}
  </label>`;
}

function ClaimCard({claim, supposed, margin, verdicts}) {
  const weakest = claim.parts[claim.weakest];
  const changed = supposed && (supposed.word !== claim.verdict);
  return html`<article class="card ${claim.restated_as.length ? 'was' : ''}" id="claim-${claim.id}" tabindex="-1">
    <h3>${claim.id} ${verdicts && html`<span class="badge">${claim.word}</span>`}
      ${claim.control_of && html`<span class="soft"> control of ${claim.control_of}</span>`}</h3>
    <blockquote>${claim.sentence}</blockquote>
    ${supposed && html`<p class="whatif"><b>What if</b>: ${supposed.word}${changed ? '' : ' as well'},
      ${number(supposed.support)} to 1 for, ${number(supposed.against)} to 1 against
      ${supposed.needed != null && ` (enough: ${number(supposed.needed)})`}.</p>`}
    <${Dots} drawn=${claim.drawn[claim.weakest]} />
    ${verdicts && claim.odds && html`<p class="soft">${weakest.yes} of ${weakest.runs} seeds; evidence ${claim.odds}</p>`}
    <${Missing} missing=${claim.missing} />
    ${verdicts && html`<${MarginSlider} claim=${claim} part=${weakest} value=${margin} />`}
    <details><summary>Why<span class="unseen"> of ${claim.id}</span></summary>
      <p>${claim.meaning}</p>
      ${claim.parts.map((part, n) => html`<h4>${part.sentence}</h4><p class="soft">${part.describe}${part.untested && ': ' + part.untested}</p>
        ${n !== claim.weakest && html`<${Dots} drawn=${claim.drawn[n]} />`}`)}
    </details>
  </article>`;
}
