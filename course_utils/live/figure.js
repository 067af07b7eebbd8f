// A live figure on a page: controls, pictures, and what is said about them. Follows handle.js.
// Where its frames come from says what extends it: see kernel.js and atlas.js.

// The panels of one picture, which stand beside or below one another as there is room.
class Picture {
    constructor({panels, shades, alt}, memory, described) {
        this.players = panels.map(size => {
            const canvas = element("canvas");
            canvas.style.aspectRatio = `${size.width} / ${size.height}`;
            return new Player(canvas, {...size, shades});
        });
        this.memory = memory;
        const canvases = this.players.map(({canvas, width, height}) => {
            const panel = element("div", {className: "course-panel"}, canvas);
            panel.style.cssText = `flex-basis: ${0.98 * width}px; max-width: ${1.6 * width}px`;
            panel.style.setProperty("--ratio", width / height);  // for pages that limit its height
            return panel;
        });
        const spoken = {role: "img", "aria-label": alt, "aria-describedby": described};
        this.box = element("div", {className: "course-panels", ...spoken}, ...canvases);
    }

    show({frames}) {
        const {chunks, plates} = this.memory;
        this.players.forEach((player, i) => {
            if (player.chunks !== chunks) player.begin(chunks, plates[i]);
            player.draw(frames[i]);
        });
    }

    setDark(dark) { this.players.forEach(player => player.setDark(dark)); }
}

// Return whether a page is dark where an element stands.
function isDark(place) {
    for (let at = place; at; at = at.parentElement) {
        const colour = getComputedStyle(at).backgroundColor;
        const [red, green, blue, opacity = 1] = colour.match(/[\d.]+/g)?.map(Number) ?? [];
        if (colour.startsWith("rgb") && opacity > 0.5) return red + green + blue < 384;
    }
    return false;
}

const keyOf = settings => Object.values(settings).join("|");

// `memory` holds the frames that are there: {chunks, plates, frame(settings)}.
class Figure {
    constructor(told, el, memory) {
        // A saved notebook sorts names, and keys of states are values in the order of the controls.
        const first = Object.fromEntries(told.quantities.map(({name}) => [name, told.first[name]]));
        told = {...told, first};
        Object.assign(this, {memory, told, texts: told.texts, settings: {...first}});
        Object.assign(this, {refused: "", id: `course-${Math.random().toString(36).slice(2)}`});
        const move = changes => this.move(changes);
        const refuse = (key, fields) => this.say(this.refused = this.sentence(key, fields));
        this.controls = new Map();
        told.quantities.forEach((quantity, i) => {
            const Kind = controlOf(quantity);
            if (!Kind) this.redraw = quantity.name;
            else this.controls.set(quantity.name,
                new Kind(quantity, `${this.id}-${i}`, move, refuse, this.texts));
        });
        const rows = element("div", {className: "course-controls"},
            ...[...this.controls.values()].map(({row}) => row));
        this.status = element("p", {className: "course-status", role: "status",
            "data-busy": this.texts.training});
        this.words = element("p", {id: `${this.id}-words`, "aria-live": "polite",
            className: told.headline ? "course-words" : "course-unseen"});
        this.picture = new Picture(told, memory, `${this.id}-words`);
        told.dragged?.axes.forEach((axes, i) => {
            const {canvas, width} = this.picture.players[i];
            new Handle(this, canvas, width, axes);
        });
        this.pictures = element("div", {className: "course-pictures"}, this.picture.box);
        this.source = element("p", {className: "course-source"});
        this.listing = element("pre", {className: "course-listing", hidden: true, tabIndex: 0});
        this.box = element("div", {className: "course-figure"}, rows, this.buttons(), this.status,
            this.words, this.pictures, this.source, this.listing);
        this.box.figure = this;  // for a room, whose keys move it
        el.append(this.box);
        this.watch();
        this.showSettings();
    }

    // A button of the course's own, by the key of its text.
    button(name, onclick) {
        const title = this.texts[`${name}_hint`] || "", textContent = this.texts[name];
        return element("button", {type: "button", onclick, textContent, title, "data-does": name});
    }

    buttons() {
        const presets = this.told.presets.map(({label, hint, changes}) => element("button", {
            type: "button", className: "course-preset", textContent: label, title: hint,
            onclick: () => this.move(changes)}));
        const next = () => this.move({[this.redraw]: this.settings[this.redraw] + 1});
        this.pinning = this.button("pin", () => this.pin());
        this.pinning.setAttribute("aria-pressed", false);
        const coding = this.button("code", () => {
            this.listing.hidden = !this.listing.hidden;
            coding.setAttribute("aria-expanded", !this.listing.hidden);
        });
        coding.setAttribute("aria-expanded", false);
        return element("div", {className: "course-buttons"}, ...presets,
            ...(this.redraw ? [this.redrawing = this.button("masks", next)] : []),
            this.button("reset", () => this.move(this.told.first)), this.pinning,
            ...(this.told.code ? [coding] : []), ...this.downloads());
    }

