// What the pages do beyond HTML. Everything here is a comfort: each page works without it.
import { threeReadings, yuanInWords, yuanOfWan } from "./words.js";

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

/* ---- keys ---- */

let lastKey = "";
let lastAt = 0;

function onKey(event) {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    form?.requestSubmit(form.querySelector("button.btn-go[type=submit]") ?? form.querySelector("button[type=submit]"));
    return;
  }
  if (event.key === "Escape") closeMenus();
  walkBoard(event);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const then = event.timeStamp - lastAt < 1000 ? lastKey : "";
  [lastKey, lastAt] = [event.key, event.timeStamp];
  if (event.key === "/") focusSearch(event);
  else if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (then === "g" && event.key === "h") window.location.assign(document.body.dataset.home);
}

function focusSearch(event) {
  const shown = [...document.querySelectorAll("[data-search]")].find((box) => box.offsetParent !== null);
  if (!shown) return;
  event.preventDefault();
  shown.focus();
  shown.select();
}

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Arrows walk a board from slot to slot; slots without a link and breaks are stepped over. */
function walkBoard(event) {
  const step = STEPS[event.key];
  const cell = event.target.closest("[data-board] td");
  if (!step || !cell) return;
  let [row, column] = [cell.parentElement, cell.cellIndex];
  for (;;) {
    if (step[0]) row = step[0] > 0 ? row.nextElementSibling : row.previousElementSibling;
    column += step[1];
    if (!row || column < 1 || column >= cell.parentElement.cells.length) return;
    const next = row.cells[column]?.querySelector("a.mt, button.mt");
    if (!next) continue;
    event.preventDefault();
    next.focus();
    return;
  }
}

/* ---- menus and dialogs ---- */

function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu === except) continue;
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
}

function onClick(event) {
  closeMenus(event.target.closest("details[data-menu]"));
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog?.showModal) {
    event.preventDefault();
    closeMenus();
    dialog.showModal();
  } else if (event.target.nodeName === "DIALOG") {
    event.target.close(); // a click on the backdrop, which belongs to the dialog itself
  }
}

/* ---- amounts ---- */

function spell(box) {
  const output = document.getElementById(box.dataset.amount);
  if (!output) return;
  const yuan = yuanOfWan(box.value);
  const wrong = yuan === null && box.value.trim() !== "";
  output.classList.toggle("bad", wrong);
  output.replaceChildren();
  if (wrong) output.textContent = output.dataset.bad;
  if (yuan === null) return;
  const words = document.createElement("b");
  words.textContent = yuanInWords(yuan);
  output.append(words, threeReadings(yuan));
}

/* ---- forms ---- */

function onSubmit(event) {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // Buttons are only marked, not disabled: a disabled one would not send its own name and value.
  for (const button of form.querySelectorAll("[type=submit]")) button.setAttribute("aria-disabled", "true");
  form.setAttribute("aria-busy", "true");
}

/** The page may come back from the browser's memory; then its forms can be sent again. */
function onShow() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
}

function onChange(event) {
  const control = event.target;
  if (control.matches("[data-filedrop] input")) showFile(control);
  else if (control.matches("[data-select-page], [data-select-row], [data-select-all]")) select(control);
  else if (control.form?.matches("[data-auto]") && !control.matches("[type=search], [type=text]")) control.form.requestSubmit();
}

/** An empty filter is not part of the address. */
function onAutoData(event) {
  if (!event.target.matches("[data-auto]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
}

function showFile(input) {
  const label = input.closest("[data-filedrop]").querySelector("[data-filename]");
  label.dataset.asked ??= label.textContent;
  label.textContent = [...input.files].map((file) => file.name).join("、") || label.dataset.asked;
}

function onDrag(event) {
  const drop = event.target.closest?.("[data-filedrop]");
  drop?.classList.toggle("over", event.type === "dragenter" || event.type === "dragover");
}

/* ---- choosing rows ---- */

function select(control) {
  const scope = control.closest("form") ?? document;
  const rows = [...scope.querySelectorAll("[data-select-row]")];
  if (control.matches("[data-select-page]")) for (const row of rows) row.checked = control.checked;
  countChosen(scope);
}

function countChosen(scope) {
  const rows = [...scope.querySelectorAll("[data-select-row]")];
  const chosen = rows.filter((row) => row.checked).length;
  const all = scope.querySelector("[data-select-all]")?.checked ?? false;
  const bar = scope.querySelector("[data-bulk]");
  const page = scope.querySelector("[data-select-page]");
  if (page) [page.checked, page.indeterminate] = [chosen > 0 && chosen === rows.length, chosen > 0 && chosen < rows.length];
  if (!bar) return;
  bar.hidden = chosen === 0 && !all;
  const words = bar.querySelector("[data-bulk-count]");
  words.textContent = words.dataset.words.replace("{n}", all ? words.dataset.all : chosen);
}

/* ---- start ---- */

function prepare() {
  for (const box of document.querySelectorAll("[data-amount]")) if (box.value) spell(box);
  for (const bar of document.querySelectorAll("[data-bulk]")) countChosen(bar.closest("form") ?? document);
  for (const opener of document.querySelectorAll("[data-open][hidden]")) opener.hidden = false;
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit);
document.addEventListener("change", onChange);
document.addEventListener("formdata", onAutoData);
document.addEventListener("input", (event) => event.target.matches("[data-amount]") && spell(event.target));
for (const type of ["dragenter", "dragover", "dragleave", "drop"]) document.addEventListener(type, onDrag);
window.addEventListener("pageshow", onShow);
document.addEventListener("htmx:after:swap", () => prepare());
prepare();
document.querySelector("[data-focus]")?.focus();
