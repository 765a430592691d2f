"""Bad content files are refused with place and reason, all at once, in bounded time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.infra.content_files import MOST_BYTES, content_folder, read_folder, read_text
from bot.kit.content import Node
from bot.kit.problems import Problems


def problems_of(data: bytes | str) -> list[str]:
    problems = Problems()
    read_text("f.yaml", data.encode() if isinstance(data, str) else data, problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: *x\n", "f.yaml:1: sets the anchor &x"),
        ("a: 1\nb: *x\n", "f.yaml:2"),
        ("a: !!python/object:os.system 1\n", "f.yaml:1: uses the tag"),
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3: the key “a” is here twice"),
        ("a: [1, 2\n", "f.yaml:2: is not YAML here"),
        ("\t- a\n", "f.yaml:1: is not YAML here"),
        ("", "f.yaml:1: is empty"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: is not YAML here"),
        ("[" * 5000, "nested too deeply"),
        ("\n".join(["[" * 100] * 500), "nested too deeply"),
        ("- " * 5000 + "x", "nested too deeply"),
        ("\n".join(" " * depth + "a:" for depth in range(300)), "nested too deeply"),
        ("a: " + "x" * MOST_BYTES, "bytes long; at most"),
        (b"a: \xff\xfe", "f.yaml:1: is not UTF-8 here"),
        (b"a: 1\nb: caf\xe9\n", "f.yaml:2: is not UTF-8 here"),
        ("a: \x00", "f.yaml:1"),
    ],
)
def test_each_trap_is_refused_with_its_line(text: bytes | str, expected: str) -> None:
    found = problems_of(text)
    assert found
    assert any(expected in problem for problem in found), found


def test_a_bomb_of_aliases_is_refused_without_growing() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert any("anchor" in problem for problem in problems_of(bomb))


def test_links_and_names_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "glossary"
    folder.mkdir()
    (folder / "a.yaml").write_text("- 1\n")
    (folder / "A.yaml").write_text("- 1\n")
    (tmp_path / "secret").write_text("- hidden\n")
    (folder / "z.yaml").symlink_to(tmp_path / "secret")
    problems = Problems()
    read = list(read_folder(tmp_path, "glossary", "mine", problems))
    told = [str(problem) for problem in problems]
    assert any("symbolic link" in problem for problem in told)
    if len(list(folder.iterdir())) == 3:
        assert any("differs only in case" in problem for problem in told)
    assert all("hidden" not in str(node) for _path, node in read)


def test_a_missing_folder_is_simply_empty(tmp_path: Path) -> None:
    assert list(read_folder(tmp_path, "nothing", "mine", Problems())) == []


def test_the_shipped_content_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert content_folder().joinpath("roadmap").is_dir()


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_but_never_crashes(text: str) -> None:
    problems = Problems()
    tree = read_text("f.yaml", text.encode("utf-8", "surrogatepass"), problems)
    assert (tree is None) == bool(problems) or isinstance(tree, Node)


@given(st.recursive(st.text("abc \n:'\"", max_size=9), lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_values_survive_a_round_trip_through_yaml(value: object) -> None:
    import yaml

    def plain(node: Node) -> object:
        return [plain(item) for item in node.value] if isinstance(node.value, tuple) else node.value

    problems = Problems()
    tree = read_text("f.yaml", yaml.safe_dump({"v": value}, allow_unicode=True).encode(), problems)
    assert tree is not None, list(problems)
    assert isinstance(tree.value, dict)
    assert plain(tree.value["v"]) == value
