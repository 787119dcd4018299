"""A bug ends the screens without a traceback over the picture; whoever opened them gets it."""

from __future__ import annotations

from textual.app import App


class Crashing(App[None], inherit_bindings=False):
    """An app whose ``crash`` is the first exception that nothing caught; None while all is well."""

    crash: Exception | None = None

    def _handle_exception(self, error: Exception) -> None:
        self.crash = self.crash or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        if self.is_headless:
            super()._fatal_error()
        else:
            self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        if self.crash is not None and not self.is_headless:
            self._exit_renderables.clear()
        super()._print_error_renderables()
