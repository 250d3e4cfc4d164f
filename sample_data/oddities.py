"""The awkward applications: what is changed in an ordinary one, and the rule that the change breaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from calls.application import Application, Partner

Change = Callable[[Application, "Application | None"], Application]
"""Takes the ordinary application and the one that ``Oddity.after`` names (None when it names none)."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """One awkward application. ``number``: its place in arrival order from 1; ``after``: the one it copies."""

    number: int
    rule: str
    change: Change
    after: int | None = None


def _late(app: Application, _: Application | None) -> Application:
    """Arrived at 16:16 on the closing day, one minute after the last minute."""
    return replace(app, arrived_at=app.arrived_at.replace(hour=13, minute=16, second=20))


def _alone(app: Application, _: Application | None) -> Application:
    text = (
        f"Hankkeen toteuttaa {app.coordinator.name} yksin. Muita kuntia kutsutaan mukaan, kun ensimmäiset tulokset "
        "ovat käytettävissä."
    )
    return replace(app, partners=app.partners[:1], consortium=text)


def _care(app: Application, _: Application | None) -> Application:
    return replace(
        app,
        project_name="Etäkäynnit kotihoidossa (esimerkkiaineisto)",
        summary=(
            "Hanke on keksitty, eikä se kuvaa nimettyjen kuntien todellisia suunnitelmia. Hankkeessa kehitetään "
            "sosiaali- ja terveydenhuollon etäkäyntejä kotihoidossa. Asiakas tapaa hoitajan kuvayhteydellä, ja "
            "käynnit kirjataan sosiaali- ja terveyspalvelujen järjestelmiin."
        ),
        process_change=(
            "Osa kotihoidon käynneistä muutetaan etäkäynneiksi. Työvuorot ja reitit suunnitellaan uudelleen, ja "
            "hoitajien tehtäväkuvat päivitetään."
        ),
    )


def _scanning(app: Application, _: Application | None) -> Application:
    return replace(
        app,
        project_name="Paperiaineistojen digitointi (esimerkkiaineisto)",
        summary=(
            "Esimerkkiaineistoa: hanke on keksitty eikä kuvaa nimettyjen kuntien todellisia suunnitelmia. Hankkeessa "
            "skannataan kuntien paperiset asiakirjat vuosilta 1985–2009. Digitointi ostetaan palveluna, ja tiedostot "
            "tallennetaan verkkolevylle."
        ),
        process_change="Asiakirjat digitoidaan, minkä jälkeen paperit hävitetään. Muita muutoksia ei suunnitella.",
    )


def _silent_on_results(app: Application, _: Application | None) -> Application:
    return replace(app, dissemination="")


def _silent_on_change(app: Application, _: Application | None) -> Application:
    return replace(app, process_change="")


def _too_large_share(app: Application, _: Application | None) -> Application:
    """86 % of eligible costs, exactly."""
    total = app.eligible_costs // 1_000 * 1_000
    costs = {**app.costs, "personnel": app.costs["personnel"] - (app.eligible_costs - total)}
    applied = total * 86 // 100
    return replace(app, costs=costs, applied=applied, own_funding=total - applied, other_public_funding=0)


def _twice(app: Application, first: Application | None) -> Application:
    """The same coordinator and project again, sent later under another case number with a slightly longer text."""
    if first is None:
        raise ValueError(app.case_number)
    added = " Hakemusta on täydennetty aikataulun osalta."
    return replace(
        first,
        case_number=app.case_number,
        arrived_at=app.arrived_at,
        process_change=first.process_change + added,
    )


def _unstated_funding(app: Application, _: Application | None) -> Application:
    rest = app.eligible_costs - app.applied
    return replace(app, other_public_funding=None, own_funding=rest)


def _wrong_check_digit(app: Application, _: Application | None) -> Application:
    number = app.coordinator.business_id
    wrong = f"{number[:-1]}{(int(number[-1]) + 3) % 10}"
    return replace(app, coordinator=replace(app.coordinator, business_id=wrong))


def _outsider(app: Application, _: Application | None) -> Application:
    """The coordinator is left out of the list of partners."""
    return replace(app, partners=app.partners[1:])


def _honkajoki(app: Application, _: Application | None) -> Application:
    """Honkajoki (099) ended on 31 December 2020."""
    partners = (*app.partners, Partner("municipality", "Honkajoki", "099"))
    return replace(app, partners=partners, consortium=app.consortium + " Työhön osallistuu myös Honkajoki.")


def _told(name: str, theme: str, summary: str, process_change: str) -> Change:
    """Another project altogether, for a name that is awkward by itself."""

    def change(app: Application, _: Application | None) -> Application:
        told = f"{summary} Hakemus on keksitty, eikä se kuvaa siinä nimettyjen kuntien todellisia suunnitelmia."
        return replace(app, project_name=name, theme=theme, summary=told, process_change=process_change)

    return change


_EQUALS = _told(
    "=Yhteinen(laskenta): talouden tilannekuva (esimerkkiaineisto)",
    "e_decision_making",
    "Kuntien taloutta seurataan taulukoissa, joiden kaavat tuntee vain laatijansa. Hankkeessa talouden tilannekuva "
    "tuotetaan kuntien yhteisin säännöin, ja se on päättäjien käytettävissä kuukausittain.",
    "Raportoinnin vuosikello ja vastuut määritellään uudelleen. Toimialat selittävät poikkeamat itse, ja "
    "talousyksikön työ siirtyy tietojen kokoamisesta niiden arviointiin.",
)
_PLUS = _told(
    "+Osaaja: tekijästä kehittäjäksi (esimerkkiaineisto)",
    "competence",
    "Työntekijät tuntevat työnsä ongelmat, mutta heillä ei ole keinoja korjata niitä. Hankkeessa koulutetaan "
    "asiakaspalvelun ja toimistotyön tekijät uudistamaan omia prosessejaan.",
    "Jokainen osallistuja kuvaa yhden työprosessin ja poistaa siitä turhat vaiheet yhdessä esihenkilönsä kanssa. "
    "Muutokset kirjataan työohjeisiin ja jaetaan kuntien kesken.",
)
_LONG = _told(
    "Osaamisen kehittäminen ja varmistaminen kuntien talous-, henkilöstö- ja yleishallinnon prosessien "
    "uudistamisessa sekä niihin liittyvien digitaalisten palvelujen, toimintatapojen ja johtamisen käytäntöjen "
    "yhteinen suunnittelu, käyttöönotto, seuranta ja levittäminen (esimerkkiaineisto)",
    "competence",
    "Hallinnon prosesseja uudistetaan kunnissa erikseen, ja osaaminen jää projektien mukana pois. Hankkeessa "
    "kunnat kouluttavat hallinnon henkilöstöä prosessi kerrallaan ja ottavat ratkaisut käyttöön yhdessä.",
    "Talous-, henkilöstö- ja yleishallinnon kuusi prosessia uudistetaan kuntien yhteisissä työpajoissa. "
    "Esihenkilöt vastaavat käyttöönotosta, ja osaaminen arvioidaan ennen muutosta ja sen jälkeen.",
)
_FOREIGN = _told(
    "Etätyön ja läsnätyön yhteiset pelisäännöt (esimerkkiaineisto)",
    "remote_work",
    "Etätyön ja läsnätyön yhdistäminen on kunnissa sovittu yksiköittäin, mikä on johtanut eriarvoisiin "
    "käytäntöihin. Hankkeessa laaditaan kuntien yhteiset pelisäännöt.",
    "Yksiköiden käytännöt käydään läpi, ja päällekkäisistä ohjeista luovutaan. Uudet pelisäännöt otetaan käyttöön "
    "esihenkilöiden johdolla, ja niiden toimivuus arvioidaan puolen vuoden kuluttua.",
)

ODDITIES: Mapping[str, tuple[Oddity, ...]] = {
    "2020": (
        Oddity(7, "joint_project", _alone),
        Oddity(12, "excluded_fields", _care),
        Oddity(19, "text_like_formula", _EQUALS),
        Oddity(23, "described_dissemination", _silent_on_results),
        Oddity(31, "grant_share", _too_large_share),
        Oddity(38, "other_public_funding", _unstated_funding),
        Oddity(45, "coordinator_is_partner", _outsider),
        Oddity(58, "duplicate", _twice, after=34),
        Oddity(61, "closing", _late),
    ),
    "2022": (
        Oddity(5, "municipalities_exist", _honkajoki),
        Oddity(10, "text_like_formula", _PLUS),
        Oddity(14, "business_id", _wrong_check_digit),
        Oddity(20, "theme", _FOREIGN),
        Oddity(26, "excluded_fields", _scanning),
        Oddity(33, "long_name", _LONG),
        Oddity(37, "grant_share", _too_large_share),
        Oddity(42, "described_process_change", _silent_on_change),
        Oddity(46, "other_public_funding", _unstated_funding),
    ),
}
"""By call. These places hold Finnish applications; the late one is the last to arrive."""


def upset(call_id: str, applications: tuple[Application, ...]) -> tuple[Application, ...]:
    """The applications with the awkward ones made awkward; ``applications`` in arrival order."""
    result = list(applications)
    for oddity in ODDITIES[call_id]:
        first = result[oddity.after - 1] if oddity.after is not None else None
        result[oddity.number - 1] = oddity.change(result[oddity.number - 1], first)
    return tuple(result)
