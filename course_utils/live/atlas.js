// A live figure without a kernel: it plays the frames of an atlas, see atlas.py. Follows figure.js.

// Return the settings of all states on a line, {name: values}; the last one changes fastest.
function statesOf(line) {
    return Object.entries(line).reduce((found, [name, values]) =>
        found.flatMap(state => values.map(value => ({...state, [name]: value}))), [{}]);
}

class Atlas {
    constructor(bytes) {
        let at = 4 + new DataView(bytes.buffer).getUint32(0, true);
        const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, at)));
        this.chunks = head.lengths.map(length => bytes.subarray(at, at += length));
        Object.assign(this, {...head, states: new Map()});
        for (const state of head.lines.flatMap(statesOf)) {
            if (!this.states.has(keyOf(state))) this.states.set(keyOf(state), this.at(state));
        }
    }

    static async unpacked(text) {
        const packed = new Blob([Uint8Array.from(atob(text), letter => letter.charCodeAt(0))]);
        const plain = packed.stream().pipeThrough(new DecompressionStream("deflate"));
        return new Atlas(new Uint8Array(await new Response(plain).arrayBuffer()));
    }

    // Return the next state's frame and what is said of it.
    at(settings) {
        const place = this.states.size, {frames, words, given} = this;
        return {settings, frames: frames[place], words: words[place], given: given[place]};
    }

    frame(settings) { return this.states.get(keyOf(settings)); }

    // Return the values of a setting that have a frame while all others stay.
    values(name, settings) {
        const all = new Set(this.lines.flatMap(line => line[name]));
        return [...all].filter(value => this.frame({...settings, [name]: value}));
    }

    // Return the settings of a first state with some values.
    matching(changes) {
        const wanted = Object.entries(changes);
        return [...this.states.values()].map(({settings}) => settings)
            .find(settings => wanted.every(([name, value]) => settings[name] === value));
    }
}

// A figure that plays an atlas; until that is there, it has its controls and keeps the place.
class Played extends Figure {
    constructor(told, el) {
        super(told, el, {frame: () => undefined});
        this.box.addEventListener("keydown", event => {
            if (event.key === "Escape") document.activeElement.blur();
        });
    }

    begin(atlas) {
        this.memory = this.picture.memory = atlas;
        this.source.textContent = this.sentence("atlas", {count: atlas.states.size});
        this.move({});
        if (linked === undefined) return;
        this.open();
        addEventListener("hashchange", () => this.open());  // another link in the same window
    }

    // Show the settings that the page's address names, as far as they are settings of this figure.
    open() {
        const said = new URLSearchParams(location.hash.slice(1)), changes = {};
        for (const {name, label, kind, options, low, high} of this.told.quantities) {
            if (!said.has(name)) continue;
            const text = said.get(name), value = kind === "Choice" ? text : Number(text || NaN);
            const fits = kind === "Choice" ? options.includes(text) : kind === "Range"
                ? value >= low && value <= high : Number.isInteger(value) && value >= 0;
            if (fits) changes[name] = value;
            else if (kind !== "Redraw") {
                const fields = {name: label, low, high, options: options?.join(", ")};
                const key = kind === "Choice" ? "option" : "number";
                return this.say(this.refused = this.sentence(key, {...fields, given: `'${text}'`}));
            }
        }
        this.move(this.nearest({...this.settings, ...changes}));
    }

    // Return the settings of the state that is nearest to some settings, and say it where it is another.
    nearest(wanted) {
        const {memory, told} = this, off = ({name, kind, low, high}, settings) => kind === "Range"
            ? Math.abs(settings[name] - wanted[name]) / (high - low) : settings[name] !== wanted[name];
        const far = settings => told.quantities.reduce((sum, one) => sum + off(one, settings), 0);
        const [found] = [...memory.states.values()].map(({settings}) => [settings, far(settings)])
            .reduce((best, one) => one[1] < best[1] ? one : best);
        const other = told.quantities.find(one => off(one, found) > 0 && one.label);
        if (other) {
            const {name, label} = other;
            this.snapped = this.sentence("nearest", {name: label, value: found[name]});
        }
        return found;
    }

    reaches(changes) { return Boolean(this.memory.frame({...this.settings, ...changes})); }

