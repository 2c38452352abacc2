"""Is the registry served, does it say where, and does it stop when asked?"""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from consent.domain.card_codes import in_groups, new_code

CONSENT = str(Path(sys.executable).with_name("consent"))
PATIENCE = 60


@pytest.fixture
def environment(tmp_path):
    """A new installation on SQLite, with nothing made yet."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("CONSENT_")}
    return inherited | {"CONSENT_INSTANCE": str(tmp_path / "instance"), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def run(environment):
    def run(*typed, **changed):
        return subprocess.run(
            [CONSENT, *typed],
            env=environment | changed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return run


def status(address):
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310  # our own server's address
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_makes_the_schema_says_where_it_is_answers_and_stops_cleanly(environment, tmp_path, ending):
    with subprocess.Popen(
        [CONSENT, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            [*_, address] = server.stdout.readline().split()
            answered = status(f"{address}/healthz")
            server.send_signal(ending)
            rest, complaints = server.communicate(timeout=PATIENCE)
        finally:
            server.kill()
    assert address.startswith("http://localhost:")
    assert answered == 200
    assert (server.returncode, complaints) == (0, "")
    [told, code] = rest.splitlines()
    assert told.endswith(f"Open {address}/setup and enter this one-time setup code:")
    assert len(code.split()) == len(in_groups(new_code()).split())
    assert (tmp_path / "instance" / "registry.sqlite").is_file()


def test_a_port_that_is_taken_is_refused_in_one_sentence(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run("serve", "--port", port)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"Error: Nothing can be served at 127.0.0.1, port {port}: another program listens there. "
        "Choose another with --port.\n"
    )


def test_a_host_that_is_not_this_machine_is_refused_in_one_sentence(run):
    refused = run("serve", "--host", "no-such-host.invalid", "--port", "0")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "no-such-host.invalid" in refused.stderr


@pytest.mark.parametrize(
    "typed", [["nonsense"], ["serve", "--port", "x"], ["serve", "--port", "70000"], ["token", "add"]]
)
def test_wrong_usage_ends_with_2(run, typed):
    wrong = run(*typed)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Usage: consent" in wrong.stderr


def test_a_refused_command_ends_with_1_and_a_done_one_with_0(run):
    assert run("token", "add", "archive").returncode == 0
    assert run("token", "add", "archive").returncode == 1


def test_help_lists_everything_and_makes_nothing(run, tmp_path):
    listed = run("--help")
    assert listed.returncode == 0
    for command in (
        "backup",
        "card",
        "demo",
        "doctor",
        "export",
        "import",
        "restore",
        "roster",
        "serve",
        "staff",
        "tick",
        "token",
    ):
        assert f"\n  {command} " in listed.stdout
    assert not (tmp_path / "instance").exists()


def test_a_wrong_setting_is_named_in_one_sentence(run):
    refused = run("tick", CONSENT_TIME_ZONE="Mars/Olympus")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "Error: CONSENT_TIME_ZONE: no time zone is called 'Mars/Olympus'\n"


def test_a_database_that_does_not_answer_is_named_in_one_sentence(run):
    refused = run("tick", CONSENT_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/registry")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: The database did not answer: ")
    assert "Traceback" not in refused.stderr


def test_two_first_commands_at_once_make_one_schema(environment):
    both = [
        subprocess.Popen(
            [CONSENT, "token", "add", name], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for name in ("one", "two")
    ]
    complaints = [process.communicate(timeout=PATIENCE)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], complaints
