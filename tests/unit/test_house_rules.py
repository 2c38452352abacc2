"""Does the code keep the rules of the house that no tool knows?"""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted([*ROOT.glob("consent/**/*.py"), *ROOT.glob("forms/**/*.py")])
CODE = sorted([*PRODUCT, *ROOT.glob("tests/**/*.py")])
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]

TOP_LEVEL = {
    "consent", "templates", "forms", "tests", "instance", "pyproject.toml", "README.md",
    "Makefile", "package.json", "package-lock.json", "constraints.txt", ".ci", ".gitignore", "LICENSE", "CHANGELOG.md",
}  # fmt: skip
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base"}
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style\b|\s(?:style|on[a-z]+)\s*=|javascript:", re.IGNORECASE)
JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked(*paths: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *paths], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def names_caught(handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return {"everything"}
    return {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}


def test_the_top_level_is_what_the_department_fixed():
    assert {path.split("/")[0] for path in tracked()} <= TOP_LEVEL


def test_third_party_code_and_the_registrys_own_records_are_never_committed():
    assert tracked("consent/static/vendor", "node_modules", ".venv", "*.mo") == []
    assert tracked("instance") == ["instance/.gitignore"]


def test_lock_files_pin_exact_versions_and_carry_no_download_address():
    for pin in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", pin), pin
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    for package in (told for where, told in packages.items() if where):
        assert package["integrity"]
        assert "resolved" not in package
        package.pop("funding", None)  # where its makers take gifts
    assert "://" not in json.dumps(packages)


def test_only_a_use_case_commits():
    committers = {name(path) for path in PRODUCT if "commit(" in path.read_text("utf-8")}
    assert [path for path in committers if not path.startswith("consent/services/")] == []
    assert committers


def test_every_file_is_named_after_what_it_is_about():
    assert [name(path) for path in CODE if path.stem in SAYS_NOTHING or path.parent.name in SAYS_NOTHING] == []


def test_every_module_says_what_question_it_answers():
    silent = [
        name(path) for path in CODE if (text := path.read_text("utf-8")) and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_the_outer_package_is_empty_so_that_the_rules_load_alone():
    assert (ROOT / "consent/__init__.py").read_text("utf-8") == ""


def test_nothing_catches_whatever_goes_wrong():
    careless = [
        f"{name(path)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and names_caught(node) & {"everything", "Exception", "BaseException"}
    ]
    assert careless == []


def test_every_exception_to_a_check_gives_its_reason():
    unexplained = [
        f"{name(path)}:{number}"
        for path in CODE
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.search(r"# (noqa|type: ignore)(?!: [A-Z0-9, ]+ +# \w|\[[a-z, -]+\] +# \w)", line)
        and path != Path(__file__)
    ]
    assert unexplained == []


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<script type="module">go()</script>',
        "<style>p {}</style>",
        '<p style="color: red">',
        '<a onclick="go()">',
        "<a href='javascript:go()'>",
    ],
)
def test_inline_script_and_style_are_recognized(markup: str):
    assert INLINE.search(markup)


def test_no_page_carries_inline_script_or_style():
    inline = {
        name(path): found[0] for path in TEMPLATES if (found := INLINE.search(JINJA.sub("", path.read_text("utf-8"))))
    }
    assert inline == {}
    assert TEMPLATES


def loads_without_packages(*modules: str) -> bool:
    loading = [sys.executable, "-E", "-S", "-c", f"import {', '.join(modules)}"]
    return subprocess.run(loading, cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_the_rules_load_where_no_third_party_package_is_installed():
    rules = [f"consent.domain.{path.stem}" for path in ROOT.glob("consent/domain/[a-z]*.py")]
    assert loads_without_packages("consent.settings", "consent.wording", *rules)
    assert not loads_without_packages("flask")


def test_every_part_of_the_product_has_its_place_in_the_layers():
    placed = set(re.findall(r"[a-z._]+", " ".join(CONTRACTS[0]["layers"])))
    parts = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts[:2]) for path in PRODUCT if path.parts[-2] != "forms"
    }
    assert parts - {"consent.__init__"} - placed == set()


@pytest.mark.parametrize(
    ("contract", "where", "planted"),
    [
        ("Dependencies point one way", "consent/domain/vocabulary.py", "import consent.wording"),
        ("Forms and papers never touch the database", "forms/__init__.py", "import consent.storage"),
        ("The rules stand on Python alone", "consent/domain/vocabulary.py", "import qrcode"),
        ("Use cases know no web page", "consent/services/__init__.py", "import wtforms"),
    ],
)
def test_an_import_against_the_arrows_is_caught(tmp_path: Path, contract: str, where: str, planted: str):
    for path in [*PRODUCT, ROOT / "pyproject.toml"]:
        (tmp_path / name(path)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / name(path))
    with (tmp_path / where).open("a", encoding="utf-8") as module:
        module.write(f"\n{planted}\n")

    linter = Path(sys.executable).with_name("lint-imports")
    linted = subprocess.run([linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert re.findall(r"^(.+) BROKEN$", linted.stdout, re.MULTILINE) == [contract], linted.stdout


def test_every_contract_about_imports_is_broken_on_purpose_above():
    [cases] = [mark.args[1] for mark in test_an_import_against_the_arrows_is_caught.pytestmark]
    assert {case[0] for case in cases} == {contract["name"] for contract in CONTRACTS}
