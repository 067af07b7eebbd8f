"""`python -m course_utils.lab` opens JupyterLab on the first notebook."""

import sys

from course_utils.workshop.lab import main

if __name__ == "__main__":
    sys.exit(main())
