// Keeps a part of the page current: `data-live` names a stream of server-sent events, each the HTML of the part as it now is.
// Where only texts and attributes differ they are changed in place, so that bars move, and what is selected or read stays.

function update(from, to) {
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const name of from.getAttributeNames()) {
    // What a reader has opened stays open.
    if (!to.hasAttribute(name) && !(name === "open" && from.nodeName === "DETAILS")) from.removeAttribute(name);
  }
  children(from, to);
}

function children(from, to) {
  const alike = from.childNodes.length === to.childNodes.length
    && [...from.childNodes].every((node, i) => node.nodeName === to.childNodes[i].nodeName);
  if (alike) {
    [...from.childNodes].forEach((node, i) => update(node, to.childNodes[i]));
  } else {
    from.replaceChildren(...to.childNodes);
  }
}

// Tells what is wider than its place, so that nobody takes the part in sight for all of it. Only what is near is measured, once it has been
// laid out: to ask how wide the rest is would have all of the page laid out before anything of it is shown.
const near = new Set();
const nearness = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    if (isIntersecting) { near.add(target); sizes.observe(target); } else { near.delete(target); sizes.unobserve(target); }
  }
}, { rootMargin: "100% 0px" });
const sizes = new ResizeObserver((changes) => hint(changes.map(({ target }) => target)));

function hint(boxes) {
  for (const box of boxes) box.classList.toggle("more", box.scrollWidth > box.clientWidth + 1);
}

function watch() {
  for (const box of document.querySelectorAll(".scroll, gosset-chart")) nearness.observe(box);
}

watch();

for (const part of document.querySelectorAll("[data-live]")) {
  const events = new EventSource(part.dataset.live);
  events.onmessage = (event) => {
    const template = document.createElement("template");
    template.innerHTML = event.data;
    children(part, template.content);
    watch();
    hint(near);
  };
  events.addEventListener("done", () => events.close());
}
