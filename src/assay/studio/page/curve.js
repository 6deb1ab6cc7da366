// A claim over its universes: their effects in order, which choices each made, and what a choice turns.
'use strict';
const SIDES = {claimed: 'the claimed side', other: 'the other side', none: 'no difference'};
const CURVE_HEIGHT = 160, CHOICE_HEIGHT = 15;

function effectScale(universes, isTime) {
  const of = isTime ? Math.log : Number, zero = isTime ? 1 : 0;
  const values = universes.flatMap(each => [each.low, each.high]).filter(each => each != null).map(of);
  const low = Math.min(of(zero), ...values), high = Math.max(of(zero), ...values);
  const place = value => CURVE_HEIGHT - 8 - (CURVE_HEIGHT - 16) * (of(value) - low) / (high - low || 1);
  return {place, zero};
}

// "choose.Q1" holds the choices that are kept: {"axis": "value"} as text.
function chosenOf(query, id) {
  return Object.fromEntries(new URLSearchParams(query[`choose.${id}`] || ''));
}

function told(universe, isTime, unit) {
  if (universe.effect == null) return 'runs are missing';
  const form = value => isTime ? `${number(value)} times` : number(value);
  return `${form(universe.effect)} (${form(universe.low)} to ${form(universe.high)}), ${SIDES[universe.side]}${isTime ? '' : ', ' + unit}`;
}

function ChoiceFilter({id, over, chosen}) {
  const choose = (axis, value) => {
    const next = {...chosen, [axis]: value};
    if (!value) delete next[axis];
    changePlace({[`choose.${id}`]: new URLSearchParams(next).toString()});
  };
  return html`<p class="controls">${over.choices.map(({axis, turns, values}) => html`<label>${axis} <select value=${chosen[axis] || ''}
      onChange=${event => choose(axis, event.target.value)}><option value="">any</option>
      ${values.map(each => html`<option value=${String(each.value)}>${String(each.value)} (${each.claimed} of ${each.universes} as claimed)</option>`)}
      </select>${turns > 0 && html`<span class="soft"> turns ${turns} pair${turns === 1 ? '' : 's'}</span>`}</label>`)}</p>`;
}

function Curve({claim, query}) {
  const [lit, setLit] = useState(null);
  const over = claim.multiverse, chosen = chosenOf(query, claim.id);
  const shown = over.curve.filter(each => Object.entries(chosen).every(([axis, value]) => String(each.choices[axis]) === value));
  const {place, zero} = effectScale(shown, over.is_time);
  const rows = Object.entries(over.axes).flatMap(([axis, values]) => values.map(value => [axis, value]));
  const wide = 720, step = wide / Math.max(1, shown.length), tall = CURVE_HEIGHT + CHOICE_HEIGHT * rows.length;
  const at = lit == null ? null : shown[lit];
  const words = `${shown.length} universes in order of their effect: ${Object.entries(SIDES).map(
    ([side, name]) => `${shown.filter(each => each.side === side).length} on ${name}`).join(', ')}.`;
  const light = event => {
    const box = event.currentTarget.getBoundingClientRect();
    setLit(Math.max(0, Math.min(shown.length - 1, Math.floor(shown.length * (event.clientX - box.left) / box.width))));
  };
  const move = event => {
    const by = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!by) return;
    event.preventDefault();
    setLit(Math.max(0, Math.min(shown.length - 1, (lit ?? -1) + by)));
  };
  return html`<section class="card curve" aria-label="${claim.id} over its universes"><h3>${claim.id} over ${over.universes} universes</h3>
    <p class="soft">${over.words.sentence || claim.sentence}</p>
    <${ChoiceFilter} id=${claim.id} over=${over} chosen=${chosen} />
    ${shown.length > 0 && html`<div class="labelled"><div class="names" aria-hidden="true" style=${{paddingTop: CURVE_HEIGHT + 'px'}}>
        ${rows.map(([axis, value]) => html`<span>${axis} = ${String(value)}</span>`)}</div>
      <svg viewBox="0 0 ${wide} ${tall}" height=${tall} preserveAspectRatio="none" role="img" aria-label=${words} tabindex="0"
        onPointerMove=${light} onKeyDown=${move} onPointerLeave=${() => setLit(null)}>
        <line x1="0" x2=${wide} y1=${place(zero)} y2=${place(zero)} class="axis" />
        ${lit != null && html`<rect x=${lit * step} width=${step} y="0" height=${tall} class="lit" />`}
        ${shown.map((each, n) => each.effect != null && html`<g class=${each.side}>
          <line x1=${(n + 0.5) * step} x2=${(n + 0.5) * step} y1=${place(each.low)} y2=${place(each.high)} />
          <rect x=${(n + 0.15) * step} width=${0.7 * step} y=${place(each.effect) - 2} height="4" /></g>`)}
        ${rows.map(([axis, value], row) => shown.map((each, n) => each.choices[axis] === value && html`<rect class="choice"
          x=${(n + 0.15) * step} width=${0.7 * step} y=${CURVE_HEIGHT + CHOICE_HEIGHT * row + 4} height="7" />`))}
      </svg></div>`}
    <p class="soft" aria-live="polite">${at ? html`${Object.entries(at.choices).map(([axis, value]) => `${axis} = ${value}`).join(', ')}:
      <b>${told(at, over.is_time, over.unit)}</b>` : words}</p>
    ${over.turns.length > 0 && html`<details><summary>${over.turns.length} pair${over.turns.length === 1 ? '' : 's'} that one choice turns</summary>
      <ul>${over.turns.map(turn => html`<li>${turn.axis}: ${String(turn.claimed[turn.axis])} as claimed, ${String(turn.other[turn.axis])} not, with
        ${Object.entries(turn.claimed).filter(([axis]) => axis !== turn.axis).map(([axis, value]) => `${axis} = ${value}`).join(', ')}</li>`)}</ul></details>`}
  </section>`;
}
