// Comfort on top of pages that work without it: keys, a button that copies the link, and a record and its words that
// light up together.

const help = document.querySelector("#help");
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
let current = null;
let going = 0; // until when a letter after `g` counts

const choose = (step) => {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current);
  const next = all[Math.min(Math.max(at < 0 && step < 0 ? 0 : at + step, 0), all.length - 1)];
  current?.classList.remove("chosen");
  current = next;
  current.classList.add("chosen");
  const link = current.querySelector("[data-open], [data-evidence], a[href]");
  link?.focus({ preventScroll: true });
  current.scrollIntoView({ block: "nearest" });
};

const follow = (kind) => {
  const row = current ?? rows()[0];
  (row?.querySelector(`[${kind}]`) ?? row?.querySelector("a[href]"))?.click();
};

const keys = {
  "/": () => {
    const search = document.querySelector("#q");
    search?.focus();
    search?.select();
  },
  j: () => choose(1),
  k: () => choose(-1),
  o: () => follow("data-open"),
  e: () => follow("data-evidence"),
  "?": () => help?.showModal(),
  g: () => { going = Date.now() + 1500; },
};

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const go = Date.now() < going && document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
  going = 0;
  const act = go ? () => go.click() : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.querySelector("[data-help]")?.addEventListener("click", (event) => {
  if (!help) return;
  event.preventDefault();
  help.showModal();
});

// The clipboard is there on secure origins, to which loopback belongs.
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href + location.hash);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}

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
