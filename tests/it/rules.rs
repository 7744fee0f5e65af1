//! The rules by which something is small, disclosing or dominated: policies as files and by name, and contributor rules.

use std::cmp::Reverse;

use registat::{ContributorRule, Policy, Zeros, expand_weighted};
use serde_json::{Value, json};

use crate::support::{
    ALTA, BODO, DOKKA, EGERSUND, FLORO, Random, Sheet, UNITS, cohort, counts_by_hospital, units,
};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

/// Name, threshold, rounding base, zeros.
const PRESETS: [(&str, u64, Option<u64>, Zeros); 8] = [
    ("ssb", 3, None, Zeros::Shown),
    ("helsedata", 3, None, Zeros::Shown),
    ("results-portal", 5, None, Zeros::Shown),
    ("norwegian-register", 5, None, Zeros::Shown),
    ("nhs", 8, Some(5), Zeros::Shown),
    ("opensafely", 8, Some(5), Zeros::Shown),
    ("cms", 11, None, Zeros::Shown),
    ("strict", 10, None, Zeros::Protected),
];

#[test]
fn every_preset_has_the_numbers_of_its_source() {
    let names: Vec<&str> = PRESETS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, Policy::PRESETS);
    for (name, threshold, rounding_base, zeros) in PRESETS {
        let policy = Policy::preset(name).unwrap();
        assert_eq!(policy.name(), name);
        assert_eq!((policy.threshold(), policy.rounding_base()), (threshold, rounding_base), "{name}");
        assert_eq!(policy.zeros(), zeros, "{name}");
        assert!(policy.source().len() > 20, "{name} says where its rules come from");
    }
    assert_eq!(Policy::preset("norwegian-register").unwrap(), Policy::norwegian_register());
}

#[test]
fn an_unknown_preset_is_told_with_the_nearest() {
    for (asked, near) in
        [("SSB", "ssb"), ("opensafly", "opensafely"), ("norwegian register", "norwegian-register")]
    {
        let error = Policy::preset(asked).unwrap_err();
        assert!(error.is_specification(), "{error}");
        assert!(error.to_string().contains(&format!("`{near}`")), "{error}");
    }
    let error = Policy::preset("xyz").unwrap_err();
    assert!(!error.to_string().contains("nearest"), "{error}");
}

#[test]
fn a_policy_written_down_reads_as_the_same_policy() {
    let rich = from("interval = \"two\"\nrespondents = 3\nrounding_base = 7", "").unwrap();
    let rich = rich.with_sensitive("diagnosis").with_coalition(2).with_insider("hospital");
    let rich =
        rich.with_waiver("t", "known to all").with_waiver("u", "æøå \"of old\"").with_coverage("a", 12.5);
    let presets = Policy::PRESETS.iter().map(|name| Policy::preset(name).unwrap());
    for policy in presets.chain([rich]) {
        let text = toml::to_string(&policy).unwrap();
        assert_eq!(Policy::from_toml(&text).unwrap(), policy, "{text}");
        let json = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy, "{json}");
    }
}

#[test]
fn every_preset_protects_a_register() {
    let persons = units(&[(ALTA, 2), (BODO, 40), (DOKKA, 50), (EGERSUND, 60), (FLORO, 70)]);
    let cube = cohort(&persons).aggregate(&counts_by_hospital("t")).unwrap();
    for (name, threshold, ..) in PRESETS {
        let release = cube.protect(&Policy::preset(name).unwrap()).unwrap();
        let sheet = Sheet::read(&release, "t");
        let printed: Vec<u64> =
            UNITS.iter().filter_map(|(_, unit)| sheet.number(unit, "Courses")).map(|n| n as u64).collect();
        assert!(printed.iter().all(|count| *count >= threshold), "{name}: {printed:?}");
        assert!(printed.len() <= 3, "{name}: one hidden unit alone would follow from the total");
        assert!(printed.len() >= 2, "{name}: no more is hidden than is needed");
    }
}

