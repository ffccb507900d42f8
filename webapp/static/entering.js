// Forms: suggestions for people and posts, the name of what is chosen, a warning before leaving.

document.querySelectorAll('input[data-source]').forEach((input) => {
  if (input.list && input.dataset.search) suggests(input);
});
document.querySelectorAll('input[data-search]').forEach(names);
document.querySelectorAll('form[data-entry]').forEach(guards);

// The datalist is filled while typing; choosing an entry writes its id.
function suggests(input) {
  const kind = { people: 'person', units: 'unit', posts: 'post' }[input.dataset.search];
  let waiting = 0;
  let asked = new AbortController();
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const text = input.value.trim();
    if (!text || [...input.list.options].some((option) => option.value === text)) return;
    try {
      const address = `${input.dataset.source}?q=${encodeURIComponent(text)}&limit=20`;
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) return;
      const { results } = await answer.json();
      input.list.replaceChildren(
        ...results
          .filter((result) => result.kind === kind)
          .map((result) => new Option(`${result.name} ${result.detail}`, result.id)),
      );
      input.dispatchEvent(new Event('suggested'));
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    }
  }
}

// Beside an id stands whose it is.
function names(input) {
  const said = document.querySelector(`output[data-named="${input.name}"]`);
  const show = () => {
    const chosen = [...input.list.options].find((option) => option.value === input.value);
    if (said && chosen) said.textContent = chosen.text;
    else if (said && input.value !== input.defaultValue) said.textContent = '';
  };
  for (const event of ['input', 'change', 'suggested']) input.addEventListener(event, show);
}

function guards(form) {
  let touched = false;
  form.addEventListener('input', () => (touched = true));
  form.addEventListener('submit', () => (touched = false));
  window.addEventListener('beforeunload', (event) => {
    if (touched) event.preventDefault();
  });
}
