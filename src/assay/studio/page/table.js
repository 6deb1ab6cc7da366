// A table of many rows of one height, of which those in sight are drawn.
'use strict';
const ROW_HEIGHT = 30;

function LongTable({label, columns, rows, cells, height = 560}) {
  const [top, setTop] = useState(0);
  const box = useRef();
  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - 8);
  const last = Math.min(rows.length, first + Math.ceil(height / ROW_HEIGHT) + 16);
  useEffect(() => {
    const most = Math.max(0, rows.length * ROW_HEIGHT - height);
    if (box.current && box.current.scrollTop > most) box.current.scrollTop = most;
  }, [rows.length]);
  return html`<div class="long" role="table" aria-label=${label} aria-rowcount=${rows.length + 1}>
    <div class="row head" role="row">${columns.map(name => html`<span role="columnheader">${name}</span>`)}</div>
    <div class="body" role="rowgroup" tabindex="0" ref=${box} style=${{height: Math.min(height, rows.length * ROW_HEIGHT + 2) + 'px'}}
      onScroll=${event => setTop(event.target.scrollTop)}>
      <div role="presentation" style=${{height: rows.length * ROW_HEIGHT + 'px', position: 'relative'}}>
        ${rows.slice(first, last).map((row, n) => html`<div class="row ${row.kind}" role="row" key=${row.key} aria-rowindex=${first + n + 2}
          style=${{position: 'absolute', top: (first + n) * ROW_HEIGHT + 'px', height: ROW_HEIGHT + 'px'}}>
          ${cells(row).map(cell => html`<span role="cell">${cell}</span>`)}</div>`)}
      </div>
    </div></div>`;
}
