"use strict";
const at = id => document.getElementById(id);
const rows = [...document.querySelectorAll("#overview tbody tr")];
const sections = [...document.querySelectorAll("details.segment")];
const partOf = row => at(row.dataset.part);
const lookedAt = new Map(rows.map(row => {
  const part = partOf(row), lines = [...part.querySelectorAll(".line")].map(line => line.textContent).join("");
  return [row, (row.cells[1].textContent + "\n" + part.querySelector("p").textContent + "\n" + lines).toLowerCase()];
}));

function filter() {
  const wanted = at("filter").value.trim().toLowerCase(), state = at("state").value;
  let count = 0;
  for (const row of rows) {
    const hides = !lookedAt.get(row).includes(wanted) || Boolean(state) && row.dataset.state !== state;
    row.hidden = partOf(row).hidden = hides;
    count += !hides;
  }
  at("shown").textContent = wanted || state ? `${count} of ${rows.length} shown` : "";
}
at("filter").addEventListener("input", filter);
at("state").addEventListener("input", filter);
document.querySelector("form").addEventListener("submit", event => event.preventDefault());
filter();

const heads = [...document.querySelectorAll("#overview thead th")];
heads.forEach((head, index) => head.querySelector("button").addEventListener("click", () => {
  const down = head.getAttribute("aria-sort") === "ascending";
  heads.forEach(other => other.setAttribute("aria-sort", "none"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const keys = new Map(rows.map(row => [row, row.cells[index].dataset.key]));
  const isNumber = rows.every(row => keys.get(row) !== "" && !isNaN(keys.get(row)));
  const texts = new Intl.Collator("en", { numeric: true });
  const order = isNumber ? (a, b) => keys.get(a) - keys.get(b) : (a, b) => texts.compare(keys.get(a), keys.get(b));
  rows.sort((a, b) => (down ? -1 : 1) * order(a, b));
  rows[0].parentNode.append(...rows);
}));

at("open-all").addEventListener("click", () => sections.forEach(each => { each.open = true; }));
at("close-all").addEventListener("click", () => sections.forEach(each => { each.open = false; }));
function openNamed() {
  const named = location.hash.length > 1 && at(location.hash.slice(1));
  if (!named || named.tagName !== "DETAILS") return;
  named.open = true;
  named.querySelector("summary").focus({ preventScroll: true });
  named.scrollIntoView();
}
window.addEventListener("hashchange", openNamed);
document.addEventListener("click", event => {
  const link = event.target.closest?.("a[href^='#s']");
  if (link && link.hash === location.hash) openNamed();
});
openNamed();

const picture = document.querySelector("svg.matrix");
if (picture) {
  const names = sections.map(each => each.querySelector("h3").textContent), both = new Map();
  for (const [one, other, count] of JSON.parse(at("pairs").textContent)) both.set(`${one} ${other}`, count);
  picture.addEventListener("pointermove", event => {
    const box = picture.getBoundingClientRect();
    const place = (from, whole) => Math.min(Math.max(Math.floor(from / whole * names.length), 0), names.length - 1);
    const row = place(event.clientY - box.top, box.height), column = place(event.clientX - box.left, box.width);
    const count = both.get(`${Math.min(row, column)} ${Math.max(row, column)}`) ?? 0;
    at("pointed").textContent = row === column ? names[row] : `${names[row]} and ${names[column]}: ${count.toLocaleString("en")} in both`;
  });
}