/// A policy of threshold 5 with further lines under `[privacy]`, and with further sections.
fn from(privacy: &str, sections: &str) -> Result<Policy, registat::Error> {
    Policy::from_toml(&format!(
        "name = \"threshold-5\"\nsource = \"chosen by the caller\"\n[privacy]\nthreshold = 5\n{privacy}\n{sections}\n"
    ))
}

/// What a policy says, at a path of keys.
fn said(policy: &Policy, path: &str) -> Value {
    serde_json::to_value(policy).unwrap().pointer(path).cloned().unwrap_or_default()
}

#[test]
fn what_a_file_does_not_say_has_a_default() {
    let policy = from("", "").unwrap();
    assert_eq!(policy, Policy::threshold_of(5).unwrap());
    for (path, default) in [
        ("/privacy/zeros", json!("shown")),
        ("/privacy/complement", json!(true)),
        ("/privacy/nonresponse_identifies", json!(false)),
        ("/privacy/interval", json!("all")),
        ("/privacy/respondents", json!(1)),
        ("/privacy/insider", Value::Null),
        ("/privacy/rounding_base", Value::Null),
        ("/privacy/group", json!({ "sensitive": [], "coalition": 1 })),
        ("/coverage/private", json!(false)),
        ("/choice", json!({ "cost": "log", "seed": 0 })),
        ("/waiver", Value::Null),
    ] {
        assert_eq!(said(&policy, path), default, "{path}");
    }
}

#[test]
fn every_rule_can_be_switched_in_a_file() {
    for (privacy, sections, path, value) in [
        ("zeros = \"protected\"", "", "/privacy/zeros", json!("protected")),
        ("zeros = \"structural\"", "", "/privacy/zeros", json!("structural")),
        ("complement = false", "", "/privacy/complement", json!(false)),
        ("nonresponse_identifies = true", "", "/privacy/nonresponse_identifies", json!(true)),
        ("interval = \"two\"", "", "/privacy/interval", json!("two")),
        ("respondents = 0", "", "/privacy/respondents", json!(0)),
        ("insider = \"hospital\"", "", "/privacy/insider", json!("hospital")),
        ("rounding_base = 100", "", "/privacy/rounding_base", json!(100)),
        ("", "[privacy.minimum]\nquantile = 20", "/privacy/minimum/quantile", json!(20)),
        (
            "",
            "[privacy.group]\nsensitive = [\"diagnosis\"]",
            "/privacy/group/sensitive/0",
            json!("diagnosis"),
        ),
        ("", "[privacy.group]\ncoalition = 0", "/privacy/group/coalition", json!(0)),
        ("", "[coverage]\nprivate = true", "/coverage/private", json!(true)),
        ("", "[choice]\ncost = \"cells\"", "/choice/cost", json!("cells")),
        ("", "[choice]\ncost = \"value\"", "/choice/cost", json!("value")),
        ("", "[choice]\nseed = 42", "/choice/seed", json!(42)),
        ("", "[[waiver]]\ntable = \"t\"\nreason = \"known to all\"", "/waiver/0/table", json!("t")),
    ] {
        let policy = from(privacy, sections).unwrap();
        assert_eq!(said(&policy, path), value, "{privacy}{sections}");
        assert_ne!(said(&from("", "").unwrap(), path), value, "{privacy}{sections} says nothing new");
    }
}

#[test]
fn a_builder_says_what_a_file_says() {
    let policy = || Policy::threshold_of(5).unwrap();
    for (privacy, sections, built) in [
        ("zeros = \"structural\"", "", policy().with_zeros(Zeros::Structural)),
        ("respondents = 2", "", policy().with_respondents(2)),
        ("insider = \"hospital\"", "", policy().with_insider("hospital")),
        ("", "[privacy.group]\ncoalition = 3", policy().with_coalition(3)),
        (
            "",
            "[privacy.group]\nsensitive = [\"diagnosis\", \"smoking\"]",
            policy().with_sensitive("diagnosis").with_sensitive("smoking").with_sensitive("diagnosis"),
        ),
        ("", "[coverage.units]\nalta = 40.0", policy().with_coverage("alta", 40.0)),
        (
            "",
            "[[waiver]]\ntable = \"t\"\nreason = \"known to all\"",
            policy().with_waiver("t", "known to all"),
        ),
    ] {
        assert_eq!(from(privacy, sections).unwrap(), built, "{privacy}{sections}");
    }
}

