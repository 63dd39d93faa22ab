"""What every test has: the address and keys of a stack that runs already."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from perennial_client import Perennial

sys.path.insert(0, str(Path(__file__).parent))

URL = os.environ["PERENNIAL_URL"]
ADMIN_KEY = os.environ["PERENNIAL_API_KEY"]
READER_KEY = os.environ["PERENNIAL_READER_KEY"]


@pytest.fixture
def perennial() -> Iterator[Perennial]:
    with Perennial(URL, ADMIN_KEY) as client:
        yield client
