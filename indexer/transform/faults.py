"""Faults of a record that is still loaded; each kind has one remedy, which is displayed with the offer."""

from typing import Any, Final

SHOWN: Final = 200  # displayed characters of a value
MOST: Final = 200  # faults of one offer that are kept

REMEDIES: Final = {
    "forbidden-character": "caractères interdits en XML, retirés",
    "undecodable-bytes": "octets illisibles dans l’encodage du fichier, lus comme du windows-1252",
    "html-entity": "entités HTML non déclarées, remplacées par leurs caractères",
    "repeated-training": "numéro de formation déjà porté par une autre formation du fichier",
    "no-number": "action sans numéro : un numéro stable a été calculé",
    "bare-ampersand": "« & » sans suite valable, lu comme le caractère lui-même",
    "bare-less-than": "« < » qui n’ouvre aucune balise, lu comme le caractère lui-même",
    "iso-date": "date écrite AAAA-MM-JJ, lue comme telle",
    "bad-date": "date illisible ou impossible, considérée comme inconnue",
    "inverted-period": "fin avant le début : le début est gardé, la fin considérée comme inconnue",
    "no-postal-code": "code postal absent, repris de la commune si elle n’en a qu’un",
    "bad-postal-code": "code postal illisible, ignoré",
    "postal-code-elsewhere": "code postal d’une autre commune : celle du nom, dans le département, est retenue",
    "postal-code-in-town": "code postal écrit avec le nom de la commune : séparé, et retenu s’il n’y en a pas d’autre",
    "place-not-found": "lieu introuvable : ni le code postal ni le nom ne désignent une seule commune",
    "postal-code-as-insee": "code postal à la place du code INSEE : commune retrouvée par code postal et nom",
    "unknown-insee": "code INSEE inconnu : département et région déduits de ses premiers chiffres",
    "region-contradiction": "région contraire à la commune ou au département, ignorée",
    "bad-coordinates": "coordonnées impossibles, remplacées par le centre de la commune",
    "whole-degree-coordinates": "coordonnées tronquées au degré, remplacées par le centre de la commune",
    "swapped-coordinates": "latitude et longitude interverties, remises en ordre",
    "far-from-commune": "coordonnées à plus de 50 km de la commune, gardées",
    "bad-price": "prix illisible, considéré comme inconnu",
    "bad-number": "nombre illisible, considéré comme inconnu",
    "negative-seats": "nombre de places négatif, considéré comme inconnu",
    "overlong-text": "texte trop long, coupé",
    "too-many-others": "autres éléments trop nombreux : les premiers sont gardés",
    "bad-siret": "SIRET impossible, ignoré",
    "short-siret": "SIREN à la place du SIRET",
    "bad-url": "adresse web illisible, ignorée",
    "bad-email": "adresse électronique sans @, ignorée",
    "bad-time": "heure illisible, montrée telle quelle",
    "bad-code": "code illisible, ignoré",
    "unknown-code": "code absent de la table de LHÉO, considéré comme inconnu",
    "unlabelled-code": "code absent de la table de LHÉO, montré tel quel",
    "unknown-funder": "code de financeur absent de la table de LHÉO, ignoré",
    "repeated-funder": "ligne de financeur répétée à l’identique, gardée une fois",
}


class Faults:
    """Collects the faults of one offer, in order of detection, each once."""

    def __init__(self, rows: "list[dict[str, Any]] | None" = None) -> None:
        self.rows: list[dict[str, Any]] = list(rows or ())

    def add(self, kind: str, field: str, value: object) -> None:
        """Add a fault: its kind, the LHEO element, and its value."""
        row = {"kind": kind, "field": field, "value": str(value)[:SHOWN], "remedy": REMEDIES[kind]}
        if row not in self.rows and len(self.rows) < MOST:
            self.rows.append(row)

    def kinds(self) -> list[str]:
        """Return the kinds of faults that occurred, sorted."""
        return sorted({row["kind"] for row in self.rows})
