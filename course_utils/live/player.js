// Draws frames that course_utils.figures.recorder has recorded: sharp on any screen, on light
// ground and on dark.
// A chunk is one draw call, a frame the numbers of its chunks; lengths are sixteenths of a pixel.
const [PATH, MARKERS, CELLS, TEXT, GLYPH] = [1, 2, 3, 4, 5];
const [FILL, STROKE, SNAP, CLIP_TO_LAST] = [1, 2, 4, 8];
const CAPS = ["butt", "round", "square"], JOINS = ["miter", "round", "bevel"];
const MANY = 2000;  // chunks whose paths are kept
const [MOVE, LINE, CURVE3, CURVE4] = [1, 2, 3, 4];  // matplotlib's codes; any other one closes

// Reads numbers from a chunk, one after the other.
class Reader {
    constructor(bytes) {
        this.bytes = bytes;
        this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.at = 0;
    }
    u8() { return this.view.getUint8(this.at++); }
    u16() { this.at += 2; return this.view.getUint16(this.at - 2, true); }
    i16() { this.at += 2; return this.view.getInt16(this.at - 2, true); }
    u32() { this.at += 4; return this.view.getUint32(this.at - 4, true); }
    shade() { return [this.u8(), this.u8() / 255]; }  // role, opacity
    box() { return [0, 0, 0, 0].map(() => this.i16() / 16); }
    plane(count) {  // differences of neighbours, which may wrap round
        const found = new Float32Array(count);
        for (let i = 0, last = 0; i < count; i++) {
            last = (last + this.i16()) << 16 >> 16;
            found[i] = last / 16;
        }
        return found;
    }
    outline() {
        const count = this.u32(), codes = this.bytes.subarray(this.at, this.at + count);
        this.at += count;
        return {codes, x: this.plane(count), y: this.plane(count)};
    }
    look() {
        const look = {flags: this.u8(), face: this.shade(), edge: this.shade(),
            width: this.u16() / 64, cap: CAPS[this.u8()], join: JOINS[this.u8()],
            start: this.i16() / 64};
        look.dashes = Array.from({length: this.u8()}, () => this.u16() / 64);
        look.clip = this.box();
        return look;
    }
}

// Return an outline as a path, with `ratio` screen pixels to a pixel.
// Where `half` is told, its points are moved between the pixels of the screen.
function pathOf({codes, x, y}, ratio, half = null) {
    const path = new Path2D();
    const at = half === null ? length => length * ratio
        : length => Math.floor(length * ratio + 0.5) + half;
    for (let i = 0; i < codes.length; i++) {
        const point = k => [at(x[i + k]), at(y[i + k])];
        if (codes[i] === MOVE) path.moveTo(...point(0));
        else if (codes[i] === LINE) path.lineTo(...point(0));
        else if (codes[i] === CURVE3) {
            path.quadraticCurveTo(...point(0), ...point(1));
            i += 1;
        } else if (codes[i] === CURVE4) {
            path.bezierCurveTo(...point(0), ...point(1), ...point(2));
            i += 2;
        } else path.closePath();
    }
    return path;
}

function ends(values) {
    return values.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [Infinity, -Infinity]);
}

// Return what a chunk says, with its outlines as paths for one size of the canvas.
function parsed(bytes, ratio) {
    const reader = new Reader(bytes), kind = reader.u8();
    if (kind === PATH || kind === MARKERS) {
        const look = reader.look(), outline = reader.outline(), {clip} = look;
        if (kind === PATH) {
            const width = look.flags & STROKE ? Math.max(1, Math.round(look.width * ratio)) : 0;
            const half = look.flags & SNAP ? width % 2 / 2 : null;
            return {kind, look, clip, path: pathOf(outline, ratio, half)};
        }
        const count = reader.u32(), x = reader.plane(count), y = reader.plane(count);
        return {kind, look, clip, path: pathOf(outline, ratio), x, y};
    }
    if (kind === CELLS) {
        const clip = reader.box(), box = reader.box(), palette = reader.u32();
        const rows = reader.u16(), columns = reader.u16();
        return {kind, clip, box, palette, rows, columns, cells: bytes.subarray(reader.at)};
    }
    if (kind === GLYPH) {
        const outline = reader.outline();
        return {kind, path: pathOf(outline, 1), ends: outline.x.length ? ends(outline.x) : null};
    }
    if (kind !== TEXT) throw new Error(`a frame may not hold chunks of kind ${kind}`);
    const shade = reader.shade(), clip = reader.box(), turn = -reader.i16() / 4096;
    const glyphs = Array.from({length: reader.u16()}, () =>
        [reader.u32(), reader.i16() / 16, reader.i16() / 16, reader.u16() / 16384]);
    return {kind, shade, clip, turn, glyphs};
}

// Draws frames of width × height pixels on a canvas, as large as the page shows it.
// `shades` are the colours of the roles, [[red, green, blue], ...], on light ground and on dark.
class Player {
    constructor(canvas, {width, height, shades, ground = 0}) {
        Object.assign(this, {canvas, width, height, shades, ground, dark: false});
        Object.assign(this, {chunks: [], known: new Map(), plate: [], frame: null, drawn: false});
        this.context = canvas.getContext("2d", {alpha: false});
        this.back = document.createElement("canvas");  // the plate, drawn once a size and ground
        this.small = document.createElement("canvas");
        new ResizeObserver(() => this.follow()).observe(canvas);
    }

