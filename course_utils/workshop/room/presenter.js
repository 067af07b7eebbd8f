// The presenter's window: what to say now, what comes next, a clock, and what the room sees. It has no script of its
// own: the show's page writes into it, which works from a disk too. What `speech()` of the host returns:
//   {title, say}         the step and what to say, as HTML
//   {nextTitle, nextSay} the same of the step that follows; "" after the last
//   draw(place)          draws a small picture of what comes next; anew as soon as `step` is another text
//   plans                of the ways to hold the lecture [{title, here, whole}]: seconds to the end of this step, and of all
const NAME = "course-presenter";
const TICK = 500;  // milliseconds

// Return whether this page may write into a window.
function isOpen(page) {
    try {
        return Boolean(page.document.body);
    } catch {
        return false;
    }
}

class Presenter {
    constructor(room) {
        Object.assign(this, {room, says: room.says});
        window.addEventListener("pagehide", () => this.part(this.says.again));
    }

    // Open the window, or come back to it; return whether the browser allows it.
    open() {
        const ask = name => window.open("", name, "popup,width=1120,height=740");
        let page = ask(passing("window") ?? NAME);
        if (page && !isOpen(page)) {  // of a page from a disk that was loaded anew
            page.close();
            passing("window", `${NAME}-${Date.now()}`);
            page = ask(passing("window"));
        }
        if (!page) return false;
        passing("presenting", "yes");
        if (!passing("began")) passing("began", Date.now());
        this.fill(page);
        page.focus();
        return true;
    }

    // Take the window again that another page of the same show has opened.
    regain() {
        if (passing("presenting") !== "yes") return;
        const page = window.open("", passing("window") ?? NAME);
        if (!page || !isOpen(page)) return;  // the window says what to do
        if (page.document.body.classList.contains("course-presenter")) this.fill(page);
        else page.close();
    }

    fill(page) {
        const {says} = this, paper = page.document;
        paper.open();  // whatever listened there before is gone
        paper.write(`<!DOCTYPE html><html lang="${document.documentElement.lang}"><head><title></title></head>`
            + '<body class="course-presenter"></body></html>');
        paper.close();
        paper.title = `${says.presenter}: ${document.title}`;
        for (const style of document.querySelectorAll("style[data-room], link[data-room]")) {
            const copy = paper.importNode(style, true);
            if (style.href) copy.href = style.href;  // in full: this window has no folder
            paper.head.append(copy);
        }
        const part = name => this[name] = make("div", {className: `presenter-${name}`});
        const button = (text, onclick) => make("button", {type: "button", textContent: text, onclick});
        let byHand = false;
        this.plan = make("select", {ariaLabel: says.plan, onpointerdown: () => byHand = true, onkeydown: () => byHand = false,
            onchange: () => {
                passing("plan", this.plan.value);
                if (byHand) this.plan.blur();  // the keys are the show's again
                this.tick();
            }});
        const clocks = ["time_of_day", "elapsed", "left_here", "left_in_all"].map(name => {
            const value = this[name] = make("output", {});
            return make("label", {}, value, make("span", {textContent: says[name]}));
        });
        this.buttons = make("div", {className: "presenter-buttons"},
            button(says.back, () => this.room.host.back()),
            button(says.forward, () => this.room.forward()),
            button(says.cover_or_lift, () => this.room.turnCover()),
            button(says.restart, () => [passing("began", Date.now()), this.tick()]));
        paper.body.append(
            make("header", {}, make("h1", {className: "course-unseen", textContent: paper.title}),
                make("div", {className: "presenter-clocks"}, ...clocks), this.plan, this.buttons),
            make("main", {}, make("section", {}, make("h2", {textContent: says.say_now}), part("now")),
                make("section", {}, make("h2", {textContent: says.comes_next}), part("picture"), part("next"))),
            make("footer", {}, make("h2", {textContent: says.room_sees}), part("seen")));
        this.now.setAttribute("role", "status");
        this.room.listen(page);
        page.addEventListener("pagehide", () => {
            if (this.page === page) [this.page = null, passing("presenting", "no")];
        });
        page.setInterval(() => this.tick(), TICK);
        this.page = page;
        this.shown = null;
        this.update();
    }

    part(line) {
        if (!this.page || this.page.closed) return;
        this.now.textContent = line;
        this.page = null;
    }

    // Show where the show is.
    update() {
        if (!this.page || this.page.closed) return;
        for (const name of ["documentElement", "body"]) {
            this.page.document[name].classList.toggle("dark", Boolean(document.querySelector("html.dark, body.dark")));
        }
        const figure = this.room.host.figure(), speech = this.room.host.speech();
        const words = figure?.shown ? `${figure.described(figure.settings)}. ${figure.shown.words}` : "";
        this.seen.parentElement.hidden = !words;
        this.seen.textContent = figure?.covered ? `${this.says.covered} ${words}` : words;
        this.plans = speech.plans;
        const key = [speech.step, speech.title, speech.say, speech.nextTitle, speech.nextSay].join("\n");
        if (key === this.shown) return;
        this.shown = key;
        const said = (title, text) => `${title ? `<h3>${title}</h3>` : ""}${text}`;
        this.now.innerHTML = said(speech.title, speech.say);
        this.next.innerHTML = said(speech.nextTitle, speech.nextSay) || this.says.nothing_more;
        speech.draw(this.picture);
        this.tick();
    }

    tick() {
        if (!this.plans) return;
        if (this.plan.options.length !== this.plans.length) {
            const chosen = passing("plan");
            this.plan.replaceChildren(...this.plans.map(({title, whole}) => make("option",
                {value: title, textContent: `${title}: ${Math.round(whole / 60)} min`, selected: title === chosen})));
        }
        const {here, whole} = this.plans[Math.max(this.plan.selectedIndex, 0)];
        const now = new Date(), gone = (now - Number(passing("began") || now)) / 1000;
        this.time_of_day.value = now.toLocaleTimeString([], {hour: "2-digit", minute: "2-digit"});
        for (const [name, seconds] of [["elapsed", gone], ["left_here", here - gone], ["left_in_all", whole - gone]]) {
            const all = Math.abs(Math.trunc(seconds)), two = count => String(count).padStart(2, "0");
            this[name].value = `${seconds <= -1 ? "−" : ""}${Math.floor(all / 60)}:${two(all % 60)}`;
            this[name].classList.toggle("late", seconds < 0);
        }
    }
}
