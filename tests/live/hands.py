"""What a reader does to a live figure, as a front end would report it."""


def buttons(live):
    """Return the buttons below the controls by their labels, presets first."""
    return {button.description: button for button in live.widget.children[len(live.controls)].children}


def press(live, label):
    """Press a button."""
    buttons(live)[label].click()


def move(live, name, value):
    """Choose a text or, by its field, a number."""
    control = live.controls[name]
    if hasattr(control, "buttons"):
        control.buttons.set_state({"index": control.buttons.options.index(value)})
    else:
        control.field.set_state({"value": str(value)})


def last(live, name):
    """Return the last entry in the history of the network that is shown."""
    return live.result().run.history[name][-1]
