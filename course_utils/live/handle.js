// A mark in the picture that can be dragged: its place is two settings. Follows controls.js.
const NEAR = 28;  // pixels of the page within which a mark is taken

class Handle {
    // `canvas` shows a panel `width` wide that has these axes.
    constructor(figure, canvas, width, axes) {
        const quantity = name => figure.told.quantities.find(one => one.name === name);
        const ranges = figure.told.dragged.names.map(quantity);
        Object.assign(this, {figure, canvas, width, axes, ranges, held: null});
        const on = (name, answer, how) => canvas.addEventListener(name, answer, how);
        // Else a finger scrolls the page.
        on("touchstart", event => this.near(event.touches[0]) && event.preventDefault(), {passive: false});
        on("pointerdown", event => {
            this.held = this.near(event);
            if (this.held) canvas.setPointerCapture(event.pointerId);
        });
        on("pointermove", event => {
            if (this.held) this.drag(event);
            canvas.style.cursor = this.held ? "grabbing" : this.near(event) ? "grab" : "";
        });
        for (const end of ["pointerup", "pointercancel"]) on(end, () => { this.held = null; });
    }

    // Return where axes are on the page now, and how long the units of x and y are there.
    placed({left, top, width, height, x, y}) {
        const box = this.canvas.getBoundingClientRect(), scale = box.width / this.width;
        return {left: box.left + scale * left, bottom: box.top + scale * (top + height),
            perX: scale * width / (x[1] - x[0]), perY: scale * height / (y[1] - y[0])};
    }

    // Return the axes in which the mark is under the pointer, if it is in any.
    near({clientX, clientY}) {
        if (this.figure.covered) return null;
        const [x, y] = this.ranges.map(({name}) => this.figure.settings[name]);
        return this.axes.find(one => {
            const {left, bottom, perX, perY} = this.placed(one);
            return Math.hypot(left + perX * (x - one.x[0]) - clientX, bottom - perY * (y - one.y[0]) - clientY) < NEAR;
        });
    }

    drag({clientX, clientY}) {
        const {figure, held, ranges} = this, {left, bottom, perX, perY} = this.placed(held);
        const values = [held.x[0] + (clientX - left) / perX, held.y[0] + (bottom - clientY) / perY];
        const changes = Object.fromEntries(ranges.map(({name, low, high, step}, i) => {
            const steps = Math.round((Math.min(Math.max(values[i], low), high) - low) / step);
            return [name, Number((low + step * steps).toFixed(10))];
        }));
        if (ranges.every(({name}) => changes[name] === figure.settings[name])) return;
        if (figure.reaches(changes)) figure.move(changes);
        else figure.say(figure.texts.needs_python);
    }
}
