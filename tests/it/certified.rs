//! The proof that comes with a release: it verifies whatever the tables, the policy and the ledger, and it says who tried.

use registat::{
    Certificate, Certified, Condition, Ledger, Plan, Policy, Time, Verified, Zeros, mean, patients, share,
    share_of_row, verify,
};
use serde_json::Value;

use crate::support::*;

fn verified(certified: &Certified) -> Verified {
    verify(&serde_json::to_string(&certified.release).unwrap(), &certified.certificate).unwrap()
}

fn json(certified: &Certified) -> Value {
    serde_json::from_str(&certified.report.to_json()).unwrap()
}

/// Units of every size, so that counts, shares and means all have something to hide.
fn persons(random: &mut Random) -> Vec<Person> {
    let mut persons = Vec::new();
    for (unit, _) in UNITS {
        for sex in [MAN, WOMAN] {
            for education in [1, 2, 3] {
                let size = [0, 1, 2, 3, 4, 5, 9, 17][random.below(8) as usize];
                let one = person(unit, sex).with(|person| person.education = education);
                persons.extend(one.times(size));
            }
        }
    }
    persons
}

fn plan() -> Plan {
    let women = || Condition::Level { variable: "sex".to_owned(), is: vec![WOMAN], at: Time::BASELINE };
    Plan::new()
        .table(counts_by_hospital_and("sex", "sex").stat(share_of_row()))
        .table(counts_by_hospital_and("education", "education").stat(patients()))
        .table(counts_by_hospital("women").stat(mean("age")).only(women()))
        .table(counts_by_hospital("all").stat(share(women())))
}

fn policies() -> Vec<Policy> {
    vec![
        five(),
        five().with_zeros(Zeros::Protected),
        five().with_zeros(Zeros::Structural).with_respondents(2),
        five().with_respondents(0).with_insider("hospital"),
        five().with_sensitive("education").with_coalition(1),
        five().with_waiver("all", "the national total is known").with_coverage("dokka", 20.0),
        Policy::norwegian_register(),
    ]
}

#[test]
fn every_release_comes_with_a_proof_that_verifies() {
    let (mut proven, mut bounded, mut shown, mut inside) = (0, 0, 0, 0);
    for seed in 0..6 {
        let cohort = cohort(&persons(&mut Random::new(seed)));
        for policy in policies() {
            let certified = cohort.aggregate(plan()).unwrap().protect_certified(&policy).unwrap();
            let found = verified(&certified);
            assert_eq!(found.proven + found.bounded, certified.release.audit().proven());
            let report = json(&certified);
            assert_eq!(report["printed"], found.cells);
            assert_eq!(report["sensitive"].as_array().unwrap().len(), certified.release.audit().sensitive());
            let attackers = report["attackers"].as_array().unwrap();
            let insider = attackers.iter().find(|one| one["who"].as_str().unwrap().contains("hospital"));
            assert_eq!(
                insider.map_or(0, |one| one["groups_checked"].as_u64().unwrap()),
                found.insider_checks as u64
            );
            let respondents = attackers.iter().any(|one| one["who"].as_str().unwrap().contains("respondent"));
            assert_eq!(found.respondents > 0, respondents);
            inside += found.insider_checks;
            proven += found.proven;
            bounded += found.bounded;
            shown += found.cells;
        }
    }
    // A group that is made up of two others, neither of them empty, cannot be one.
    assert!(proven > 10 * bounded, "{proven} proven, {bounded} bounded");
    assert!(shown > 500, "{shown} places shown");
    assert!(inside > 100, "{inside} pairs of a hospital and a group of others");
}

#[test]
fn a_certificate_proves_its_own_release_and_no_other() {
    let of = |seed| {
        let cohort = cohort(&persons(&mut Random::new(seed)));
        cohort.aggregate(plan()).unwrap().protect_certified(&five()).unwrap()
    };
    let (one, other) = (of(1), of(2));
    let release = serde_json::to_string(&one.release).unwrap();
    assert!(verify(&release, &one.certificate).is_ok());
    let error = verify(&release, &other.certificate).unwrap_err();
    assert!(error.is_audit() && error.to_string().contains("another release"), "{error}");
    let again = Certificate::from_json(&one.certificate.to_json()).unwrap();
    assert!(verify(&release, &again).is_ok(), "written down and read again");
}

#[test]
fn the_report_names_groups_attackers_and_waivers() {
    let persons = units(&[(ALTA, 2), (BODO, 30), (DOKKA, 40), (EGERSUND, 50), (FLORO, 60)]);
    let policy = five().with_respondents(2).with_insider("hospital").with_waiver("t", "told on the news");
    let cube = cohort(&persons).aggregate(&counts_by_hospital("t")).unwrap();
    let certified = cube.protect_certified(&policy).unwrap();
    let report = json(&certified);
    let group = &report["sensitive"][0];
    assert_eq!(group["status"], "proven");
    assert_eq!(group["restrictions"][0], "unit: Alta");
    assert_eq!((&group["least"], group["most"].as_u64().unwrap() >= 4), (&Value::from(1), true));
    let who: Vec<&str> =
        report["attackers"].as_array().unwrap().iter().filter_map(|one| one["who"].as_str()).collect();
    assert_eq!(who.len(), 3, "{who:?}");
    assert!(who[1].contains("2 respondents") && who[2].contains("hospital"), "{who:?}");
    assert_eq!(report["waivers"][0]["reason"], "told on the news");
    assert_eq!(report["hidden"]["privacy"]["places"], 3, "the one hidden beside it would know it");
    assert!(report["choice"]["gap_percent"].as_f64().unwrap() >= 0.0);
}

#[test]
fn a_release_beside_earlier_ones_is_proven_with_what_they_printed() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(folder.path().join("ledger.sqlite"), REGISTER).unwrap();
    let cohort = cohort(&persons(&mut Random::new(5)));
    let by = |variable: &str| cohort.aggregate(&counts_by_hospital_and(variable, variable)).unwrap();
    let first = by("sex").protect_certified_with(&five(), &mut ledger, "first").unwrap();
    let second = by("education").protect_certified_with(&five(), &mut ledger, "second").unwrap();
    let again = by("education").protect_certified_with(&five(), &mut ledger, "second").unwrap();
    for certified in [&first, &second, &again] {
        assert!(verified(certified).proven > 0);
    }
    assert_eq!(json(&first)["earlier_releases"], 0);
    assert_eq!(json(&second)["earlier_releases"], 1);
    assert_eq!(json(&again)["earlier_releases"], 1, "made again from what was known when it was first made");
    assert!(second.certificate == again.certificate);
}
