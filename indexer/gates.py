"""What gates of loads, harvests and editions have in common: shares that are compared with a limit."""


def refuse_loss(before: int, after: int, most: float, told: str) -> str | None:
    """Return why so great a loss is refused, None if it is not; ``told`` says both numbers.

    >>> refuse_loss(100, 60, 0.3, "60 rows instead of 100")
    '60 rows instead of 100: 40% fewer, at most 30% is allowed'
    >>> refuse_loss(100, 70, 0.3, ""), refuse_loss(0, 70, 0.3, "")
    (None, None)
    """
    if not before or (before - after) / before <= most:
        return None
    return f"{told}: {(before - after) / before:.0%} fewer, at most {most:.0%} is allowed"


def refuse_bad(bad: int, read: int, most: float, told: str) -> str | None:
    """Return why so many bad ones of those read are refused, None if they are not; ``told`` says both numbers.

    >>> refuse_bad(11, 100, 0.1, "11 of 100 records are rejects")
    '11 of 100 records are rejects: 11.0%, at most 10% is allowed'
    >>> refuse_bad(10, 100, 0.1, ""), refuse_bad(0, 0, 0.1, "")
    (None, None)
    """
    if not read or bad / read <= most:
        return None
    return f"{told}: {bad / read:.1%}, at most {most:.0%} is allowed"
