//! A patient who is alone in a group knows its number, and patients can pool what they know.

use std::collections::BTreeSet;

use super::*;

/// The small numbers of a line that so many patients work out together who know the groups that they are all of.
fn attack(line: &Seen, truth: &[i64], patients: i64) -> Vec<i64> {
    let holes: Vec<usize> = (0..line.len()).filter(|place| line[*place].is_none()).collect();
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for chosen in 0..1_usize << holes.len() {
        let is_own = |hole: usize| (chosen >> hole) & 1 == 1;
        let own: Vec<usize> = (0..holes.len()).filter(|hole| is_own(*hole)).map(|hole| holes[hole]).collect();
        if own.iter().map(|place| truth[*place]).sum::<i64>() > patients {
            continue;
        }
        let mut worlds = Worlds::new(line.iter().copied(), 1);
        worlds.add_up((0..line.len()).collect());
        for place in &own {
            worlds.limit(*place, truth[*place], truth[*place]);
        }
        let others = holes.iter().copied().filter(|place| !own.contains(place));
        found.extend(worlds.known(others).into_iter().filter(|number| is_small(*number)));
    }
    found.into_iter().collect()
}

fn line(policy: &Policy, persons: &[Person]) -> Counts {
    column_of(&release_under(policy, persons, &counts_by_hospital("t")), "t", "Courses")
}

#[test]
fn the_only_patient_of_a_unit_works_out_another_unit_unless_more_is_hidden() {
    let persons = units(&[(ALTA, 1), (BODO, 4), (DOKKA, 30), (EGERSUND, 40), (FLORO, 50)]);
    let truth = by_unit(&persons, |_| true);
    let naive = hidden_one_by_one(&truth);
    assert!(attack(&naive, &truth, 0).is_empty(), "an outsider does not");
    assert_eq!(attack(&naive, &truth, 1), [4]);

    let ours = line(&five().with_respondents(1), &persons);
    assert_eq!((ours[0], ours[1]), (None, None));
    assert!(attack(&ours, &truth, 1).is_empty(), "{ours:?}");
}

#[test]
fn the_policy_protects_from_one_patient_if_not_said() {
    let persons = units(&[(ALTA, 1), (BODO, 4), (DOKKA, 30), (EGERSUND, 40), (FLORO, 50)]);
    let ours = line(&five(), &persons);
    assert!(attack(&ours, &by_unit(&persons, |_| true), 1).is_empty(), "{ours:?}");
}

#[test]
fn two_patients_who_pool_what_they_know_work_out_another_unit_unless_more_is_hidden() {
    let two_of_one_unit = units(&[(ALTA, 2), (BODO, 3), (DOKKA, 30), (EGERSUND, 40), (FLORO, 50)]);
    let one_of_each = units(&[(ALTA, 1), (BODO, 1), (DOKKA, 3), (EGERSUND, 40), (FLORO, 50)]);
    for persons in [two_of_one_unit, one_of_each] {
        let truth = by_unit(&persons, |_| true);
        let naive = hidden_one_by_one(&truth);
        assert!(attack(&naive, &truth, 1).is_empty(), "one of them does not");
        assert_eq!(attack(&naive, &truth, 2), [3]);

        let ours = line(&five().with_respondents(2), &persons);
        assert!(attack(&ours, &truth, 2).is_empty(), "{ours:?}");
    }
}
