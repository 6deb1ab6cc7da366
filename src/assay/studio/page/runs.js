// The runs of the store, by arm, and one run with its curves and its samples over the training.
'use strict';

function grouped(runs, query) {
  const wanted = (query.filter || '').toLowerCase();
  const arms = new Map();
  for (const run of runs) {
    if (query.status && run.status !== query.status) continue;
    if (wanted && !(run.arm + ' ' + run.run).toLowerCase().includes(wanted)) continue;
    if (!arms.has(run.arm)) arms.set(run.arm, []);
    arms.get(run.arm).push(run);
  }
  // What is under way is first.
  const busy = of => of.some(run => run.status === 'unfinished') ? 0 : 1;
  return [...arms].sort((a, b) => busy(a[1]) - busy(b[1]) || a[0].localeCompare(b[0]));
}

function range(values) {
  const known = values.filter(each => each != null);
  return known.length ? [Math.min(...known), Math.max(...known)] : null;
}

function armCells(row, query) {
  const counts = {};
  for (const run of row.runs) counts[run.status] = (counts[run.status] || 0) + 1;
  const seconds = row.runs.map(run => run.seconds), ends = range(seconds);
  const open = query.open === row.arm;
  return [
    html`<button class="plain" aria-expanded=${Boolean(query.all) || open} onClick=${() => changePlace({open: open ? null : row.arm})}>
      ${query.all || open ? '▾' : '▸'} ${row.arm}</button>`,
    `${row.runs.length} seed${row.runs.length === 1 ? '' : 's'}`,
    Object.entries(counts).map(([status, many]) => `${many} ${status}`).join(', '),
    number(median(row.runs.map(run => run.updates))),
    ends ? `${duration(median(seconds))} (${duration(ends[0])} to ${duration(ends[1])})` : '–',
  ];
}

const runCells = ({run}) => [
  html`<a href=${placeOf('run', {run: run.run})}>${run.run}</a>`,
  run.seed == null ? '' : `seed ${run.seed}`,
  run.problem ? html`<span title=${run.problem}>${run.status}: ${run.problem}</span>` : run.status,
  number(run.updates), duration(run.seconds),
];

function Runs({query, beat, about}) {
  const {data, error} = useAnswer('/api/runs', beat.version);
  const rows = useMemo(() => grouped(data || [], query).flatMap(([arm, runs]) => [
    {kind: 'group', key: 'arm ' + arm, arm, runs},
    ...(query.all || query.open === arm ? runs.map(run => ({kind: '', key: run.run, run})) : []),
  ]), [data, query.filter, query.status, query.open, query.all]);
  if (error) return html`<${Fault} text=${error} />`;
  if (!data) return html`<${Waiting} />`;
  const states = [...new Set(data.map(run => run.status))].sort();
  return html`<h1>Runs</h1><p class="soft">${data.length.toLocaleString('en')} runs in ${about.store}</p>
    <p class="controls"><label>Filter <input type="search" value=${query.filter || ''} onInput=${event => changePlace({filter: event.target.value})} /></label>
      <label>Status <select value=${query.status || ''} onChange=${event => changePlace({status: event.target.value})}>
        <option value="">all</option>${states.map(each => html`<option value=${each}>${each}</option>`)}</select></label>
      <label><input type="checkbox" checked=${Boolean(query.all)} onChange=${event => changePlace({all: event.target.checked ? 1 : null})} /> every run</label></p>
    <${LongTable} label="Runs by arm" columns=${['Arm or run', 'Seeds', 'Status', 'Updates, median', 'Time, median and range']}
      rows=${rows} cells=${row => row.kind ? armCells(row, query) : runCells(row)} />
    <p><${Freeze} name="runs" /> <button onClick=${() => saveCsv('runs', ['run', 'arm', 'seed', 'status', 'updates', 'seconds'],
      data.map(run => [run.run, run.arm, run.seed, run.status, run.updates, run.seconds]))}>CSV</button></p>`;
}

const COLOURS = ['--blue', '--vermillion', '--green', '--orange', '--purple', '--sky'];
const colour = n => getComputedStyle(document.documentElement).getPropertyValue(COLOURS[n % COLOURS.length]).trim();

