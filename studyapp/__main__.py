"""`python -m studyapp` is the command `studyapp`."""

from __future__ import annotations

import sys

from studyapp.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
