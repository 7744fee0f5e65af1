//! Bokmål.

use super::{Depicted, Picture, Words, listed, sentence};
use crate::render::numbers::{count, shortest, shortest_percent};
use crate::schema::{Date, Head, Label, Language, Note};

const NB: Language = Language::Bokmal;

pub(super) const WORDS: Words = Words {
    protected: "skjult",
    protected_explained: "Skjult av hensyn til personvernet.",
    unreliable: "for få svar",
    unreliable_explained: "Ikke vist: bygger på for få pasienter til å kunne sammenlignes.",
    low_coverage: "lav dekningsgrad",
    low_coverage_short: "lav dg.",
    low_coverage_explained: "Ikke vist: enheten har lav dekningsgrad.",
    not_applicable: "ingen data",
    not_applicable_explained: "Ingen data å vise.",
    row_kind: "radtype",
    item: "enkeltrad",
    subtotal: "delsum",
    total: "totalt",
    lower: "nedre",
    upper: "øvre",
    contents: "Innhold",
    table: "Tabell",
    figure: "Figur",
    about_privacy: "Om personvern",
    numbers_of_the_figure: "Tallene i figuren",
    request: "Om forespørselen",
    requester: "Bestiller",
    purpose: "Formål",
    contact: "Kontakt",
    extracted: "Data hentet ut",
    policy: "Regelsett for personvern",
    n: "N",
    goal_reached: "Mål nådd",
    minimum_reached: "Minstekrav nådd",
    nothing_to_draw: "Ingen tall kan vises.",
};

pub(super) fn head(head: Head) -> String {
    match head {
        Head::Patients => "Pasienter".to_owned(),
        Head::Courses => "Forløp".to_owned(),
        Head::Forms => "Skjema".to_owned(),
        Head::N => "N".to_owned(),
        Head::Share => "Andel".to_owned(),
        Head::Mean => "Gjennomsnitt".to_owned(),
        Head::StandardDeviation => "SD".to_owned(),
        Head::Median => "Median".to_owned(),
        Head::Quartiles => "Kvartiler".to_owned(),
        Head::MeanChange => "Endring".to_owned(),
        Head::StandardisedResponseMean => "SRM".to_owned(),
        Head::EffectSize => "Effektstørrelse".to_owned(),
        Head::Interval { percent } => format!("{} KI", shortest_percent(percent, NB)),
    }
}

pub(super) fn note(note: &Note) -> String {
    match note {
        Note::Definition(definition) => sentence(definition.text(NB)),
        Note::Indicator { label, definition, source } => format!(
            "{}: {} Kilde for definisjonen: {}",
            label.text(NB),
            sentence(definition.text(NB)),
            sentence(source)
        ),
        Note::Visits { first, last } => {
            format!("Besøk fra og med {} til og med {}.", first.text(), last.text())
        }
        Note::Due { months, first, last } => format!(
            "Oppfølginger {months} måneder etter besøket som falt i tiden fra og med {} til og med {}.",
            first.text(),
            last.text()
        ),
        Note::AllVisits => "Alle besøk i registeret.".to_owned(),
        Note::CountsCourses => "Hvert behandlingsforløp teller.".to_owned(),
        Note::CountsPatients => "Hver pasient teller én gang, med sitt nyeste forløp i perioden.".to_owned(),
        Note::CountsForms(form) => format!("Hvert skjema av denne typen teller: {}", sentence(form.text(NB))),
        Note::Only { variable, levels } => {
            let levels: Vec<String> = levels.iter().map(|level| level.text(NB).to_owned()).collect();
            format!("Bare {}: {}", variable.text(NB), sentence(&listed(&levels, "eller")))
        }
        Note::AnsweredAt { instrument, months } => {
            let times: Vec<String> = months.iter().map(|months| time(*months)).collect();
            format!("Bare pasienter med svar på {} {}.", instrument.text(NB), listed(&times, "og"))
        }
        Note::ImprovedByAtLeast { instrument, points, months } => format!(
            "Bedring vil si minst {} poeng bedre {} {} enn {}.",
            shortest(*points, NB),
            instrument.text(NB),
            time(months.1),
            time(months.0)
        ),
        Note::ImprovedByPercent { instrument, percent, months } => format!(
            "Bedring vil si minst {} bedre {} {} enn {}; der den første verdien er null, er bedring ikke \
             definert.",
            shortest_percent(*percent, NB),
            instrument.text(NB),
            time(months.1),
            time(months.0)
        ),
        Note::AtMost { instrument, points, months } => {
            format!(
                "Teller når {} er høyst {} {}.",
                instrument.text(NB),
                shortest(*points, NB),
                time(*months)
            )
        }
        Note::AtLeast { instrument, points, months } => {
            format!(
                "Teller når {} er minst {} {}.",
                instrument.text(NB),
                shortest(*points, NB),
                time(*months)
            )
        }
        Note::MissingItems { instrument, policy, value_set } => {
            missing_items(instrument, policy, value_set.as_ref())
        }
        Note::ShareInterval { method } => {
            format!("Konfidensintervaller for andeler er regnet ut med {}.", interval_method(method))
        }
        Note::StudentInterval => {
            "Konfidensintervaller for gjennomsnitt er regnet ut med Students t-fordeling.".to_owned()
        }
        Note::MedianInterval => {
            "Konfidensintervaller for medianer er regnet ut fra verdienes rekkefølge (binomisk).".to_owned()
        }
        Note::StandardisedResponseMean => {
            "SRM er gjennomsnittlig endring delt på standardavviket til endringene.".to_owned()
        }
        Note::EffectSize => {
            "Effektstørrelse er gjennomsnittlig endring delt på standardavviket ved første måling.".to_owned()
        }
        Note::MultipleAnswers => "Flere svar er mulige, så andelene blir ikke 100 % til sammen.".to_owned(),
    }
}