#[test]
fn every_error_of_a_policy_names_its_rule() {
    let waiver = "[[waiver]]\ntable = \"t\"\nreason = \"known to all\"\n";
    for (privacy, sections, word) in [
        ("colour = \"red\"", "", "colour"),
        ("zeros = \"hidden\"", "", "hidden"),
        ("interval = \"three\"", "", "three"),
        ("respondents = 5", "", "respondents"),
        ("respondents = -1", "", "-1"),
        ("insider = \"\"", "", "insider"),
        ("rounding_base = 1", "", "base"),
        ("rounding_base = 101", "", "base"),
        ("", "[privacy.group]\ncoalition = 5", "coalition"),
        ("", "[privacy.group]\nsensitive = [\"diagnosis\", \" \"]", "sensitive"),
        ("", "[choice]\ncost = \"free\"", "free"),
        ("", "[coverage.units]\nalta = 101.0", "coverage"),
        ("", "[print]\nshare_decimals = 4", "decimals"),
        ("", "[[waiver]]\ntable = \"t\"", "reason"),
        ("", "[[waiver]]\ntable = \"t\"\nreason = \" \"", "reason"),
        ("", "[[waiver]]\ntable = \"\"\nreason = \"known to all\"", "table"),
        ("", format!("{waiver}{waiver}").as_str(), "one waiver"),
    ] {
        let error = from(privacy, sections).unwrap_err();
        assert!(error.is_specification(), "{error}");
        assert!(error.to_string().contains(word), "{error} does not say {word}");
    }
    for threshold in [0, 1, 65] {
        let error = Policy::threshold_of(threshold).unwrap_err();
        assert!(error.to_string().contains("threshold"), "{error}");
    }
}

#[test]
fn the_numbers_of_the_handbook_come_out() {
    let file = std::fs::read_to_string(format!("{DATA}/known-answers/rules-numeric.json")).unwrap();
    let known: Value = serde_json::from_str(&file).unwrap();
    let (mut rules, mut weighted) = (0, 0);
    for case in known["cases"].as_array().unwrap() {
        if let Some(pairs) = case["weighted"].as_array() {
            let pair = |pair: &Value| (pair[0].as_u64().unwrap(), pair[1].as_u64().unwrap());
            let values: Vec<(u64, u64)> = pairs.iter().map(pair).collect();
            let total: u64 = values.iter().map(|(value, weight)| value * weight).sum();
            assert_eq!(json!(total), case["weighted_total"]);
            assert_eq!(json!(expand_weighted(&values, 2)), case["expanded_top2"]);
            weighted += 1;
            continue;
        }
        let percent = |key: &str| u32::try_from(case[key].as_u64().unwrap()).unwrap();
        let rule = match case["rule"].as_str() {
            Some("nk") => {
                ContributorRule::Dominance { n: case["n"].as_u64().unwrap() as usize, percent: percent("k") }
            }
            Some("p%") => ContributorRule::PPercent { percent: percent("p") },
            _ => continue,
        };
        let top: Vec<u64> =
            case["contributions_top"].as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).collect();
        let total = case["total"].as_u64().unwrap();
        assert_eq!(json!(rule.is_sensitive(&top, total)), case["sensitive"], "{case}");
        if let Some(level) = case["upper_protection"].as_f64() {
            assert!((rule.upper_protection(&top, total) - level).abs() < 1e-9, "{case}");
        }
        rules += 1;
    }
    assert_eq!((rules, weighted), (4, 1));
}

