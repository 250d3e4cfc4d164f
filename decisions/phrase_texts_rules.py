"""The program's own phrases of eligibility: one for every state, and one for every rule that was not met."""

from decisions.phrase_texts import Text

ELIGIBILITY: dict[str, Text] = {
    "eligible": (
        "Hakemus on haun ehtojen mukainen.",
        "Ansökan uppfyller ansökningsvillkoren.",
    ),
    "not_eligible": (
        "Hakemus ei täytä avustuksen saamisen edellytyksiä.",
        "Ansökan uppfyller inte förutsättningarna för att få understöd.",
    ),
    "late": (
        "Hakemus on saapunut hakuajan päättymisen jälkeen. Saapunut: {arrived}.",
        "Ansökan har kommit in efter ansökningstidens utgång. Inkommen: {arrived}.",
    ),
    "closed": (
        "Hakuaika päättyi {closes}.",
        "Ansökningstiden gick ut {closes}.",
    ),
    "unconfirmed": (
        "Hakukelpoisuutta ei ole vielä vahvistettu.",
        "Behörigheten har ännu inte bekräftats.",
    ),
    "changed": (
        "Hakemus on muuttunut hakukelpoisuuden vahvistamisen jälkeen. Hakukelpoisuus vahvistetaan uudelleen.",
        "Ansökan har ändrats efter att behörigheten bekräftades. Behörigheten bekräftas på nytt.",
    ),
    "supplement_requested": (
        "Hakijalta on pyydetty hakemuksen täydennystä.",
        "Sökanden har ombetts komplettera ansökan.",
    ),
    "rule_opening": (
        "Hakemus on saapunut ennen hakuajan alkamista. Peruste: hakuilmoitus.",
        "Ansökan har kommit in innan ansökningstiden började. Grund: ansökningsmeddelandet.",
    ),
    "rule_closing": (
        "Hakemus on saapunut hakuajan päättymisen jälkeen. Peruste: hakuilmoitus.",
        "Ansökan har kommit in efter ansökningstidens utgång. Grund: ansökningsmeddelandet.",
    ),
    "rule_applicant_kinds": (
        "Hakija tai hankkeen osapuoli ei kuulu niihin, joille avustusta voidaan myöntää. Peruste: hakuilmoitus.",
        "Sökanden eller en part i projektet hör inte till dem som kan beviljas understöd. "
        "Grund: ansökningsmeddelandet.",
    ),
    "rule_joint_project": (
        "Hankkeeseen osallistuvien kuntien määrä ei ole riittävä. Avustusta myönnetään vain kuntien yhteisiin hankkeisiin. "
        "Peruste: hakuilmoitus.",
        "Antalet kommuner som deltar i projektet är inte tillräckligt. Understöd beviljas endast för kommuners "
        "gemensamma projekt. Grund: ansökningsmeddelandet.",
    ),
    "rule_members_stated": (
        "Hakemuksessa ei ole ilmoitettu hankkeeseen osallistuvia kuntayhtymän jäsenkuntia. Peruste: hakuilmoitus.",
        "I ansökan anges inte vilka medlemskommuner i samkommunen som deltar i projektet. "
        "Grund: ansökningsmeddelandet.",
    ),
    "rule_municipalities_exist": (
        "Hakemuksessa on ilmoitettu osallistujaksi kunta, jota ei ole hakuvuoden kuntaluettelossa.",
        "I ansökan anges som deltagare en kommun som inte finns i kommunförteckningen för ansökningsåret.",
    ),
    "rule_coordinator_is_partner": (
        "Hankehallinnoija ei ole hankkeen osapuoli. Peruste: {decree}.",
        "Projektadministratören är inte part i projektet. Grund: {decree}.",
        ("decree",),
    ),
    "rule_business_id": (
        "Hankehallinnoijan Y-tunnus puuttuu tai on virheellinen.",
        "Projektadministratörens FO-nummer saknas eller är felaktigt.",
    ),
    "rule_theme": (
        "Hanke ei kohdistu mihinkään haun teemaan tai näkökulmaan. Peruste: hakuilmoitus.",
        "Projektet gäller inget tema och ingen synvinkel i ansökningsomgången. Grund: ansökningsmeddelandet.",
    ),
    "rule_excluded_fields": (
        "Hanke koskee alaa, joka on rajattu avustuksen ulkopuolelle. Peruste: hakuilmoitus.",
        "Projektet gäller ett område som inte omfattas av understödet. Grund: ansökningsmeddelandet.",
    ),
    "rule_described_summary": (
        "Hakemuksesta puuttuu hankkeen tiivistelmä. Peruste: hakuilmoitus.",
        "Ansökan saknar en sammanfattning av projektet. Grund: ansökningsmeddelandet.",
    ),
    "rule_described_process_change": (
        "Hakemuksessa ei ole kuvattu, miten toimintatapojen muutos toteutetaan. Peruste: hakuilmoitus.",
        "I ansökan beskrivs inte hur förändringen av verksamhetssätten genomförs. Grund: ansökningsmeddelandet.",
    ),
    "rule_described_dissemination": (
        "Hakemuksessa ei ole kuvattu, miten hankkeen tuloksia hyödynnetään ja levitetään. Peruste: hakuilmoitus.",
        "I ansökan beskrivs inte hur projektets resultat utnyttjas och sprids. Grund: ansökningsmeddelandet.",
    ),
    "rule_described_consortium": (
        "Hakemuksessa ei ole kuvattu konsortiota. Peruste: hakuilmoitus.",
        "I ansökan beskrivs inte konsortiet. Grund: ansökningsmeddelandet.",
    ),
    "rule_cost_categories": (
        "Hakemukseen sisältyy kustannuksia, jotka eivät ole hyväksyttäviä. Peruste: {decree}.",
        "I ansökan ingår kostnader som inte är godtagbara. Grund: {decree}.",
        ("decree",),
    ),
    "rule_grant_share": (
        "Haettu avustus ylittää suurimman sallitun osuuden hyväksyttävistä kustannuksista. Suurin osuus: {share}. "
        "Peruste: {decree}.",
        "Det sökta beloppet överskrider den största tillåtna andelen av de godtagbara kostnaderna. "
        "Största andel: {share}. Grund: {decree}.",
        ("decree",),
    ),
    "rule_other_public_funding": (
        "Hankkeen muuta julkista rahoitusta ei ole selvitetty riittävästi. Peruste: valtionavustuslaki (688/2001).",
        "Projektets övriga offentliga finansiering har inte utretts tillräckligt. "
        "Grund: statsunderstödslagen (688/2001).",
    ),
    "rule_funding_balance": (
        "Ilmoitettu rahoitus ei kata hankkeen kustannuksia. Peruste: valtionavustuslaki (688/2001).",
        "Den uppgivna finansieringen täcker inte projektets kostnader. Grund: statsunderstödslagen (688/2001).",
    ),
    "rule_smallest_grant": (
        "Haettu avustus alittaa haun vähimmäismäärän. Vähimmäismäärä: {smallest}.",
        "Det sökta beloppet underskrider minimibeloppet i ansökningsomgången. Minimibelopp: {smallest}.",
    ),
    "rule_largest_grant": (
        "Haettu avustus ylittää haun enimmäismäärän. Enimmäismäärä: {largest}.",
        "Det sökta beloppet överskrider maximibeloppet i ansökningsomgången. Maximibelopp: {largest}.",
    ),
    "rule_duplicate": (
        "Samasta hankkeesta on jätetty toinen hakemus. Samoihin kustannuksiin ei myönnetä avustusta kahdesti. "
        "Peruste: valtionavustuslaki (688/2001).",
        "En annan ansökan har lämnats in om samma projekt. Understöd beviljas inte två gånger för samma kostnader. "
        "Grund: statsunderstödslagen (688/2001).",
    ),
    "rule_other": (
        "Muu edellytys ei täyty: {rule}.",
        "En annan förutsättning uppfylls inte: {rule}.",
    ),
}