fn interval_method(method: &str) -> &str {
    match method {
        "wilson" => "Wilsons metode",
        "wilson_cc" => "Wilsons metode med kontinuitetskorreksjon",
        "clopper_pearson" => "Clopper og Pearsons eksakte metode",
        "jeffreys" => "Jeffreys\u{2019} metode",
        "agresti_coull" => "Agresti og Coulls metode",
        "wald" => "normaltilnærming (Wald)",
        other => other,
    }
}

fn time(months: u32) -> String {
    match months {
        0 => "ved besøket".to_owned(),
        1 => "etter 1 måned".to_owned(),
        months => format!("etter {months} måneder"),
    }
}

fn missing_items(instrument: &Label, policy: &str, value_set: Option<&Label>) -> String {
    let instrument = instrument.text(NB);
    let rule = match (policy, policy.strip_prefix("min")) {
        ("complete", _) => format!("{instrument} regnes bare ut når alle spørsmålene er besvart."),
        ("prorate_any", _) => format!("{instrument} regnes ut av de spørsmålene som er besvart."),
        ("max1_missing_prorate", _) => format!(
            "{instrument} regnes ut når høyst ett spørsmål er ubesvart, som da får gjennomsnittet av de andre."
        ),
        (_, Some(items)) => format!("{instrument} regnes ut når minst {items} spørsmål er besvart."),
        (other, None) => format!("{instrument}: ubesvarte spørsmål behandles etter regelen «{other}»."),
    };
    match value_set {
        Some(name) => format!("{rule} Verdisett: {}", sentence(name.text(NB))),
        None => rule,
    }
}

pub(super) fn request_received(id: &str, received: Date, due: Date) -> String {
    format!("Forespørsel {id}, mottatt {}. Frist for svar: {}.", received.text(), due.text())
}

pub(super) fn privacy(threshold: u64) -> String {
    format!(
        "Tall som gjelder færre enn {} pasienter, er skjult av hensyn til personvernet. Også noen andre tall \
         er skjult, slik at de skjulte tallene ikke kan regnes ut av det som er trykt her eller i tidligere \
         utgivelser. Det fremgår ikke hvilke skjulte tall som er små.",
        count(threshold, NB)
    )
}

pub(super) fn confidence_interval(percent: f64) -> String {
    format!("{} konfidensintervall", shortest_percent(percent, NB))
}

pub(super) fn alt_text(depicted: &Depicted<'_>) -> String {
    let picture = match depicted.picture {
        Picture::BarPerUnit => "Stolpediagram med én stolpe per enhet",
        Picture::PointPerUnit => "Punktdiagram med ett gjennomsnitt per enhet",
        Picture::PointsOverTimes => "Punktdiagram med gjennomsnitt ved flere tidspunkter per enhet",
        Picture::Bars => "Stolpediagram over en fordeling",
        Picture::Lines => "Linjediagram over tid",
    };
    let (one, many, hidden) = match depicted.picture {
        Picture::BarPerUnit | Picture::PointPerUnit | Picture::PointsOverTimes => {
            ("enhet", "enheter", "noen enheter er skjult")
        }
        Picture::Bars => ("kategori", "kategorier", "noen kategorier er skjult"),
        Picture::Lines => ("tidspunkt", "tidspunkter", "noen verdier er skjult"),
    };
    let noun = if depicted.shown == 1 { one } else { many };
    let mut facts = vec![format!("{} {noun} vises", count(depicted.shown, NB))];
    if let Some((name, value)) = &depicted.total {
        facts.push(format!("{name}: {value}"));
    }
    if depicted.some_hidden {
        facts.push(hidden.to_owned());
    }
    format!("{picture}: {} {}.", sentence(depicted.title), facts.join("; "))
}
