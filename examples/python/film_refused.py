class Refused(Exception):
    """What is not handled, by a code of docs/errors.md and the reason: `IMAGE_UNSUPPORTED: the PNG is animated`."""
