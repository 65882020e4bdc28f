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

// What a page shows and is not kept current any more looks as if it were: so above the part it is said why, and what to do.
class Follower {
  #part;
  #events;
  #notice;
  #timer;

  constructor(part) {
    this.#part = part;
    this.#follow();
    // Whoever signed in again elsewhere, or is back from where there is no network, need not load the page anew.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#notice) this.#follow();
    });
  }

  #follow() {
    this.#events?.close();
    this.#wait();
    const events = new EventSource(this.#part.dataset.live);
    this.#events = events;
    events.onopen = () => this.#say();
    events.onmessage = ({ data }) => {
      const template = document.createElement("template");
      template.innerHTML = data;
      children(this.#part, template.content);
      watch();
      hint(near);
    };
    events.addEventListener("done", () => events.close());
    events.onerror = () => {
      // A stream that broke off is opened anew by the browser, mostly at once. One that was refused is not.
      if (events.readyState === EventSource.CLOSED) this.#explain();
      else this.#timer ??= setTimeout(() => this.#say("The server does not answer. What is shown is not current until it does."), 10_000);
    };
  }

  // Waits for nothing, or for something new.
  #wait(act, milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = act && setTimeout(act, milliseconds);
  }

  // Asks why the stream was refused, for the browser does not tell.
  async #explain() {
    const asking = new AbortController();
    const status = await fetch(this.#part.dataset.live, { signal: asking.signal, cache: "no-store" }).then((answer) => answer.status, () => 0);
    asking.abort();
    switch (status) {
      case 200: return this.#follow();
      case 401: return this.#say("You are signed out, so what is shown here is not kept current any more.", "Sign in again");
      case 403: return this.#say("Your role does not allow you to see this any more, so it is not kept current.", "Sign in as somebody else");
      case 404: return this.#say("What is shown here is not there any more.");
      default:
        this.#say("The server does not answer as it should. What is shown is not current until it does.");
        this.#wait(() => this.#follow(), 5_000);
    }
  }

  // Says something above the part, with a link to sign in that leads back here; or nothing any more.
  #say(text, link) {
    this.#wait();
    if (!text) {
      this.#notice?.remove();
      this.#notice = undefined;
      return;
    }
    this.#notice ??= this.#part.parentNode.insertBefore(document.createElement("p"), this.#part);
    this.#notice.className = "notice warn stale";
    this.#notice.setAttribute("role", "alert");
    this.#notice.textContent = text;
    if (!link) return;
    const way = document.createElement("a");
    way.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    way.textContent = link;
    this.#notice.append(" ", way);
  }
}

for (const part of document.querySelectorAll("[data-live]")) new Follower(part);
