// A live figure in a notebook: controls here, frames from the kernel, kept here. Follows player.js.
const BUSY = 80, REST = 400, SOON = 20, LONG = 5000;  // milliseconds
// Jupyter's servers hold an answer back until the browser has acknowledged what came before it,
// which it does 40 ms late, unless it says something itself.
const NUDGE = 8;

// Return an element with properties, and with children; `data-` and `aria-` ones are attributes.
function element(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name.includes("-")) made.setAttribute(name, value);
        else made[name] = value;
    }
    made.append(...children);
    return made;
}

// What all views of a figure share: the chunks and frames that the kernel has sent.
class Memory {
    constructor() { this.begin(-1); }
    begin(era) { Object.assign(this, {era, chunks: [], plates: null, frames: new Map()}); }

    key(settings) { return Object.values(settings).join("|"); }
    frame(settings) { return this.frames.get(this.key(settings)); }

    // Take what a message brings; what follows a gap is left: it was meant for another reader.
    learn(message, buffers) {
        if (!message.frames) return;
        if (message.era !== this.era) this.begin(message.era);
        if (message.first > this.chunks.length) return;
        const view = buffers[0];
        const bytes = new Uint8Array(view.buffer || view, view.byteOffset || 0, view.byteLength);
        let at = 0;
        message.lengths.forEach((length, i) => {
            this.chunks[message.first + i] = bytes.slice(at, at += length);
        });
        if (message.plates) this.plates = message.plates;
        if (!message.rough) this.frames.set(this.key(message.settings), message);
    }
}

// A number: a slider and a field beside it that takes what lies between its steps.
class RangeControl {
    constructor(told, id, move, refuse, texts) {
        Object.assign(this, {told, move, refuse, texts});
        const {low: min, high: max, step, label} = told;
        this.slider = element("input", {type: "range", id, min, max, step,
            "data-lm-suppress-shortcuts": "true"});  // else JupyterLab takes the arrow keys
        this.field = element("input", {type: "text", inputMode: "decimal", "aria-label": label,
            className: "course-field", "data-lm-suppress-shortcuts": "true"});
        this.slider.addEventListener("input", () => move({[told.name]: this.slider.valueAsNumber}));
        this.field.addEventListener("change", () => this.read());
        this.field.addEventListener("keydown", ({key}) => key === "Enter" && this.read());
        const name = element("label", {htmlFor: id, textContent: label});
        this.row = element("div", {className: "course-control"}, name, this.slider, this.field);
    }

    read() {
        const {name, label, low, high, digits} = this.told, text = this.field.value.trim();
        if (text === this.value.toFixed(digits)) return;
        const value = /^[-+.,\de]+$/i.test(text) ? Number(text.replace(",", ".")) : NaN;
        if (value >= low && value <= high) {
            this.move({[name]: Number(value.toFixed(digits ? 10 : 0))});
        } else {
            this.show(this.value);
            const fields = {name: label, low, high, given: `'${text}'`};
            this.refuse(this.texts.number.replace(/\{(\w+)[^}]*\}/g, (_, one) => fields[one]));
        }
    }

    show(value) {
        this.value = value;
        this.slider.value = value;
        this.field.value = value.toFixed(this.told.digits);
    }
}

// One of a few: a row of buttons of which one is pressed.
class ChoiceControl {
    constructor({name, label, options}, id, move) {
        this.buttons = options.map(option => element("button", {type: "button",
            textContent: option, title: `${label} ${option}`,
            onclick: () => move({[name]: option})}));
        const heading = element("span", {id, textContent: label});
        const group = {className: "course-choice", role: "group", "aria-labelledby": id};
        this.row = element("div", {className: "course-control"}, heading,
            element("div", group, ...this.buttons));
    }

    show(value) {
        this.buttons.forEach(button =>
            button.setAttribute("aria-pressed", button.textContent === value));
    }
}

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
            panel.style.cssText = `flex-basis: ${0.87 * width}px; max-width: ${1.45 * width}px`;
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

// One view of a figure: its controls, its picture, and what is said about it.
class View {
    constructor(model, el, memory) {
        const told = model.get("declaration");
        Object.assign(this, {model, memory, told, texts: told.texts, settings: {...told.first}});
        const id = this.by = `course-${Math.random().toString(36).slice(2)}`;
        Object.assign(this, {waiting: false, timers: [], refused: ""});
        const move = changes => this.move(changes);
        const refuse = line => this.say(this.refused = line);
        this.controls = new Map();
        told.quantities.forEach((quantity, i) => {
            const kinds = {Range: RangeControl, Choice: ChoiceControl}, Kind = kinds[quantity.kind];
            if (!Kind) this.redraw = quantity.name;
            else this.controls.set(quantity.name,
                new Kind(quantity, `${id}-${i}`, move, refuse, this.texts));
        });
        const rows = element("div", {className: "course-controls"},
            ...[...this.controls.values()].map(({row}) => row));
        this.status = element("p", {className: "course-status", role: "status",
            "data-busy": this.texts.training});
        this.words = element("p", {id: `${id}-words`, "aria-live": "polite",
            className: told.headline ? "course-words" : "course-unseen"});
        this.picture = new Picture(told, memory, `${id}-words`);
        this.pictures = element("div", {className: "course-pictures"}, this.picture.box);
        this.listing = element("pre", {className: "course-listing", hidden: true, tabIndex: 0});
        this.box = element("div", {className: "course-figure"}, rows, this.buttons(), this.status,
            this.words, this.pictures, this.listing);
        el.append(this.box);
        this.watch();
        this.settings = {...memory.first.settings};
        this.showSettings();
        this.show(memory.first);  // which is there however busy the kernel is
        this.send({want: {}});
    }

