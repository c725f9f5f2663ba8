// What a page of a comparison runs: sliders, tables that sort, tables that are copied. No `<` and no `&`, so that the page is
// well-formed XML; the policy of the page names the hash of this text, and nothing else may run.

export const pageScript = `
'use strict';
for (const slider of document.querySelectorAll('.slider')) {
  const range = slider.querySelector('input');
  const stack = slider.querySelector('.stack');
  const show = () => {
    stack.style.setProperty('--at', range.value + '%');
    range.setAttribute('aria-valuetext', range.value + ' % middle plane, ' + (100 - range.value) + ' % flattened');
  };
  const follow = (event) => {
    if (event.buttons === 0) return;
    const box = stack.getBoundingClientRect();
    range.value = Math.round((100 * (event.clientX - box.left)) / box.width);
    show();
  };
  range.addEventListener('input', show);
  stack.addEventListener('pointerdown', follow);
  stack.addEventListener('pointermove', follow);
  show();
}
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const compare = (a, b) => (isNaN(a) || isNaN(b) ? String(a).localeCompare(String(b), 'en', { numeric: true }) : a - b);
  heads.forEach((head, column) => {
    const button = head.querySelector('button');
    if (!button) return;
    button.addEventListener('click', () => {
      const direction = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', direction === 1 ? 'ascending' : 'descending');
      const value = (row) => row.cells[column].dataset.value;
      body.append(...[...body.rows].sort((a, b) => direction * compare(value(a), value(b))));
    });
  });
}
for (const button of document.querySelectorAll('button.copy')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const selection = getSelection();
    selection.selectAllChildren(document.getElementById(button.dataset.table));
    const done = document.execCommand('copy');
    selection.removeAllRanges();
    button.textContent = done ? 'Copied' : 'Copying is not allowed here';
  });
}
`;
