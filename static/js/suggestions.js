// The keys of the list of partners, and its evidence beside it without leaving the page. Every page works without this.

const WIDE = window.matchMedia("(min-width: 992px)");
const rows = () => [...document.querySelectorAll("[data-sug]")].filter((row) => row.offsetParent !== null);
const current = () =>
  document.activeElement?.closest("[data-sug]") ?? rows().find((row) => row.getAttribute("aria-current")) ?? null;
const nameOf = (row) => row?.querySelector("h3 a, h4 a") ?? null;
const isBusy = () => document.querySelector("#suggested.htmx-request") !== null;
const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;

/** Show one suggestion beside the list. The address says which, so that it can be opened again or sent on. */
function beside(link) {
  if (!WIDE.matches || !document.getElementById("suggested")) return false;
  const url = link.dataset.panel;
  const headers = { "HX-Target": "div#suggested" };
  window.htmx.ajax("GET", url, { source: link, target: "#suggested", swap: "outerMorph", replace: url, headers });
  return true;
}

function onClick(event) {
  const link = event.target.closest("a[data-panel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  if (beside(link)) event.preventDefault();
}

/** Go to the next row or the one before; on a wide screen its evidence follows. */
let waiting = 0;
function step(by) {
  const all = rows();
  const next = nameOf(all[Math.min(Math.max(all.indexOf(current()) + by, 0), all.length - 1)]);
  if (!next) return;
  next.focus();
  clearTimeout(waiting);
  waiting = setTimeout(() => beside(next), 120);
}

function press(selector, scope = current()) {
  const found = scope?.querySelector(selector) ?? document.querySelector(`#panel ${selector}`);
  found?.click();
}

const KEYS = {
  1: () => press("[data-verdict='1']"),
  2: () => press("[data-verdict='2']"),
  3: () => press("[data-verdict='3']"),
  u: () => document.querySelector("[data-undo]")?.click(),
  m: () => (current()?.querySelector("[data-meet]") ?? document.querySelector("[data-meet]"))?.click(),
  x: () => press("[data-compare]"),
  c: () => document.querySelector("[data-compare-all]")?.click(),
};
const WALK = { j: 1, k: -1 };
const WALK_IN_LIST = { ArrowDown: 1, ArrowUp: -1 };
let later = null;

/** Walking never waits; what changes the list waits for the change before it, and then acts on the list as it is. */
function act(key, inList) {
  const by = WALK[key] ?? (inList ? WALK_IN_LIST[key] : undefined);
  if (by !== undefined) step(by);
  else if (!(key in KEYS)) return false;
  else if (isBusy()) later = KEYS[key];
  else KEYS[key]();
  return true;
}

function onDone() {
  const waited = later;
  later = null;
  if (waited) setTimeout(waited);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const inList = event.target.closest("[data-sug]");
  if (event.key === "Enter" && (inList ? event.target.matches("[data-panel]") : event.target === document.body)) {
    const link = nameOf(current());
    if (!link) return;
    event.preventDefault();
    window.location.assign(link.href);
    return;
  }
  if (act(event.key, inList !== null)) event.preventDefault();
}

/** An answer that is no list, such as the way in after the cookie has ended, is opened as the page it is. */
function onAnswer(event) {
  const { target, text } = event.detail.ctx;
  if (target?.id !== "suggested" || text.includes('id="suggested"')) return;
  event.preventDefault();
  window.location.reload();
}

/** The table of keys, opened by “?”, gains those of this page. */
function tellKeys() {
  const told = document.querySelector("template[data-keys]");
  document.querySelector("#keys dl")?.prepend(told?.content.cloneNode(true) ?? "");
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("htmx:after:request", onAnswer);
document.addEventListener("htmx:finally:request", onDone);
tellKeys();
