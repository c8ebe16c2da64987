// The editor of a layout file: the list of fields, the form of the selected one, and the exchange with the server.

import { Picture } from "./picture.js";

const $ = (id) => document.getElementById(id);
const MODES = { value: "draw-value", name: "draw-name", area: "draw-area" };
const HINTS = {
  value: "Drag a box around a value on the picture.",
  name: "Drag a box around the printed name of the selected field.",
  area: "Drag a box around an area that is never read.",
};
const SIDES = ["Left", "Top", "Right", "Bottom"];
const RING = /^ring_(\d+(?:\.\d+)?)_(\d+(?:\.\d+)?|inf)$/;
const AS_PRINTED = "";

const { entries: loaded, size, meanings, units } = await (await fetch("layout")).json();
let entries = loaded;
let selected = null; // {kind: "field" or "area", index}
let results = []; // what the reader last got for each field
let saved = JSON.stringify(entries);
const history = [];

const picture = new Picture($("overlay"), size, { select, drawn, changed: boxChanged });

function say(text, kind = "") {
  $("status").textContent = text;
  $("status").className = kind;
  $("status").setAttribute("role", kind === "bad" ? "alert" : "status");
}

// Every change goes through here, so that it can be undone.
function change(edit, merge = false) {
  const before = JSON.stringify(entries);
  edit();
  if (JSON.stringify(entries) === before) return;
  if (!merge || history.at(-1)?.merge !== merge) history.push({ text: before, merge });
  results = results.slice(0, entries.fields.length);
  show();
}

function undo() {
  const last = history.pop();
  if (!last) return say("Nothing to undo.");
  entries = JSON.parse(last.text);
  results = [];
  if (selected && !current()) selected = null;
  show();
  say("Undone.");
}

function current() {
  return selected && (selected.kind === "field" ? entries.fields[selected.index] : entries.ignore[selected.index]);
}

function select(item) {
  selected = item && { kind: item.kind, index: item.index };
  show();
}

function removeSelected() {
  if (!current()) return;
  const list = selected.kind === "field" ? entries.fields : entries.ignore;
  const { kind, index } = selected;
  const name = kind === "field" ? list[index].name : "The area";
  if (kind === "field") results.splice(index, 1);
  change(() => list.splice(index, 1));
  selected = kind === "field" && entries.fields.length ? { kind, index: Math.min(index, entries.fields.length - 1) } : null;
  show();
  if (selected) $("fields").children[selected.index].firstChild.focus();
  say(`${name} was removed.`);
}

function mode(name) {
  if (name === "name" && selected?.kind !== "field") return say("Select a field first, or draw its value.", "bad");
  picture.draw(name);
  for (const [each, id] of Object.entries(MODES)) $(id).setAttribute("aria-pressed", String(each === name));
  if (name) say(HINTS[name]);
}

function drawn(kind, box) {
  mode(null);
  if (kind === "name") {
    change(() => (entries.fields[selected.index].name_box = box));
    return say("The name box is set.");
  }
  if (kind === "area") {
    const inside = (field) => {
      const [x, y] = [(field.value_box[0] + field.value_box[2]) / 2, (field.value_box[1] + field.value_box[3]) / 2];
      return box[0] <= x && x <= box[2] && box[1] <= y && y <= box[3];
    };
    const hidden = entries.fields.filter(inside).map((field) => field.name);
    change(() => {
      entries.fields = entries.fields.filter((field) => !inside(field));
      entries.ignore.push(box);
      results = [];
    });
    select({ kind: "area", index: entries.ignore.length - 1 });
    return say(hidden.length ? `The area is ignored. Removed: ${hidden.join(", ")}.` : "The area is ignored.");
  }
  change(() => entries.fields.push({ name: freeName(), value_box: box }));
  select({ kind: "field", index: entries.fields.length - 1 });
  $("name").focus();
  $("name").select();
  say("Name the field, and choose its meaning. If its name is printed, draw that too (M).");
}

function freeName() {
  const taken = new Set(entries.fields.map((field) => field.name));
  for (let i = 1; ; i++) {
    const name = i === 1 ? "New field" : `New field ${i}`;
    if (!taken.has(name)) return name;
  }
}

function boxChanged({ kind, index, part }, box) {
  change(() => {
    if (kind === "field") entries.fields[index][part] = box;
    else entries.ignore[index] = box;
  }, `${kind}-${index}-${part}`);
}

// Rendering

