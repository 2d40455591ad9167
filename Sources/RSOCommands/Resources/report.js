'use strict';
// The page can be read without this script. With it, tables sort and curves tell their values.
(() => {
  const number = text => (text === '' || isNaN(text) ? null : Number(text));

  const compare = (a, b) => {
    const [x, y] = [number(a), number(b)];
    if (x !== null && y !== null) return x - y;
    if (a === '' || b === '') return (a === '') - (b === '');
    return a.localeCompare(b, 'en', {numeric: true});
  };

  const sort = (table, column, head) => {
    const descending = head.getAttribute('aria-sort') === 'ascending';
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [a, b].map(row => row.cells[column].dataset.value || '');
      const order = compare(x, y);
      return descending && x !== '' && y !== '' ? -order : order;
    });
    for (const row of rows) body.append(row);
  };

  for (const table of document.querySelectorAll('table.sortable')) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (!head.textContent) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => sort(table, column, head));
    });
  }

  // The values of the curves under the pointer.
  const reading = document.createElement('div');
  reading.className = 'reading';
  reading.hidden = true;
  reading.setAttribute('aria-hidden', 'true');
  document.body.append(reading);

  const shown = value => {
    const size = Math.abs(value);
    if (size >= 1000) return Math.round(value).toLocaleString('en');
    return size === 0 ? '0' : size < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  };

  const read = plot => {
    const parts = plot.dataset.plot.split(' ');
    const [left, right, top, bottom, x0, x1, y0, y1] = parts.slice(0, 8).map(Number);
    const isLogarithmic = parts[8] === 'logarithmic';
    const isShare = parts[9] === 'share';
    const curves = [...plot.querySelectorAll('.curve[points]')].map(curve => ({
      name: curve.dataset.name || '',
      points: curve.getAttribute('points').split(' ').map(pair => pair.split(',').map(Number)),
    }));
    const cross = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    cross.setAttribute('class', 'cross');
    const value = y => {
      const share = (bottom - y) / (bottom - top);
      return isLogarithmic ? y0 * (y1 / y0) ** share : y0 + (y1 - y0) * share;
    };
    plot.addEventListener('pointermove', event => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(plot.getScreenCTM().inverse());
      if (at.x < left - 5 || at.x > right + 5 || !curves.length) return leave();
      const nearest = points => points.reduce((a, b) => (Math.abs(b[0] - at.x) < Math.abs(a[0] - at.x) ? b : a));
      const found = curves.map(curve => ({name: curve.name, point: nearest(curve.points)}));
      const x = nearest(found.map(curve => curve.point))[0];
      const lines = found.filter(curve => Math.abs(curve.point[0] - x) < 6).map(curve =>
        `${curve.name} ${shown(value(curve.point[1]) * (isShare ? 100 : 1))}${isShare ? ' %' : ''}`.trim());
      reading.textContent = [shown(x0 + ((x1 - x0) * (x - left)) / (right - left)), ...lines].join('\n');
      for (const [name, number] of Object.entries({x1: x, x2: x, y1: top, y2: bottom})) cross.setAttribute(name, number);
      plot.append(cross);
      reading.hidden = false;
      const room = document.documentElement.clientWidth - event.clientX;
      reading.style.top = `${event.pageY + 12}px`;
      reading.style.left = `${room < 180 ? event.pageX - reading.offsetWidth - 12 : event.pageX + 12}px`;
    });
    const leave = () => {
      cross.remove();
      reading.hidden = true;
    };
    plot.addEventListener('pointerleave', leave);
  };

  for (const plot of document.querySelectorAll('svg[data-plot]')) read(plot);
})();
