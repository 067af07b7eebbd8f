// Keys of a demo: 1-9 press the figure's presets (or open a tile), p shows or hides the plan, d turns light and dark.
(() => {
  const body = document.body;
  const asked = new URLSearchParams(location.search);
  const button = id => document.getElementById(id);

  // Kept for this window, so that a reload or the way back to the tiles does not flash white in a dark room.
  const remember = (name, value) => sessionStorage.setItem(`course-${name}`, value);
  const first = name => asked.get(name) ?? sessionStorage.getItem(`course-${name}`);

  const showDark = dark => {
    body.classList.toggle("dark", dark);
    button("course-dark-button").setAttribute("aria-pressed", dark);
    remember("theme", dark ? "dark" : "light");
  };
  const showPlan = plan => {
    body.classList.toggle("without-plan", !plan);
    button("course-plan-button")?.setAttribute("aria-expanded", plan);
    remember("plan", plan ? "shown" : "hidden");
  };
  const turnDark = () => showDark(!body.classList.contains("dark"));
  const turnPlan = () => showPlan(body.classList.contains("without-plan"));

  showDark(first("theme") === "dark");
  showPlan(first("plan") !== "hidden");
  button("course-dark-button").addEventListener("click", turnDark);
  button("course-plan-button")?.addEventListener("click", turnPlan);

  // What plays before there is a kernel makes room for the kernel's figure, which goes on where the lecturer left it.
  const before = button("course-before");
  before?.addEventListener("course-moved", event => { body.dataset.moved = JSON.stringify(event.detail); });
  const takeOver = new MutationObserver(() => {
    const figure = document.querySelector("#rendered_cells .course-panel canvas");
    if (!figure?.getClientRects().length) return;
    takeOver.disconnect();
    before.remove();
  });
  if (before) takeOver.observe(body, {subtree: true, childList: true, attributes: true, attributeFilter: ["style"]});

  // A page out of the browser's memory has no kernel any more.
  addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

  const field = "input:not([type=range]), textarea, select, [contenteditable='true']";
  document.addEventListener("keydown", event => {
    const typing = event.target.closest?.(field);
    if (typing) {
      // Enter sends what was typed; after it the keys are the page's again.
      if (event.key === "Enter") setTimeout(() => typing.blur());
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (/^[1-9]$/.test(event.key)) document.querySelectorAll(".course-preset")[event.key - 1]?.click();
    else if (event.key === "p") turnPlan();
    else if (event.key === "d") turnDark();
  }, {capture: true});  // a text field tells nobody of its keys afterwards
})();
