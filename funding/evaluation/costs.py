"""What remains to pay, as a range, and what a person receives."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from funding.book import Book
from funding.evaluation.verdict import Cost, Verdict
from funding.facts.offer import OfferFacts
from funding.facts.values import Days, Env, Kleene, Span
from funding.rule.scheme import Amount, AmountUse, Role, Scheme, Version


@dataclass(frozen=True, slots=True)
class Case:
    """What the cost of one verdict depends on; ``starts`` are the days for which an amount must hold."""

    book: Book
    scheme: Scheme
    version: Version
    result: Kleene
    offer: OfferFacts
    env: Env
    starts: Days


def find_remaining(case: Case) -> Cost | None:
    """Return what remains to pay of the fees if the scheme pays; None if that is not known or it does not.

    While the verdict is unknown the whole price may remain.
    """
    if case.result is False or "fees" not in case.scheme.pays:
        return None
    price, left = case.offer.price, case.offer.remaining_fees or 0.0
    if case.scheme.covers == "full":
        if case.result is True:
            return Cost(left, left)
        return None if price is None else Cost(min(left, price), price)
    if price is None:
        return None
    paid = _capped(case, price) if case.scheme.covers == "capped" else Cost(0.0, price)
    return Cost(paid.least, price) if paid and case.result is None else paid


def _capped(case: Case, price: float) -> Cost | None:
    """Return the price without the rights of the account, which a cap limits, and with the person's own share.

    Where a cap or a share has no figure for these days, at most the rights are paid, and perhaps nothing; None if the
    rights are not known either.
    """
    caps, shares = _figures(case, "cap"), _figures(case, "share")
    rights: Span = case.env.get("person.cpf_euros") or Span(0, None)
    if caps is None or shares is None:
        return None if rights.high is None else Cost(max(price - rights.high, 0.0), price, lacks_figure=True)
    most_paid = min([_high(rights), *(euros for euros, result in caps if result is True)])
    least_paid = min([rights.low, *(euros for euros, _ in caps)])
    share_least = sum(euros for euros, result in shares if result is True)
    share_most = sum(euros for euros, _ in shares)
    return Cost(
        max(price - most_paid, min(share_least, price), 0.0), max(price - least_paid, min(share_most, price), 0.0)
    )


def _high(span: Span) -> float:
    return math.inf if span.high is None else span.high


def _figures(case: Case, role: Role) -> list[tuple[float, Kleene]] | None:
    """Return the amounts of a role that apply or may apply; None if one has no figure for these days."""
    found: list[tuple[float, Kleene]] = []
    for use in case.version.amounts:
        result = use.when.result(case.env) if use.role == role else False
        if result is False:
            continue
        amount = _amount(case, use)
        if amount is None:
            return None
        found.append((amount.euros, result))
    return found


def find_amounts(case: Case) -> tuple[Amount, ...]:
    """Return the income of the person: rules whose conditions hold, with the amounts in force on these days."""
    if case.result is False:
        return ()
    uses = (use for use in case.version.amounts if use.role == "pays" and use.when.result(case.env) is True)
    return tuple(amount for use in uses if (amount := _amount(case, use)) is not None)


def _amount(case: Case, use: AmountUse) -> Amount | None:
    return case.book.amount(use.amount, case.starts.first, case.starts.last)


def total(verdicts: Iterable[Verdict], price: float | None) -> Cost | None:
    """Return what remains to pay in all: at most what a sure payer leaves, at least what any payer would leave.

    Schemes that come too late pay nothing. None if the price is not known and no payer is sure.
    """
    open_costs = [(each, each.remaining) for each in verdicts if each.remaining and not each.too_late]
    most = [cost.most for verdict, cost in open_costs if verdict.is_sure]
    if price is not None:
        most.append(price)
    if not most:
        return None
    upper = min(most)
    return Cost(min([upper, *(cost.least for _, cost in open_costs)]), upper)
