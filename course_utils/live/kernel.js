// A live figure whose frames a kernel sends, kept here; an anywidget. Follows figure.js.
const BUSY = 80, REST = 400, SOON = 20, LONG = 5000;  // milliseconds
// Jupyter's servers hold an answer back until the browser has acknowledged what came before it,
// which it does 40 ms late, unless it says something itself.
const NUDGE = 8;

// What all views of a figure share: the chunks and frames that the kernel has sent.
class Memory {
    constructor() { this.begin(-1); }
    begin(era) { Object.assign(this, {era, chunks: [], plates: null, frames: new Map()}); }
    frame(settings) { return this.frames.get(keyOf(settings)); }

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
        if (!message.rough) this.frames.set(keyOf(message.settings), message);
    }
}

// One view of a figure.
class View extends Figure {
    constructor(model, el, memory) {
        super(model.get("declaration"), el, memory);
        Object.assign(this, {model, waiting: false, timers: []});
        this.settings = {...memory.first.settings};
        this.showSettings();
        this.show(memory.first);  // which is there however busy the kernel is
        this.send({want: {}});
        requestAnimationFrame(() => this.takeOver());  // only then it stands on the page
    }

    // Go on where a reader left what played here before there was a kernel.
    takeOver() {
        const place = this.box.closest("[data-moved]");
        if (!place) return;
        const settings = JSON.parse(place.dataset.moved);
        delete place.dataset.moved;
        this.move(settings);
    }

    downloads() {
        return ["png", "svg"].map(kind => this.button(kind, () => this.send({save: kind})));
    }

    moved(known) {
        this.greeted = true;
        clearTimeout(this.later);
        if (known) {
            this.send({at: this.settings});
            this.plan(known);
        } else if (!this.waiting) this.ask({want: this.settings});
    }

    send(message) {
        const {era, chunks} = this.memory;
        this.tell({...message, era, have: chunks.length, by: this.id});
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
        const mine = message.by === this.id;
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

    show(frame) {
        super.show(frame);
        this.source.textContent = this.texts[frame.beforehand ? "beforehand" : "now"];
    }

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
