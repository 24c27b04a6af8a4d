"""Print the date of the last commit, in seconds since 1970, for what is dated when it is built.

Where git does not tell, SOURCE_DATE_EPOCH counts, and else the time of day.
"""

import os
import time

import clean_env


def commit_date(environ=os.environ, root=clean_env.ROOT):
    """Seconds since 1970."""
    told = clean_env.git("log", "-1", "--format=%ct", root=root)
    return int(told or environ.get("SOURCE_DATE_EPOCH") or time.time())


if __name__ == "__main__":
    print(commit_date())
