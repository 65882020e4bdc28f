// Shows what a form would give while one types: `data-preview` names where to ask, `data-preview-into` the elements that show the answers,
// one each, and `data-preview-without` the fields that need not be sent. Without script the form has a button for it.

// The way to sign in again, beside the form that would be lost.
function signIn() {
  const way = document.createElement("a");
  way.href = "/sign-in";
  way.target = "_blank";
  way.textContent = "Sign in again";
  return way;
}

for (const form of document.querySelectorAll("form[data-preview]")) {
  const targets = form.dataset.previewInto.split(" ").map((id) => document.getElementById(id));
  const addresses = form.dataset.preview.split(" ");
  const without = form.dataset.previewWithout.split(" ");
  let timer;
  let latest = 0;

  async function show(address, target, fields, number) {
    try {
      const response = await fetch(`${address}?${fields}`);
      const text = await response.text();
      // An answer that was overtaken by a later one is old.
      if (number !== latest) return;
      if (response.ok) target.innerHTML = text;
      else if (response.status === 401) target.replaceChildren("You are signed out. ", signIn(), " in another tab: what you typed stays here.");
      else target.textContent = "There is no answer now.";
    } catch {
      if (number === latest) target.textContent = "The server does not answer.";
    }
  }

  function ask() {
    const fields = new URLSearchParams(new FormData(form));
    for (const name of without) fields.delete(name);
    const number = ++latest;
    addresses.forEach((address, index) => show(address, targets[index], fields, number));
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });

  // A share is no mean: where the metric becomes one, the other does not stay behind.
  const { metric, baseline } = form.elements;
  metric?.addEventListener("change", () => {
    if (baseline && baseline.value.includes("%") === (metric.value === "mean")) baseline.value = "";
  });
}
