// Meetings picked, moved and dropped on the board. Without this each step is a page of its own; the server judges either way.

const board = () => document.getElementById("board");

/** The board as the server draws it for an address. */
async function fetchBoard(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
}

/** Draw the board anew and stand on the cell that matters; where that fails, open the page. */
async function show(address) {
  const next = await fetchBoard(address).catch(() => null);
  if (!next) {
    window.location.assign(address);
    return;
  }
  board().replaceWith(document.adoptNode(next));
  (next.querySelector("[data-focus]") ?? next.querySelector(".mt.from, .mt"))?.focus({ preventScroll: false });
}

function onClick(event) {
  const link = event.target.closest?.("#board a[data-pick], #board a[data-cancel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.href);
}

function onKey(event) {
  if (event.key === "Escape") board()?.querySelector("[data-cancel]")?.click();
}

/** Say in the banner why a place is closed to the meeting being moved. */
function explain(event) {
  const clash = board()?.querySelector("[data-clash]");
  const cell = event.target.closest?.("#board .mt");
  if (!clash || !cell) return;
  clash.textContent = cell.dataset.why ? clash.dataset.clash + cell.dataset.why : "";
  clash.closest(".moving").classList.toggle("clear", !cell.dataset.why);
}

/* ---- dragging ---- */

let dragged = null;

const cellsOf = (root) => [...root.querySelectorAll("[data-board] tbody td")];

/** While a meeting is carried the board keeps its cells and only takes on their marks: a drag ends with its source. */
async function onDragStart(event) {
  const link = event.target.closest?.("#board a[data-pick]");
  if (!link) return;
  const carried = { address: link.href, next: null };
  dragged = carried;
  event.dataTransfer.effectAllowed = "move";
  const next = await fetchBoard(link.href).catch(() => null);
  if (!next || dragged !== carried) return;
  carried.next = next;
  const marked = cellsOf(next);
  cellsOf(board()).forEach((cell, place) => {
    const mark = marked[place]?.querySelector(".mt");
    const here = cell.querySelector(".mt");
    for (const name of ["drop", "blocked", "from"]) here.classList.toggle(name, mark?.classList.contains(name) ?? false);
    here.title = mark?.dataset.why ?? "";
  });
}

function target(event) {
  const cell = event.target.closest?.("#board [data-board] tbody td");
  return cell && dragged?.next ? cellsOf(dragged.next)[cellsOf(board()).indexOf(cell)].querySelector(".mt") : null;
}

function onDragOver(event) {
  for (const each of document.querySelectorAll("#board .mt.over")) each.classList.remove("over");
  const place = target(event);
  if (!place) return;
  event.target.closest("td").querySelector(".mt").classList.add("over");
  if (place.matches(".drop")) event.preventDefault();
}

function onDrop(event) {
  const place = target(event);
  if (!place?.matches(".drop")) return;
  event.preventDefault();
  const next = dragged.next;
  board().replaceWith(document.adoptNode(next));
  next.querySelector(`button[name="to"][value="${place.value}"]`).click();
}

/** A drag that ends nowhere leaves the meeting where it was. */
function onDragEnd() {
  if (!dragged) return;
  dragged = null;
  for (const cell of document.querySelectorAll("#board .mt")) cell.classList.remove("drop", "blocked", "from", "over");
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("focusin", explain);
document.addEventListener("mouseover", explain);
document.addEventListener("dragstart", onDragStart);
document.addEventListener("dragover", onDragOver);
document.addEventListener("drop", onDrop);
document.addEventListener("dragend", onDragEnd);
