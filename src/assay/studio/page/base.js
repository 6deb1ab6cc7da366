// What all views share: the address as state, answers of the server, and how a fault is shown.
'use strict';
const {html, render, useState, useEffect, useMemo, useRef} = htmPreact;

const FROZEN = (() => {
  const held = document.getElementById('frozen');
  return held ? JSON.parse(held.textContent) : null;
})();

// All state is in the address: "#/study?study=cs324_a3&alpha=0.1".
function readPlace() {
  const [view, query] = (location.hash || FROZEN?.at || '#/').slice(2).split('?');
  return {view: view || '', query: Object.fromEntries(new URLSearchParams(query || ''))};
}

function placeOf(view, query) {
  const kept = Object.entries(query).filter(([, value]) => value !== '' && value != null);
  const text = new URLSearchParams(kept).toString();
  return '#/' + view + (text ? '?' + text : '');
}

function changePlace(changes) {
  const {view, query} = readPlace();
  history.replaceState(null, '', placeOf(view, {...query, ...changes}));
  dispatchEvent(new Event('hashchange'));
}

function usePlace() {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const follow = () => setPlace(readPlace());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return place;
}

function address(path, query) {
  const kept = Object.entries(query || {}).filter(([, value]) => value !== '' && value != null);
  const text = new URLSearchParams(kept).toString();
  return text ? path + '?' + text : path;
}

// What the view that is shown was made of, for a frozen page.
const used = new Set();

async function ask(url) {
  if (FROZEN) {
    if (url in FROZEN.answers) return FROZEN.answers[url];
    throw new Error('This frozen page does not hold that.');
  }
  let response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error('The studio does not answer: it may have been stopped.');
  }
  const found = await response.json();
  if (!response.ok) throw new Error(found.error || response.statusText);
  return found;
}

function useUsed(urls) {
  const names = urls.join(' ');
  useEffect(() => {
    urls.forEach(url => used.add(url));
    return () => urls.forEach(url => used.delete(url));
  }, [names]);
}

function usePicture(url) {
  useUsed([url]);
  return FROZEN ? FROZEN.answers[url] || '' : url;
}

async function change(path, fields) {
  const response = await fetch(path, {method: 'POST', body: JSON.stringify(fields)});
  const found = await response.json();
  if (!response.ok) throw new Error(found.error || response.statusText);
  return found;
}

// An answer, asked for again when `version` changes; what was there stays until the new one comes.
function useAnswer(url, version) {
  useUsed(url ? [url] : []);
  const [state, setState] = useState({});
  useEffect(() => {
    if (!url) return undefined;
    let current = true;
    ask(url).then(
      data => current && setState({url, data}),
      error => current && setState({url, error: error.message}));
    return () => { current = false; };
  }, [url, version]);
  return state.url === url ? state : {};
}

// What changed in the store, as the server tells it.
function useBeat() {
  const [beat, setBeat] = useState({version: 0, changed: [], training: {active: false}});
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (FROZEN) return undefined;
    const source = new EventSource('/api/events');
    source.onmessage = event => { setBeat(JSON.parse(event.data)); setLost(false); };
    source.onerror = () => setLost(true);
    return () => source.close();
  }, []);
  return {...beat, lost};
}

const Fault = ({text}) => html`<p class="fault" role="alert">${text}</p>`;
const Waiting = () => html`<p class="waiting" role="status">Reading …</p>`;

function number(value, digits = 3) {
  if (value == null) return '–';
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return Math.abs(value) >= 1e5 || Math.abs(value) < 1e-4 ? value.toExponential(2)
    : Number(value.toPrecision(digits + 1)).toString();
}

function duration(seconds) {
  if (seconds == null) return '–';
  for (const [unit, size] of [['d', 86400], ['h', 3600], ['min', 60]]) {
    if (seconds >= size) return (seconds / size).toFixed(1) + ' ' + unit;
  }
  return seconds.toFixed(1) + ' s';
}

function median(values) {
  const sorted = values.filter(each => each != null).sort((a, b) => a - b);
  if (!sorted.length) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// One HTML file of what is shown now.
function Freeze({name, also = []}) {
  if (FROZEN) return null;
  const freeze = () => {
    const query = new URLSearchParams({at: location.hash || '#/', name});
    for (const url of new Set([...used, ...also])) query.append('get', url);
    location.assign('/freeze?' + query);
  };
  return html`<button onClick=${freeze}>Freeze this page</button>`;
}

function save(name, text, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function saveCsv(name, head, rows) {
  const cell = value => {
    // A text that a spreadsheet would work out begins with ', which it hides.
    const formula = typeof value === 'string' && /^[=+\-@\t\r]/.test(value);
    const text = value == null ? '' : (formula ? "'" : '') + String(value);
    return /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  save(name + '.csv', [head, ...rows].map(row => row.map(cell).join(',')).join('\n') + '\n', 'text/csv');
}
