"""Become another program that the kernel ends when the parent ends: `launcher.py PARENT PROGRAM ARGUMENTS...`.

It is run by its path, so that it starts at once, without importing the shop.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(sys.argv[1]):
        sys.exit("The parent has ended already.")
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  # no shell is wanted
