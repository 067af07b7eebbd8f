// The form in a notebook: an anywidget whose model holds what is kept. Follows guess.js.
export default {
    render({model, el}) {
        const form = new GuessForm(model.get("asked"), el, kept => {
            model.set("kept", kept);
            model.save_changes();
        });
        const show = () => {
            const kept = model.get("kept");
            if (JSON.stringify(kept) !== JSON.stringify(form.kept)) form.show(kept);
        };
        model.on("change:kept", show);
        show();
    },
};
