// Questions on a page without a kernel: guesses stay in this browser, and stand beside what came out. Follows guess.js.
const SHELF = "course-guesses";

// Return all guesses that are kept; a browser may refuse to keep any.
function keptGuesses() {
    try { return JSON.parse(localStorage.getItem(SHELF)) ?? {}; } catch { return {}; }
}

const guesses = keptGuesses(), forms = new Map();

function keepGuess(key, kept) {
    guesses[key] = kept;
    try {
        localStorage.setItem(SHELF, JSON.stringify({...keptGuesses(), [key]: kept}));
    } catch { /* it lasts as long as the page */ }
    tellAll();
}

const numberText = value => Number(value.toPrecision(4)).toString();

function wordsOf(asked, guess) {
    if (asked.kind === "choice") return asked.options[guess];
    return asked.kind === "number" ? `${numberText(guess)} ${asked.unit}`.trim() : asked.texts.a_curve;
}

// Show at an outcome what was guessed: a sentence, or the curve once more.
function tellOutcome(place) {
    place.querySelector(".course-yours")?.remove();
    const asked = forms.get(place.dataset.outcome)?.asked, {guess} = guesses[place.dataset.outcome] ?? {};
    if (guess === undefined || !asked) return;
    const yours = part("div", {className: "course-yours"});
    if (asked.kind === "curve") {
        const drawn = new Curve(asked.curve, "", () => {});
        drawn.picture.onpointerdown = drawn.picture.onpointermove = null;
        drawn.sliders.forEach(slider => { slider.disabled = true; });
        drawn.show(guess);
        yours.append(part("p", {textContent: asked.texts.yours}), drawn.box);
    } else {
        const words = wordsOf(asked, guess);
        const said = asked.kind === "choice" ? asked.texts.a_choice.replace("{words}", () => words) : words;
        yours.append(...marked(asked.texts.guessed_that.replace("{guess}", () => said)));
    }
    place.append(yours);
}

// Show at a chapter's end what was guessed in it; a curve says for itself how near it is.
function tellAllOf(place) {
    const made = [...forms].filter(([key]) => guesses[key]?.guess !== undefined);
    place.querySelector("table")?.remove();
    place.querySelectorAll("p").forEach(line => { line.hidden = made.length > 0; });
    if (!made.length) return;
    const {texts, sure} = made[0][1].asked;
    const row = (tag, cells) => part("tr", {}, ...cells.map(cell => part(tag, {}, ...marked(cell))));
    const rows = made.map(([key, {asked}]) => {
        const came = document.querySelector(`[data-outcome="${key}"]`)?.dataset.said ?? "";
        return row("td", [asked.asks, wordsOf(asked, guesses[key].guess), came, sure[guesses[key].sure] ?? ""]);
    });
    const heads = row("th", [texts.question, texts.guessed, texts.came_out, texts.how]);
    place.prepend(part("table", {}, part("thead", {}, heads), part("tbody", {}, ...rows)));
}

function tellAll() {
    document.querySelectorAll("[data-outcome]").forEach(tellOutcome);
    document.querySelectorAll("[data-calibration]").forEach(tellAllOf);
}

for (const place of document.querySelectorAll("[data-guess]")) {
    const {guess: key} = place.dataset, asked = JSON.parse(place.querySelector("script").textContent);
    place.replaceChildren();
    const form = new GuessForm(asked, place, kept => keepGuess(key, kept));
    form.show(guesses[key] ?? {});
    forms.set(key, form);
}
tellAll();
