"""Every check runs without the settings of whoever runs it."""

import clean_env

clean_env.adopt()