    // Take chunks, to which more may be added later, and the frame of what is behind every frame.
    begin(chunks, plate) {
        this.known.clear();
        Object.assign(this, {chunks, plate, drawn: false});
    }

    setDark(dark) {
        Object.assign(this, {dark, drawn: false});
        if (this.frame) this.draw(this.frame);
    }

    draw(frame) {
        this.frame = frame;
        if (this.drawn) requestAnimationFrame(() => this.follow());
        else this.fit();
        this.context.drawImage(this.back, 0, 0);
        for (const number of frame) this.paint(this.context, number);
    }

    // Draw again if the page shows the canvas larger or smaller than before. To ask it before each
    // drawing would make it lay itself out twice.
    follow() {
        if (!this.frame || this.shownRatio() === this.ratio) return;
        this.drawn = false;
        this.draw(this.frame);
    }

    // Return how many pixels of the screen there are to a pixel, whatever scales the page.
    shownRatio() {
        const shown = this.canvas.getBoundingClientRect().width || this.width;
        return shown / this.width * devicePixelRatio;
    }

    // Give the canvas as many pixels as the screen shows of it, and draw the plate anew.
    fit() {
        const ratio = this.shownRatio();
        if (ratio !== this.ratio) this.known.clear();
        Object.assign(this, {ratio, drawn: true});
        const [width, height] = [this.width, this.height].map(length => Math.round(length * ratio));
        const size = {width, height};
        Object.assign(this.canvas, size);
        Object.assign(this.back, size);
        const context = this.back.getContext("2d", {alpha: false});
        context.fillStyle = this.colour([this.ground, 1]);
        context.fillRect(0, 0, width, height);
        for (const number of this.plate) this.paint(context, number);
    }

    colour([role, opacity]) {
        return `rgb(${this.shades[Number(this.dark)][role].join(" ")} / ${opacity})`;
    }

    chunk(number) {
        if (!this.known.has(number)) {
            if (this.known.size > MANY) this.known.clear();
            this.known.set(number, parsed(this.chunks[number], this.ratio));
        }
        return this.known.get(number);
    }

    paint(context, number) {
        const op = this.chunk(number);
        context.save();
        context.beginPath();
        context.rect(...op.clip.map(length => Math.round(length * this.ratio)));
        context.clip();
        if (op.kind === CELLS) this.paintCells(context, op);
        else if (op.kind === TEXT) this.paintText(context, op);
        else this.paintPath(context, op);
        context.restore();
        if (op.kind === PATH) this.last = op.path;
    }

    paintPath(context, {kind, look, path, x, y}) {
        context.fillStyle = this.colour(look.face);
        context.strokeStyle = this.colour(look.edge);
        context.lineWidth = look.width * this.ratio;
        context.lineCap = look.cap;
        context.lineJoin = look.join;
        context.setLineDash(look.dashes.map(length => length * this.ratio));
        context.lineDashOffset = look.start * this.ratio;
        if (look.flags & CLIP_TO_LAST) context.clip(this.last);
        for (let i = 0; i < (kind === MARKERS ? x.length : 1); i++) {
            if (kind === MARKERS) {
                context.setTransform(1, 0, 0, 1, x[i] * this.ratio, y[i] * this.ratio);
            }
            if (look.flags & FILL) context.fill(path);
            if (look.flags & STROKE) context.stroke(path);
        }
    }

    paintCells(context, {rows, columns, cells, palette, box}) {
        const bytes = this.chunks[palette].slice(1);
        const colours = new Uint32Array(bytes.buffer, this.dark ? 1024 : 0, 256);
        const image = new ImageData(columns, rows), pixels = new Uint32Array(image.data.buffer);
        const above = new Uint8Array(columns);
        for (let row = 0, i = 0; row < rows; row++) {
            for (let column = 0, left = 0; column < columns; column++, i++) {
                left = (left + cells[i]) & 255;  // to the left, of what differs from above
                above[column] += left;
                pixels[i] = colours[above[column]];
            }
        }
        Object.assign(this.small, {width: columns, height: rows});
        this.small.getContext("2d").putImageData(image, 0, 0);
        const [x, y, width, height] = box.map(length => length * this.ratio);
        const [x0, y0, x1, y1] = [x, y, x + width, y + height].map(Math.round);
        context.imageSmoothingEnabled = false;
        context.drawImage(this.small, x0, y0, x1 - x0, y1 - y0);
    }

    // Return how far a line has to move so that no letter of it is cut off at a side.
    inward({turn, glyphs}) {
        if (turn) return 0;
        const all = glyphs.flatMap(([number, x, , size]) =>
            this.chunk(number).ends?.map(end => x + size * end) ?? []);
        const [left, right] = ends(all), last = this.width - 1;  // edges are soft
        return right > last ? Math.max(last - right, Math.min(1 - left, 0)) : Math.max(1 - left, 0);
    }

    paintText(context, op) {
        const {shade, turn, glyphs} = op, aside = op.aside ??= this.inward(op);
        const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
        context.fillStyle = this.colour(shade);
        for (const [number, x, y, size] of glyphs) {
            const s = size * this.ratio;
            const place = [(x + aside) * this.ratio, y * this.ratio];
            context.setTransform(s * cos, s * sin, -s * sin, s * cos, ...place);
            context.fill(this.chunk(number).path);
        }
    }
}
