//! What is printed under a table or chart: its definition, period, filters, rules and methods.

use super::resolve::Resolver;
use super::statistic::{Statistic, StatisticKind};
use super::table::Block;
use crate::cohort::{Condition, Time, UnitOfAnalysis, Window};
use crate::schema::{Date, Instrument, Kind, Label, Note, standard};

impl Resolver<'_> {
    pub(super) fn window_note(&self, window: Window) -> Note {
        match window {
            Window::DueYear { year, months } => {
                let limits =
                    Date::new(year, 1, 1).and_then(|first| Date::new(year, 12, 31).map(|last| (first, last)));
                limits.map_or(Note::AllVisits, |(first, last)| Note::Due { months, first, last })
            }
            window => match window.visits() {
                Ok(Some((first, last))) => Note::Visits { first, last },
                _ => Note::AllVisits,
            },
        }
    }

    pub(super) fn notes(
        &self,
        window: Window,
        definition: &Option<Label>,
        only: &[Condition],
        counts: &UnitOfAnalysis,
    ) -> Vec<Note> {
        let mut notes: Vec<Note> = definition.iter().cloned().map(Note::Definition).collect();
        let window = if window == Window::All { self.cohort.window } else { window };
        notes.push(self.window_note(window));
        notes.push(match counts {
            UnitOfAnalysis::Course => Note::CountsCourses,
            UnitOfAnalysis::Patient => Note::CountsPatients,
            UnitOfAnalysis::Form(form) => {
                let label = self.codebook.form(form).map(|form| form.label().clone());
                Note::CountsForms(label.unwrap_or_else(|_| Label::same(form.clone())))
            }
        });
        for condition in self.cohort.conditions.iter().chain(only) {
            if let Condition::Level { variable, is, .. } = condition
                && let Some(variable) = self.codebook.variable(variable)
            {
                let levels = variable.levels().iter().filter(|level| is.contains(&level.code()));
                let mut levels: Vec<Label> = levels.map(|level| level.label().clone()).collect();
                if variable.kind() == Kind::Tick {
                    levels = is.iter().map(|code| standard::yes_no(*code == 1)).collect();
                }
                notes.push(Note::Only { variable: variable.label().clone(), levels });
            }
        }
        notes
    }

    pub(super) fn statistic_notes<'s>(
        &self,
        stats: impl Iterator<Item = &'s Statistic>,
        rows: &[Block],
        notes: &mut Vec<Note>,
    ) {
        let mut scored: Vec<&str> = Vec::new();
        for stat in stats {
            if let Some(indicator) = &stat.indicator {
                push_new(
                    notes,
                    Note::Indicator {
                        label: indicator.label().clone(),
                        definition: indicator.definition().clone(),
                        source: indicator.source().to_owned(),
                    },
                );
            }
            match &stat.kind {
                StatisticKind::Share(condition) => self.condition_notes(condition, notes, &mut scored),
                StatisticKind::Mean { of, at, among } | StatisticKind::Median { of, at, among } => {
                    if let Some(instrument) = self.codebook.instrument(of) {
                        scored.push(of);
                        let mut times: Vec<Time> = among.iter().copied().chain([*at]).collect();
                        times.sort_unstable();
                        times.dedup();
                        if times.len() > 1 {
                            let months = times.iter().map(|time| time.in_months()).collect();
                            push_new(
                                notes,
                                Note::AnsweredAt { instrument: instrument.label().clone(), months },
                            );
                        }
                    }
                }
                StatisticKind::MeanChange { of, times }
                | StatisticKind::StandardisedResponseMean { of, times }
                | StatisticKind::EffectSize { of, times } => {
                    if let Some(instrument) = self.codebook.instrument(of) {
                        scored.push(of);
                        let months = vec![times.0.in_months(), times.1.in_months()];
                        push_new(notes, Note::AnsweredAt { instrument: instrument.label().clone(), months });
                    }
                }
                _ => {}
            }
            match stat.kind {
                StatisticKind::StandardisedResponseMean { .. } => {
                    push_new(notes, Note::StandardisedResponseMean);
                }
                StatisticKind::EffectSize { .. } => push_new(notes, Note::EffectSize),
                StatisticKind::Mean { .. } | StatisticKind::MeanChange { .. } if stat.interval => {
                    push_new(notes, Note::StudentInterval);
                }
                StatisticKind::Median { .. } if stat.interval => push_new(notes, Note::MedianInterval),
                _ if stat.interval => {
                    let method = stat.interval_method.unwrap_or_default().name().to_owned();
                    push_new(notes, Note::ShareInterval { method });
                }
                _ => {}
            }
        }
        for id in scored {
            // Of a single question there is nothing to make up for.
            let several = |instrument: &&Instrument| instrument.scoring().items() > 1;
            if let Some(instrument) = self.codebook.instrument(id).filter(several) {
                let unnamed = || instrument.value_set.clone().map(Label::same);
                push_new(
                    notes,
                    Note::MissingItems {
                        instrument: instrument.label().clone(),
                        policy: instrument.missing_items.clone(),
                        value_set: instrument.value_set_label.clone().or_else(unnamed),
                    },
                );
            }
        }
        let conditions = rows.iter().filter(|block| matches!(block, Block::Condition { .. })).count();
        if conditions > 1 {
            notes.push(Note::MultipleAnswers);
        }
    }

    pub(super) fn condition_notes<'s>(
        &self,
        condition: &'s Condition,
        notes: &mut Vec<Note>,
        scored: &mut Vec<&'s str>,
    ) {
        match condition {
            Condition::Improved { instrument, at_least, percent, times } => {
                scored.push(instrument);
                let Some(known) = self.codebook.instrument(instrument) else { return };
                let instrument = known.label().clone();
                let months = (times.0.in_months(), times.1.in_months());
                if let Some(points) = at_least {
                    push_new(notes, Note::ImprovedByAtLeast { instrument, points: points.to_f64(), months });
                } else if let Some(percent) = percent {
                    push_new(
                        notes,
                        Note::ImprovedByPercent { instrument, percent: percent.to_f64(), months },
                    );
                }
            }
            Condition::AtMost { instrument, points, times } => {
                scored.push(instrument);
                let Some(known) = self.codebook.instrument(instrument) else { return };
                let months = times.last().map(|time| time.in_months()).unwrap_or_default();
                push_new(
                    notes,
                    Note::AtMost { instrument: known.label().clone(), points: points.to_f64(), months },
                );
            }
            Condition::AtLeast { instrument, points, times } => {
                scored.push(instrument);
                let Some(known) = self.codebook.instrument(instrument) else { return };
                let months = times.last().map(|time| time.in_months()).unwrap_or_default();
                push_new(
                    notes,
                    Note::AtLeast { instrument: known.label().clone(), points: points.to_f64(), months },
                );
            }
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition_notes(part, notes, scored);
                }
            }
            Condition::Among { holds, of } => {
                self.condition_notes(holds, notes, scored);
                // Whom it is asked of is said by the definition; here only how their scores are made.
                self.condition_notes(of, &mut Vec::new(), scored);
            }
            // "Counts when at most" would be said of those who do not count.
            Condition::Not(part)
                if matches!(**part, Condition::AtMost { .. } | Condition::AtLeast { .. }) =>
            {
                self.condition_notes(part, &mut Vec::new(), scored);
            }
            Condition::Not(part) => self.condition_notes(part, notes, scored),
            _ => {}
        }
    }
}

pub(super) fn push_new(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}
