// A chart of a page: `<gosset-chart label="…" height="220" specification="{…}">the same as a table</gosset-chart>`.
// The page's policy lets nothing be compiled, so Vega's expressions are interpreted. Without script, the table is what is shown.

const style = new CSSStyleSheet();
style.replaceSync(`
  :host { display: block; }
  .drawing svg { display: block; }
  details { margin-top: .25rem; }
  summary { cursor: pointer; color: var(--quiet); font-size: .875rem; width: fit-content; }
  summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
  .table { overflow-x: auto; background: var(--more); }
  .table:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
  @media print {
    .drawing svg { max-width: 100%; height: auto; }
    .table { background: none; }
    details:not([open]) { display: none; }
  }
`);

const library = import("./vega.js").then(() => window.vegaEmbed);
const dark = matchMedia("(prefers-color-scheme: dark)");

// What is in sight is drawn first, then what is a screen away, one after the other, with a moment between for whoever reads and
// scrolls meanwhile. The rest waits until it comes near, or until the page is printed.
const longestTurn = 50; // milliseconds
const near = new Set();
const waiting = new Set();
let isDrawing = false;

const nearness = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    if (isIntersecting) near.add(target); else near.delete(target);
  }
  drawWaiting();
}, { rootMargin: "100% 0px" });

function isInSight(chart) {
  const { top, bottom } = chart.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

function next() {
  const candidates = [...waiting].filter((chart) => near.has(chart));
  return candidates.find(isInSight) ?? candidates[0];
}

async function drawWaiting() {
  if (isDrawing) return;
  isDrawing = true;
  const embed = await library.catch(() => undefined);
  // The page is shown first.
  await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
  let began = performance.now();
  for (let chart = next(); chart; chart = next()) {
    waiting.delete(chart);
    await chart.draw(embed);
    performance.mark("gosset-chart", { detail: { isInSight: isInSight(chart) } });
    if (performance.now() - began > longestTurn) {
      await new Promise((go) => setTimeout(go));
      began = performance.now();
    }
  }
  isDrawing = false;
}

// Vega waits for no timer and no frame, so that all is drawn before the page is laid out for paper.
addEventListener("beforeprint", async () => {
  const embed = await library.catch(() => undefined);
  for (const chart of waiting) {
    waiting.delete(chart);
    chart.draw(embed);
  }
});

// The page's colours, as Vega-Lite takes them.
function config(width) {
  const page = getComputedStyle(document.documentElement);
  const color = (name) => page.getPropertyValue(name).trim();
  const font = getComputedStyle(document.body).fontFamily;
  return {
    background: null,
    font,
    view: { stroke: null },
    axis: {
      labelColor: color("--quiet"), titleColor: color("--quiet"), gridColor: color("--line"), domainColor: color("--line"),
      tickColor: color("--line"), labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500,
    },
    // On a phone, the names of rows need room more than what is drawn beside them, and a long title is smaller and ends where the axis ends.
    axisX: {
      labelSeparation: 10, labelOverlap: true, titleAnchor: width < 500 ? "end" : "middle", titleFontSize: width < 500 ? 11 : 12,
    },
    axisY: { labelLimit: Math.round(Math.max(width * 0.4, Math.min(width * 0.55, 170))) },
    legend: { labelColor: color("--text"), titleColor: color("--quiet"), orient: "top", title: null, labelFontSize: 12 },
    range: { category: [0, 1, 2, 3, 4, 5, 6, 7].map((index) => color(`--v${index}`)) },
    mark: { color: color("--v0") },
    rule: { color: color("--v0") },
  };
}

customElements.define("gosset-chart", class extends HTMLElement {
  static observedAttributes = ["specification"];
  #drawing;
  #drawn;
  #width = 0;
  #size = new ResizeObserver(() => {
    if (this.clientWidth !== this.#width) this.#wait();
  });

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    dark.addEventListener("change", this.#wait);
    this.#size.observe(this);
    nearness.observe(this);
    this.#wait();
  }

  disconnectedCallback() {
    dark.removeEventListener("change", this.#wait);
    this.#size.disconnect();
    nearness.unobserve(this);
    near.delete(this);
    waiting.delete(this);
    this.#clear();
  }

  attributeChangedCallback() { this.#wait(); }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    this.#drawing = document.createElement("div");
    this.#drawing.className = "drawing";
    // So that nothing moves when it is drawn.
    this.#drawing.style.minHeight = `${Number(this.getAttribute("height")) + 60}px`;
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "As a table";
    const table = document.createElement("div");
    table.className = "table";
    table.tabIndex = 0;
    table.setAttribute("role", "region");
    table.setAttribute("aria-label", `${this.getAttribute("label")}, as a table`);
    table.append(document.createElement("slot"));
    details.append(summary, table);
    root.append(this.#drawing, details);
  }

  #clear() {
    // What was told of the drawing that goes is told no more.
    if (this.#drawn) document.getElementById("vg-tooltip-element")?.classList.remove("visible");
    this.#drawn?.finalize();
    this.#drawn = undefined;
  }

  // Whatever happens until it is its turn is drawn at once.
  #wait = () => {
    if (!this.isConnected) return;
    waiting.add(this);
    drawWaiting();
  };

  async draw(embed) {
    this.#width = this.clientWidth;
    try {
      this.#clear();
      this.#drawing.hidden = false;
      this.#drawn = await embed(this.#drawing, JSON.parse(this.getAttribute("specification")), {
        renderer: "svg", actions: false, ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true }, config: config(this.#width),
      });
      this.#drawing.querySelector("svg").setAttribute("aria-label", this.getAttribute("label"));
      this.#drawing.style.minHeight = "";
    } catch {
      this.#drawing.hidden = true;
      this.shadowRoot.querySelector("details").open = true;
    }
  }
});