function show() {
  const unsaved = JSON.stringify(entries) !== saved;
  $("unsaved").hidden = !unsaved;
  document.title = `${unsaved ? "• " : ""}${document.title.replace(/^• /, "")}`;
  showFields();
  showDetails();
  showIgnored();
  for (const key of ["decimals", "um_per_radius"]) if (document.activeElement !== $(key)) $(key).value = entries[key] ?? "";
  const fields = entries.fields.map((field, index) => ({
    kind: "field",
    index,
    name: field.name,
    certainty: results[index]?.certainty,
    boxes: ["name_box", "value_box"].filter((part) => field[part]).map((part) => [part, field[part]]),
  }));
  const areas = entries.ignore
    .map((box, index) => ({ kind: "area", index, name: "Ignored area", boxes: [["area", box]] }))
    .filter((row) => Array.isArray(row.boxes[0][1]));
  picture.render([...areas, ...fields], selected);
}

function showFields() {
  const focused = $("fields").contains(document.activeElement);
  const buttons = entries.fields.map((field, index) => {
    const button = document.createElement("button");
    button.type = "button";
    const chosen = selected?.kind === "field" && selected.index === index;
    button.setAttribute("aria-pressed", String(chosen));
    const [name, meaning, value] = ["b", "span", "output"].map((tag) => document.createElement(tag));
    name.textContent = field.name;
    meaning.textContent = field.meaning ? `${field.meaning}${field.unit ? ` in ${field.unit}` : ""}` : "as printed";
    const result = results[index];
    value.textContent = result ? result.text || "–" : "";
    value.className = result?.certainty || "";
    button.append(name, meaning, value);
    button.addEventListener("click", () => select({ kind: "field", index }));
    return button;
  });
  $("fields").replaceChildren(...buttons.map((button) => Object.assign(document.createElement("li"), {}).appendChild(button).parentNode));
  $("no-fields").hidden = entries.fields.length > 0;
  if (focused && selected?.kind === "field") $("fields").children[selected.index]?.firstChild.focus();
}

function showDetails() {
  const field = selected?.kind === "field" ? current() : null;
  $("details").hidden = !field;
  $("draw-name").disabled = !field;
  if (!field) return;
  const ring = RING.exec(field.meaning || "");
  const put = (id, value) => { if (document.activeElement !== $(id)) $(id).value = value; };
  put("name", field.name);
  options("meaning", [[AS_PRINTED, "none: kept as printed"], ["ring", "count in a ring of radii"], ...meanings.map((m) => [m, m])], ring ? "ring" : field.meaning || AS_PRINTED);
  $("radii").hidden = !ring;
  put("low", ring ? ring[1] : "");
  put("high", ring && ring[2] !== "inf" ? ring[2] : "");
  options("unit", [["", "as printed with the value, else µm"], ...units.map((unit) => [unit, unit])], field.unit || "");
  $("unit").disabled = !field.meaning || Boolean(ring) || field.meaning === "total";
  for (const place of document.querySelectorAll("#details .box")) showBox(place, field);
  showResult(results[selected.index]);
}

function options(id, pairs, value) {
  const known = pairs.some(([each]) => each === value) ? pairs : [...pairs, [value, value]];
  $(id).replaceChildren(...known.map(([each, text]) => new Option(text, each, false, each === value)));
}

function showBox(place, field) {
  const { part } = place.dataset;
  if (!place.childElementCount) {
    SIDES.forEach((side, i) => {
      const input = Object.assign(document.createElement("input"), { type: "number", step: 1, min: 0 });
      input.setAttribute("aria-label", `${part === "value_box" ? "Value" : "Name"} box, ${side.toLowerCase()}`);
      input.addEventListener("change", () => {
        const target = entries.fields[selected.index];
        if (input.value === "" || !target[part]) return show();
        change(() => (target[part] = target[part].map((value, k) => (k === i ? Number(input.value) : value))));
      });
      place.append(input);
    });
    if (part === "name_box") {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: "None" });
      button.title = "The name is not printed";
      button.addEventListener("click", () => change(() => delete entries.fields[selected.index].name_box));
      place.append(button);
    }
  }
  place.querySelectorAll("input").forEach((input, i) => {
    input.disabled = !field[part];
    if (document.activeElement !== input) input.value = field[part]?.[i] ?? "";
  });
}

