// A question that a reader answers before a cell is run: options, a number or a curve, and how sure the reader is.
// `keep` is called with {guess, sure} at each change, {} when the guess is taken back.

// Return an element with properties, and with children; names with a dash are attributes.
function part(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
        if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
        else made[name] = value;
    }
    made.append(...children);
    return made;
}

// Return a text's pieces, with what stands between backticks as code.
const marked = text => text.split(/`([^`]+)`/).map((piece, i) =>
    i % 2 ? part("code", {textContent: piece}) : piece);

// A curve over given positions: drawn with the pointer, or with one slider for each position.
class Curve {
    constructor({positions, low, high, x, y}, id, change) {
        Object.assign(this, {positions, low, high, change});
        const [width, height] = [360, 180], svg = "http://www.w3.org/2000/svg";
        const draw = (tag, attributes, text = "") => {
            const made = document.createElementNS(svg, tag);
            Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
            made.textContent = text;
            return made;
        };
        const first = positions[0], span = positions.at(-1) - first;
        this.at = positions.map(position => 44 + (width - 64) * (position - first) / span);
        this.to = value => 12 + (height - 52) * (high - value) / (high - low);
        this.from = place => Math.min(high, Math.max(low, high - (place - 12) * (high - low) / (height - 52)));
        const frame = draw("path", {d: `M44 8V${height - 40}H${width - 12}`, class: "course-axis"});
        this.line = draw("path", {class: "course-drawn"});
        this.dots = positions.map((_, i) => draw("circle", {r: 5, cx: this.at[i], class: "course-dot"}));
        const names = [
            draw("text", {x: 38, y: 18, "text-anchor": "end"}, high), draw("text", {x: 38, y: height - 40, "text-anchor": "end"}, low),
            ...positions.map((position, i) => draw("text", {x: this.at[i], y: height - 22, "text-anchor": "middle"}, position)),
            draw("text", {x: (width + 32) / 2, y: height - 4, "text-anchor": "middle"}, x),
            draw("text", {x: 12, y: height / 2 - 16, "text-anchor": "middle", transform: `rotate(-90 12 ${height / 2 - 16})`}, y),
        ];
        this.picture = draw("svg", {viewBox: `0 0 ${width} ${height}`, class: "course-curve", "aria-hidden": "true"});
        this.picture.append(frame, this.line, ...this.dots, ...names);
        this.sliders = positions.map((position, i) => {
            const slider = part("input", {type: "range", min: low, max: high, step: (high - low) / 50,
                "aria-label": `${y}, ${x} ${position}`, "data-lm-suppress-shortcuts": "true"});
            slider.oninput = () => this.set(i, slider.valueAsNumber, true);
            slider.onfocus = () => this.dots[i].classList.add("course-focus");
            slider.onblur = () => this.dots[i].classList.remove("course-focus");
            return slider;
        });
        const drag = event => {
            const scale = width / this.picture.getBoundingClientRect().width;
            const across = event.offsetX * scale, place = this.from(event.offsetY * scale);
            const near = this.at.reduce((best, at, i) => Math.abs(at - across) < Math.abs(this.at[best] - across) ? i : best, 0);
            this.set(near, place, true);
        };
        this.picture.onpointerdown = event => { this.picture.setPointerCapture(event.pointerId); drag(event); };
        this.picture.onpointermove = event => event.buttons && drag(event);
        const row = part("div", {className: "course-unseen-sliders"}, ...this.sliders);
        this.box = part("div", {className: "course-curve-box", role: "group", "aria-labelledby": id}, this.picture, row);
        this.show();
    }

    set(i, value, changed) {
        this.values ??= this.positions.map(() => (this.low + this.high) / 2);
        this.values[i] = Number(value.toPrecision(4));
        this.redraw();
        if (changed) this.change([...this.values]);
    }

    show(values) {
        this.values = values ? [...values] : undefined;
        this.redraw();
    }

    redraw() {
        const values = this.values ?? this.positions.map(() => (this.low + this.high) / 2);
        const places = values.map(this.to);
        this.line.setAttribute("d", "M" + places.map((place, i) => `${this.at[i]} ${place}`).join("L"));
        this.line.classList.toggle("course-blank", !this.values);
        this.dots.forEach((dot, i) => dot.setAttribute("cy", places[i]));
        this.sliders.forEach((slider, i) => { slider.value = values[i]; });
    }
}

class GuessForm {
    constructor(asked, el, keep) {
        Object.assign(this, {asked, keep, kept: {}, id: `course-guess-${Math.random().toString(36).slice(2)}`});
        const {kind, texts} = asked;
        const asks = part("legend", {id: this.id}, part("b", {textContent: /[。：]$/.test(texts.your_guess) ? texts.your_guess : `${texts.your_guess} `}), ...marked(asked.asks));
        const field = {choice: () => this.choice(), number: () => this.number(), curve: () => this.curve()}[kind]();
        this.how = this.radios("sure", Object.entries(asked.sure), sure => this.change({sure}));
        const sure = part("div", {className: "course-sure", role: "radiogroup", "aria-label": texts.how_sure},
            part("span", {textContent: texts.how_sure, "aria-hidden": "true"}), ...this.how.map(({row}) => row));
        this.status = part("span", {role: "status"});
        this.back = part("button", {type: "button", textContent: texts.take_back, hidden: true, onclick: () => {
            this.kept = {};
            this.show({});
            keep({});
        }});
        this.box = part("fieldset", {className: "course-guess"}, asks, field, sure,
            part("div", {className: "course-kept"}, this.status, this.back));
        el.append(this.box);
        this.show({});
    }

    radios(name, options, choose) {
        return options.map(([value, text]) => {
            const input = part("input", {type: "radio", name: `${this.id}-${name}`, value, onchange: () => choose(value),
                "data-lm-suppress-shortcuts": "true"});
            return {input, row: part("label", {}, input, part("span", {}, ...marked(text)))};
        });
    }

    choice() {
        this.picks = this.radios("options", Object.entries(this.asked.options), guess => this.change({guess}));
        return part("div", {className: "course-options"}, ...this.picks.map(({row}) => row));
    }

    number() {
        const {unit, texts} = this.asked;
        this.field = part("input", {type: "text", inputMode: "decimal", size: 8, "aria-labelledby": this.id,
            "data-lm-suppress-shortcuts": "true", onchange: () => this.read(),
            onkeydown: event => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                this.read();
            }});
        return part("div", {className: "course-number"}, this.field, ...marked(unit ? ` ${unit}` : ""),
            part("button", {type: "button", textContent: texts.keep, onclick: () => this.read()}));
    }

    read() {
        const text = this.field.value.replace(/[\s%]/g, "").replace("−", "-").replace(",", ".");
        if (text === String(this.kept.guess ?? "")) return;
        const guess = /^[-+]?[.\d]+(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
        if (Number.isFinite(guess)) this.change({guess});
        else this.status.textContent = this.asked.texts.a_number;
    }

    curve() {
        this.drawn = new Curve(this.asked.curve, this.id, guess => this.change({guess}));
        return this.drawn.box;
    }

    change(changes) {
        this.kept = {...this.kept, ...changes};
        this.say();
        if (this.kept.guess !== undefined) this.keep(this.kept);
    }

    say() {
        const {texts} = this.asked, made = this.kept.guess !== undefined;
        this.status.textContent = made ? texts.kept : "";
        this.back.hidden = !made;
    }

    // Show what is kept; the kernel or another view may have changed it.
    show(kept) {
        this.kept = {...kept};
        this.picks?.forEach(({input}) => { input.checked = input.value === kept.guess; });
        this.how.forEach(({input}) => { input.checked = input.value === kept.sure; });
        if (this.field) this.field.value = kept.guess ?? "";
        this.drawn?.show(kept.guess);
        this.say();
    }
}
