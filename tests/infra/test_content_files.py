"""Bad content files are refused with place and reason, all at once, in bounded time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.infra.content_files import MOST_BYTES, MOST_FILES, content_folder, read_folder, read_text
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
        ("[a, b]: 1\n", "f.yaml:1: is not a key; keys are words"),
        ("? {a: 1}\n: 2\n", "f.yaml:1: is not a key"),
        ("a: 1\n*x : 2\n", "f.yaml:2"),
        ("a: *x\n" * 200, "mend these first"),
        ("- [" + "a," * 210_000 + "]", "holds too much; at most 100,000 values"),
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


def test_folders_inside_are_read_in_order_and_not_too_deep(tmp_path: Path) -> None:
    for name in ("b.yaml", "1/a.yaml", "1/2/c.yaml", "1/2/3/d.yaml", ".git/e.yaml", "1/notes.txt"):
        (tmp_path / "quiz" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "quiz" / name).write_text("- 1\n")
    problems = Problems()
    read = [path for path, _tree in read_folder(tmp_path, "quiz", "mine", problems)]
    assert read == ["mine/quiz/1/2/c.yaml", "mine/quiz/1/a.yaml", "mine/quiz/b.yaml"]
    assert [str(problem) for problem in problems] == [
        "mine/quiz/1/2/3:1: is a folder too deep; 3 inside one another are read"
    ]


def test_links_to_folders_pipes_and_files_nobody_may_read_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "quiz"
    folder.mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.yaml").write_text("- hidden\n")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to("..")
    os.mkfifo(folder / "pipe.yaml")
    (folder / "gone.yaml").symlink_to("nowhere")
    (folder / "loud.YAML").write_text("- 1\n")
    problems = Problems()
    assert list(read_folder(tmp_path / "mine", "quiz", "mine", problems)) == []
    assert [str(problem) for problem in problems] == [
        "mine/quiz/gone.yaml:1: is a symbolic link; put the file itself here",
        "mine/quiz/link:1: is a symbolic link; put the folder itself here",
        "mine/quiz/loud.YAML:1: would be left out; let its name end in .yaml, in lower case",
        "mine/quiz/pipe.yaml:1: is no ordinary file",
        "mine/quiz/up:1: is a symbolic link; put the folder itself here",
    ]


def test_a_whole_part_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "quiz").symlink_to(tmp_path / "secret")
    problems = Problems()
    assert list(read_folder(tmp_path, "quiz", "mine", problems)) == []
    assert [str(problem) for problem in problems] == ["mine/quiz:1: is a symbolic link; put the folder itself here"]


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "quiz").mkdir()
    (tmp_path / "quiz" / "a.yaml").write_text("- 1\n")

    def refuse(*_arguments: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    problems = Problems()
    assert list(read_folder(tmp_path, "quiz", "mine", problems)) == []
    assert [str(problem) for problem in problems] == ["mine/quiz/a.yaml:1: cannot be read: Permission denied"]


def test_a_giant_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "quiz").mkdir()
    with (tmp_path / "quiz" / "a.yaml").open("wb") as file:
        file.truncate(20 * 1024**3)  # sparse: takes no room
    problems = Problems()
    assert list(read_folder(tmp_path, "quiz", "mine", problems)) == []
    assert ["bytes long; at most" in str(problem) for problem in problems] == [True]


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "quiz").mkdir()
    for number in range(MOST_FILES + 1):
        (tmp_path / "quiz" / f"{number}.yaml").write_text("- 1\n")
    problems = Problems()
    assert len(list(read_folder(tmp_path, "quiz", "mine", problems))) == MOST_FILES
    assert [str(problem) for problem in problems] == [
        "mine/quiz:1: holds more than 1,000 files; the others were not read"
    ]


def test_keys_are_words_as_written_and_values_mean_what_yaml_says() -> None:
    problems = Problems()
    tree = read_text("f.yaml", b"on: yes\n1: 1_0\n~: 'no'\n2026-01-01: 2026-01-01\nx: .5\n'true': ~\n", problems)
    assert tree is not None, list(problems)
    assert isinstance(tree.value, dict)
    assert {key: node.value for key, node in tree.value.items()} == {
        "on": True, "1": "1_0", "~": "no", "2026-01-01": "2026-01-01", "x": 0.5, "true": None,
    }  # fmt: skip
    assert {key: spot.line for key, spot in tree.keys.items()} == {
        "on": 1, "1": 2, "~": 3, "2026-01-01": 4, "x": 5, "true": 6,
    }  # fmt: skip


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