    buttons() {
        const own = (name, action) => element("button", {type: "button", onclick: action,
            textContent: this.texts[name], title: this.texts[`${name}_hint`] || ""});
        const presets = this.told.presets.map(({label, hint, changes}) => element("button", {
            type: "button", className: "course-preset", textContent: label, title: hint,
            onclick: () => this.move(changes)}));
        const next = () => this.move({[this.redraw]: this.settings[this.redraw] + 1});
        this.pinning = own("pin", () => this.pin());
        this.pinning.setAttribute("aria-pressed", false);
        const coding = own("code", () => {
            this.listing.hidden = !this.listing.hidden;
            coding.setAttribute("aria-expanded", !this.listing.hidden);
        });
        coding.setAttribute("aria-expanded", false);
        return element("div", {className: "course-buttons"}, ...presets,
            ...(this.redraw ? [own("masks", next)] : []),
            own("reset", () => this.move(this.told.first)), this.pinning,
            ...(this.told.code ? [coding] : []),
            ...["png", "svg"].map(kind => own(kind, () => this.send({save: kind}))));
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

    // Make changes of settings, as the reader or another view wishes.
    move(changes) {
        Object.assign(this, {greeted: true, refused: "", last: {before: this.settings, changes}});
        this.settings = {...this.settings, ...changes};
        this.showSettings();
        this.say("");
        clearTimeout(this.later);
        const known = this.memory.frame(this.settings);
        if (known) {
            this.show(known);
            this.send({at: this.settings});
            this.plan(known);
        } else if (!this.waiting) this.ask({want: this.settings});
    }

    showSettings() {
        this.controls.forEach((control, name) => control.show(this.settings[name]));
    }

    send(message) {
        const {era, chunks} = this.memory;
        this.tell({...message, era, have: chunks.length, by: this.by});
    }

    tell(message) {
        try { this.model.send(message); } catch { /* the page is being left */ }
    }

    ask(message) {
        Object.assign(this, {waiting: true, asked: message.want});
        this.timers.forEach(clearTimeout);
        this.timers = [setTimeout(() => this.tell({}), NUDGE),
            setTimeout(() => this.box.setAttribute("aria-busy", true), BUSY),
            setTimeout(() => {
                this.waiting = false;  // so that the next move asks again
                this.say(this.texts.silent);
            }, LONG)];
        this.send(message);
    }

    // Take what the kernel says to all views, once the memory has it.
    heard(message, buffers) {
        const mine = message.by === this.by;
        if (message.save && mine) this.save(message.save, buffers[0]);
        if (message.save || message.ahead) return;
        if (mine && (message.frames || message.error)) {
            this.waiting = false;
            this.timers.forEach(clearTimeout);
            this.box.setAttribute("aria-busy", false);
        }
        if (message.error) {
            if (mine || !message.by) this.say(message.error);
            if (mine && this.asked && !this.isAt(this.asked)) this.ask({want: this.settings});
            return;
        }
        if (!mine || !this.greeted) {  // another view or the kernel has moved it
            this.greeted = true;
            this.settings = {...message.settings};
            this.showSettings();
        }
        const wanted = this.memory.frame(this.settings);
        if (wanted && wanted !== this.shown) this.show(wanted);  // else what is said may stay
        else if (!wanted && mine && message.frames) this.show(message);
        if (mine && message.rough && this.isAt(message.settings)) {
            this.say(this.texts.preview);
            this.later = setTimeout(() => this.ask({want: this.settings, full: true}), REST);
        } else if (!wanted && !this.waiting) this.ask({want: this.settings});
        if (mine && wanted) this.plan(message);
    }

    isAt(settings) { return this.memory.key(settings) === this.memory.key(this.settings); }
    say(line) { if (this.status.textContent !== line) this.status.textContent = line; }

    // Ask for what the reader may want next, if that is quick: the next step the same way.
    plan({quick}) {
        const [[name, value] = [], ...more] = Object.entries(this.last?.changes || {});
        const {low, high, step, kind} = this.told.quantities.find(one => one.name === name) || {};
        if (!quick || more.length || kind !== "Range") return;
        const way = Math.sign(value - this.last.before[name]);
        const next = {...this.settings, [name]: Number((value + way * step).toFixed(10))};
        if (next[name] < low || next[name] > high || this.memory.frame(next)) return;
        this.later = setTimeout(() => this.waiting || this.send({ahead: next}), SOON);
    }

    show(frame) {
        const line = this.isSame(frame) ? this.texts.same_picture : this.refused;
        if (!frame.rough) this.say(line);
        this.shown = frame;
        this.picture.show(frame);
        this.words.textContent = frame.words;
        this.words.style.minHeight = `${1.5 * frame.words.split("\n").length}em`;
        this.listing.textContent = frame.code;
        this.box.dataset.shown = this.memory.key(frame.settings);
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
        const settings = this.told.quantities.map(({name, label}) =>
            `${label} ${this.shown.settings[name]}`).join(", ");
        const words = element("figcaption", {textContent: `A: ${settings}. ${this.shown.words}`});
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

export default () => {
    const memory = new Memory(), shown = new Set();
    return {
        initialize({model}) {
            memory.first = model.get("first");
            memory.learn(memory.first, [model.get("data")]);
            model.on("msg:custom", (message, buffers) => {
                memory.learn(message, buffers);
                shown.forEach(view => view.heard(message, buffers));
            });
        },
        render({model, el}) {
            const view = new View(model, el, memory);
            shown.add(view);
            return () => shown.delete(view) && view.close();
        },
    };
};
