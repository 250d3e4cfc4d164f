from datetime import datetime

import pytest

from calls.application import Coordinator
from calls.presets import preset
from calls.supplement import supplement_request
from locales import HELSINKI
from tests.calls.samples import SOUND, application, findings

DEADLINE = datetime(2020, 11, 2, 16, 15, tzinfo=HELSINKI)


def test_supplement_request_in_finnish_lists_what_is_missing() -> None:
    one = application(dissemination="", other_public_funding=None)
    assert supplement_request(one, preset("2020"), findings(one).values(), DEADLINE) == (
        "Täydennyspyyntö\n\n"
        "Asia VN/1/2020: Yhteinen kokoustapa\n\n"
        "Hakemus on saapunut 30.9.2020 klo 12.00. Haku: Avustus kuntien digitalisaation edistämiseen 2020. "
        "Hakija: Turku. Valtiovarainministeriö pyytää täydentämään hakemusta seuraavasti:\n\n"
        "1. Lisätkää hakemukseen kuvaus: Levittämissuunnitelma. Hakemuksessa on kuvattava, miten tuloksia "
        "hyödynnetään ja levitetään hankkeen päätyttyä.\n"
        "2. Ilmoittakaa, mitä muuta julkista rahoitusta hanke on saanut tai hakenut. Jos sitä ei ole, "
        "ilmoittakaa 0.\n\n"
        "Täydennyksen on saavuttava viimeistään 2.11.2020 klo 16.15. Jos täydennystä ei saada määräajassa, "
        "hakemus ratkaistaan käytettävissä olevien tietojen perusteella.\n\n"
        "Pyyntö perustuu hallintolain (434/2003) 22 §:ään.\n"
    )


def test_supplement_request_to_a_swedish_applicant_is_in_swedish() -> None:
    one = application(language="sv", coordinator=Coordinator("Åbo", "", "853"))
    text = supplement_request(one, preset("2020"), findings(one).values(), DEADLINE)
    assert text.startswith("Begäran om komplettering\n\nÄrende VN/1/2020")
    assert "1. Ange FO-numret för projektadministratören Åbo" in text
    assert "Finansministeriet ber er" in text
    assert "senast 2.11.2020 kl. 16.15" in text
    assert "2. " not in text


def test_supplement_request_asks_also_for_what_is_to_be_checked() -> None:
    one = application(applied=86_000)
    text = supplement_request(one, preset("2020"), findings(one).values(), DEADLINE)
    assert "Korjatkaa avustuksen määrä enintään summaan 85\N{NO-BREAK SPACE}000" in text
    assert "2. Ilmoitetun rahoituksen" in text


def test_supplement_request_with_nothing_to_ask_is_refused() -> None:
    with pytest.raises(ValueError, match="no finding asks"):
        supplement_request(SOUND, preset("2020"), findings(SOUND).values(), DEADLINE)


def test_supplement_request_with_deadline_without_time_zone_is_refused() -> None:
    one = application(dissemination="")
    with pytest.raises(ValueError, match="time zone"):
        supplement_request(one, preset("2020"), findings(one).values(), DEADLINE.replace(tzinfo=None))
