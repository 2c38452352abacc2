"""How does a cell of a file for spreadsheets stay a text? What a spreadsheet would reckon out is said to be text."""

RECKONED = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(cell: str) -> str:
    """A leading apostrophe, which a spreadsheet does not show, before whatever it would take for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(RECKONED) else cell
