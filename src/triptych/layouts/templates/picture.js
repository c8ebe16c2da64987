// The picture with the boxes: selecting, drawing, moving and resizing them with the mouse or the arrow keys.

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 3; // px; a smaller box is a click
const CORNERS = [["x0", "y0"], ["x1", "y0"], ["x0", "y1"], ["x1", "y1"]];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export class Picture {
  // `actions` has select(item), drawn(mode, box), changed(item, box) and stopped(); an item is {kind, index, part}.
  constructor(svg, size, actions) {
    Object.assign(this, { svg, size, actions, mode: null, drag: null, rendering: false });
    svg.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
    svg.addEventListener("pointerdown", (event) => this.#press(event));
    svg.addEventListener("pointermove", (event) => this.#move(event));
    svg.addEventListener("pointerup", (event) => this.#release(event));
    svg.addEventListener("pointercancel", () => this.#cancel());
    svg.addEventListener("keydown", (event) => this.#key(event));
    svg.addEventListener("focusin", (event) => {
      const item = this.#item(event.target);
      if (item && !this.drag && !this.rendering) this.actions.select(item);
    });
  }

  // Draws all boxes; a row is {kind, index, name, certainty, boxes: [[part, box]]}.
  render(rows, selected) {
    this.rendering = true;
    const focused = this.svg.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.svg.replaceChildren();
    for (const row of rows) {
      const chosen = selected && selected.kind === row.kind && selected.index === row.index;
      const group = element("g", { class: `${row.kind} ${row.certainty || ""} ${chosen ? "selected" : ""}` });
      for (const [part, box] of row.boxes) {
        const attributes = { class: part, tabindex: 0, role: "button", "aria-label": `${row.name}, ${part.replace("_", " ")}` };
        const rect = element("rect", attributes);
        Object.assign(rect.dataset, { kind: row.kind, index: row.index, part, key: `${row.kind}-${row.index}-${part}` });
        this.#place(rect, box);
        group.append(rect);
        if (chosen) this.#handles(group, row, part, box);
      }
      this.svg.append(group);
    }
    if (focused) this.svg.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    this.rendering = false;
  }

  draw(mode) {
    this.mode = mode;
    this.svg.classList.toggle("drawing", mode !== null);
  }

  #handles(group, row, part, box) {
    const side = 8 / this.#scale();
    for (const [x, y] of CORNERS) {
      const [cx, cy] = [x === "x0" ? box[0] : box[2], y === "y0" ? box[1] : box[3]];
      const handle = element("rect", { class: `handle ${x}${y}`, x: cx - side / 2, y: cy - side / 2, width: side, height: side });
      Object.assign(handle.dataset, { kind: row.kind, index: row.index, part, x, y });
      group.append(handle);
    }
  }

  #scale() {
    return (this.svg.clientWidth || this.size[0]) / this.size[0];
  }

  #place(rect, [x0, y0, x1, y1]) {
    for (const [key, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 })) rect.setAttribute(key, value);
  }

  #box(rect) {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((key) => Number(rect.getAttribute(key)));
    return [x, y, x + width, y + height];
  }

  #item(target) {
    const { kind, index, part } = target.dataset || {};
    return kind ? { kind, index: Number(index), part } : null;
  }

  #point(event) {
    const bounds = this.svg.getBoundingClientRect();
    const at = (value, start, length, size) => Math.min(size, Math.max(0, Math.round(((value - start) / length) * size)));
    return [
      at(event.clientX, bounds.left, bounds.width, this.size[0]),
      at(event.clientY, bounds.top, bounds.height, this.size[1]),
    ];
  }

  #press(event) {
    if (event.button !== 0) return;
    const start = this.#point(event);
    if (this.mode) {
      event.preventDefault();
      const rect = element("rect", { class: "new" });
      this.svg.append(rect);
      this.drag = { kind: "draw", rect, start, box: null };
    } else {
      const item = this.#item(event.target);
      if (!item) return;
      event.preventDefault();
      this.actions.select(item);
      const rect = this.svg.querySelector(`[data-key="${item.kind}-${item.index}-${item.part}"]`);
      rect.focus({ preventScroll: true });
      const { x, y } = event.target.dataset;
      this.drag = { kind: x ? "resize" : "move", item, rect, start, from: this.#box(rect), corner: [x, y], box: null };
    }
    this.svg.setPointerCapture(event.pointerId);
  }

  #move(event) {
    const { drag } = this;
    if (!drag) return;
    const [x, y] = this.#point(event);
    const [dx, dy] = [x - drag.start[0], y - drag.start[1]];
    if (drag.kind === "draw") drag.box = this.#ordered([...drag.start, x, y]);
    else if (drag.kind === "move") drag.box = this.#moved(drag.from, dx, dy);
    else {
      const box = [...drag.from];
      box[drag.corner[0] === "x0" ? 0 : 2] = x;
      box[drag.corner[1] === "y0" ? 1 : 3] = y;
      drag.box = this.#ordered(box);
    }
    this.#place(drag.rect, drag.box);
  }

  #release(event) {
    const { drag } = this;
    this.drag = null;
    if (!drag) return;
    this.svg.releasePointerCapture(event.pointerId);
    const large = drag.box && drag.box[2] - drag.box[0] >= LEAST && drag.box[3] - drag.box[1] >= LEAST;
    if (drag.kind === "draw") {
      drag.rect.remove();
      if (large) this.actions.drawn(this.mode, drag.box);
    } else if (large && String(drag.box) !== String(drag.from)) this.actions.changed(drag.item, drag.box);
    else this.#place(drag.rect, drag.from);
  }

  #cancel() {
    if (this.drag?.kind === "draw") this.drag.rect.remove();
    else if (this.drag) this.#place(this.drag.rect, this.drag.from);
    this.drag = null;
  }

  #key(event) {
    const item = this.#item(event.target);
    const step = ARROWS[event.key];
    if (!item || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const pixels = event.shiftKey ? 10 : 1;
    this.actions.changed(item, this.#moved(this.#box(event.target), step[0] * pixels, step[1] * pixels));
  }

  #moved([x0, y0, x1, y1], dx, dy) {
    const x = Math.min(this.size[0] - x1, Math.max(-x0, dx));
    const y = Math.min(this.size[1] - y1, Math.max(-y0, dy));
    return [x0 + x, y0 + y, x1 + x, y1 + y];
  }

  #ordered([x0, y0, x1, y1]) {
    return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
  }
}
