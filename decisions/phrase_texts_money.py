"""The program's own phrases of the distribution, the costs and later decisions."""

from decisions.phrase_texts import Text

DISTRIBUTION: dict[str, Text] = {
    "appropriation": (
        "Jaettava määräraha: {appropriation}.",
        "Anslag som fördelas: {appropriation}.",
    ),
    "reserve": (
        "Määrärahasta jätetään varalle: {reserve}.",
        "Av anslaget reserveras: {reserve}.",
    ),
    "remaining": (
        "Jaon jälkeen määrärahasta on jäljellä: {remaining}.",
        "Efter fördelningen återstår av anslaget: {remaining}.",
    ),
    "remaining_kept": (
        "Jaon jälkeen yksittäisiä avustuksia on muutettu erillisellä ratkaisulla. Määrärahaa ei ole tällöin jaettu "
        "uudelleen.",
        "Efter fördelningen har enskilda understöd ändrats genom ett särskilt avgörande. Anslaget har då inte fördelats "
        "på nytt.",
    ),
    "rule_rank_strict": (
        "Avustukset myönnetään paremmuusjärjestyksessä. Jako päättyy ensimmäiseen hankkeeseen, jolle avustusta ei voida "
        "myöntää jäljellä olevasta määrärahasta tai jaon ehtojen vuoksi.",
        "Understöden beviljas i rangordning. Fördelningen upphör vid det första projekt som inte kan beviljas understöd "
        "av det återstående anslaget eller på grund av fördelningsvillkoren.",
    ),
    "rule_rank_skip": (
        "Avustukset myönnetään paremmuusjärjestyksessä. Hanke, jolle avustusta ei voida myöntää jäljellä olevasta "
        "määrärahasta tai jaon ehtojen vuoksi, ohitetaan.",
        "Understöden beviljas i rangordning. Ett projekt som inte kan beviljas understöd av det återstående anslaget "
        "eller på grund av fördelningsvillkoren förbigås.",
    ),
    "rule_rank_partial": (
        "Avustukset myönnetään paremmuusjärjestyksessä. Viimeiselle rahoitettavalle hankkeelle voidaan myöntää osa "
        "avustuksesta.",
        "Understöden beviljas i rangordning. Det sista projekt som får finansiering kan beviljas en del av understödet.",
    ),
    "rule_lp": (
        "Avustukset mitoitetaan siten, että ne yhdessä tuottavat suurimman kokonaistuloksen määrärahan ja jaon ehtojen "
        "rajoissa.",
        "Understöden dimensioneras så att de tillsammans ger det största totalresultatet inom ramen för anslaget och "
        "fördelningsvillkoren.",
    ),
    "rule_milp": (
        "Rahoitettavaksi valitaan hankkeet, jotka yhdessä tuottavat suurimman kokonaistuloksen määrärahan ja jaon "
        "ehtojen rajoissa.",
        "Finansiering beviljas de projekt som tillsammans ger det största totalresultatet inom ramen för anslaget och "
        "fördelningsvillkoren.",
    ),
    "rule_proportional": (
        "Avustus myönnetään kaikille hankkeille, jotka voidaan rahoittaa. Jos määräraha ei riitä, avustuksia alennetaan "
        "samassa suhteessa, ei kuitenkaan alle vähimmäismäärän.",
        "Understöd beviljas alla projekt som kan finansieras. Om anslaget inte räcker till sänks understöden i samma "
        "proportion, dock inte under minimibeloppet.",
    ),
    "rule_tiers": (
        "Avustukset porrastetaan pistemäärän mukaan. Kussakin portaassa myönnetään sama osuus haetusta avustuksesta, "
        "ylimmästä portaasta alkaen.",
        "Understöden indelas i stödnivåer enligt poäng. På varje nivå beviljas samma andel av det sökta beloppet, med "
        "början på den högsta nivån.",
    ),
    "total_score_of_funded": (
        "Kokonaistulos on rahoitettavien hankkeiden pistemäärien summa.",
        "Totalresultatet är summan av de finansierade projektens poäng.",
    ),
    "total_score_times_grant": (
        "Kokonaistulos on myönnettyjen avustusten summa hankkeiden pistemäärillä painotettuna.",
        "Totalresultatet är summan av de beviljade understöden viktade med projektens poäng.",
    ),
    "tier": (
        "Hankkeen avustusportaan pisteraja: {least}. Portaassa myönnettävä osuus haetusta avustuksesta: {share}.",
        "Poänggräns för projektets stödnivå: {least}. Andel av det sökta beloppet som beviljas på nivån: {share}.",
        ("least",),
    ),
    "tier_cut": (
        "Määräraha ei riitä kaikkiin tämän portaan avustuksiin. Portaan avustuksia on alennettu samassa suhteessa, ei "
        "kuitenkaan alle vähimmäismäärän. Avustus ennen alentamista: {full}. Siitä myönnettävä osuus: {share}.",
        "Anslaget räcker inte till alla understöd på denna nivå. Understöden på nivån har sänkts i samma proportion, "
        "dock inte under minimibeloppet. Understöd före sänkningen: {full}. Andel av detta som beviljas: {share}.",
        ("full",),
    ),
    "funded_full": (
        "Määräraha riittää hankkeen rahoittamiseen.",
        "Anslaget räcker till för att finansiera projektet.",
    ),
    "funded_partial": (
        "Jaon perusteella hankkeelle myönnetään vähemmän kuin suurin mahdollinen avustus. "
        "Suurin mahdollinen avustus: {ceiling}.",
        "Enligt fördelningen beviljas projektet mindre än det största möjliga understödet. "
        "Största möjliga understöd: {ceiling}.",
        ("ceiling",),
    ),
    "not_funded_budget": (
        "Määräraha ei riitä hankkeen rahoittamiseen muiden rahoitettavien hankkeiden lisäksi.",
        "Anslaget räcker inte till för att finansiera projektet utöver de andra projekt som beviljas understöd.",
    ),
    "stopped_at_cut_off": (
        "Määrärahan jako päättyi paremmuusjärjestyksessä ennen tätä hanketta.",
        "Fördelningen av anslaget upphörde i rangordningen före detta projekt.",
    ),
    "not_funded_rule": (
        "Hanketta ei voida rahoittaa jaolle asetettujen ehtojen vuoksi.",
        "Projektet kan inte finansieras på grund av de villkor som gäller för fördelningen.",
    ),
    "conditions": (
        "Hanketta koskevat jaon ehdot: {conditions}.",
        "Fördelningsvillkor som gäller projektet: {conditions}.",
    ),
    "condition_rank_order": (
        "paremmuusjärjestystä noudatetaan",
        "rangordningen iakttas",
    ),
    "not_funded_effect": (
        "Hankkeen rahoittaminen ei suurentaisi jaon kokonaistulosta.",
        "En finansiering av projektet skulle inte öka fördelningens totalresultat.",
    ),
    "not_funded_tie": (
        "Kaikkia samassa asemassa olevia hankkeita ei voida rahoittaa. Tasapistesäännön mukaan muut hankkeet ovat tämän "
        "hankkeen edellä.",
        "Alla projekt i samma ställning kan inte finansieras. Enligt regeln för lika poäng går andra projekt före detta "
        "projekt.",
    ),
    "funded_tie": (
        "Kaikkia samassa asemassa olevia hankkeita ei voida rahoittaa. Tasapistesäännön mukaan tämä hanke on niiden "
        "edellä, joille avustusta ei myönnetä.",
        "Alla projekt i samma ställning kan inte finansieras. Enligt regeln för lika poäng går detta projekt före dem "
        "som inte beviljas understöd.",
    ),
    "tie_unresolved": (
        "Tasapistesääntö ei erota hanketta muista samassa asemassa olevista hankkeista. Järjestys on ratkaisematta.",
        "Regeln för lika poäng skiljer inte projektet från andra projekt i samma ställning. Ordningen är inte avgjord.",
    ),
    "tie_order": (
        "Tasapistesäännön perusteet järjestyksessä: {order}.",
        "Grunderna i regeln för lika poäng i ordningsföljd: {order}.",
    ),
    "tie_by": (
        "Järjestyksen ratkaissut peruste: {by}.",
        "Grund som avgjorde ordningen: {by}.",
    ),
    "lot": ("arvonta", "lottning"),
    "tie_lot": (
        "Arvonnan tulos lasketaan julkaistusta siemenluvusta ja asianumerosta. Siemenluku: {seed}.",
        "Lottningens resultat räknas ut av det publicerade startvärdet och ärendenumret. Startvärde: {seed}.",
    ),
    "set_by_hand": (
        "Avustus on vahvistettu erillisellä ratkaisulla, joka poikkeaa jaosta.",
        "Understödet har fastställts genom ett särskilt avgörande som avviker från fördelningen.",
    ),
    "hand_amounts": (
        "Avustus jaon mukaan: {before}. Vahvistettu avustus: {after}.",
        "Understöd enligt fördelningen: {before}. Fastställt understöd: {after}.",
    ),
    "forced_in": (
        "Hanke on otettu rahoitettavaksi erillisellä ratkaisulla.",
        "Projektet har tagits med för finansiering genom ett särskilt avgörande.",
    ),
    "forced_out": (
        "Hanke on jätetty rahoittamatta erillisellä ratkaisulla.",
        "Projektet har lämnats utan finansiering genom ett särskilt avgörande.",
    ),
    "below_threshold": (
        "Avustusta ei myönnetä hankkeelle, jonka pistemäärä alittaa pisterajan.",
        "Understöd beviljas inte för ett projekt vars poäng underskrider poänggränsen.",
    ),
    "below_criterion_threshold": (
        "Avustusta ei myönnetä hankkeelle, joka ei täytä kaikkia vähimmäisvaatimuksia.",
        "Understöd beviljas inte för ett projekt som inte uppfyller alla minimikrav.",
    ),
    "ceiling_below_smallest": (
        "Hankkeelle laskettu avustus alittaa avustuksen vähimmäismäärän. Vähimmäismäärä: {smallest}.",
        "Det understöd som beräknats för projektet underskrider understödets minimibelopp. Minimibelopp: {smallest}.",
    ),
    "infeasible": (
        "Jaon ehdot eivät voi täyttyä samanaikaisesti. Määrärahaa ei ole jaettu.",
        "Fördelningsvillkoren kan inte uppfyllas samtidigt. Anslaget har inte fördelats.",
    ),
}

