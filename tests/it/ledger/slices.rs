//! A plan that is protected whole and delivered in parts.

use registat::{Chart, ChartKind, Condition, Label, Language, Plan, SeriesSpec, Table, Time, mean};

use super::*;

/// Three patients of the first unit are older than 65.
fn persons() -> Vec<Person> {
    let mut persons = Vec::new();
    for (unit, younger, older) in [(ALTA, 30, 3), (BODO, 20, 10), (DOKKA, 25, 12), (EGERSUND, 31, 17)] {
        persons.extend(person(unit, MAN).times(younger));
        persons.extend(person(unit, MAN).with(|person| person.age = Some(70)).times(older));
    }
    persons
}

fn everyone() -> Table {
    counts_by_hospital("everyone")
}

fn younger() -> Table {
    let up_to_65 = Condition::Within { variable: "age".to_owned(), from: 0, to: 65, at: Time::BASELINE };
    counts_by_hospital("younger").only(up_to_65)
}

fn plan() -> Plan {
    let pain = SeriesSpec::new(Label::same("Pain"), mean("pain_rest"));
    let chart = Chart::new("pain", ChartKind::UnitMeans).rows(hospitals()).series(pain);
    Plan::new().table(everyone()).table(younger()).chart(chart)
}

/// Everyone minus the younger ones, unit by unit.
fn older(everyone: &Seen, younger: &Seen) -> Vec<i64> {
    differences(everyone, younger).into_iter().filter(|count| is_small(*count)).collect()
}

#[test]
fn slices_of_one_plan_give_away_no_difference() {
    let persons = persons();
    let naive = [everyone(), younger()].map(|table| column(&release(&persons, &table), table.id()));
    assert_eq!(older(&naive[0], &naive[1]), [3], "two answers that know nothing of each other");

    let shelf = Shelf::new();
    let cube = cohort(&persons).aggregate(plan()).unwrap();
    let slices = cube.protect_plan(&five(), &mut shelf.ledger(), "autumn").unwrap();
    let [all, young] = ["everyone", "younger"].map(|id| column(&slices.release(&[id]).unwrap(), id));
    assert!(older(&all, &young).is_empty(), "{all:?} {young:?}");
    assert_eq!(shelf.ledger().releases().unwrap(), 1, "the plan is one release");
}

#[test]
fn a_slice_is_cut_from_the_whole_and_contradicts_no_other_one() {
    let shelf = Shelf::new();
    let cube = cohort(&persons()).aggregate(plan()).unwrap();
    let slices = cube.protect_plan(&five(), &mut shelf.ledger(), "autumn").unwrap();
    assert_eq!(slices.ids().collect::<Vec<_>>(), ["everyone", "younger", "pain"]);
    let whole = cube.protect_with(&five(), &mut shelf.ledger(), "autumn").unwrap();
    let text = |release: &Release, id: &str| release.table(id).unwrap().to_text(Language::English);

    let one = slices.release(&["younger", "younger"]).unwrap();
    assert_eq!((one.tables().len(), one.charts().len()), (1, 0));
    assert!(one.table("everyone").is_err(), "what was not named is not in it");
    let two = slices.release(&["pain", "younger", "everyone"]).unwrap();
    let names: Vec<&str> = two.tables().iter().map(|table| table.id()).collect();
    assert_eq!(names, ["everyone", "younger"], "in the order of the plan");
    assert_eq!(text(&one, "younger"), text(&two, "younger"));
    let json = |release: &Release| serde_json::to_vec(release).unwrap();
    assert_eq!(json(&two), json(&whole), "all of it is the whole");
    assert_eq!(one.audit().to_string(), slices.audit().to_string());
    assert_eq!(one.heading().threshold(), whole.heading().threshold());
    assert_eq!(slices.audit().earlier_releases(), Some(0));
    assert_eq!(format!("{slices:?}"), "Slices(2 tables, 1 charts)", "no number of patients");
}

#[test]
fn the_same_plan_on_a_later_day_is_recognised() {
    let shelf = Shelf::new();
    let json = |id: &str| {
        let cube = cohort(&persons()).aggregate(plan()).unwrap();
        let slices = cube.protect_plan(&five(), &mut shelf.ledger(), "autumn").unwrap();
        serde_json::to_vec(&slices.release(&[id]).unwrap()).unwrap()
    };
    assert_eq!(json("everyone"), json("everyone"));
    assert_eq!(shelf.ledger().releases().unwrap(), 1);
}

#[test]
fn a_later_request_is_held_against_the_whole_plan_whatever_was_delivered() {
    let persons = persons();
    let shelf = Shelf::new();
    let plan = Plan::new().table(everyone()).table(younger());
    let cube = cohort(&persons).aggregate(plan).unwrap();
    let slices = cube.protect_plan(&five(), &mut shelf.ledger(), "autumn").unwrap();
    let [all, young] = ["everyone", "younger"].map(|id| column(&slices.release(&[id]).unwrap(), id));
    assert!(all[0].is_none() || young[0].is_none(), "one of the two has to be hidden");
    assert!(all[0].is_some() || young[0].is_some(), "and one is enough");

    // Whoever holds one slice asks for the table behind the other one.
    let (hidden, table) = if all[0].is_none() { ("everyone", everyone()) } else { ("younger", younger()) };
    assert!(column(&release(&persons, &table), hidden)[0].is_some(), "by itself it would be printed");
    let later = publish(&persons, &table, &mut shelf.ledger(), "request").unwrap();
    assert_eq!(later.audit().earlier_releases(), Some(1));
    let again = column(&later, hidden);
    let (all, young) = if hidden == "everyone" { (&again, &young) } else { (&all, &again) };
    assert!(older(all, young).is_empty(), "{all:?} {young:?}");
}

#[test]
fn an_unknown_or_missing_name_is_answered_with_what_there_is() {
    let shelf = Shelf::new();
    let cube = cohort(&persons()).aggregate(plan()).unwrap();
    let slices = cube.protect_plan(&five(), &mut shelf.ledger(), "autumn").unwrap();
    for (wrong, near) in [("everyon", "`everyone`"), ("pains", "`pain`")] {
        let error = slices.release(&["younger", wrong]).unwrap_err();
        assert!(error.is_specification() && error.to_string().contains(near), "{error}");
    }
    assert!(slices.release(&[]).unwrap_err().is_specification());
}

#[test]
fn a_plan_that_is_refused_leaves_nothing_in_the_ledger() {
    let shelf = Shelf::new();
    let plan = Plan::new().table(everyone().headline()).table(younger().headline());
    let persons: Vec<Person> = persons().into_iter().filter(|person| person.unit == ALTA).collect();
    let cube = cohort(&persons).aggregate(plan).unwrap();
    let error = cube.protect_plan(&five(), &mut shelf.ledger(), "autumn").unwrap_err();
    assert!(error.is_refusal(), "{error}");
    assert_eq!(shelf.ledger().releases().unwrap(), 0);
}
