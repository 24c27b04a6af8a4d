"""Find a Chromium for the browser checks; print its path, or say what to install."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
MISSING = (
    "The browser checks need Chromium, and none was found.\n"
    "  Debian, Ubuntu: apt-get install chromium\n"
    "  macOS: install Chromium or Google Chrome in /Applications\n"
    "  elsewhere: set DRA_CHROMIUM to the path of the executable"
)


def find(environ=os.environ):
    """Path of the Chromium executable; FileNotFoundError if there is none."""
    chosen = environ.get("DRA_CHROMIUM")
    if chosen:
        if not os.access(chosen, os.X_OK):
            raise FileNotFoundError(f"DRA_CHROMIUM is {chosen!r}, which is not an executable file")
        return chosen
    for candidate in (*NAMES, *MACOS):
        path = shutil.which(candidate, path=environ.get("PATH"))
        if path:
            return path
    raise FileNotFoundError(MISSING)


if __name__ == "__main__":
    try:
        print(find())
    except FileNotFoundError as error:
        sys.exit(str(error))
