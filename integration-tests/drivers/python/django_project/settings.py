"""A project with one app; its DATABASES are what `understudy url NAME --for django` prints."""

import os

exec(os.environ["URL"])
# In a project: from the variable or file that one's passwords are in.
DATABASES["default"]["PASSWORD"] = os.environ["PASSWORD"]

if "NAMED_IN" in os.environ:
    # Other forms of the same.
    login, database, environment = (os.environ[name] for name in ("LOGIN", "DATABASE", "ENVIRONMENT"))
    DATABASES["default"]["USER"] = login
    if os.environ["NAMED_IN"] == "options":
        DATABASES["default"].setdefault("OPTIONS", {})["options"] = f"-c understudy.environment={environment}"
    elif os.environ["NAMED_IN"] == "database":
        DATABASES["default"]["NAME"] = f"{database}@{environment}"

INSTALLED_APPS = ["shop"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
SECRET_KEY = "walk"
USE_TZ = True
