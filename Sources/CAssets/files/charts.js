// A chart of a page: `<gosset-chart label="…" height="220" specification="{…}">the same as a table</gosset-chart>`.
// Vega-Lite compiles expressions, which the page's policy forbids; so a frame draws it that has an origin of its own and a policy of its own.
// It is given the specification and the page's colours, and tells its height. Without script, the table is what is shown.

const style = new CSSStyleSheet();
style.replaceSync(`
  :host { display: block; }
  iframe { display: block; width: 100%; border: 0; color-scheme: light dark; }
  details { margin-top: .25rem; }
  summary { cursor: pointer; color: var(--quiet); font-size: .875rem; width: fit-content; }
  summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
  .table { overflow-x: auto; }
`);

const dark = matchMedia("(prefers-color-scheme: dark)");

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
    axisY: { labelLimit: Math.round(width * 0.4) },
    legend: { labelColor: color("--text"), titleColor: color("--quiet"), orient: "top", title: null, labelFontSize: 12 },
    range: { category: [0, 1, 2, 3, 4, 5, 6, 7].map((index) => color(`--v${index}`)) },
    mark: { color: color("--v0") },
    rule: { color: color("--v0") },
  };
}

customElements.define("gosset-chart", class extends HTMLElement {
  static observedAttributes = ["specification"];
  #frame;
  #isReady = false;
  #width = 0;
  #size = new ResizeObserver(() => {
    if (this.clientWidth !== this.#width) this.#draw();
  });

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    addEventListener("message", this.#hear);
    dark.addEventListener("change", this.#draw);
    this.#size.observe(this);
  }

  disconnectedCallback() {
    removeEventListener("message", this.#hear);
    dark.removeEventListener("change", this.#draw);
    this.#size.disconnect();
    // A frame that is put into the page again loads again.
    this.#isReady = false;
  }

  attributeChangedCallback() { this.#draw(); }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    this.#frame = document.createElement("iframe");
    this.#frame.setAttribute("sandbox", "allow-scripts");
    this.#frame.title = this.getAttribute("label");
    this.#frame.tabIndex = -1;
    this.#frame.loading = "lazy";
    this.#frame.style.height = `${Number(this.getAttribute("height")) + 60}px`;
    this.#frame.src = "/charts/frame";
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "As a table";
    const table = document.createElement("div");
    table.className = "table";
    table.append(document.createElement("slot"));
    details.append(summary, table);
    root.append(this.#frame, details);
  }

  #hear = ({ source, data }) => {
    if (source !== this.#frame.contentWindow) return;
    if (data.ready) {
      this.#isReady = true;
      this.#draw();
    }
    if (data.height > 0) this.#frame.style.height = `${Math.min(Math.ceil(data.height), 4000)}px`;
    if (data.failed) {
      this.#frame.hidden = true;
      this.shadowRoot.querySelector("details").open = true;
    }
  };

  #draw = () => {
    if (!this.#isReady) return;
    this.#width = this.clientWidth;
    const specification = JSON.parse(this.getAttribute("specification"));
    this.#frame.contentWindow.postMessage({ specification, config: config(this.#width) }, "*");
  };
});
