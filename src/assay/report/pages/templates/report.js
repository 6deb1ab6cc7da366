'use strict';
(() => {
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  // Only what scrolls is a stop of the keyboard, and has a name.
  const stops = () => all('.scroll').forEach((each) => {
    const scrolls = each.scrollWidth > each.clientWidth + 1;
    if (!scrolls) { ['tabindex', 'role', 'aria-label'].forEach((name) => each.removeAttribute(name)); return; }
    each.tabIndex = 0;
    each.setAttribute('role', 'group');
    const caption = each.querySelector('caption');
    each.setAttribute('aria-label', caption ? caption.textContent : 'Wide content');
  });
  addEventListener('resize', stops);
  addEventListener('load', stops);
  document.addEventListener('toggle', stops, true);
  addEventListener('beforeprint', () => all('details').forEach((each) => { each.open = true; }));
  const reveal = () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { return; }
    const there = document.getElementById(name);
    if (!there) return;
    for (let each = there; each; each = each.parentElement) if (each.tagName === 'DETAILS') each.open = true;
    all(':scope > details.drawn', there).forEach((each) => { each.open = true; });
    there.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  if (location.hash) addEventListener('load', reveal);
  all('.zoom').forEach((each) => each.addEventListener('click', () => {
    const wide = each.closest('figure').classList.toggle('enlarged');
    each.setAttribute('aria-pressed', wide);
    stops();
  }));
  all('.film').forEach((film) => {
    const frames = all('li', film), bar = film.querySelector('input'), told = film.querySelector('output');
    const show = () => {
      frames.forEach((each, place) => { each.classList.toggle('on', place === Number(bar.value)); });
      told.textContent = frames[bar.value].dataset.at;
    };
    film.classList.add('live');
    film.querySelector('.bar').hidden = false;
    bar.addEventListener('input', show);
    show();
  });
  const draw = document.querySelector('.draw'), seeds = all('.alone li');
  if (draw && seeds.length) {
    let drawn = 0, otherwise = 0;
    draw.hidden = false;
    draw.querySelector('button').addEventListener('click', () => {
      const one = seeds[Math.floor(Math.random() * seeds.length)], minority = Number(one.dataset.minority);
      drawn += 1;
      otherwise += minority > 0;
      draw.querySelector('output').textContent = one.textContent;
      draw.querySelector('.drawn-tally').textContent =
        `Drawn ${drawn} time${drawn === 1 ? '' : 's'}: ${otherwise} would have misled about some claim.`;
    });
  }
})();
