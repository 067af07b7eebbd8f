// What a show can do, the same for demos and slides: the keys are in texts/room.toml. The page calls
// `courseRoom(host)`; its host has
//   figure()             the live figure that the room sees now, if any
//   address(figure)      where it is on the website, seen from there; "" if nowhere
//   forward(), back()    one step on or back
//   speech()             what the presenter's window shows, see presenter.js
//   keys                 what other keys do, by key
//   refit()              after the type was made larger or smaller
//   asleep()             whether the page itself wants the keys now
const SIZES = [1, 1.15, 1.3, 1.5];  // of all type
const TYPED = "input:not([type=range]), textarea, select, [contenteditable='true']";
const PRESSED = "input, button, a, summary";  // have Space of their own
const SPOKEN = 4000;  // milliseconds that a line stays

// Where the browser allows none, what would be remembered lasts as long as the page.
const memory = {};
const kept = (storage, name, value) => {
    const key = `course-${name}`;
    if (value !== undefined) memory[key] = String(value);
    try {
        if (value !== undefined) storage().setItem(key, value);
        return storage().getItem(key) ?? memory[key] ?? null;
    } catch {
        return memory[key] ?? null;
    }
};
const lasting = (name, value) => kept(() => localStorage, name, value);
const passing = (name, value) => kept(() => sessionStorage, name, value);

class Room {
    constructor(host) {
        Object.assign(this, {host, told: window.courseShow, says: window.courseShow.says});
        this.line = make("p", {className: "course-said", role: "status"});
        document.body.append(this.line);
        this.presenter = new Presenter(this);
        const {keys = {}} = host;
        const forward = () => this.forward(), back = () => host.back?.();
        this.steps = {PageDown: forward, ArrowRight: forward, " ": forward, PageUp: back, ArrowLeft: back};
        this.does = {
            c: () => this.turnCover(), a: () => this.keep(), x: () => this.release(),
            "+": () => this.type(1), "=": () => this.type(1), "-": () => this.type(-1),
            l: () => this.link(), s: () => this.present(), "?": () => this.help(),
            f: () => document.fullscreenElement ? document.exitFullscreen()
                : document.documentElement.requestFullscreen(),
            ...keys,
        };
        this.listen(window);
        document.addEventListener("course-shown", () => this.presenter.update());
        this.type(0);
        this.presenter.regain();
    }

    // Take the keys of a window, this one or the presenter's.
    listen(page) {
        page.addEventListener("keydown", event => this.pressed(event), {capture: true});
        // What was moved or pressed by hand gives the keys back.
        page.addEventListener("pointerup", () => setTimeout(() => {
            const {activeElement} = page.document;
            if (activeElement && !activeElement.matches(TYPED)) activeElement.blur();
        }));
    }

    // Take a key of either window.
    pressed(event) {
        const {key, target, view} = event, name = key.length === 1 ? key.toLowerCase() : key;
        const typed = target.closest?.(TYPED), here = (view || window) === window;
        if (typed) {
            if (key === "Enter") setTimeout(() => typed.blur());  // after it the keys are the page's again
            return;
        }
        if (event.ctrlKey || event.altKey || event.metaKey || (here && this.host.asleep?.())) return;
        const dialog = document.querySelector("dialog.course-dialog");
        if (dialog && key === "Escape") return this.took(event, () => dialog.remove());
        if (target.closest?.(".course-figure") && key === "Escape") return this.took(event, () => target.blur());
        const moving = this.steps[key], held = target.closest?.(key === " " ? PRESSED : "input");
        if (moving && held && !key.startsWith("Page")) event.stopImmediatePropagation();  // it is for the slider or the button
        else if (moving) {
            if (!event.shiftKey || !here) this.took(event, moving);
        } else if (/^[1-9]$/.test(key)) this.took(event, () => this.host.preset?.(Number(key)));
        else if (this.does[name]) this.took(event, () => event.repeat || this.does[name](event));
    }

    took(event, action) {
        event.preventDefault();
        event.stopImmediatePropagation();
        action();
    }

