"""How the process begins: what is loaded when, and who collects garbage."""

import os
import subprocess
import sys

import pytest

SETTLE = """
import gc
gc.disable()
from config import asgi
from gemini import engines
if {fails}:
    engines.preload = lambda: 1 / 0
try:
    asgi.settle()
except ZeroDivisionError:
    pass
print(gc.isenabled(), gc.get_threshold() == asgi.ROUNDS, gc.get_freeze_count() > 100_000)
"""


@pytest.mark.parametrize(("fails", "found"), [(False, "True True True"), (True, "True True False")])
def test_garbage_is_collected_whatever_became_of_the_loading(fails, found):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", SETTLE.format(fails=fails)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == found
