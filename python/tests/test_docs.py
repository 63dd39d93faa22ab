"""The programs of ``docs/python.md`` print what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ADMIN_KEY, URL

PAGE = Path(os.environ["PERENNIAL_DOCS"])
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
NAMED = {block.splitlines()[0].removeprefix("# "): block for block in BLOCKS if block.startswith("# shop/")}
PROGRAMS = [block for block in BLOCKS if not block.startswith("# shop/")]


def printed_by(program: str) -> list[str]:
    return re.findall(r"print\(.*\)  # (.*)$", program, re.MULTILINE)


def run(folder: Path, *command: str) -> list[str]:
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": path, "PERENNIAL_API_KEY": ADMIN_KEY}
    done = subprocess.run([sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def shop(folder: Path, app: str) -> Path:
    package = folder / "shop"
    package.mkdir()
    files = {"app.py": app, "tasks.py": NAMED["shop/tasks.py"], "checkout.py": NAMED["shop/checkout.py"]}
    for name, text in files.items():
        (package / name).write_text(text.replace("http://localhost:8080", URL))
    return folder


def test_the_page_has_programs() -> None:
    assert len(PROGRAMS) == 2
    assert len(printed_by(NAMED["shop/checkout.py"])) == 6


def test_the_application_prints_the_same_with_either_line(tmp_path: Path) -> None:
    expected = printed_by(NAMED["shop/checkout.py"])
    # No broker runs here: Celery runs the bodies itself.
    memory = "task_always_eager=True, broker_url='memory://', result_backend='cache+memory://'"
    eager = f"{NAMED['shop/app.py before']}\napp.conf.update({memory})\n"
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    assert run(shop(tmp_path / "before", eager), "-m", "shop.checkout") == expected
    assert run(shop(tmp_path / "after", NAMED["shop/app.py after"]), "-m", "shop.checkout") == expected


@pytest.mark.parametrize("program", PROGRAMS, ids=["sync", "async"])
def test_a_program_prints_what_the_page_says(program: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(program.replace("http://localhost:8080", URL))
    assert run(tmp_path, "program.py") == printed_by(program)
