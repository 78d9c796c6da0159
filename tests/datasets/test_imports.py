import subprocess
import sys


def test_importing_the_folder_is_cheap():
    heavy = "{'pooch', 'requests', 'sklearn', 'tqdm', 'keras', 'matplotlib', 'scipy'}"
    code = f"import sys, nncourse.datasets; print({heavy} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
