// The page of a running load: asks how far it is and shows it; at the end the page is opened anew.

const panel = document.querySelector("[data-job]");
const body = panel?.querySelector("tbody");
const PAUSE_MS = 500;

function show(tables) {
  let isNew = false;
  for (const { table, done, total } of tables) {
    const row = body.querySelector(`tr[data-name="${CSS.escape(table)}"]`);
    if (!row) {
      isNew = true;
      continue;
    }
    const bar = row.querySelector("progress");
    bar.max = total || 1;
    bar.value = total ? done : 1;
    row.querySelector(".number").textContent = `${done} / ${total}`;
  }
  return isNew;
}

async function watch() {
  for (;;) {
    await new Promise((later) => setTimeout(later, PAUSE_MS));
    let job;
    try {
      const answer = await fetch(panel.dataset.job);
      if (!answer.ok) break;
      job = await answer.json();
    } catch {
      continue; // the server may be restarting
    }
    // A table that begins has its title from the server, like everything that is written here.
    if (job.state !== "running" || show(job.tables)) break;
  }
  window.location.reload();
}

if (panel) watch();