/// Contributions to a cell, in any order, some of them 0.
fn contributions(random: &mut Random) -> Vec<u64> {
    let largest = [3, 12, 60][random.below(3) as usize];
    let mut drawn: Vec<u64> = (0..random.below(9)).map(|_| random.below(largest)).collect();
    if random.below(3) == 0 {
        drawn.push(random.below(6 * largest));
    }
    random.shuffle(&mut drawn);
    drawn
}

/// By how many hundredths of a unit a reader overestimates a contribution, and its size: for every contributor and every
/// reader, who is an outsider or another contributor and knows to within `q` percent what the total holds beyond the two.
fn overestimates(contributions: &[u64], total: u64, q: u64) -> Vec<(u64, u64)> {
    let present: Vec<u64> = contributions.iter().copied().filter(|amount| *amount > 0).collect();
    let readers = || std::iter::once(None).chain((0..present.len()).map(Some));
    let pairs = (0..present.len()).flat_map(|victim| readers().map(move |reader| (victim, reader)));
    pairs
        .filter(|(victim, reader)| *reader != Some(*victim))
        .map(|(victim, reader)| {
            let own = reader.map_or(0, |reader| present[reader]);
            let rest = total - own - present[victim];
            let estimate = 100 * (total - own) - (100 - q) * rest;
            (estimate - 100 * present[victim], present[victim])
        })
        .collect()
}

/// Whether some contribution is estimated to within less than `p` percent of it.
fn is_estimated(contributions: &[u64], total: u64, p: u64, q: u64) -> bool {
    overestimates(contributions, total, q).iter().any(|(error, amount)| *error < p * amount)
}

/// Whether some `n` contributors, or fewer, have more than `percent` of the total.
fn is_dominated(contributions: &[u64], total: u64, n: usize, percent: u64) -> bool {
    (0..1_u32 << contributions.len()).filter(|set| set.count_ones() as usize <= n).any(|set| {
        let members = contributions.iter().enumerate().filter(|(at, _)| (set >> at) & 1 == 1);
        100 * members.map(|(_, amount)| amount).sum::<u64>() > percent * total
    })
}

/// Sensitive by the meaning of a rule, were the total printed as this.
fn is_sensitive_by_meaning(rule: ContributorRule, contributions: &[u64], total: u64) -> bool {
    match rule {
        ContributorRule::Dominance { n, percent } => {
            is_dominated(contributions, total, n, u64::from(percent))
        }
        ContributorRule::PPercent { percent } => is_estimated(contributions, total, u64::from(percent), 100),
        ContributorRule::PQ { p, q } => is_estimated(contributions, total, u64::from(p), u64::from(q)),
        ContributorRule::FewestContributors { least } => {
            (1..least).contains(&contributions.iter().filter(|amount| **amount > 0).count())
        }
        _ => panic!("{rule:?} has no meaning here"),
    }
}

fn rules(random: &mut Random) -> [ContributorRule; 4] {
    let p = 1 + random.below(99) as u32;
    let q = p + 1 + random.below(u64::from(100 - p)) as u32;
    let n = 1 + random.below(3) as usize;
    [
        ContributorRule::Dominance { n, percent: 40 + random.below(60) as u32 },
        ContributorRule::PPercent { percent: p },
        ContributorRule::PQ { p, q },
        ContributorRule::FewestContributors { least: 2 + random.below(5) as usize },
    ]
}

#[test]
fn a_contributor_rule_finds_what_its_meaning_finds() {
    let mut random = Random::new(311);
    let mut found = [[0_u32; 2]; 4];
    for _ in 0..4_000 {
        let drawn = contributions(&mut random);
        let total: u64 = drawn.iter().sum();
        for (kind, rule) in rules(&mut random).into_iter().enumerate() {
            rule.validate().unwrap();
            let expected = is_sensitive_by_meaning(rule, &drawn, total);
            assert_eq!(rule.is_sensitive(&drawn, total), expected, "{rule:?} {drawn:?}");
            found[kind][usize::from(expected)] += 1;
        }
    }
    assert!(found.as_flattened().iter().all(|count| *count > 200), "both answers of every rule: {found:?}");
}

