// The controls of a live figure. Follows player.js.

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
            this.refuse("number", {name: label, low, high, given: `'${text}'`});
        }
    }

    show(value) {
        this.value = value;
        this.slider.value = value;
        const {low, high} = this.told;
        this.slider.style.setProperty("--at", `${100 * (value - low) / (high - low)}%`);
        this.field.value = value.toFixed(this.told.digits);
    }

    // Let a reader move to some values alone; where there is but one the control rests.
    allow(values, why) {
        this.slider.disabled = this.field.disabled = values.length < 2;
        this.row.title = values.length < 2 ? why : "";
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

    allow(values, why) {
        this.buttons.forEach(button => { button.disabled = !values.includes(button.textContent); });
        this.row.title = this.buttons.some(({disabled}) => disabled) ? why : "";
    }
}

// One of many numbers: a slider from one to the next, since so many buttons are hard to read.
class LadderControl {
    constructor({name, label, options}, id, move) {
        Object.assign(this, {options, allowed: options});
        this.slider = element("input", {type: "range", id, min: 0, max: options.length - 1,
            "data-lm-suppress-shortcuts": "true"});
        this.said = element("output", {htmlFor: id, className: "course-said"});
        this.slider.addEventListener("input", () => move({[name]: this.nearest()}));
        const heading = element("label", {htmlFor: id, textContent: label});
        this.row = element("div", {className: "course-control"}, heading, this.slider, this.said);
    }

    // Return the option that may be shown and is nearest to where the slider stands.
    nearest() {
        const off = option => Math.abs(this.options.indexOf(option) - this.slider.valueAsNumber);
        return this.allowed.reduce((best, option) => off(option) < off(best) ? option : best);
    }

    show(value) {
        this.slider.value = this.options.indexOf(value);
        this.slider.style.setProperty("--at", `${100 * this.slider.value / this.slider.max}%`);
        this.slider.setAttribute("aria-valuetext", value);
        this.said.textContent = value;
    }

    allow(values, why) {
        this.allowed = values;
        this.slider.disabled = values.length < 2;
        this.row.title = values.length < 2 ? why : "";
    }
}

const LADDER = 8;  // options from which on they are a slider

// Return the control of a quantity; there is none for one that counts draws.
function controlOf({kind, options}) {
    if (kind === "Range") return RangeControl;
    if (kind !== "Choice") return null;
    return options.length >= LADDER && options.every(option => isFinite(option)) ? LadderControl : ChoiceControl;
}
