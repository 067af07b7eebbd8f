// A demo on the projector: its plan goes step by step, and its presets ask before they show. Follows room.js.
(() => {
  const body = document.body;
  const asked = new URLSearchParams(location.search);
  const button = id => document.getElementById(id);

  // Kept for this window, so that a reload or the way back to the tiles does not flash white in a dark room.
  const remember = window.courseRemembers;
  const first = name => asked.get(name) ?? remember(name);

  const showDark = dark => {
    body.classList.toggle("dark", dark);
    button("course-dark-button").setAttribute("aria-pressed", dark);
    remember("theme", dark ? "dark" : "light");
  };
  const showPlan = plan => {
    body.classList.toggle("without-plan", !plan);
    button("course-plan-button")?.setAttribute("aria-expanded", plan);
    remember("plan-here", plan ? "shown" : "hidden");
  };
  const turnDark = () => showDark(!body.classList.contains("dark"));
  const turnPlan = () => showPlan(body.classList.contains("without-plan"));

  showDark(first("theme") === "dark");
  showPlan(first("plan-here") === "shown");  // it has the answers

  // What plays before there is a kernel makes room for the kernel's figure, which goes on where the lecturer left it.
  const before = button("course-before");
  before?.addEventListener("course-moved", event => { body.dataset.moved = JSON.stringify(event.detail); });
  const takeOver = new MutationObserver(() => {
    const figure = document.querySelector("#rendered_cells .course-panel canvas");
    if (!figure?.getClientRects().length) return;
    takeOver.disconnect();
    const covered = before.querySelector(".course-figure")?.figure.covered;
    if (covered) theFigure(document.querySelector("#rendered_cells"))?.cover(covered.textContent);
    before.remove();
    room.update();
  });

  // A page out of the browser's memory has no kernel any more.
  addEventListener("pageshow", event => { if (event.persisted) location.reload(); });

  const theFigure = (place = before?.isConnected ? before : document) => place.querySelector(".course-figure")?.figure;
  const {name = "", title, line, steps = [], seconds, atlas = ""} = window.courseShow.demo ?? {title: document.title};
  const covers = first("predict") !== "off";
  if (!covers) remember("predict", "off");
  const seen = new Set();  // presets that have asked
  let at = -1, last = 0;  // the step of the plan, none before it begins; the preset that was pressed last

  const presets = () => [...document.querySelectorAll(before?.isConnected ? "#course-before .course-preset" : ".course-preset")];
  const preset = number => presets()[number - 1]?.click();
  const goTo = step => {
    at = Math.max(-1, Math.min(step, steps.length - 1));
    room.update();
  };
  // Before a preset moves the figure, its question is laid over it; and the plan follows the preset.
  document.addEventListener("click", event => {
    const pressed = event.target.closest?.(".course-figure .course-preset");
    if (!pressed) return;
    const number = presets().indexOf(pressed) + 1, figure = theFigure();
    const asks = steps.flatMap(step => step.asks[number] ?? []);
    last = number;
    if (covers && asks.length && !seen.has(number)) {
      seen.add(number);
      room.cover(figure, asks[0]);
    } else if (figure.covered) figure.lift();  // another picture, another question
    const from = Math.max(at, 0), names = ({presses}) => presses.includes(number);
    const ahead = steps.findIndex((step, i) => i >= from && names(step));
    goTo(ahead < 0 ? (steps.findIndex(names) + 1 || at + 1) - 1 : ahead);
  }, {capture: true});

  // The step that follows, and the preset that it presses; a step may press two, one after the other.
  const next = () => {
    const here = steps[at]?.presses ?? [], more = here[here.indexOf(last) + 1];
    if (here.includes(last) && more) return [at, more];
    return [at + 1, steps[at + 1]?.presses[0]];
  };
  const forward = () => {
    const [step, number] = next();
    if (step >= steps.length) return;
    goTo(step);
    if (number) preset(number);
  };
  const speech = () => {
    const told = steps[at], [following, number] = next(), text = one => one ? `<p>${one.say}</p>` : "";
    const share = Math.max(at + 1, 0) / (steps.length || 1);
    return {
      title, say: told ? text(told) : `<p>${line ?? ""}</p>`,
      nextTitle: "", nextSay: text(steps[following]), step: number,
      plans: [{title, here: share * (seconds ?? 0), whole: seconds ?? 0}],
      draw: place => {
        place.replaceChildren();
        const changes = theFigure()?.told.presets[number - 1]?.changes;
        if (changes && atlas) window.courseDraw?.(atlas, changes, place);
      },
    };
  };
  const room = window.courseRoom({
    figure: () => theFigure(),
    address: () => atlas ? `figures/${atlas}.html` : "index.html",
    forward, back: () => goTo(at - 1), preset, speech,
    keys: {p: turnPlan, d: turnDark},
  });
  button("course-dark-button").addEventListener("click", turnDark);
  button("course-plan-button")?.addEventListener("click", turnPlan);
  button("course-help-button").addEventListener("click", () => room.help());
  if (before) takeOver.observe(body, {subtree: true, childList: true, attributes: true, attributeFilter: ["style"]});
})();