COSTS: dict[str, Text] = {
    "costs": (
        "Hakemuksessa ilmoitetut kustannukset: {applied}. Hyväksytyt kustannukset: {accepted}.",
        "Kostnader som uppgetts i ansökan: {applied}. Godkända kostnader: {accepted}.",
    ),
    "costs_of_category": (
        "{category}: ilmoitettu {applied}, hyväksytty {accepted}.",
        "{category}: uppgett {applied}, godkänt {accepted}.",
    ),
    "ceiling": (
        "Avustus on enintään {share} hyväksyttävistä kustannuksista. Hyväksytyt kustannukset: {accepted}. "
        "Suurin mahdollinen avustus: {ceiling}.",
        "Understödet är högst {share} av de godtagbara kostnaderna. Godkända kostnader: {accepted}. "
        "Största möjliga understöd: {ceiling}.",
    ),
    "largest": (
        "Yhden avustuksen enimmäismäärä jaossa: {largest}.",
        "Maximibeloppet för ett enskilt understöd i fördelningen: {largest}.",
    ),
    "unit": (
        "Avustus pyöristetään alaspäin täyteen yksikköön. Yksikkö: {unit}.",
        "Understödet avrundas nedåt till en full enhet. Enhet: {unit}.",
    ),
}

LATER: dict[str, Text] = {
    "earlier_approved": (
        "Aiemmalla päätöksellä hakemus on hyväksytty.",
        "Ansökan har godkänts genom ett tidigare beslut.",
    ),
    "earlier_rejected": (
        "Aiemmalla päätöksellä hakemus on hylätty.",
        "Ansökan har avslagits genom ett tidigare beslut.",
    ),
    "earlier_dismissed": (
        "Aiemmalla päätöksellä hakemus on jätetty tutkimatta.",
        "Ansökan har genom ett tidigare beslut avvisats utan prövning.",
    ),
    "earlier_withdrawn": (
        "Hakemus on aiemmin peruutettu tai avustuksesta on luovuttu.",
        "Ansökan har tidigare återtagits, eller sökanden har avstått från understödet.",
    ),
    "earlier_nothing": (
        "Aiemmalla päätöksellä avustusta ei ole myönnetty.",
        "Inget understöd har beviljats genom det tidigare beslutet.",
    ),
    "earlier_number": (
        "Aiemman päätöksen numero: {number}.",
        "Det tidigare beslutets nummer: {number}.",
    ),
    "later_withdrawal": (
        "Hakija on päätöksen jälkeen luopunut avustuksesta. Aiemmin myönnetty: {before}. Muutoksen jälkeen: {after}.",
        "Sökanden har efter beslutet avstått från understödet. Tidigare beviljat: {before}. Efter ändringen: {after}.",
        ("before",),
    ),
    "later_correction": (
        "Aiempaa päätöstä on korjattu. Aiemmin myönnetty: {before}. Korjauksen jälkeen: {after}.",
        "Det tidigare beslutet har rättats. Tidigare beviljat: {before}. Efter rättelsen: {after}.",
        ("before",),
    ),
    "later_rectification": (
        "Päätökseen on vaadittu oikaisua. Aiemmin myönnetty: {before}. Oikaisuvaatimuksen ratkaisun jälkeen: {after}.",
        "Omprövning av beslutet har begärts. Tidigare beviljat: {before}. Efter avgörandet av begäran: {after}.",
        ("before",),
    ),
    "later_further_round": (
        "Jakamatta jäänyttä määrärahaa on jaettu uudella päätöksellä. Aiemmin myönnetty: {before}. "
        "Päätöksen jälkeen: {after}.",
        "Det ofördelade anslaget har fördelats genom ett nytt beslut. Tidigare beviljat: {before}. "
        "Efter beslutet: {after}.",
        ("before",),
    ),
}
