// Draws the chart that the page around it hands over, and says how high it is. It can do nothing else: its origin is nobody's, and its
// policy lets it load nothing.
const chart = document.querySelector("#chart");
let drawing = Promise.resolve();
let drawn;

async function draw({ specification, config }) {
  drawn?.finalize();
  drawn = undefined;
  try {
    drawn = await vegaEmbed(chart, specification, { renderer: "svg", actions: false, config });
  } catch {
    parent.postMessage({ failed: true }, "*");
  }
}

addEventListener("message", ({ source, data }) => {
  // One after the other: the last that was handed over is the one that stays.
  if (source === parent) drawing = drawing.then(() => draw(data));
});
new ResizeObserver(() => parent.postMessage({ height: chart.offsetHeight }, "*")).observe(chart);
parent.postMessage({ ready: true }, "*");
