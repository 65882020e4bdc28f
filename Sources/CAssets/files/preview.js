// Shows what a form would give while one types: `data-preview` names where to ask, `data-preview-into` the element that shows the answer,
// and `data-preview-without` the fields that need not be sent. Without script the form has a button for it.

for (const form of document.querySelectorAll("form[data-preview]")) {
  const target = document.getElementById(form.dataset.previewInto);
  const without = form.dataset.previewWithout.split(" ");
  let timer;
  let latest = 0;

  async function show() {
    const fields = new URLSearchParams(new FormData(form));
    for (const name of without) fields.delete(name);
    const number = ++latest;
    try {
      const response = await fetch(`${form.dataset.preview}?${fields}`);
      const text = await response.text();
      // An answer that was overtaken by a later one is old.
      if (number !== latest) return;
      if (response.ok) target.innerHTML = text;
      else target.textContent = response.status === 401 ? "Your session has ended: sign in again in another tab." : "There is no answer now.";
    } catch {
      if (number === latest) target.textContent = "The server does not answer.";
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 250);
  });
}