    move(changes) { super.move(this.memory.states ? this.reachable(changes) : changes); }

    // Return changes that lead to a state that is there: these, if they do, else what is nearest.
    reachable(changes) {
        const {memory, settings, told} = this, [[name, value] = [], ...more] = Object.entries(changes);
        if (memory.frame({...settings, ...changes})) return changes;
        if (name === this.redraw) return {[name]: 0};
        const values = more.length ? [] : memory.values(name, settings);
        if (values.length < 2 || typeof value !== "number") {  // a preset, from where no line leads to it
            const start = {...told.first, ...changes};
            return memory.frame(start) ? start : memory.matching(changes);
        }
        const near = values.sort((a, b) => Math.abs(a - value) - Math.abs(b - value))[0];
        const {label} = told.quantities.find(one => one.name === name);
        this.snapped = this.sentence("nearest", {name: label, value: near});
        return {[name]: near};
    }

    moved(known) {
        if (!known) return;
        if (this.snapped) this.say(this.snapped);
        this.snapped = "";
        const {redrawing, redraw, settings, texts} = this;
        for (const [name, control] of this.controls) {
            control.allow(this.memory.values(name, settings), texts.needs_python);
        }
        if (redrawing) {
            redrawing.disabled = this.memory.values(redraw, settings).length < 2;
            redrawing.title = redrawing.disabled ? texts.needs_python : texts.masks_hint;
        }
        if (!Object.keys(this.last.changes).length) return;  // it has only begun
        const told = {bubbles: true, detail: settings};
        this.box.dispatchEvent(new CustomEvent("course-moved", told));
    }

    downloads() { return [this.button("png", () => this.download())]; }

    download() {
        const canvases = this.picture.players.map(({canvas}) => canvas);
        const whole = element("canvas", {height: Math.max(...canvases.map(({height}) => height)),
            width: canvases.reduce((sum, {width}) => sum + width, 0)});
        const context = whole.getContext("2d");
        canvases.reduce((x, canvas) => (context.drawImage(canvas, x, 0), x + canvas.width), 0);
        whole.toBlob(data => this.save("png", data));
    }
}

// Every place for a figure on a page gets it: <div data-atlas="its name"> with what the figure
// declares of itself as JSON, and a picture for readers without scripts.
const {atlases: folder, eager, linked} = document.currentScript.dataset;
const unpacked = new Map();

function atlasOf(name) {
    const read = () => Atlas.unpacked(window.courseAtlases[name]);
    const loaded = () => new Promise((done, failed) => document.head.append(
        element("script", {src: `${folder}${name}.js`, onload: done, onerror: failed})));
    if (!unpacked.has(name)) {
        unpacked.set(name, window.courseAtlases?.[name] ? read() : loaded().then(read));
    }
    return unpacked.get(name);
}

function mount(place) {
    const before = [...place.childNodes];
    const told = JSON.parse(place.querySelector("script").textContent);
    place.replaceChildren();
    const figure = new Played(told, place);
    const begin = () => atlasOf(place.dataset.atlas).then(atlas => figure.begin(atlas),
        () => place.replaceChildren(...before));
    if (eager !== undefined) return begin();
    const near = new IntersectionObserver(seen => {
        if (!seen.some(one => one.isIntersecting)) return;
        near.disconnect();
        begin();
    }, {rootMargin: "800px"});
    near.observe(place);
    window.addEventListener("beforeprint", begin, {once: true});
}

// Draw a state of an atlas, small: the first one with some changes. Returns whether there is one.
window.courseDraw = async (name, changes, place) => {
    const atlas = await atlasOf(name), {figure} = atlas;
    const first = figure.quantities.map(({name}) => [name, figure.first[name]]);
    const frame = atlas.frame({...Object.fromEntries(first), ...changes})
        || atlas.frame(atlas.matching(changes) || {});
    if (!frame) return false;
    const picture = new Picture(figure, atlas, "");
    place.replaceChildren(picture.box);
    picture.setDark(isDark(place));
    picture.show(frame);
    return true;
};

document.querySelectorAll("[data-atlas]").forEach(mount);
window.coursePlay = mount;  // for places that come later
