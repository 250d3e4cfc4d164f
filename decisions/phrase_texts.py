"""The program's own phrases of the outcome, the provisions and the assessment: key -> (fi, sv, values that may lack)."""

from typing import TypeAlias

Text: TypeAlias = tuple[str, str] | tuple[str, str, tuple[str, ...]]

OUTCOME: dict[str, Text] = {
    "approved_full": (
        "Hakemus hyväksytään. Valtionavustus myönnetään haetun suuruisena: {granted}.",
        "Ansökan godkänns. Statsunderstöd beviljas till det sökta beloppet: {granted}.",
    ),
    "approved_part": (
        "Hakemus hyväksytään osittain. Haettu avustus: {applied}. Myönnetty avustus: {granted}.",
        "Ansökan godkänns delvis. Sökt belopp: {applied}. Beviljat belopp: {granted}.",
    ),
    "rejected": (
        "Hakemus hylätään. Haettu avustus: {applied}.",
        "Ansökan avslås. Sökt belopp: {applied}.",
    ),
    "dismissed": (
        "Hakemus jätetään tutkimatta.",
        "Ansökan avvisas utan prövning.",
    ),
    "withdrawn": (
        "Hakija on peruuttanut hakemuksen. Asian käsittely raukeaa.",
        "Sökanden har återtagit ansökan. Behandlingen av ärendet förfaller.",
    ),
    "withdrawn_later": (
        "Hakija on luopunut myönnetystä avustuksesta.",
        "Sökanden har avstått från det beviljade understödet.",
    ),
    "open": (
        "Hakemusta ei ole vielä ratkaistu.",
        "Ansökan har ännu inte avgjorts.",
    ),
    "officer_reason": (
        "Perustelu: {reason}",
        "Motivering: {reason}",
    ),
    "provisions_decided": (
        "Sovelletut säännökset: {decree}; valtionavustuslaki (688/2001) 7 ja 11 §; hallintolaki (434/2003) 45 §.",
        "Tillämpade bestämmelser: {decree}; 7 och 11 § i statsunderstödslagen (688/2001); 45 § i förvaltningslagen "
        "(434/2003).",
        ("decree",),
    ),
    "provisions_dismissed": (
        "Sovelletut säännökset: valtionavustuslaki (688/2001) 11 §; hallintolaki (434/2003) 45 §.",
        "Tillämpade bestämmelser: 11 § i statsunderstödslagen (688/2001); 45 § i förvaltningslagen (434/2003).",
        ("decree",),
    ),
    "provisions_withdrawn": (
        "Sovelletut säännökset: valtionavustuslaki (688/2001) 11 §; hallintolaki (434/2003) 45 §.",
        "Tillämpade bestämmelser: 11 § i statsunderstödslagen (688/2001); 45 § i förvaltningslagen (434/2003).",
        ("decree",),
    ),
}

ASSESSMENT: dict[str, Text] = {
    "score_consensus": (
        "Pistemäärä: {score} (asteikko {lowest}–{highest}). Pistemäärä perustuu arviointiryhmän yhteiseen arvioon.",
        "Poäng: {score} (skala {lowest}–{highest}). Poängen grundar sig på bedömningsgruppens gemensamma bedömning.",
        ("lowest", "highest"),
    ),
    "score_mean": (
        "Pistemäärä: {score} (asteikko {lowest}–{highest}). Pistemäärä on arviointien keskiarvo. "
        "Arviointien määrä: {reviews}.",
        "Poäng: {score} (skala {lowest}–{highest}). Poängen är medelvärdet av bedömningarna. "
        "Antal bedömningar: {reviews}.",
        ("lowest", "highest", "reviews"),
    ),
    "score_single": (
        "Pistemäärä arvioinnin mukaan: {score} (asteikko {lowest}–{highest}).",
        "Poäng enligt bedömningen: {score} (skala {lowest}–{highest}).",
        ("lowest", "highest"),
    ),
    "not_scored": (
        "Hakemuksen arviointi on kesken, joten pistemäärää ei ole.",
        "Bedömningen av ansökan pågår, och poäng finns därför ännu inte.",
    ),
    "rank": (
        "Sija paremmuusjärjestyksessä: {rank}. Pisteytettyjä hakemuksia: {count}.",
        "Placering i rangordningen: {rank}. Antal poängsatta ansökningar: {count}.",
        ("count",),
    ),
    "rank_shared": (
        "Sija paremmuusjärjestyksessä: {rank} (jaettu). Pisteytettyjä hakemuksia: {count}.",
        "Placering i rangordningen: {rank} (delad). Antal poängsatta ansökningar: {count}.",
        ("count",),
    ),
    "level": (
        "{criterion} (painoarvo {weight}): ”{label}”, taso {level}.",
        "{criterion} (vikt {weight}): ”{label}”, nivå {level}.",
        ("weight", "level"),
    ),
    "level_between": (
        "{criterion} (painoarvo {weight}): arviointien keskiarvo {level}, tasojen ”{lower}” ja ”{upper}” välillä.",
        "{criterion} (vikt {weight}): bedömningarnas medelvärde {level}, mellan nivåerna ”{lower}” och ”{upper}”.",
        ("weight",),
    ),
    "level_reached": (
        "{criterion} (painoarvo {weight}): arviointien keskiarvo {level} vastaa tasoa ”{label}”.",
        "{criterion} (vikt {weight}): bedömningarnas medelvärde {level} motsvarar nivån ”{label}”.",
        ("weight",),
    ),
    "level_missing": (
        "{criterion} (painoarvo {weight}): ei arviota.",
        "{criterion} (vikt {weight}): ingen bedömning.",
        ("weight",),
    ),
    "threshold_met": (
        "Hakemus saavuttaa pisterajan. Pisteraja: {threshold}.",
        "Ansökan uppnår poänggränsen. Poänggräns: {threshold}.",
    ),
    "threshold_not_met": (
        "Hakemus ei saavuta pisterajaa. Pisteraja: {threshold}.",
        "Ansökan uppnår inte poänggränsen. Poänggräns: {threshold}.",
        ("score",),
    ),
    "lowest_tier_not_met": (
        "Hakemus ei saavuta alimman avustusportaan pisterajaa. Pisteraja: {threshold}.",
        "Ansökan uppnår inte poänggränsen för den lägsta stödnivån. Poänggräns: {threshold}.",
        ("score",),
    ),
    "least_not_met": (
        "{criterion}: vähimmäisvaatimus ei täyty. Arvo: {level}. Vähimmäisarvo: {least}.",
        "{criterion}: minimikravet uppfylls inte. Värde: {level}. Minimivärde: {least}.",
        ("level",),
    ),
}
