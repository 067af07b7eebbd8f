// Slides on the projector: reveal.js shows them, room.js has the keys. `?preview` is the small picture in the
// presenter's window: it goes where it is told.
(() => {
  const preview = asked.has("preview"), paper = asked.has("print-pdf"), {plans, chapter} = window.courseShow;
  const root = document.documentElement;
  const figure = () => Reveal.getCurrentSlide()?.querySelector(".course-figure")?.figure;
  const atlas = () => Reveal.getCurrentSlide().querySelector("[data-atlas]")?.dataset.atlas;

  // Type as large as was asked for, as far as the slide has room for it.
  const refit = size => {
    const slide = Reveal.getCurrentSlide?.();
    if (!slide) return;
    const {style} = slide, parts = [...slide.querySelectorAll("pre, p:not(.course-unseen), li, table")];
    const wide = one => one.scrollWidth > one.clientWidth + 1 || one.offsetLeft + one.offsetWidth > 1280;
    const fits = () => slide.scrollHeight <= 720 && slide.scrollWidth <= 1280 && !parts.some(wide);
    for (let type = size; ; type -= 0.05) {
      style.setProperty("--type", Math.max(type, 1));
      if (type <= 1 || fits()) return;
    }
  };
  // What follows this step, on this slide or the next one.
  const coming = () => {
    const slides = Reveal.getSlides(), here = slides.indexOf(Reveal.getCurrentSlide());
    return Reveal.availableFragments().next ? slides[here] : slides[here + 1];
  };
  const speech = () => {
    const slides = Reveal.getSlides(), slide = Reveal.getCurrentSlide(), here = slides.indexOf(slide), next = coming();
    const titleOf = one => one?.querySelector("h1, h2")?.innerHTML ?? "";
    const sum = seconds => seconds.reduce((all, one) => all + one, 0);
    return {
      title: titleOf(slide), say: Reveal.getSlideNotes(slide) ?? "",
      nextTitle: titleOf(next), nextSay: "",
      step: [here, Reveal.getState().indexf, root.className].join(" "),
      plans: plans.map(({title, seconds}) => ({title, here: sum(seconds.slice(0, here + 1)), whole: sum(seconds)})),
      draw: place => {
        const src = `${location.href.split(/[?#]/)[0]}?preview${root.classList.contains("dark") ? "&theme=dark" : ""}`;
        let frame = place.querySelector("iframe");
        if (frame?.src !== src) {
          frame = Object.assign(document.createElement("iframe"), {title: "", tabIndex: -1, src});
          frame.addEventListener("load", () => send());
          place.replaceChildren(frame);
        }
        const send = () => {
          const tell = (method, ...args) => frame.contentWindow?.postMessage(JSON.stringify({method, args}), "*");
          tell("setState", {...Reveal.getState(), overview: false, paused: false});
          tell("next");
        };
        send();
      },
    };
  };
  const ready = () => {
    if (preview || paper) return;
    const room = window.courseRoom({
      figure, refit, speech,
      address: () => atlas() ? `figures/${atlas()}.html` : `${chapter}.html`,
      forward: () => Reveal.next(), back: () => Reveal.prev(),
      preset: number => figure()?.box.querySelectorAll(".course-preset")[number - 1]?.click(),
      keys: {
        d: () => [root.classList.toggle("dark"), room.update()],
        o: () => Reveal.toggleOverview(),
        b: () => Reveal.togglePause(), ".": () => Reveal.togglePause(),  // the point is what clickers send
      },
      asleep: () => Reveal.isOverview(),
    });
    for (const box of document.querySelectorAll("[data-covered] .course-figure")) room.cover(box.figure);
    for (const name of ["slidechanged", "fragmentshown", "fragmenthidden"]) {
      Reveal.on(name, () => setTimeout(() => [refit(room.size), room.update()]));  // else of the step before
    }
  };
  // The window of a small picture is no phone, on which reveal.js would scroll.
  const still = {keyboard: false, controls: false, progress: false, hash: false, slideNumber: false, scrollActivationWidth: null};
  Reveal.initialize({
    width: 1280, height: 720, margin: 0, center: false, display: "flex",
    hash: true, slideNumber: "c/t", transition: "none", backgroundTransition: "none",
    navigationMode: "linear", help: false,
    pdfMaxPagesPerSlide: 1, pdfSeparateFragments: false,
    ...(preview ? still : {}),
  }).then(ready);
})();