function showResult(result) {
  $("result").replaceChildren();
  if (!result) return;
  const lines = [`Read: ${result.text || "nothing"}${result.value === null ? "" : `, value ${result.value}`}`, ...result.notes];
  $("result").append(...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  $("result").className = result.certainty || "doubtful";
}

function showIgnored() {
  $("ignored").replaceChildren(
    ...entries.ignore.map((item, index) => {
      const row = document.createElement("li");
      const label = document.createElement("button");
      label.type = "button";
      label.textContent = Array.isArray(item) ? `Area ${item.join(", ")}` : `Name ${item}`;
      label.setAttribute("aria-pressed", String(selected?.kind === "area" && selected.index === index));
      label.addEventListener("click", () => select({ kind: "area", index }));
      const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "Remove" });
      remove.setAttribute("aria-label", `Remove ${label.textContent}`);
      remove.addEventListener("click", () => { selected = { kind: "area", index }; removeSelected(); });
      row.append(label, remove);
      return row;
    }),
  );
}

// The form

function edited(id, event, edit) {
  $(id).addEventListener(event, () => change(() => edit(entries.fields[selected.index], $(id).value), event === "input" && `${id}-${selected.index}`));
}

function setMeaning(field, meaning) {
  if (meaning) field.meaning = meaning;
  else delete field.meaning;
  if (!meaning || meaning === "total" || RING.test(meaning)) delete field.unit;
}

edited("name", "input", (field, value) => { field.name = value; });
edited("meaning", "change", (field, value) => setMeaning(field, value === "ring" ? "ring_0_inf" : value));
edited("unit", "change", (field, value) => { if (value) field.unit = value; else delete field.unit; });
for (const id of ["low", "high"]) {
  edited(id, "change", (field) => setMeaning(field, `ring_${Number($("low").value) || 0}_${$("high").value === "" ? "inf" : Number($("high").value)}`));
}
for (const id of ["decimals", "um_per_radius"]) {
  $(id).addEventListener("change", () => change(() => { if ($(id).value === "") delete entries[id]; else entries[id] = Number($(id).value); }));
}
$("details").addEventListener("submit", (event) => event.preventDefault());
$("remove").addEventListener("click", removeSelected);
$("ignore-name").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = $("ignore-input").value.trim();
  if (name) change(() => entries.ignore.push(name));
  $("ignore-input").value = "";
});
$("undo").addEventListener("click", undo);
$("zoom").addEventListener("change", () => {
  $("stack").style.width = $("zoom").value && `${(size[0] * Number($("zoom").value)) / 100}px`;
  show();
});
for (const [name, id] of Object.entries(MODES)) {
  $(id).addEventListener("click", () => mode($(id).getAttribute("aria-pressed") === "true" ? null : name));
}

// The server

async function send(action) {
  say(action === "save" ? "Saving…" : "Reading…");
  try {
    const response = await fetch(action, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(entries) });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  } catch (error) {
    say(error instanceof TypeError ? "The editor was closed: start triptych layouts edit again." : error.message, "bad");
    return null;
  }
}

async function save() {
  const sent = JSON.stringify(entries);
  const answer = await send("save");
  if (!answer) return;
  saved = sent;
  show();
  say(answer.message, "good");
}

async function read() {
  const answer = await send("read");
  if (!answer) return;
  results = answer.fields;
  $("problems-section").hidden = !answer.problems.length;
  $("problems").replaceChildren(...answer.problems.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  show();
  say(answer.message, answer.ok ? "good" : "bad");
}

$("save").addEventListener("click", save);
$("read").addEventListener("click", read);

// Keys

document.addEventListener("keydown", (event) => {
  const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement.tagName);
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key === "s") save();
  else if ((event.ctrlKey || event.metaKey) && key === "z" && !typing) undo();
  else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === "Escape") { mode(null); say(""); }
  else if (typing) return;
  else if (event.key === "Delete" || event.key === "Backspace") removeSelected();
  else if (key === "n") mode("value");
  else if (key === "m") mode("name");
  else if (key === "i") mode("area");
  else if ($("fields").contains(document.activeElement) && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    const next = (selected?.kind === "field" ? selected.index : -1) + (event.key === "ArrowUp" ? -1 : 1);
    if (entries.fields[next]) select({ kind: "field", index: next });
    $("fields").children[selected?.index ?? 0]?.firstChild.focus();
  } else return;
  event.preventDefault();
});
window.addEventListener("beforeunload", (event) => { if (JSON.stringify(entries) !== saved) event.preventDefault(); });

show();
document.body.dataset.ready = "true";
