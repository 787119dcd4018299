"""The themes of the frame: dark, light, one that is safe for the colour-blind, and 16 colours."""

from __future__ import annotations

from textual.app import App
from textual.theme import Theme

THEMES = (
    Theme(
        name="pbx-dark",
        primary="#4c8dd6",
        secondary="#6fb3bb",
        accent="#d78be0",
        warning="#f2cc5c",
        error="#ff7a70",
        success="#6fce7f",
        foreground="#d5dae1",
        background="#10141a",
        surface="#171d25",
        panel="#1d2530",
        dark=True,
    ),
    Theme(
        name="pbx-light",
        primary="#1f66c2",
        secondary="#0b646d",
        accent="#82248f",
        warning="#7d5600",
        error="#b3170f",
        success="#136c28",
        foreground="#22272e",
        background="#fbfbf9",
        surface="#f0f1ee",
        panel="#e6e8e4",
        dark=False,
    ),
    Theme(
        name="pbx-safe",
        primary="#56b4e9",
        secondary="#c8c8c8",
        accent="#ffb000",
        warning="#ffb000",
        error="#ff9d3c",
        success="#56b4e9",
        foreground="#e6e6e6",
        background="#101010",
        surface="#1a1a1a",
        panel="#242424",
        dark=True,
    ),
)
NAMES = ("dark", "light", "safe")


def theme_name(wanted: str, color_system: str | None) -> str:
    """Textual's name for a theme of ours; 16 colours take the terminal's own."""
    if color_system in ("standard", "windows"):
        return "ansi-light" if wanted == "light" else "ansi-dark"
    return f"pbx-{wanted}" if wanted in NAMES else "pbx-dark"


def dress(app: App[None], name: str) -> None:
    """Give an app that does not run yet its theme, which is registered.

    Set as its attribute, Textual would read all style sheets a second time before the first frame.
    Leans on Textual's inner parts (written for 8.2).
    """
    app.set_reactive(App.theme, name)
    theme = app.current_theme
    classes = {worn: False for worn in app.classes if worn.startswith("-theme-")}
    classes |= {f"-theme-{name}": True, "-dark-mode": theme.dark, "-light-mode": not theme.dark}
    app.update_classes(classes, update=False)
    app._refresh_truecolor_filter(app.ansi_theme)
    app.stylesheet.set_variables(app.get_css_variables())
