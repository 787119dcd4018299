"""What the README says is what the program does."""

from __future__ import annotations

import re

from tests.readme import README, written


def test_the_generated_parts_are_current() -> None:
    text = README.read_text(encoding="utf-8")
    assert written(text) == text, "run: python -m tests.readme"


def test_every_file_that_it_links_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    missing = [link for link in links if not (README.parent / link).exists()]
    assert not missing


def test_every_dependency_is_named_with_its_reason() -> None:
    import tomllib

    project = tomllib.loads((README.parent / "pyproject.toml").read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    wanted = (
        project["project"]["dependencies"] + project["project"]["optional-dependencies"]["test"]
    )
    names = {re.split(r"[<>=!~\[]", requirement)[0] for requirement in wanted}
    assert not [name for name in names if f"**{name}**" not in text]