// Panels share their crosshair; the line that is nearest to the pointer is lit in all of them.
function Panel({title, lines}) {
  const place = useRef();
  useEffect(() => {
    const ink = getComputedStyle(document.documentElement).getPropertyValue('--soft').trim();
    const axis = {stroke: ink, grid: {stroke: ink + '33', width: 1}, ticks: {stroke: ink + '33'}};
    const chart = new uPlot({
      width: place.current.clientWidth || 320, height: 220, title,
      cursor: {sync: {key: 'runs', setSeries: true}, focus: {prox: 24}}, focus: {alpha: 0.25},
      scales: {x: {time: false}}, axes: [axis, {...axis, size: 60}],
      series: [{label: 'update'}, ...lines.map((line, n) => ({label: line.label, stroke: colour(n), width: 1.5, spanGaps: true}))],
    }, uPlot.join(lines.map(line => [line.updates, line.values])), place.current);
    const resized = new ResizeObserver(() => chart.setSize({width: place.current.clientWidth, height: 220}));
    resized.observe(place.current);
    return () => { resized.disconnect(); chart.destroy(); };
  }, [title, lines]);
  return html`<div class="panel" ref=${place} role="img" aria-label="${title}: ${lines.map(line => line.label).join(', ')}"></div>`;
}

function panelsOf(pages) {
  const panels = new Map();
  for (const page of pages) {
    for (const curve of page.curves) {
      const [part, ...rest] = curve.name.split('.');
      const title = pages.length > 1 ? curve.name : rest.join('.') || part;
      if (!panels.has(title)) panels.set(title, []);
      panels.get(title).push({...curve, label: pages.length > 1 ? `seed ${page.row.seed}` : rest.length ? part : curve.name});
    }
  }
  return [...panels];
}

const MOST_SEEDS = 12;

function useSeeds(page, wanted, beat) {
  const {data} = useAnswer(wanted && page ? '/api/runs' : '', beat.version);
  const [pages, setPages] = useState([]);
  const others = (data || []).filter(run => run.arm === page?.row.arm && run.run !== page.row.run).slice(0, MOST_SEEDS - 1);
  const names = others.map(run => run.run).join();
  useUsed(others.map(run => address('/api/run', {run: run.run})));
  useEffect(() => {
    let current = true;
    Promise.all(others.map(run => ask(address('/api/run', {run: run.run})).catch(() => null)))
      .then(found => current && setPages(found.filter(Boolean)));
    return () => { current = false; };
  }, [names, beat.version]);
  return pages;
}

function Samples({run, grids, query}) {
  const known = grids.indexOf(Number(query.update)), at = known < 0 ? grids.length - 1 : known;
  const url = address('/api/grid.png', {run, update: grids[at]});
  const src = usePicture(url);
  return html`<section><h2>Samples of one noise over the training</h2>
    <label class="slider">After update <input type="range" min="0" max=${grids.length - 1} value=${at}
      onInput=${event => changePlace({update: grids[event.target.value]})} /><output>${number(grids[at])}</output></label>
    <img class="samples" src=${src} alt="25 samples after ${grids[at]} updates" /></section>`;
}

function RunView({query, beat}) {
  const {data, error} = useAnswer(address('/api/run', {run: query.run}), beat.version);
  const seeds = useSeeds(data, Boolean(query.seeds), beat);
  const panels = useMemo(() => data ? panelsOf(query.seeds ? [data, ...seeds] : [data]) : [], [data, seeds, query.seeds]);
  if (error) return html`<${Fault} text=${error} />`;
  if (!data) return html`<${Waiting} />`;
  const {row, settings, notes, grids} = data;
  const python = `from assay import Run\nrun = Run("${row.run}")\nrun.metrics()\n`;
  const also = grids.slice(-40).map(update => address('/api/grid.png', {run: row.run, update}));
  return html`<h1>Run ${row.run}</h1><p>${row.arm}, seed ${row.seed}: <b>${row.status}</b> after ${number(row.updates)} updates, ${duration(row.seconds)}
      ${data.kind === 'memory' && html` · <a href=${placeOf('memory', {run: row.run})}>open in the playground</a>`}</p>
    <label><input type="checkbox" checked=${Boolean(query.seeds)} onChange=${event => changePlace({seeds: event.target.checked ? 1 : null})} />
      with the other seeds of its arm</label>
    ${notes.map(note => html`<pre class="note">${note}</pre>`)}
    <div class="panels">${panels.map(([title, lines]) => html`<${Panel} key=${title} title=${title} lines=${lines} />`)}</div>
    ${grids.length > 0 && html`<${Samples} run=${row.run} grids=${grids} query=${query} />`}
    <h2>Settings</h2><dl>${Object.entries(settings).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    <p><${Freeze} name=${row.run} also=${also} /> <button onClick=${() => navigator.clipboard.writeText(python)}>Copy as Python</button>
      <button onClick=${() => saveCsv(row.run, ['curve', 'update', 'value'], data.curves.flatMap(
        curve => curve.updates.map((update, n) => [curve.name, update, curve.values[n]])))}>CSV</button></p>`;
}
