"""The sections of an offer's page, one per question, in the order of readers' questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from mappings.codes import ENTRY_LABELS, FUNDER_LABELS, MODE_LABELS, lheo_table
from mappings.offer import Certification, CpfPeriod, Offer
from search_app.census.present import body_path
from search_app.pages.offer.facts import (
    ContactCard,
    Fact,
    FactList,
    Value,
    organisation_values,
    to_contact_card,
    web_link,
    yes_no,
)
from search_app.search.links import Pairs, address
from search_app.search.reference_data import Snapshot
from search_app.text import wording
from search_app.text.dates import french_day, french_period
from search_app.text.levels import entry_requirement
from search_app.text.wording import curved

# Teaching languages in feeds: ISO 639-1 codes, by frequency.
LANGUAGES = {"fr": "français", "en": "anglais", "de": "allemand", "es": "espagnol", "it": "italien", "pt": "portugais"}
REGISTER = "https://www.francecompetences.fr/recherche"
LIMITED = " (pour certaines personnes seulement, ou dates douteuses)"
FORMATS = {"index": "LHEO, forme index", "cpf": "LHEO de Mon Compte Formation"}


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its known answers."""

    id: str
    title: str
    facts: tuple[Fact, ...]
    unknown: str


def entrance(offer: Offer, snapshot: Snapshot) -> Section:
    """Can I get in?"""
    detail = offer.detail
    facts = (
        FactList()
        .add("Niveau exigé", entry_level_text(offer, snapshot))
        .add("Public", *(snapshot.label("audience", code) for code in offer.audience))
        .add_prose("Précisions sur le public", detail.audience_info)
        .add_prose("Conditions", detail.conditions)
        .add("Positionnement", _code("dict-type-positionnement", detail.positioning))
        .add_prose("Recrutement", _code("dict-modalite-recrutement", detail.recruitment))
        .add("Périmètre de recrutement", _code("dict-perimetre-recrutement", detail.perimeter), detail.perimeter_info)
        .add("À suivre avant", *detail.required_modules)
        .add_prose("Accès des personnes handicapées", detail.accessibility)
    )
    return Section("entrer", "Puis-je y entrer ?", facts.all(), "L’organisme n’a rien précisé : appelez-le.")


def schedule(offer: Offer) -> Section:
    """When and where? (sessions and places come beside)."""
    detail = offer.detail
    languages = [LANGUAGES.get(code.lower(), code) for code in detail.languages]
    facts = (
        FactList()
        .add("Entrées", ENTRY_LABELS.get(offer.entry or ""))
        .add("Modalité", MODE_LABELS.get(offer.mode or ""))
        .add("Durée", duration_text(offer), detail.duration)
        .add_prose("Rythme", detail.rhythm)
        .add_prose("Alternance", _code("dict-type-alternance", detail.alternation))
        .add("Langue", ", ".join(languages))
        .add_prose("Restauration", detail.catering)
        .add_prose("Hébergement", detail.lodging)
        .add_prose("Transport", detail.transport)
    )
    return Section("dates", "Quand et où ?", facts.all(), "")


def seats(offer: Offer, known: int) -> Section:
    """Is there a seat? ``known`` is the number of sessions with a figure."""
    count = len(offer.sessions)
    text = f"Places connues pour {known} session{'s' if known > 1 else ''} sur {count}" if count else None
    bought = [
        f"{FUNDER_LABELS.get(row.funder, row.funder)} : {wording.counted(row.seats_bought, 'place', 'places')}"
        for row in offer.funding
        if row.seats_bought is not None
    ]
    facts = FactList().add("Chiffres reçus", text).add("Places achetées", *bought)
    return Section("places", "Reste-t-il une place ?", facts.all(), "Aucun chiffre n’a été reçu pour cette offre.")


def purchases(offer: Offer) -> list[str]:
    """Return programme and market of each funder's purchase, if stated."""
    found = []
    for row in offer.funding:
        told = ", ".join(part for part in (row.programme, row.market and f"marché {row.market}") if part)
        if told:
            found.append(f"{FUNDER_LABELS.get(row.funder, row.funder)} : {told}")
    return list(dict.fromkeys(found))


def cpf_period(period: CpfPeriod) -> str:
    """Return the days on which an offer was declared to the CPF."""
    first, last = (day.isoformat() if day else None for day in (period.first, period.last))
    until = f"jusqu’au {french_day(last)}" if last else "sans dates"
    return (french_period(first, "day", last, "day") if first else until) + (LIMITED if period.limited else "")


def payment(offer: Offer) -> Section:
    """Who pays?"""
    detail = offer.detail
    facts = (
        FactList()
        .add("Financeurs", *(FUNDER_LABELS.get(code, code) for code in offer.funder))
        .add("Programmes et marchés", *purchases(offer))
        .add("Conventionnée", yes_no(offer.state_funded))
        .add("Prix total", wording.euros(offer.price) if offer.price is not None else detail.price_text)
        .add("Prix de l’heure", f"{detail.price_per_hour} €" if detail.price_per_hour else None)
        .add_prose("Reste à payer", detail.remaining_costs)
        .add_prose("Conditions de prise en charge", detail.funding_conditions)
        .add("Prise en charge des frais possible", yes_no(detail.costs_coverable))
        .add("Durée conventionnée", wording.hours(detail.agreed_hours) if detail.agreed_hours else None)
        .add("Codes CPF", *(row.cpf for row in offer.certifications))
        .add("Annoncée au CPF", *map(cpf_period, detail.cpf_periods))
    )
    return Section("financement", "Qui paie ?", facts.all(), "Le financement n’est pas précisé : appelez l’organisme.")


