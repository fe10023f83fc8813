import sys


def seen(what, got, found):
    """Prints what a package did, and ends the script where that is not what was found."""
    print(f"{what}: {got}", flush=True)
    if str(got) != str(found):
        sys.exit(f"This has changed: {what} was {found}.")