/// What a reader may take for the total must reach so far that the rule would let that total pass.
#[test]
fn a_protected_interval_ends_at_the_first_total_that_is_safe() {
    let mut random = Random::new(312);
    let mut levels = 0;
    for _ in 0..1_000 {
        let drawn = contributions(&mut random);
        let total: u64 = drawn.iter().sum();
        for rule in rules(&mut random).into_iter().take(3) {
            // What a larger total adds would be of the others.
            let safe = (total..).find(|assumed| !is_sensitive_by_meaning(rule, &drawn, *assumed)).unwrap();
            let level = rule.upper_protection(&drawn, total);
            match rule.protected_interval(&drawn, total) {
                Some((least, most)) => {
                    assert_eq!(most, safe, "{rule:?} {drawn:?}");
                    assert_eq!(least, total.saturating_sub(safe - total), "{rule:?} {drawn:?}");
                    let rounded_up = (safe - total) as f64 - level;
                    assert!((-1e-9..1.0).contains(&rounded_up), "{rule:?} {drawn:?}");
                    levels += 1;
                }
                None => assert_eq!((safe, level), (total, 0.0), "{rule:?} {drawn:?}"),
            }
        }
    }
    assert!(levels > 500, "{levels}");
}

#[test]
fn the_largest_contributions_are_enough_and_fewer_err_to_the_safe_side() {
    let mut random = Random::new(313);
    for _ in 0..4_000 {
        let mut drawn = contributions(&mut random);
        let total: u64 = drawn.iter().sum();
        drawn.sort_unstable_by_key(|amount| Reverse(*amount));
        for rule in rules(&mut random) {
            let complete = rule.is_sensitive(&drawn, total);
            for listed in 0..=drawn.len() {
                let partial = rule.is_sensitive(&drawn[..listed], total);
                assert!(partial || !complete, "{rule:?} {drawn:?}, {listed} listed");
                let is_enough = listed >= 3 && !matches!(rule, ContributorRule::FewestContributors { .. });
                assert!(partial == complete || !is_enough, "{rule:?} {drawn:?}, {listed} listed");
            }
        }
    }
}

#[test]
fn weights_stand_for_so_many_contributors() {
    let mut random = Random::new(314);
    for _ in 0..500 {
        let values: Vec<(u64, u64)> =
            (0..random.below(6)).map(|_| (random.below(50), random.below(5))).collect();
        let mut all: Vec<u64> = Vec::new();
        for (value, weight) in &values {
            all.extend((0..*weight).map(|_| *value));
        }
        all.sort_unstable_by_key(|amount| Reverse(*amount));
        let most = random.below(12) as usize;
        let expanded = expand_weighted(&values, most);
        assert_eq!(expanded, all[..most.min(all.len())], "{values:?}");
        assert_eq!(expand_weighted(&values, usize::MAX), all);
    }
    // A weight is never counted out one by one.
    assert_eq!(expand_weighted(&[(1, u64::MAX), (7, 1)], 3), [7, 1, 1]);
}

#[test]
fn a_rule_outside_its_range_is_refused() {
    let wrong = [
        ContributorRule::Dominance { n: 0, percent: 80 },
        ContributorRule::Dominance { n: 1, percent: 0 },
        ContributorRule::Dominance { n: 1, percent: 100 },
        ContributorRule::PPercent { percent: 0 },
        ContributorRule::PPercent { percent: 101 },
        ContributorRule::PQ { p: 0, q: 50 },
        ContributorRule::PQ { p: 50, q: 50 },
        ContributorRule::PQ { p: 50, q: 101 },
        ContributorRule::FewestContributors { least: 1 },
    ];
    for rule in wrong {
        let error = rule.validate().unwrap_err();
        assert!(error.is_specification(), "{error}");
    }
}