    // Follow the page: its ground, its size, its zoom.
    watch() {
        const follow = () => [this.picture, this.pinned].forEach(
            picture => picture?.setDark(isDark(this.box)));
        const resized = () => this.picture.players.forEach(player => player.follow());
        const observer = new MutationObserver(follow);
        for (const place of [document.documentElement, document.body]) {
            observer.observe(place, {attributes: true});
        }
        const leaving = new AbortController(), {signal} = leaving;
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow, {signal});
        window.addEventListener("resize", resized, {signal});
        this.close = () => [observer.disconnect(), leaving.abort()];
        this.follow = follow;
        requestAnimationFrame(follow);  // only now it stands on the page
    }

    // Make changes of settings, as the reader wishes.
    move(changes) {
        Object.assign(this, {refused: "", last: {before: this.settings, changes}});
        this.settings = {...this.settings, ...changes};
        this.showSettings();
        this.say("");
        const known = this.memory.frame(this.settings);
        if (known) this.show(known);
        this.moved(known);
    }

    showSettings() {
        this.controls.forEach((control, name) => control.show(this.settings[name]));
    }

    // Return whether there is a picture of changes of settings, or can be.
    reaches() { return true; }

    isAt(settings) { return keyOf(settings) === keyOf(this.settings); }
    say(line) { if (this.status.textContent !== line) this.status.textContent = line; }

    sentence(key, fields) {
        return this.texts[key].replace(/\{(\w+)[^}]*\}/g, (_, name) => fields[name]);
    }

    show(frame) {
        const line = this.isSame(frame) ? this.texts.same_picture : this.refused;
        if (!frame.rough) this.say(line);
        this.shown = frame;
        this.paint();
        this.words.style.minHeight = `${1.5 * frame.words.split("\n").length}em`;
        this.listing.textContent = this.told.code.replace("{given}", () => frame.given);
        this.box.dataset.shown = keyOf(frame.settings);
        this.box.dispatchEvent(new CustomEvent("course-shown", {bubbles: true}));
    }

    // Draw what is shown; while it is covered, no more than what stands behind all frames.
    paint() {
        const {shown, covered, pictures, picture, words} = this;
        picture.show(covered ? {frames: shown.frames.map(() => [])} : shown);
        picture.box.setAttribute("aria-label", covered?.textContent || this.told.alt);
        words.textContent = covered ? "" : shown.words;
        pictures.dataset.moving = `B: ${this.described(shown.settings)}`;
    }

    // Cover the picture with a line until it is lifted: axes stay, and the controls move.
    cover(line) {
        this.covered?.remove();
        this.covered = element("p", {className: "course-cover", role: "status", textContent: line});
        this.pictures.append(this.covered);
        this.uncovering();
    }

    lift() {
        this.covered?.remove();
        this.covered = null;
        this.uncovering();
    }

    uncovering() {
        this.box.classList.toggle("course-covered", Boolean(this.covered));
        this.pinning.disabled = Boolean(this.covered);  // what is pinned is seen
        if (!this.shown) return;  // it will be covered when it comes
        this.paint();
        this.box.dispatchEvent(new CustomEvent("course-shown", {bubbles: true}));
    }

    described(settings) {
        return this.told.quantities.map(({name, label}) => `${label} ${settings[name]}`).join(", ");
    }

    // Return whether other masks have led to the same picture.
    isSame({frames, settings}) {
        const changed = this.shown && settings[this.redraw] !== this.shown.settings[this.redraw];
        return changed && JSON.stringify(frames) === JSON.stringify(this.shown.frames);
    }

    // Keep the present picture beside what moves, or let it go again.
    pin() {
        const pinned = this.pictures.querySelector("figure");
        this.pinning.setAttribute("aria-pressed", !pinned);
        this.pinned = null;
        if (pinned) return pinned.remove();
        const {chunks, plates} = this.memory;  // these, even if the figure begins anew
        this.pinned = new Picture({...this.told, alt: `A: ${this.told.alt}`}, {chunks, plates}, "");
        const line = `A: ${this.described(this.shown.settings)}. ${this.shown.words}`;
        const words = element("figcaption", {textContent: line});
        this.pictures.prepend(element("figure", {}, this.pinned.box, words));
        this.pinned.show(this.shown);
        this.follow();
    }

    save(kind, data) {
        const href = URL.createObjectURL(new Blob([data]));
        element("a", {href, download: `figure.${kind}`}).click();
        setTimeout(() => URL.revokeObjectURL(href), 1000);
    }
}
