// The studies, and one with its strip, its claims, what-if, and what a single run would have said.
'use strict';

function Studies({beat}) {
  const {data, error} = useAnswer('/api/studies', beat.version);
  if (error) return html`<${Fault} text=${error} />`;
  if (!data) return html`<${Waiting} />`;
  return html`<h1>Studies</h1><table><thead><tr><th scope="col">Study</th><th scope="col">Title</th>
    <th scope="col">Claims</th><th scope="col">Runs done</th></tr></thead><tbody>
    ${data.map(each => html`<tr><th scope="row"><a href=${placeOf('study', {study: each.name})}>${each.name}</a></th>
      <td>${each.problem || each.title}</td><td class="number">${each.claims}</td>
      <td class="number">${each.problem ? '' : `${each.done} of ${each.runs}`}</td></tr>`)}
    </tbody></table>`;
}

// The verdicts under what was supposed in the address; asked for once the slider rests.
function useSupposed(query, claims, beat) {
  const margins = (claims || []).filter(each => query[`m.${each.id}`] != null)
    .map(each => `${each.id}.${each.weakest}:${query[`m.${each.id}`]}`).join(',');
  const wanted = claims && (margins || query.alpha)
    ? address('/api/what-if', {study: query.study, profile: query.profile, alpha: query.alpha || query.declared, margins}) : '';
  const [url, setUrl] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setUrl(wanted), 150);
    return () => clearTimeout(timer);
  }, [wanted]);
  const {data, error} = useAnswer(url, beat.version);
  return {wanted, data: wanted && data, error};
}

function Roulette({single, seed}) {
  const [tally, setTally] = useState({draws: 0, wrong: 0});
  const {claims, seeds} = single;
  if (seeds.length < 2 || !claims.length) return null;
  const drawn = seeds.find(each => String(each.seed) === seed);
  const draw = () => {
    const chosen = seeds[Math.floor(Math.random() * seeds.length)];
    setTally({draws: tally.draws + 1, wrong: tally.wrong + (chosen.minority.length > 0)});
    changePlace({seed: chosen.seed});
  };
  return html`<section class="card" aria-labelledby="roulette"><h2 id="roulette">What would a single run have concluded?</h2>
    <p><button onClick=${draw}>Draw one seed</button></p>
    ${drawn && html`<p aria-live="polite"><b>Seed ${drawn.seed}</b> alone shows ${drawn.shows.length} of
      ${drawn.shows.length + drawn.denies.length} claims. ${drawn.minority.length
        ? `On ${drawn.minority.join(', ')} it says the opposite of most seeds.`
        : 'On none of them does it say the opposite of most seeds.'}</p>`}
    ${tally.draws > 0 && html`<p class="soft">${tally.wrong} of ${tally.draws} drawn seeds would have misled on some claim;
      of all ${seeds.length}, ${seeds.filter(each => each.minority.length).length} would.</p>`}
  </section>`;
}

function Strip({query, words}) {
  const of = {study: query.study, profile: query.profile};
  const wide = usePicture(address('/api/strip.svg', of));
  const narrow = usePicture(address('/api/strip.svg', {...of, narrow: 1}));
  return html`<picture><source media="(max-width: 600px)" srcset=${narrow} /><img class="strip" src=${wide} alt=${words} /></picture>`;
}

function Alpha({study, query}) {
  const value = query.alpha || study.alpha;
  return html`<label class="slider">α, what if:
    <input type="range" min="0.005" max="0.3" step="0.005" value=${value} disabled=${Boolean(FROZEN)}
      onInput=${event => changePlace({alpha: event.target.value})} />
    <output>${value}</output>${query.alpha && html`<button onClick=${() => changePlace({alpha: null})}>as declared</button>`}</label>`;
}

function Train({query, beat, about}) {
  const [problem, setProblem] = useState('');
  if (!about.edit) return null;
  const {active, study, ended, planned, message} = beat.training;
  const act = (path, fields) => change(path, fields).then(() => setProblem(''), error => setProblem(error.message));
  return html`<div class="train">${active
    ? html`<button onClick=${() => act('/api/stop', {})}>Save and stop</button>`
    : html`<button onClick=${() => act('/api/start', {study: query.study, profile: query.profile})}>Train what is missing</button>`}
    ${study && html`<span role="status">${study}: ${ended} of ${planned} runs ended${active ? '' : ', stopped or done'}</span>`}
    ${(problem || message) && html`<${Fault} text=${problem || message} />`}</div>`;
}

function StudyView({query, beat, about}) {
  const {data, error} = useAnswer(address('/api/study', {study: query.study, profile: query.profile}), beat.version);
  const supposed = useSupposed({...query, declared: data?.study.alpha}, data?.claims, beat);
  if (error) return html`<${Fault} text=${error} />`;
  if (!data) return html`<${Waiting} />`;
  const {study, profile, runs, claims} = data, verdicts = profile.verdicts;
  const by = Object.fromEntries((supposed.data || []).map(each => [each.claim, each]));
  const rows = claims.flatMap(claim => claim.parts.flatMap(part => part.seeds.map(
    each => [claim.id, part.sentence, each.seed, each.effect, each.shown, each.seen])));
  return html`<div class=${supposed.wanted ? 'supposing' : ''}>
    <h1>${study.title}</h1>
    <p class="soft">Profile ${profile.name}${profile.others.map(other => html` · <a href=${placeOf('study', {study: query.study, profile: other})}>${other}</a>`)}${' · '}${runs.finished} of ${runs.planned} runs ended${runs.failed ? `, ${runs.failed} failed` : ''}</p>
    <progress max=${runs.planned} value=${runs.finished} aria-label="Runs that ended"></progress>
    <${Train} query=${{...query, profile: profile.name}} beat=${beat} about=${about} />
    ${supposed.wanted && html`<p class="watermark" role="status">What if: this is no verdict, and nothing of it is recorded.</p>`}
    ${supposed.error && html`<${Fault} text=${supposed.error} />`}
    ${data.strip ? html`<${Strip} query=${query} words=${data.strip} />` : html`<p>This study makes no claim.</p>`}
    ${verdicts && claims.length > 0 && html`<${Alpha} study=${study} query=${query} />`}
    ${claims.length > 0 && html`<h2>Claims</h2>`}
    <div class="cards">${claims.filter(each => !each.restated_as.length).map(claim => html`<${ClaimCard} key=${claim.id}
      claim=${claim} supposed=${by[claim.id]} margin=${query[`m.${claim.id}`]} verdicts=${verdicts} />`)}</div>
    ${claims.filter(each => each.multiverse).map(claim => html`<${Curve} key=${claim.id} claim=${claim} query=${query} />`)}
    <${Roulette} single=${data.single} seed=${query.seed} />
    <p><${Freeze} name=${study.name} />
      <button onClick=${() => saveCsv(study.name, ['claim', 'part', 'seed', 'effect', 'shown', 'seen'], rows)}>CSV</button></p>
  </div>`;
}
