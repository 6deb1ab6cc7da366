// Which view the address asks for.
'use strict';

const VIEWS = {studies: Studies, study: StudyView, runs: Runs, run: RunView, memory: Memory};

function App() {
  const {view, query} = usePlace(), beat = useBeat();
  const {data: about, error} = useAnswer('/api/about');
  const start = about?.run ? ['run', {run: about.run}] : about?.study ? ['study', {study: about.study}] : ['studies', {}];
  // An address that names no view becomes that of the first one, so that it can hold what is set there.
  useEffect(() => {
    if (!about || VIEWS[view]) return;
    history.replaceState(null, '', placeOf(...start));
    dispatchEvent(new Event('hashchange'));
  }, [about, view]);
  if (error) return html`<main><${Fault} text=${error} /></main>`;
  if (!about) return html`<main><${Waiting} /></main>`;
  const [name, asked] = VIEWS[view] ? [view, query] : start;
  const View = VIEWS[name];
  const link = (to, text, active) => html`<a href=${placeOf(to, to === 'study' ? {study: about.study} : {})}
    aria-current=${active ? 'page' : undefined}>${text}</a>`;
  return html`<a class="skip" href="#main" onClick=${event => { event.preventDefault(); document.getElementById('main').focus(); }}>Skip to the view</a>
    <header><b>assay studio</b>${FROZEN ? html`<span class="soft">frozen page, version ${about.version}</span>` : html`<nav aria-label="Views">
      ${about.study ? link('study', 'Study', name === 'study') : link('studies', 'Studies', name === 'studies' || name === 'study')}
      ${link('runs', 'Runs', name === 'runs' || name === 'run')}
      ${about.evidence ? html`<span class="gray" title="Evidence holds no weights">Memory</span>` : link('memory', 'Memory', name === 'memory')}</nav>`}
      <span class="soft">${beat.lost && 'The studio was stopped: what is shown may be old.'}</span></header>
    <main id="main" tabindex="-1"><${View} key=${name + (asked.study || '') + (asked.run || '')} query=${asked} beat=${beat} about=${about} /></main>`;
}

document.addEventListener('DOMContentLoaded', () => {
  const place = document.getElementById('app');
  place.textContent = '';
  render(html`<${App} />`, place);
});
