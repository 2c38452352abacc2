"""Is what README tells a newcomer to type and set really there?"""

import re
from dataclasses import fields
from pathlib import Path

import click

from consent.app import main
from consent.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
CODE = "\n".join(re.findall(r"^```.*?^```|^ {4}.+?$|`[^`\n]+`", README, re.DOTALL | re.MULTILINE))


def test_the_make_commands_it_names_exist():
    named = set(re.findall(r"\bmake ([a-z]+)", CODE))
    assert named - set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)) == set()
    assert named >= {"run", "test", "check", "bench"}


def test_the_registry_commands_it_names_exist():
    named = set(re.findall(r"(?<![\w./-])consent ([a-z][a-z-]*)", CODE))
    assert named - set(main.list_commands(click.Context(main))) == set()
    assert named >= {"serve", "demo", "import"}


def test_the_settings_it_names_exist():
    settings = {f"CONSENT_{setting.name.upper()}" for setting in fields(Settings)}
    of_the_tests = set(re.findall(r"CONSENT_TEST_[A-Z]+", MAKEFILE))
    named = set(re.findall(r"CONSENT_[A-Z_]+", README))
    assert named - settings - of_the_tests == set()
    assert "CONSENT_DATABASE_URL" in named


def test_the_files_it_points_at_exist():
    pointed_at = {target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target}
    assert [target for target in sorted(pointed_at) if target and not (ROOT / target).exists()] == []