    say(line) {
        this.line.innerHTML = line;  // a text of the course's own
        clearTimeout(this.later);
        this.later = setTimeout(() => this.line.replaceChildren(), SPOKEN);
    }

    update() { this.presenter.update(); }

    forward() {
        if (this.host.figure()?.covered) return this.turnCover();
        this.host.forward?.();
    }

    // --- the figure

    // Do something with the figure that the room sees; say so where there is none.
    withFigure(action) {
        const figure = this.host.figure();
        if (figure) action(figure);
        else this.say(this.says.no_figure);
    }

    cover(figure, question = "") {
        const {predict, lifts} = this.says;
        figure.cover([question ? `${predict} ${question}` : predict, `(${lifts})`].join("\n"));
    }

    turnCover() {
        this.withFigure(figure => {
            if (figure.covered) figure.lift();
            else this.cover(figure);
            this.say(figure.covered ? "" : this.says.lifted);  // the cover speaks for itself
        });
    }

    // Keep the picture as A; one that was kept makes way for it.
    keep() {
        this.withFigure(figure => {
            if (figure.covered) return this.say(this.says.lift_first);
            if (!figure.shown) return;
            if (figure.pinned) figure.pin();
            figure.pin();
            this.say(this.says.kept);
        });
    }

    release() {
        this.withFigure(figure => {
            if (!figure.pinned) return;
            figure.pin();
            this.say(this.says.released);
        });
    }

    // --- the page

    type(steps) {
        const now = Math.max(SIZES.indexOf(Number(lasting("type") ?? 1)), 0);
        this.size = SIZES[Math.min(Math.max(now + steps, 0), SIZES.length - 1)];
        lasting("type", this.size);
        document.documentElement.style.setProperty("--type", this.size);
        this.host.refit?.(this.size);
        if (steps) this.say(this.says.type.replace("{percent}", Math.round(100 * this.size)));
    }

    // Lay something over the page; the same key takes it away.
    lay(name, label, ...inside) {
        const before = document.querySelector("dialog.course-dialog");
        before?.remove();
        if (before?.dataset.shows === name) return;
        const box = make("dialog", {className: "course-dialog", ariaLabel: label}, make("h2", {textContent: label}),
            ...inside, make("p", {className: "course-close", textContent: this.says.close}));
        box.dataset.shows = name;
        box.addEventListener("close", () => box.remove());
        document.body.append(box);
        box.showModal();
    }

    help() {
        const rows = this.told.keys.map(line => make("li", {innerHTML: line.replace(/^(.+?)(?:：|: *)/, "<kbd>$1</kbd> ")}));
        this.lay("help", this.says.keys, make("ul", {className: "course-keys"}, ...rows));
    }

    link() {
        const {says, told} = this, figure = this.host.figure();
        const path = this.host.address(figure);
        const refused = told.site ? says.no_page : says.no_site;
        if (!told.site || !path) return this.lay("link", says.phone, make("p", {innerHTML: refused}));
        const settings = figure ? `#${new URLSearchParams(figure.settings)}` : "";
        const address = `${told.site}${path}${settings}`;
        const link = make("a", {href: address, textContent: address, target: "_blank", rel: "noopener"});
        this.lay("link", says.phone, qrCode(address), make("p", {className: "course-address"}, link));
    }

    present() {
        if (!this.presenter.open()) this.say(this.says.blocked);
    }
}

function make(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
}

// Return a QR code as SVG, black on white on any ground.
function qrCode(text) {
    const code = leanQr.generate(text, {minCorrectionLevel: leanQr.correction.L}), {size} = code, quiet = 4;
    let path = "";
    for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
    }
    const view = `${-quiet} ${-quiet} ${size + 2 * quiet} ${size + 2 * quiet}`;
    const box = make("div", {className: "course-qr"});
    box.innerHTML = `<svg viewBox="${view}" role="img" aria-label="QR" shape-rendering="crispEdges">
        <rect x="${-quiet}" y="${-quiet}" width="100%" height="100%" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
    return box;
}

window.courseRoom = host => new Room(host);
window.courseRemembers = passing;  // also for a page's own script