def learning(offer: Offer, snapshot: Snapshot, picked: Pairs = ()) -> Section:
    """What is learnt, and what does it lead to? ``picked`` is added to links to searches."""
    detail = offer.detail
    facts = (
        FactList()
        .add_prose("Objectif", offer.goal)
        .add_prose("Programme", offer.content)
        .add_prose("À l’issue", offer.outcome)
        .add_values("Certification", (value for row in offer.certifications for value in _certification(row)))
        .add("Formation certifiante", yes_no(offer.certifying))
        .add("Niveau atteint", snapshot.label("level", offer.level) if offer.level else None)
        .add("But de la formation", _code("dict-AIS", detail.aim))
        .add_values("Métiers préparés", _searches("rome", offer.rome, snapshot, picked))
        .add_values("Domaines", _searches("domain", offer.formacode, snapshot, picked))
        .add("Spécialités (NSF)", *(snapshot.label("nsf", code) for code in offer.nsf))
        .add("Parcours", _code("dict-type-parcours", detail.path))
        .add_prose("Pédagogie", detail.teaching)
        .add("Modules", *detail.modules)
        .add("Équipement", *detail.equipment)
    )
    return Section("programme", "Qu’est-ce que j’apprends, et pour quoi faire ?", facts.all(), "Rien n’est précisé.")


def calling(offer: Offer, picked: Pairs = ()) -> Section:
    """Whom do I call? (contacts come beside). ``picked`` is added to links to searches."""
    detail = offer.detail
    siren = offer.provider.siren
    provider = organisation_values(offer.provider, _body_of(siren))
    trainers = [value for trainer in offer.trainers for value in organisation_values(trainer, _body_of(trainer.siren))]
    search = address((("provider", siren), *picked)) if siren else None
    urls = [web_link(url) for url in (detail.training_url, detail.action_url) if url]
    facts = (
        FactList()
        .add_values("Organisme responsable", provider)
        .add_values("Organisme formateur", trainers if trainers != [*provider] else ())
        .add_values("Ses formations", [Value("Toutes les offres de cet organisme", search)] if search else ())
        .add_values("Sur le site de l’organisme", urls)
        .add_prose("Réunion d’information", detail.information_address)
        .add("Dates d’information", *(wording.stated_day(text) for text in detail.information_dates))
    )
    in_sessions = any(session.contacts for session in offer.sessions)
    unknown = "Le contact est donné avec les sessions." if in_sessions else "Aucun contact n’est donné."
    return Section("contact", "Qui appeler ?", facts.all(), unknown)


def _body_of(siren: str | None) -> str | None:
    """Return the address of a legal body's page."""
    return body_path(siren) if siren else None


def build_contacts(offer: Offer) -> tuple[ContactCard, ...]:
    """Return all contacts, each once: of the training, its provider, the delivering provider."""
    roles = lheo_table("dict-type-contact")
    contacts = [*offer.detail.contacts, *offer.provider.contacts]
    contacts += [contact for trainer in offer.trainers for contact in trainer.contacts]
    cards = [card for contact in contacts if (card := to_contact_card(contact, roles))]
    return tuple(dict.fromkeys(cards))


def origin(offer: Offer) -> Section:
    """What is the source, and how recent is it?"""
    facts = (
        FactList()
        .add("Source", offer.source)
        .add("Format du flux", FORMATS.get(offer.format, f"LHEO {offer.format}"))
        .add("Au catalogue depuis le", wording.moment(offer.first_seen) if offer.first_seen else None)
        .add("Enregistrée chez nous le", wording.moment(offer.written_at))
        .add("Créée par la source le", wording.stated_day(offer.created))
        .add("Formation créée par la source le", wording.stated_day(offer.detail.training_created))
        .add("Numéro de l’action", offer.id)
        .add("Numéro de la formation", offer.training_id)
        .add("Clé courte", offer.key)
        .add("Version des codes de public", offer.audience_ref)
        .add("Version des Formacodes", offer.detail.formacode_ref)
    )
    return Section("source", "D’où vient cette information ?", facts.all(), "")


def entry_level_text(offer: Offer, snapshot: Snapshot) -> str | None:
    """Return the required or recommended entry level."""
    required = entry_requirement(offer.entry_level_required)
    if offer.entry_level and not offer.entry_level_required:
        return f"{required} ({snapshot.label('level', offer.entry_level)} conseillé)"
    return required


def _code(table: str, code: str | None) -> str | None:
    return None if code is None else curved(lheo_table(table).get(code, code))


def duration_text(offer: Offer) -> str | None:
    """Return the hours and where they are spent, None if not stated."""
    centre, company = offer.detail.hours_centre, offer.detail.hours_company
    parts = [
        f"{wording.hours(value)} {where}"
        for value, where in ((centre, "en centre"), (company, "en entreprise"))
        if value
    ]
    total = [wording.hours(offer.hours)] if offer.hours else []
    return ", dont ".join(total + ([" et ".join(parts)] if parts else [])) or None


def _certification(row: Certification) -> Sequence[Value]:
    codes = [(register, code) for register, code in (("rncp", row.rncp), ("rs", row.rs)) if code]
    values = [Value(f"{register.upper()}{code}", f"{REGISTER}/{register}/{code}/") for register, code in codes]
    if row.label and values:
        values[0] = Value(f"{row.label} ({values[0].text})", values[0].href)
    elif row.label:
        values = [Value(row.label)]
    if row.certifinfo:
        values.append(Value(f"Certif Info {row.certifinfo}"))
    return values


def _searches(param: str, found: Sequence[str], snapshot: Snapshot, picked: Pairs) -> list[Value]:
    upcoming = (("upcoming", "true"), *picked)
    return [Value(snapshot.label(param, code), address(((param, code), *upcoming))) for code in found]
