// Comfort on top of pages that work without it: `/` focuses the search, and a record and its words light up together.

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    const search = document.querySelector("#q");
    search?.focus();
    search?.select();
  }
});

const text = document.querySelector(".text");
if (text) {
  const words = (id) => text.querySelectorAll(`[data-r~="${CSS.escape(id)}"]`);
  const light = (ids, on) => {
    for (const id of ids) {
      document.getElementById(id)?.classList.toggle("on", on);
      for (const word of words(id)) word.classList.toggle("lit", on);
    }
  };
  // One listener a column: a report may hold thousands of marks.
  const idsOf = (target) => {
    const mark = target.closest?.(".text a[data-r]");
    if (mark) return [mark.getAttribute("href").slice(1)];
    const record = target.closest?.(".record[id]");
    return record ? [record.id] : [];
  };
  let lit = [];
  const follow = (event) => {
    const ids = event.type === "pointerleave" || event.type === "focusout" ? [] : idsOf(event.target);
    if (ids.join() === lit.join()) return;
    light(lit, false);
    light(ids, true);
    lit = ids;
  };
  for (const column of document.querySelectorAll(".text, .records")) {
    for (const type of ["pointerover", "pointerleave", "focusin", "focusout"]) column.addEventListener(type, follow);
  }
}
