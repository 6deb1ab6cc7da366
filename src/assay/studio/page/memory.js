// The memory playground: a string through one or two networks, step by step, with a gate held or units silenced.
'use strict';

// Values from -1 to 1, or 0 to 1, as colours: a row a unit, a column a step.
function Heat({label, rows, low}) {
  const place = useRef();
  useEffect(() => {
    const canvas = place.current, many = rows[0].length;
    canvas.width = rows.length; canvas.height = many;
    const context = canvas.getContext('2d'), image = context.createImageData(rows.length, many);
    rows.forEach((column, t) => column.forEach((value, n) => {
      const at = 4 * (n * rows.length + t), share = Math.max(-1, Math.min(1, value));
      const [red, green, blue] = share < 0 ? [213, 94, 0] : [0, 114, 178], strength = Math.abs(share);
      image.data.set([255 + (red - 255) * strength, 255 + (green - 255) * strength, 255 + (blue - 255) * strength, 255], at);
    }));
    context.putImageData(image, 0, 0);
  }, [rows]);
  return html`<figure class="heat"><figcaption>${label}</figcaption>
    <canvas ref=${place} role="img" aria-label="${label}: ${rows[0].length} units over ${rows.length} steps, from ${low} to 1"></canvas></figure>`;
}

const GATE_NAMES = {i: 'input gate i', f: 'forget gate f', g: 'candidate g', o: 'output gate o', h: 'state h'};

function Answers({network, steps, symbols}) {
  const name = n => network.names[n] ?? String(n);
  return html`<table class="answers"><caption>The answer after every step</caption>
    <thead><tr><th scope="col">Step</th><th scope="col">Reads</th><th scope="col">Would answer</th><th scope="col">Probability</th></tr></thead>
    <tbody>${steps.map((step, t) => {
      const best = step.probabilities.indexOf(Math.max(...step.probabilities));
      return html`<tr class=${t === steps.length - 1 ? 'last' : ''}><td>${t + 1}</td><td>${symbols[t]}</td>
        <td>${name(best)}</td><td><span class="bar" style=${{width: 100 * step.probabilities[best] + 'px'}}></span>
        ${(100 * step.probabilities[best]).toFixed(1)} %</td></tr>`;
    })}</tbody></table>`;
}

function Network({title, network, symbols, hold}) {
  const steps = useMemo(() => forward(network, symbols, hold), [network, symbols, hold]);
  if (!steps.length) return null;
  const final = steps[steps.length - 1].probabilities, best = final.indexOf(Math.max(...final));
  return html`<section class="network"><h2>${title}</h2>
    <p class="answer" aria-live="polite">Answer: <b>${network.names[best] ?? best}</b>, ${(100 * final[best]).toFixed(1)} %</p>
    <div class="heats">${network.gates.map(gate => html`<${Heat} label=${GATE_NAMES[gate] || gate} rows=${steps.map(step => step.gate[gate])} low="0" />`)}
      ${network.cell === 'lstm' && html`<${Heat} label="cell c, as tanh" rows=${steps.map(step => step.c.map(Math.tanh))} low="-1" />
        <${Heat} label="state h" rows=${steps.map(step => step.h)} low="-1" />`}</div>
    <${Answers} network=${network} steps=${steps} symbols=${symbols} /></section>`;
}

function useNetwork(run) {
  const {data, error} = useAnswer(run && run !== 'untrained' ? address('/api/weights', {run}) : '');
  return {network: useMemo(() => data && readNetwork(data), [data]), error};
}

function digitsOf(text, symbols) {
  return [...text].filter(each => each >= '0' && each <= '9').map(Number).filter(each => each < symbols);
}

// A palindrome's beginning, for a network that has to remember its first digit.
function example(length) {
  const half = '3141592653589793238462643383279'.repeat(Math.ceil(length / 31));
  const free = half.slice(0, Math.ceil((length + 1) / 2));
  return (free + [...free.slice(1, Math.floor((length + 1) / 2))].reverse().join('')).slice(0, length);
}

function Choice({label, value, name, runs, more}) {
  return html`<label>${label} <select value=${value || ''} onChange=${event => changePlace({[name]: event.target.value})}>
    <option value="">choose a run</option>${more}
    ${runs.map(run => html`<option value=${run.run}>${run.arm}, seed ${run.seed} (${run.run.slice(0, 4)})</option>`)}</select></label>`;
}

function Hold({network, query}) {
  const held = query.clamp || '';
  const clamps = network.gates.filter(gate => gate !== 'h').flatMap(gate => [0, 1].map(value => `${gate}:${value}`));
  return html`${clamps.length > 0 && html`<label>Hold a gate <select value=${held} onChange=${event => changePlace({clamp: event.target.value})}>
      <option value="">none</option>${clamps.map(each => html`<option value=${each}>${each.replace(':', ' = ')}</option>`)}</select></label>`}
    <label>Silence units <input size="12" value=${query.silent || ''} placeholder="such as 3, 17" onInput=${event => changePlace({silent: event.target.value})} /></label>`;
}

function Memory({query, beat, about}) {
  const list = useAnswer(FROZEN ? '' : '/api/runs', beat.version);
  const first = useNetwork(query.run), second = useNetwork(query.against);
  const network = first.network;
  const digits = query.digits ?? (network ? example(network.length) : '');
  const symbols = useMemo(() => network ? digitsOf(digits, network.symbols) : [], [digits, network]);
  const hold = useMemo(() => {
    const [gate, value] = (query.clamp || '').split(':');
    const silent = (query.silent || '').split(/\D+/).filter(Boolean).map(Number).filter(unit => network && unit < network.H);
    return {clamps: gate ? {[gate]: Number(value)} : {}, silent};
  }, [query.clamp, query.silent, network]);
  const against = useMemo(() => query.against === 'untrained' && network ? untrained(network) : second.network, [query.against, network, second.network]);
  const runs = (list.data || []).filter(run => run.kind === 'memory' && run.status === 'finished');
  if (about.evidence) {
    return html`<h1>Memory playground</h1><${Fault} text="Evidence holds no weights: open the studio on the store of the runs, without --from." />`;
  }
  return html`<h1>Memory playground</h1>
    ${!FROZEN && html`<p class="controls"><${Choice} label="Network" name="run" value=${query.run} runs=${runs} />
      <${Choice} label="Beside it" name="against" value=${query.against} runs=${runs} more=${html`<option value="untrained">the same, untrained</option>`} /></p>`}
    ${[first.error, second.error].filter(Boolean).map(text => html`<${Fault} text=${text} />`)}
    ${network && html`<p class="controls"><label>Digits <input class="digits" inputmode="numeric" value=${digits} onInput=${event => changePlace({digits: event.target.value})} /></label>
        <${Hold} network=${network} query=${query} /></p>
      <p class="soft">${symbols.length} of the ${network.length} digits that it was trained on${network.task === 'palindrome' && symbols.length
        ? `; the palindrome ends with its first digit, ${symbols[0]}` : ''}.</p>
      ${symbols.length > 0 && html`<div class="networks"><${Network} title="${network.cell.toUpperCase()}, run ${network.run.slice(0, 8)}" network=${network} symbols=${symbols} hold=${hold} />
        ${against && html`<${Network} title=${against.run === 'untrained' ? 'Untrained' : `${against.cell.toUpperCase()}, run ${against.run.slice(0, 8)}`}
          network=${against} symbols=${symbols} hold=${hold} />`}</div>`}
      <${Freeze} name="memory-${network.run}" />`}`;
}
